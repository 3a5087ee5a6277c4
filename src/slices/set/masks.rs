//! Which file is the mask of which: `a_mask.png` beside `a.png`, `mask/a.png` beside `image/a.png`, a volume of drawn areas
//! beside a volume of the same size.

use super::names::{parts, stem};

/// What people put behind the name of a picture to name its mask.
const ENDINGS: [&str; 9] = ["mask", "masks", "masker", "seg", "segmentation", "label", "labels", "roi", "annotation"];
/// Folders that hold masks.
const MASKS: [&str; 11] = [
    "mask",
    "masks",
    "masker",
    "maskers",
    "seg",
    "segmentation",
    "segmentations",
    "label",
    "labels",
    "labelstr",
    "annotations",
];
/// Folders that hold the pictures beside those.
const PICTURES: [&str; 8] = ["image", "images", "imagestr", "img", "imgs", "picture", "pictures", "beelden"];

/// A file, as far as pairing looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its path.
    pub path: &'a str,
    /// Width, height and number of slices.
    pub shape: (usize, usize, usize),
    /// Whether it looks like drawn areas.
    pub labels: bool,
}

/// What a file is to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A picture.
    Picture,
    /// The mask of these pictures.
    MaskOf(Vec<usize>),
    /// A mask, and its picture is not there.
    Alone,
    /// A mask, and its picture is of another size.
    OtherSize,
}

/// The role of every file.
pub fn roles(files: &[Candidate]) -> Vec<Role> {
    let named: Vec<Named> = files.iter().map(|file| Named::of(file.path)).collect();
    let is_picture = |index: &usize| named[*index].base.is_none() && !files[*index].labels;
    let role = |(index, file): (usize, &Candidate)| {
        let name = &named[index];
        if name.base.is_none() && !file.labels {
            return Role::Picture;
        }
        let beside: Vec<usize> =
            (0..files.len()).filter(|other| *other != index && named[*other].place == name.place).collect();
        let base = name.base.as_deref().unwrap_or(&name.stem);
        let fits = |other: &usize| files[*other].shape == file.shape;
        // What carries the very name is the picture, whatever it looks like.
        let very: Vec<usize> = beside
            .iter()
            .copied()
            .filter(|other| name.base.is_some() && named[*other].base.is_none() && named[*other].stem == base)
            .collect();
        if !very.is_empty() {
            let fitting: Vec<usize> = very.into_iter().filter(fits).collect();
            return if fitting.is_empty() { Role::OtherSize } else { Role::MaskOf(fitting) };
        }
        let pictures: Vec<usize> = beside.into_iter().filter(is_picture).filter(fits).collect();
        let begins = |other: &usize| !base.is_empty() && continues(&named[*other].stem, base);
        let near: Vec<usize> = pictures.iter().copied().filter(begins).collect();
        match (near.is_empty(), pictures.as_slice(), file.labels) {
            (false, ..) => Role::MaskOf(near),
            (true, [only], true) => Role::MaskOf(vec![*only]),
            (true, _, true) => Role::Alone,
            // It is only called one.
            (true, _, false) => Role::Picture,
        }
    };
    let mut roles: Vec<Role> = files.iter().enumerate().map(role).collect();
    // What has a mask is a picture, however few greys it has.
    let pictures: Vec<usize> = roles
        .iter()
        .filter_map(|role| if let Role::MaskOf(of) = role { Some(of) } else { None })
        .flatten()
        .copied()
        .collect();
    for picture in pictures {
        if roles[picture] == Role::Alone {
            roles[picture] = Role::Picture;
        }
    }
    roles
}

/// The folders that say more than that there are pictures or masks in them.
pub fn place(folders: &[&str]) -> Vec<String> {
    let kind = |folder: &&&str| {
        let folder = folder.to_lowercase();
        !MASKS.contains(&folder.as_str()) && !PICTURES.contains(&folder.as_str())
    };
    folders.iter().filter(kind).map(|folder| (*folder).to_owned()).collect()
}

