//! Parses and compares file names.

use std::cmp::Ordering;

/// Extensions before another one, as in `.nii.gz`.
const INNER_EXTENSIONS: [&str; 1] = [".nii"];

/// The folders and the file name of a path.
pub(super) fn parts(path: &str) -> (Vec<&str>, &str) {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let file = parts.pop().unwrap_or("");
    (parts, file)
}

/// A file name without its extension.
pub(super) fn stem(file: &str) -> &str {
    let short = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    INNER_EXTENSIONS.iter().find_map(|inner| short.strip_suffix(inner)).unwrap_or(short)
}

/// Words before the number of a person in a file name.
const PERSON_WORDS: [&str; 8] = ["sub", "subject", "subj", "pat", "patient", "case", "pid", "person"];

/// The person that a file name tells, in lower case: `tcga_cs_4941` of `TCGA_CS_4941_19960909_11.tif`, `sub-01` of
/// `sub-01_slice-12.png`, `patient12` of `patient12_3.png`. Only well-known forms: a word such as `glioma` is no person.
pub(super) fn person_in(path: &str) -> Option<String> {
    let stem = stem(parts(path).1).to_lowercase();
    let words: Vec<&str> = stem.split(['_', '-', '.', ' ']).filter(|word| !word.is_empty()).collect();
    let is_code = |word: &&str, length: usize| word.len() == length && word.bytes().all(|b| b.is_ascii_alphanumeric());
    if let ["tcga", site, person, ..] = words[..]
        && is_code(&site, 2)
        && is_code(&person, 4)
    {
        return Some(format!("tcga-{site}-{person}"));
    }
    let (first, second) = (words.first()?, words.get(1));
    let bare = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = if bare.len() < first.len() { &first[bare.len()..] } else { second? };
    // What follows is the slice. Without it, each file would be a person, which the number alone does not tell.
    let rest = words.len() > if bare.len() < first.len() { 1 } else { 2 };
    let numbered = number.bytes().any(|letter| letter.is_ascii_digit());
    (rest && numbered && PERSON_WORDS.contains(&bare)).then(|| format!("{bare}-{number}"))
}

/// Natural order, which compares numbers by value: `slice 9` comes before `slice 10`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (left, right) = (a.chars().next(), b.chars().next());
        let (Some(left), Some(right)) = (left, right) else { return a.len().cmp(&b.len()) };
        if left.is_ascii_digit() && right.is_ascii_digit() {
            let (number, rest) = digits(a);
            let (other, others) = digits(b);
            match number.len().cmp(&other.len()).then_with(|| number.cmp(other)) {
                Ordering::Equal => (a, b) = (rest, others),
                order => return order,
            }
        } else {
            match left.cmp(&right) {
                Ordering::Equal => (a, b) = (&a[left.len_utf8()..], &b[right.len_utf8()..]),
                order => return order,
            }
        }
    }
}

/// The digits at the start of a text without leading zeros, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    (number.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_order_compares_numbers_by_value() {
        let mut names = ["s10.png", "s9.png", "s010b.png", "s.png", "é2", "é10", "S9.png"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["S9.png", "s.png", "s9.png", "s10.png", "s010b.png", "é2", "é10"]);
    }

    #[test]
    fn well_known_names_tell_a_person() {
        let told = |path: &str| person_in(path);
        assert_eq!(told("glioma/TCGA_CS_4941_19960909_11.tif").as_deref(), Some("tcga-cs-4941"));
        assert_eq!(told("TCGA-DU-A5TT-1.png"), told("x/tcga_du_a5tt_9_mask.tif"));
        assert_eq!(told("sub-01_slice-12.png").as_deref(), Some("sub-01"));
        assert_eq!(told("sub-01_T1w.png"), told("sub01_7.png"));
        assert_eq!(told("Patient 12 slice 3.jpg").as_deref(), Some("patient-12"));
        assert_ne!(told("case_7_1.png"), told("case_8_1.png"));
        for path in
            ["glioma_001.png", "Tr-gl_0010.jpg", "slice 12.png", "patient_7.png", "12_3.png", "tcga.png", "", "sub"]
        {
            assert_eq!(told(path), None, "{path}");
        }
    }

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!(["a.b.png", "x.nii.gz", "x.nii", "none", ".png"].map(stem), ["a.b", "x", "x", "none", ""]);
        assert_eq!(parts("a//b/c.png"), (vec!["a", "b"], "c.png"));
        assert_eq!(parts(""), (Vec::new(), ""));
    }
}
