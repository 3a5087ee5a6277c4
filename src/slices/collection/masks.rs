//! Pairs masks with pictures by their names: `a_mask.png` with `a.png`, `mask/a.png` with `image/a.png`, and a label map
//! with the only picture of the same size.

use super::names::{parts, stem};

/// Suffixes of a picture name that mark its mask.
const MASK_SUFFIXES: [&str; 11] =
    ["mask", "masks", "masker", "seg", "segmentation", "label", "labels", "roi", "annotation", "gt", "groundtruth"];
/// Words before a separator that mark a mask: `mask_7`.
const MASK_PREFIXES: [&str; 6] = ["mask", "masker", "seg", "segmentation", "label", "gt"];
/// Words before a separator that a picture may have where its mask has one of [`MASK_PREFIXES`].
const PICTURE_PREFIXES: [&str; 9] = ["image", "img", "im", "picture", "beeld", "scan", "slice", "mri", "raw"];
/// Names of folders with masks.
const MASK_FOLDERS: [&str; 15] = [
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
    "annotation",
    "annotations",
    "gt",
    "groundtruth",
    "ground_truth",
];
/// Names of folders with pictures.
const PICTURE_FOLDERS: [&str; 8] = ["image", "images", "imagestr", "img", "imgs", "picture", "pictures", "beelden"];

/// What pairing needs to know of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaskCandidate<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Width, height and number of slices.
    pub dimensions: (usize, usize, usize),
    /// Whether it looks like a label map.
    pub labels: bool,
}

/// Role of a file among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileRole {
    /// A picture.
    Picture,
    /// The mask of these pictures.
    MaskOf(Vec<usize>),
    /// A mask without a picture.
    UnpairedMask,
    /// A mask whose picture has another size.
    MaskOfOtherSize,
}

/// The role of each file.
pub(super) fn roles(files: &[MaskCandidate]) -> Vec<FileRole> {
    let named: Vec<ParsedName> = files.iter().map(|file| ParsedName::of(file.path)).collect();
    let is_picture = |index: &usize| named[*index].base.is_none() && !files[*index].labels;
    // A dark slice at the end of a series has few grey levels, as a label map has. But most files of its series are pictures.
    let is_dark_slice = |name: &ParsedName, index: usize| {
        let in_series = |other: &usize| {
            let (known, fits) = (&named[*other], files[*other].dimensions == files[index].dimensions);
            fits && known.base.is_none() && known.folders == name.folders && known.series == name.series
        };
        let series = (0..files.len()).filter(in_series);
        let (labels, pictures): (Vec<usize>, Vec<usize>) = series.partition(|other| files[*other].labels);
        name.base.is_none() && name.series.is_some() && !says_mask(&name.stem) && pictures.len() > labels.len()
    };
    let role = |(index, file): (usize, &MaskCandidate)| {
        let name = &named[index];
        if name.base.is_none() && !file.labels {
            return FileRole::Picture;
        }
        let beside: Vec<usize> =
            (0..files.len()).filter(|other| *other != index && named[*other].folders == name.folders).collect();
        let base = name.base.as_deref().unwrap_or(&name.stem);
        let fits = |other: &usize| files[*other].dimensions == file.dimensions;
        // A file with exactly this name is the picture, even if it looks like a label map.
        let exact: Vec<usize> = beside
            .iter()
            .copied()
            .filter(|other| name.base.is_some() && named[*other].base.is_none() && named[*other].is_called(base))
            .collect();
        if !exact.is_empty() {
            let fitting: Vec<usize> = exact.into_iter().filter(fits).collect();
            return if fitting.is_empty() { FileRole::MaskOfOtherSize } else { FileRole::MaskOf(fitting) };
        }
        let pictures: Vec<usize> = beside.into_iter().filter(is_picture).filter(fits).collect();
        let starts_with_base = |other: &usize| !base.is_empty() && extends(&named[*other].stem, base);
        let similar: Vec<usize> = pictures.iter().copied().filter(starts_with_base).collect();
        if file.labels && similar.is_empty() && is_dark_slice(name, index) {
            return FileRole::Picture;
        }
        match (similar.is_empty(), pictures.as_slice(), file.labels) {
            (false, ..) => FileRole::MaskOf(similar),
            (true, [only], true) => FileRole::MaskOf(vec![*only]),
            (true, _, true) => FileRole::UnpairedMask,
            // It has the name of a mask, but is not a label map and has no picture.
            (true, _, false) => FileRole::Picture,
        }
    };
    let mut roles: Vec<FileRole> = files.iter().enumerate().map(role).collect();
    // A file with a mask is a picture, even if it looks like a label map.
    let pictures: Vec<usize> = roles
        .iter()
        .filter_map(|role| if let FileRole::MaskOf(of) = role { Some(of) } else { None })
        .flatten()
        .copied()
        .collect();
    for picture in pictures {
        if roles[picture] == FileRole::UnpairedMask {
            roles[picture] = FileRole::Picture;
        }
    }
    // Scans with 1 to 3 bits have as few grey levels as label maps. If there is nothing else, they are what the visitor has.
    if !roles.contains(&FileRole::Picture) {
        for ((role, name), file) in roles.iter_mut().zip(&named).zip(files) {
            let single = file.dimensions.2 == 1;
            if *role == FileRole::UnpairedMask && single && name.base.is_none() && !says_mask(&name.stem) {
                *role = FileRole::Picture;
            }
        }
    }
    roles
}