/// A file's name, taken apart.
struct Named {
    place: Vec<String>,
    stem: String,
    /// The name of the picture that it says it is the mask of.
    base: Option<String>,
}

impl Named {
    fn of(path: &str) -> Self {
        let (folders, file) = parts(path);
        let stem = stem(file).to_lowercase();
        let in_masks = folders.iter().any(|folder| MASKS.contains(&folder.to_lowercase().as_str()));
        let base = without_ending(&stem).or_else(|| in_masks.then(|| stem.clone()));
        Self { place: place(&folders), stem, base }
    }
}

/// A name without the word for a mask at its end, and without a number behind that.
fn without_ending(stem: &str) -> Option<String> {
    let bare = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let bare = if bare.len() < stem.len() { bare.trim_end_matches(is_mark) } else { stem };
    let rest = ENDINGS.iter().find_map(|ending| bare.strip_suffix(ending).filter(|rest| rest.ends_with(is_mark)))?;
    let rest = rest.trim_end_matches(is_mark);
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// Whether a name is the other and then something more.
fn continues(name: &str, base: &str) -> bool {
    name.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(is_mark))
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '_' | '-' | '.' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, usize, bool)]) -> Vec<Role> {
        let files: Vec<_> =
            files.iter().map(|&(path, side, labels)| Candidate { path, shape: (side, side, 1), labels }).collect();
        roles(&files)
    }

    #[test]
    fn a_mask_is_named_after_its_picture() {
        let files =
            [("a/x.png", 9, false), ("a/x_mask.png", 9, true), ("a/X-seg.PNG", 9, true), ("b/x_mask.png", 9, true)];
        let partner = Role::MaskOf(vec![0]);
        assert_eq!(of(&files), [Role::Picture, partner.clone(), partner, Role::Alone]);
    }

    #[test]
    fn several_masks_of_one_picture_are_numbered() {
        let files = [("x 1.png", 9, false), ("x 1_mask.png", 9, true), ("x 1_mask_2.png", 9, true)];
        assert_eq!(of(&files)[1..], [Role::MaskOf(vec![0]), Role::MaskOf(vec![0])]);
    }

    #[test]
    fn folders_can_say_it_too() {
        let files =
            [("image/7.png", 9, false), ("image/8.png", 9, false), ("mask/7.png", 9, true), ("mask/8.png", 9, true)];
        assert_eq!(of(&files)[2..], [Role::MaskOf(vec![0]), Role::MaskOf(vec![1])]);
    }

    #[test]
    fn volumes_share_the_begin_of_their_names() {
        let files = [("p1-t1c.nii.gz", 9, false), ("p1-t2.nii.gz", 9, false), ("p1-seg.nii.gz", 9, true)];
        assert_eq!(of(&files)[2], Role::MaskOf(vec![0, 1]));
        let alone = [("head.nii", 9, false), ("tumour.nii", 9, true)];
        assert_eq!(of(&alone)[1], Role::MaskOf(vec![0]));
    }

    #[test]
    fn masks_without_a_picture_that_fits_are_named() {
        assert_eq!(of(&[("x.png", 9, false), ("x_mask.png", 8, true)])[1], Role::OtherSize);
        assert_eq!(of(&[("y_mask.png", 8, true)]), [Role::Alone]);
        assert_eq!(of(&[("a.png", 9, false), ("b.png", 9, false), ("z.png", 9, true)])[2], Role::Alone);
    }

    #[test]
    fn a_picture_may_be_called_a_mask_and_a_dark_picture_look_like_one() {
        assert_eq!(of(&[("my_mask.png", 9, false)]), [Role::Picture]);
        assert_eq!(of(&[("x.png", 9, true), ("x_mask.png", 9, true)]), [Role::Picture, Role::MaskOf(vec![0])]);
    }
}
