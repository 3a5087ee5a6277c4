//! Guesses whether the folders of pictures are classes or heads.

use std::collections::HashMap;

use super::choice::FolderMeaning;
use super::masks;
use super::names::parts;
use crate::slice::MAX_CLASSES;

/// Folders named after a part of a data set, not after what the pictures show.
const SPLIT_NAMES: [&str; 8] = ["train", "training", "test", "testing", "val", "valid", "validation", "all"];

/// The folders of each path, without the leading ones that all paths share, and without names such as `images`, `masks`
/// and `train`.
pub(super) fn differing(paths: &[&str]) -> Vec<Vec<String>> {
    let folders: Vec<Vec<String>> = paths.iter().map(|path| meaningful(path)).collect();
    let shared = folders.split_first().map_or(0, |(first, rest)| {
        let same = |depth: &usize| rest.iter().all(|other| other.get(*depth) == first.get(*depth));
        (0..first.len()).take_while(same).count()
    });
    folders.into_iter().map(|folders| folders.into_iter().skip(shared).collect()).collect()
}

fn meaningful(path: &str) -> Vec<String> {
    let mut folders = masks::meaningful_folders(&parts(path).0);
    folders.retain(|folder| !SPLIT_NAMES.contains(&folder.to_lowercase().as_str()));
    folders
}

/// The first of the differing folders of each path, each once, in natural order.
pub(super) fn top(differing: &[Vec<String>]) -> Vec<String> {
    let mut top: Vec<String> = differing.iter().filter_map(|folders| folders.first().cloned()).collect();
    top.sort_by(|a, b| super::names::natural(a, b));
    top.dedup();
    top
}

/// What the folders probably mean: 2 to 8 are classes, more are heads. `None` for fewer.
pub(super) fn guess_meaning(top: &[String]) -> Option<FolderMeaning> {
    match top.len() {
        0 | 1 => None,
        2..=MAX_CLASSES => Some(FolderMeaning::Classes),
        _ => Some(FolderMeaning::Heads),
    }
}

/// Whether one series lies in several of the top folders and their names differ by a number only, as `part1` and `part2` do.
/// Given for each file its series and top folder.
pub(super) fn divide_series<'a>(
    files: impl Iterator<Item = (Option<u64>, Option<&'a String>)>,
    top: &[String],
) -> bool {
    let without_number = |name: &String| name.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
    let mut folder_of = HashMap::new();
    let mut divided = false;
    for (series, folder) in files.filter_map(|(series, folder)| Some((series?, folder?))) {
        divided |= *folder_of.entry(series).or_insert(folder) != folder;
    }
    divided && top.windows(2).all(|pair| without_number(&pair[0]) == without_number(&pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_folders_are_left_out() {
        let paths = ["set/images/glioma/p1/1.png", "set/images/glioma/p2/1.png", "set/images/none/p9/1.png"];
        let differing = differing(&paths);
        assert_eq!(differing, [vec!["glioma", "p1"], vec!["glioma", "p2"], vec!["none", "p9"]]);
        assert_eq!(top(&differing), ["glioma", "none"]);
        assert_eq!(guess_meaning(&top(&differing)), Some(FolderMeaning::Classes));
    }

    #[test]
    fn names_of_splits_are_not_classes() {
        let differing = differing(&["Training/glioma/1.jpg", "Testing/glioma/2.jpg", "Testing/none/3.jpg"]);
        assert_eq!(top(&differing), ["glioma", "none"]);
    }

    #[test]
    fn one_folder_or_none_has_no_meaning() {
        for paths in [&["a/1.png", "a/2.png"][..], &["1.png", "2.png"], &["a/1.png"], &[]] {
            assert_eq!(guess_meaning(&top(&differing(paths))), None, "{paths:?}");
        }
    }

    #[test]
    fn numbered_folders_may_divide_a_series() {
        let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
        let divide = |folders: &[String], series: [u64; 3]| {
            divide_series(series.iter().map(|series| Some(*series)).zip(folders.iter().map(Some)), folders)
        };
        assert!(divide(&names(["part1", "part2", "part10"]), [7, 7, 7]));
        assert!(divide(&names(["0", "1", "2"]), [7, 7, 8]));
        assert!(!divide(&names(["part1", "part2", "part3"]), [7, 8, 9]), "each is a series");
        assert!(!divide(&names(["none", "tumour", "2"]), [7, 7, 7]), "the visitor named them");
    }

    #[test]
    fn many_folders_are_heads_in_natural_order() {
        let paths: Vec<String> = (0..20).map(|number| format!("set/p{number}/1.png")).collect();
        let top = top(&differing(&paths.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!((top.len(), top[2].as_str(), top[19].as_str()), (20, "p2", "p19"));
        assert_eq!(guess_meaning(&top), Some(FolderMeaning::Heads));
    }
}
