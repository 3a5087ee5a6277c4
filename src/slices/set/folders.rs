//! What folders say: which class, or which head.

use super::choice::Folders;
use super::masks;
use super::names::parts;
use crate::slice::MAX_CLASSES;

/// Folders that say what a data set's makers meant to do with the pictures, not what is on them.
const USES: [&str; 8] = ["train", "training", "test", "testing", "val", "valid", "validation", "all"];

/// For every path the folders that tell something: without those that all have in common, and without those that only say
/// that there are pictures in them.
pub fn telling(paths: &[&str]) -> Vec<Vec<String>> {
    let folders: Vec<Vec<String>> = paths.iter().map(|path| place(path)).collect();
    let shared = folders.split_first().map_or(0, |(first, rest)| {
        let same = |depth: &usize| rest.iter().all(|other| other.get(*depth) == first.get(*depth));
        (0..first.len()).take_while(same).count()
    });
    folders.into_iter().map(|folders| folders.into_iter().skip(shared).collect()).collect()
}

fn place(path: &str) -> Vec<String> {
    let mut place = masks::place(&parts(path).0);
    place.retain(|folder| !USES.contains(&folder.to_lowercase().as_str()));
    place
}

/// The first of the telling folders of each path, each once, in order.
pub fn top(telling: &[Vec<String>]) -> Vec<String> {
    let mut top: Vec<String> = telling.iter().filter_map(|folders| folders.first().cloned()).collect();
    top.sort_by(|a, b| super::names::natural(a, b));
    top.dedup();
    top
}

/// What the folders probably mean: two to eight are classes, more are heads. None without folders.
pub fn meaning(top: &[String]) -> Option<Folders> {
    match top.len() {
        0 | 1 => None,
        2..=MAX_CLASSES => Some(Folders::Classes),
        _ => Some(Folders::Heads),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_share_tells_nothing() {
        let paths = ["set/images/glioma/p1/1.png", "set/images/glioma/p2/1.png", "set/images/none/p9/1.png"];
        let telling = telling(&paths);
        assert_eq!(telling, [vec!["glioma", "p1"], vec!["glioma", "p2"], vec!["none", "p9"]]);
        assert_eq!(top(&telling), ["glioma", "none"]);
        assert_eq!(meaning(&top(&telling)), Some(Folders::Classes));
    }

    #[test]
    fn what_a_picture_was_meant_for_is_no_class() {
        let telling = telling(&["Training/glioma/1.jpg", "Testing/glioma/2.jpg", "Testing/none/3.jpg"]);
        assert_eq!(top(&telling), ["glioma", "none"]);
    }

    #[test]
    fn one_folder_or_none_is_no_class() {
        for paths in [&["a/1.png", "a/2.png"][..], &["1.png", "2.png"], &["a/1.png"], &[]] {
            assert_eq!(meaning(&top(&telling(paths))), None, "{paths:?}");
        }
    }

    #[test]
    fn many_folders_are_heads_in_the_order_of_their_numbers() {
        let paths: Vec<String> = (0..20).map(|number| format!("set/p{number}/1.png")).collect();
        let top = top(&telling(&paths.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!((top.len(), top[2].as_str(), top[19].as_str()), (20, "p2", "p19"));
        assert_eq!(meaning(&top), Some(Folders::Heads));
    }
}
