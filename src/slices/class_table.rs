//! `samples.csv` of a download of this program, which tells the class of each scan.

use serde::{Deserialize, Serialize};

#[cfg(feature = "read")]
use crate::mark::SAMPLES_HEAD;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Path of the scan: in the folder or the ZIP file of the table.
    pub file: String,
    /// Name of its class.
    pub class: String,
}

/// The content of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassTable {
    /// Its rows.
    pub rows: Vec<ClassRow>,
}

/// Most rows that are read.
#[cfg(feature = "read")]
const MAX_ROWS: usize = 100_000;
/// Most bytes of a file name or a class name. Rows with longer ones are left out.
#[cfg(feature = "read")]
const MAX_NAME: usize = 200;

/// Reads the table. `None` if the header row is not that of this program.
#[cfg(feature = "read")]
pub(super) fn parse(path: &str, bytes: &[u8]) -> Option<ClassTable> {
    // A spreadsheet may have added the mark of UTF-8.
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()?;
    if text.lines().next() != Some(SAMPLES_HEAD) {
        return None;
    }
    let folder = path.rfind('/').map_or("", |end| &path[..=end]);
    let row = |record: csv::StringRecord| {
        let (file, class) = (record.get(0)?, record.get(2)?);
        let short = |name: &str| (1..=MAX_NAME).contains(&name.len());
        (short(file) && short(class)).then(|| ClassRow { file: format!("{folder}{file}"), class: class.to_owned() })
    };
    let mut table = csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_reader(text.as_bytes());
    let rows = table.records().map_while(Result::ok).take(MAX_ROWS).filter_map(row).collect();
    Some(ClassTable { rows })
}

#[cfg(all(test, feature = "read"))]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_beside_the_table() {
        let text =
            format!("{SAMPLES_HEAD}\r\n0.png;0_mask.png;glioma;7;2\r\n1.png;1_mask.png;\"a; b\";8;0\r\n;;;;\r\n");
        let rows = |path: &str, bytes: &[u8]| {
            parse(path, bytes).map(|table| table.rows.into_iter().map(|row| (row.file, row.class)).collect::<Vec<_>>())
        };
        let wanted = |folder: &str| {
            [("0.png", "glioma"), ("1.png", "a; b")].map(|(file, class)| (format!("{folder}{file}"), class.to_owned()))
        };
        assert_eq!(rows("a.zip/samples.csv", text.as_bytes()), Some(wanted("a.zip/").to_vec()));
        assert_eq!(
            rows("samples.csv", [b"\xef\xbb\xbf", text.as_bytes()].concat().as_slice()),
            Some(wanted("").to_vec())
        );
        assert_eq!(rows("samples.csv", b"file;class\r\n0.png;glioma\r\n"), None);
    }
}
