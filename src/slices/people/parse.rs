//! Reads a table of persons.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{PeopleRow, PeopleTable, TableProblem};

/// Names of the column of files. The first one in this list that the table has counts.
const FILES: [&str; 9] = ["file", "filename", "path", "image", "slice", "scan", "name", "bestand", "bestandsnaam"];
/// Names of the column of persons. The first one in this list that the table has counts: a patient may be one examination of a person.
const PERSONS: [&str; 10] = [
    "person",
    "personid",
    "persoon",
    "patient",
    "patientid",
    "subject",
    "subjectid",
    "participantid",
    "participant",
    "case",
];
/// Most bytes of a table.
const MAX_BYTES: usize = 8 << 20;
/// Most rows of a table.
const MAX_ROWS: usize = 100_000;
/// Longest file name in bytes. Rows with longer ones are left out.
const MAX_NAME: usize = 1_000;

/// Whether the name of a file says that it is a table.
pub fn is_table(path: &str) -> bool {
    let end = path.rsplit('.').next().unwrap_or_default();
    ["csv", "tsv"].iter().any(|known| end.eq_ignore_ascii_case(known)) && path.contains('.')
}

/// Reads a table: commas, semicolons or tabs, in UTF-8, UTF-16 or Latin-1, with a line of column names.
///
/// # Errors
/// If a column is missing, no row can be used, a file has two persons, or the table is too long.
pub fn parse(path: &str, bytes: &[u8]) -> Result<PeopleTable, TableProblem> {
    if bytes.len() > MAX_BYTES {
        return Err(TableProblem::TooLong);
    }
    let text = decoded(bytes);
    let mut table =
        ReaderBuilder::new().delimiter(delimiter(&text)).trim(Trim::All).flexible(true).from_reader(text.as_bytes());
    // The text is UTF-8 and rows may have any length, so that reading cannot fail.
    let header = table.headers().cloned().unwrap_or_default();
    let file = column(&header, &FILES).ok_or(TableProblem::NoFileColumn)?;
    let person = column(&header, &PERSONS).ok_or(TableProblem::NoPersonColumn)?;
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut persons: HashMap<String, u32> = HashMap::new();
    let mut rows = Vec::new();
    for record in table.records().map_while(Result::ok) {
        let (file, person) = (record.get(file).unwrap_or_default(), record.get(person).unwrap_or_default());
        if file.is_empty() || person.is_empty() || file.len() > MAX_NAME {
            continue;
        }
        let next = numbers.len() as u32;
        let person = *numbers.entry(person.to_owned()).or_insert(next);
        let file = file.replace('\\', "/").to_lowercase();
        match persons.insert(file.clone(), person) {
            None => rows.push(PeopleRow { file, person }),
            Some(before) if before == person => {}
            Some(_) => return Err(TableProblem::TwoPersons),
        }
        if rows.len() > MAX_ROWS {
            return Err(TableProblem::TooLong);
        }
    }
    if rows.is_empty() { Err(TableProblem::NoRows) } else { Ok(PeopleTable { path: path.to_owned(), rows }) }
}

/// The text without a byte order mark: UTF-16 if the mark says so, else UTF-8. What is not UTF-8 is read as Latin-1, which
/// older spreadsheets write.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |rest: &[u8], number: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.as_chunks().0.iter().map(|pair| number(*pair)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
            }
        }
    }
}

/// The character between fields: the most frequent of three in the first line.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |wanted: &u8| header.bytes().filter(|byte| byte == wanted).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Index of the column with one of these names. Case, spaces, dashes and underscores do not count.
fn column(header: &StringRecord, names: &[&str]) -> Option<usize> {
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let header: Vec<String> = header.iter().map(plain).collect();
    names.iter().find_map(|name| header.iter().position(|column| column == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Result<Vec<(String, u32)>, TableProblem> {
        let rows = |table: PeopleTable| table.rows.into_iter().map(|row| (row.file, row.person)).collect();
        parse("people.csv", text).map(rows)
    }

    fn wanted(rows: &[(&str, u32)]) -> Result<Vec<(String, u32)>, TableProblem> {
        Ok(rows.iter().map(|(file, person)| ((*file).to_owned(), *person)).collect())
    }

    #[test]
    fn commas_semicolons_and_tabs_are_read() {
        let same = wanted(&[("a/1.png", 0), ("a/2.png", 1), ("b/3.png", 0)]);
        assert_eq!(rows(b"file,person\na/1.png,Ann\na/2.png,Bob\nb/3.png,Ann\n"), same);
        assert_eq!(rows(b"\xef\xbb\xbfBestand; Persoon\r\na/1.PNG;Ann\r\na/2.png;Bob\r\nb/3.png;Ann"), same);
        assert_eq!(rows(b"age\tsubject_id\tImage\n5\tx 1\ta\\1.png\n6\tx 2\ta\\2.png\n7\tx 1\tb\\3.png"), same);
    }

    #[test]
    fn the_person_counts_before_the_patient() {
        let table = b"file,patient,person\n1.png,t1,Ann\n2.png,t2,Ann\n3.png,t3,Bob\n";
        assert_eq!(rows(table), wanted(&[("1.png", 0), ("2.png", 0), ("3.png", 1)]));
        assert_eq!(rows(b"Patient ID,File Name\nt1,1.png\nt2,2.png\n"), wanted(&[("1.png", 0), ("2.png", 1)]));
    }

    #[test]
    fn quotes_latin_1_and_short_rows_are_read() {
        assert_eq!(
            rows(b"file,person\n\"a,b.png\",\"Zo\xeb, Z.\"\n2.png\n,Ann\n3.png,\n4.png,Ann,more\n4.png,Ann\n"),
            wanted(&[("a,b.png", 0), ("4.png", 1)])
        );
    }

    #[test]
    fn utf_16_is_read() {
        let text = "file\tperson\n1.png\tZoë\n";
        let bytes = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(text.encode_utf16().flat_map(unit)).collect()
        };
        assert_eq!(rows(&bytes([0xff, 0xfe], u16::to_le_bytes)), wanted(&[("1.png", 0)]));
        assert_eq!(rows(&bytes([0xfe, 0xff], u16::to_be_bytes)), wanted(&[("1.png", 0)]));
    }

    #[test]
    fn a_table_that_cannot_be_used_says_why() {
        assert_eq!(rows(b"who,person\n1.png,Ann\n"), Err(TableProblem::NoFileColumn));
        assert_eq!(rows(b""), Err(TableProblem::NoFileColumn));
        assert_eq!(rows(b"file,class\n1.png,glioma\n"), Err(TableProblem::NoPersonColumn));
        assert_eq!(rows(b"file,person\n"), Err(TableProblem::NoRows));
        assert_eq!(rows(b"file,person\n1.png,Ann\n1.PNG,Bob\n"), Err(TableProblem::TwoPersons));
        assert_eq!(rows(&vec![b'x'; MAX_BYTES + 1]), Err(TableProblem::TooLong));
        let many: String = (0..=MAX_ROWS).map(|row| format!("{row}.png,{row}\n")).collect();
        assert_eq!(rows(format!("file,person\n{many}").as_bytes()), Err(TableProblem::TooLong));
    }

    #[test]
    fn a_table_has_the_extension_of_one() {
        assert!(["a.csv", "b/A.CSV", "x.tsv"].into_iter().all(is_table));
        assert!(!["csv", "a.txt", "a.csv.png", ""].into_iter().any(is_table));
    }
}
