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
    fn paths_are_taken_apart() {
        assert_eq!(["a.b.png", "x.nii.gz", "x.nii", "none", ".png"].map(stem), ["a.b", "x", "x", "none", ""]);
        assert_eq!(parts("a//b/c.png"), (vec!["a", "b"], "c.png"));
        assert_eq!(parts(""), (Vec::new(), ""));
    }
}
