//! Brings the codes of all readers together.

use std::collections::BTreeMap;

use super::sheet::{Sheet, SheetError};

/// The readers of a study, and the lines that do not count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Joined {
    /// One sheet for each reader, by number.
    pub sheets: Vec<Sheet>,
    /// Lines that were skipped, with their numbers from 1.
    pub problems: Vec<(usize, SheetProblem)>,
}

/// Why a line does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetProblem {
    /// It is not a code.
    Sheet(SheetError),
    /// It belongs to the study with this mark; most lines belong to another one.
    OtherStudy(String),
    /// It is the code in this earlier line.
    Same(usize),
    /// This reader handed in other answers in this earlier line.
    ReaderTwice(usize, usize),
}

/// Reads codes, one a line, in any order. Empty lines are skipped. The study is the one that most codes belong to.
pub fn join(text: &str) -> Joined {
    let mut joined = Joined::default();
    let mut read = Vec::<(usize, Sheet)>::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match Sheet::read(line) {
            Ok(sheet) => read.push((index + 1, sheet)),
            Err(error) => joined.problems.push((index + 1, SheetProblem::Sheet(error))),
        }
    }
    let mut counts = BTreeMap::<&str, usize>::new();
    read.iter().for_each(|(_, sheet)| *counts.entry(&sheet.study).or_default() += 1);
    let most = counts.values().copied().max().unwrap_or(0);
    let first = read.iter().find(|(_, sheet)| counts[sheet.study.as_str()] == most).map(|(_, sheet)| sheet.clone());
    let Some(first) = first else { return joined };
    let mut kept = BTreeMap::<usize, (usize, Sheet)>::new();
    for (line, sheet) in read {
        let belongs = sheet.study == first.study
            && sheet.settings == first.settings
            && sheet.key == first.key
            && sheet.side == first.side;
        let problem = match kept.get(&sheet.reader) {
            _ if !belongs => Some(SheetProblem::OtherStudy(sheet.study.clone())),
            Some((before, other)) if *other == sheet => Some(SheetProblem::Same(*before)),
            Some((before, _)) => Some(SheetProblem::ReaderTwice(sheet.reader, *before)),
            None => None,
        };
        match problem {
            Some(problem) => joined.problems.push((line, problem)),
            None => drop(kept.insert(sheet.reader, (line, sheet))),
        }
    }
    joined.sheets = kept.into_values().map(|(_, sheet)| sheet).collect();
    joined.problems.sort_by_key(|(line, _)| *line);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::sheet::tests::{sheet, small};

    #[test]
    fn lines_that_do_not_count_are_named() {
        let second = sheet(3, "01010101", "11111111", &[5; 8]);
        let again = Sheet { tag: 8, ..small() };
        let other = Sheet { study: "00000000000000bb".to_owned(), ..small() };
        let codes = [other.code(), small().code(), second.code(), small().code(), again.code()];
        let text = format!("Dear doctor,\n\n{}\n", codes.join("\n"));
        let joined = join(&text);
        assert_eq!(joined.sheets, [small(), second]);
        let problems = [
            (1, SheetProblem::Sheet(SheetError::NotACode)),
            (3, SheetProblem::OtherStudy("00000000000000bb".to_owned())),
            (6, SheetProblem::Same(4)),
            (7, SheetProblem::ReaderTwice(2, 4)),
        ];
        assert_eq!(joined.problems, problems);
    }

    #[test]
    fn the_same_mark_with_another_key_is_another_study() {
        let other = sheet(1, "10101010", "11111111", &[5; 8]);
        let joined = join(&format!("{}\n{}", small().code(), other.code()));
        assert_eq!(joined.sheets.len(), 1);
        assert!(matches!(joined.problems[..], [(2, SheetProblem::OtherStudy(_))]));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(join("\n \n"), Joined::default());
    }
}