/// The folders without those named after pictures or masks.
pub(super) fn meaningful_folders(folders: &[&str]) -> Vec<String> {
    let is_meaningful = |folder: &&&str| {
        let folder = folder.to_lowercase();
        !MASK_FOLDERS.contains(&folder.as_str()) && !PICTURE_FOLDERS.contains(&folder.as_str())
    };
    folders.iter().filter(is_meaningful).map(|folder| (*folder).to_owned()).collect()
}

/// The parts of a file name.
struct ParsedName {
    folders: Vec<String>,
    /// Name without extension, in lower case.
    stem: String,
    /// The stem with all numbers left out. `None` if it has none.
    series: Option<String>,
    /// Stem of the picture, if this is named as a mask.
    base: Option<String>,
}

impl ParsedName {
    fn of(path: &str) -> Self {
        let (folders, file) = parts(path);
        let stem = stem(file).to_lowercase();
        let in_masks = folders.iter().any(|folder| MASK_FOLDERS.contains(&folder.to_lowercase().as_str()));
        let base = without_suffix(&stem)
            .or_else(|| without_prefix(&stem, &MASK_PREFIXES))
            .or_else(|| in_masks.then(|| stem.clone()));
        let series: String = stem.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        let series = (series.len() < stem.len()).then_some(series);
        Self { folders: meaningful_folders(&folders), stem, series, base }
    }

    /// Whether this is the name of a picture whose mask has this base: `7`, or `image_7`.
    fn is_called(&self, base: &str) -> bool {
        self.stem == base || without_prefix(&self.stem, &PICTURE_PREFIXES).as_deref() == Some(base)
    }
}

