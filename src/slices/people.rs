//! A table that is chosen together with the files and names the person on each: a CSV with a column of files and a column of
//! persons.
//!
//! File names alone rarely tell the person. With a table, all slices of a person are on one side of the split. The names of
//! the persons stay in the reader: a person is a number, in the order of the table.

#[cfg(feature = "read")]
mod parse;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

#[cfg(feature = "read")]
pub(super) use parse::{is_table, parse};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleRow {
    /// The file as the table names it, in lower case, with slashes between folders. It may lack folders and the extension.
    pub file: String,
    /// Number of the person, from 0.
    pub person: u32,
}

/// The content of a table. No file has two persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleTable {
    /// Path of the table.
    pub path: String,
    /// Its rows, at least one.
    pub rows: Vec<PeopleRow>,
}

/// Why a text file is not a table of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableProblem {
    /// The first line names no column of files.
    NoFileColumn,
    /// The first line names no column of persons.
    NoPersonColumn,
    /// No row has a file and a person.
    NoRows,
    /// A file has two persons.
    TwoPersons,
    /// The table has more bytes or rows than the limits.
    TooLong,
}

/// Finds the person of a file.
#[derive(Debug, Clone)]
pub struct PeopleIndex {
    /// Path of the table.
    pub path: String,
    /// The persons by file, also by the ends of its path: `b/c.png` and `c.png` of `a/b/c.png`. `None` if such an end
    /// belongs to two persons.
    persons: HashMap<String, Option<u32>>,
}

impl PeopleIndex {
    /// The index of a table.
    pub fn of(table: &PeopleTable) -> Self {
        let mut persons: HashMap<String, Option<u32>> = HashMap::new();
        for row in &table.rows {
            for end in ends(&row.file) {
                let known = persons.entry(end.to_owned()).or_insert(Some(row.person));
                if *known != Some(row.person) {
                    *known = None;
                }
            }
        }
        Self { path: table.path.clone(), persons }
    }

    /// The person of the file with this path. The longest end of the path that the table knows counts, with its extension
    /// or without. `None` if the table does not name it, or names it for two persons.
    pub fn person(&self, path: &str) -> Option<u32> {
        let path = path.to_lowercase();
        let known =
            ends(&path).find_map(|end| self.persons.get(end).or_else(|| self.persons.get(without_extension(end))));
        known.copied().flatten()
    }
}

/// A path, and the path without its first folder, first two folders and so on.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    let after = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
    std::iter::once(path).chain(after).filter(|end| !end.is_empty())
}

/// A path without `.png`, `.nii.gz` and the like.
fn without_extension(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    let end = path[name..].rfind('.').map_or(path.len(), |dot| name + dot);
    path[..end].strip_suffix(".nii").unwrap_or(&path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(rows: &[(&str, u32)]) -> PeopleIndex {
        let row = |(file, person): &(&str, u32)| PeopleRow { file: (*file).to_owned(), person: *person };
        PeopleIndex::of(&PeopleTable { path: "people.csv".to_owned(), rows: rows.iter().map(row).collect() })
    }

    #[test]
    fn a_file_is_found_with_or_without_folders_and_extension() {
        let known = index(&[("image/1.png", 0), ("2", 1), ("/home/me/set/3.nii.gz", 2)]);
        assert_eq!(known.person("set/image/1.png"), Some(0));
        assert_eq!(known.person("1.PNG"), Some(0), "a file that was chosen without its folder");
        assert_eq!(known.person("a.zip/2.png"), Some(1));
        assert_eq!(known.person("2.nii.gz"), Some(1));
        assert_eq!(known.person("set/3.nii.gz"), Some(2));
        assert_eq!(known.person("12.png"), None);
        assert_eq!(known.person(""), None);
    }

    #[test]
    fn a_name_in_two_folders_is_told_apart_by_the_folder() {
        let known = index(&[("a/1.png", 0), ("b/1.png", 1)]);
        assert_eq!(
            ["set/a/1.png", "set/b/1.png", "1.png", "c/1.png"].map(|path| known.person(path)),
            [Some(0), Some(1), None, None]
        );
    }
}