/// The name without a mask suffix and a number after it. `None` if it has no mask suffix.
fn without_suffix(stem: &str) -> Option<String> {
    let bare = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let bare = if bare.len() < stem.len() { bare.trim_end_matches(is_separator) } else { stem };
    let rest = MASK_SUFFIXES
        .iter()
        .find_map(|suffix| bare.strip_suffix(suffix).filter(|rest| rest.ends_with(is_separator)))?;
    let rest = rest.trim_end_matches(is_separator);
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// The name without the first of these words and the separator after it. `None` if it begins with none of them.
fn without_prefix(stem: &str, prefixes: &[&str]) -> Option<String> {
    let rest =
        prefixes.iter().find_map(|prefix| stem.strip_prefix(prefix).filter(|rest| rest.starts_with(is_separator)))?;
    let rest = rest.trim_start_matches(is_separator);
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// Whether a word of the name is that of a mask: `mask_7`, `7_gt_label`.
fn says_mask(stem: &str) -> bool {
    let bare = |word: &str| word.trim_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    stem.split(is_separator).any(|word| MASK_SUFFIXES.contains(&bare(word).as_str()))
}

/// Whether `name` is `base`, or `base` followed by a separator and more.
fn extends(name: &str, base: &str) -> bool {
    name.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(is_separator))
}

fn is_separator(letter: char) -> bool {
    matches!(letter, '_' | '-' | '.' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, usize, bool)]) -> Vec<FileRole> {
        let files: Vec<_> = files
            .iter()
            .map(|&(path, side, labels)| MaskCandidate { path, dimensions: (side, side, 1), labels })
            .collect();
        roles(&files)
    }

    #[test]
    fn a_mask_is_named_after_its_picture() {
        let files =
            [("a/x.png", 9, false), ("a/x_mask.png", 9, true), ("a/X-seg.PNG", 9, true), ("b/x_mask.png", 9, true)];
        let partner = FileRole::MaskOf(vec![0]);
        assert_eq!(of(&files), [FileRole::Picture, partner.clone(), partner, FileRole::UnpairedMask]);
    }

    #[test]
    fn several_masks_of_one_picture_have_numbers() {
        let files = [("x 1.png", 9, false), ("x 1_mask.png", 9, true), ("x 1_mask_2.png", 9, true)];
        assert_eq!(of(&files)[1..], [FileRole::MaskOf(vec![0]), FileRole::MaskOf(vec![0])]);
    }

    #[test]
    fn folders_can_mark_masks() {
        let files =
            [("image/7.png", 9, false), ("image/8.png", 9, false), ("mask/7.png", 9, true), ("mask/8.png", 9, true)];
        assert_eq!(of(&files)[2..], [FileRole::MaskOf(vec![0]), FileRole::MaskOf(vec![1])]);
    }

    #[test]
    fn masks_may_be_named_in_many_ways() {
        let pairs = [
            ["x.png", "x-label.png"],
            ["x.png", "x_gt.png"],
            ["7.png", "mask_7.png"],
            ["image_7.png", "label_7.png"],
            ["img-7.png", "mask-7.png"],
            ["images/image_7.png", "masks/mask_7.png"],
            ["x.png", "annotations/x.png"],
            ["images/x.png", "annotations/x.png"],
            ["images/x.png", "ground_truth/x.png"],
        ];
        for [picture, mask] in pairs {
            // Beside others, so that the mask is not paired because there is one picture only.
            let files = [(picture, 9, false), (mask, 9, true), ("y.png", 9, false), ("images/z.png", 9, false)];
            assert_eq!(of(&files)[..2], [FileRole::Picture, FileRole::MaskOf(vec![0])], "{mask}");
        }
        // Without a picture, it is one itself unless it is a label map.
        assert_eq!(of(&[("label_1.png", 9, false), ("label_2.png", 9, false)]), [FileRole::Picture, FileRole::Picture]);
    }

    #[test]
    fn pictures_with_few_grey_levels_are_pictures_if_there_are_no_others() {
        let few = [("s1.png", 9, true), ("s2.png", 9, true)];
        assert_eq!(of(&few), [FileRole::Picture, FileRole::Picture]);
        assert_eq!(of(&[few[0], few[1], ("head.png", 9, false), ("b.png", 9, false)])[0], FileRole::UnpairedMask);
        // Names that say so are believed.
        let masks = [("masks/s1.png", 9, true), ("s2_seg.png", 9, true), ("mask_3.png", 9, true)];
        assert_eq!(of(&masks), [FileRole::UnpairedMask, FileRole::UnpairedMask, FileRole::UnpairedMask]);
    }

    #[test]
    fn volumes_share_the_start_of_their_names() {
        let files = [("p1-t1c.nii.gz", 9, false), ("p1-t2.nii.gz", 9, false), ("p1-seg.nii.gz", 9, true)];
        assert_eq!(of(&files)[2], FileRole::MaskOf(vec![0, 1]));
        let alone = [("head.nii", 9, false), ("tumour.nii", 9, true)];
        assert_eq!(of(&alone)[1], FileRole::MaskOf(vec![0]));
    }

    #[test]
    fn masks_without_a_matching_picture_are_reported() {
        assert_eq!(of(&[("x.png", 9, false), ("x_mask.png", 8, true)])[1], FileRole::MaskOfOtherSize);
        assert_eq!(of(&[("y_mask.png", 8, true)]), [FileRole::UnpairedMask]);
        assert_eq!(of(&[("a.png", 9, false), ("b.png", 9, false), ("z.png", 9, true)])[2], FileRole::UnpairedMask);
    }

    #[test]
    fn a_dark_slice_of_a_series_is_a_picture() {
        let series = |name: &dyn Fn(usize) -> String, labels: &[usize]| {
            let names: Vec<String> = (0..6).map(name).collect();
            let files: Vec<_> =
                names.iter().zip(0..).map(|(name, at)| (name.as_str(), 9, labels.contains(&at))).collect();
            of(&files)
        };
        let slice = |number: usize| format!("pat/slice{number:02}.png");
        assert_eq!(series(&slice, &[0, 5]), vec![FileRole::Picture; 6]);
        // Label maps may be numbered among pictures, but then they are not fewer, or their names say so.
        assert_eq!(series(&slice, &[1, 3, 5])[1], FileRole::UnpairedMask);
        assert_eq!(series(&|number| format!("mask_{number}.png"), &[0])[0], FileRole::UnpairedMask);
        let with_masks = [
            ("image/s1.png", 9, true),
            ("image/s2.png", 9, false),
            ("image/s3.png", 9, false),
            ("mask/s1.png", 9, true),
            ("mask/s2.png", 9, true),
        ];
        assert_eq!(of(&with_masks)[..3], [FileRole::Picture, FileRole::Picture, FileRole::Picture]);
        assert_eq!(of(&with_masks)[3..], [FileRole::MaskOf(vec![0]), FileRole::MaskOf(vec![1])]);
    }

    #[test]
    fn a_picture_may_have_the_name_or_the_values_of_a_mask() {
        assert_eq!(of(&[("my_mask.png", 9, false)]), [FileRole::Picture]);
        assert_eq!(of(&[("x.png", 9, true), ("x_mask.png", 9, true)]), [FileRole::Picture, FileRole::MaskOf(vec![0])]);
    }
}
