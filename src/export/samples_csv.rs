//! `samples.csv`: one row for each scan of a download.
//!
//! Fields are separated by semicolons, and no field is a fraction. A spreadsheet that is set to Dutch opens this without a
//! dialog, and no setting can misread a number. In pandas: `read_csv("samples.csv", sep=";")`.

use super::manifest::ManifestScan;
use crate::mark::SAMPLES_HEAD;
use crate::slice::MASK_THRESHOLD;

/// The table of a download that is being written.
#[derive(Debug, Clone)]
pub struct SamplesTable(String);

impl Default for SamplesTable {
    fn default() -> Self {
        Self(format!("{SAMPLES_HEAD}\r\n"))
    }
}

impl SamplesTable {
    /// Adds a scan with its mask, as the generator draws it.
    pub fn add(&mut self, scan: &ManifestScan, mask: &[u8]) {
        let pixels = mask.iter().filter(|&&pixel| pixel >= MASK_THRESHOLD).count();
        let ManifestScan { file, mask, class, seed, .. } = scan;
        self.0.push_str(&format!("{file};{mask};{};{seed};{pixels}\r\n", field(class)));
    }

    /// The table as text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// A text as one field (RFC 4180, with semicolons).
fn field(text: &str) -> String {
    match text.contains([';', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(class: &str) -> ManifestScan {
        ManifestScan {
            file: "0000.png".to_owned(),
            file_sha256: String::new(),
            mask: "0000_mask.png".to_owned(),
            mask_sha256: String::new(),
            class: class.to_owned(),
            seed: 7,
            toward: None,
        }
    }

    #[test]
    fn each_scan_is_a_row_of_whole_numbers_and_names() {
        let mut table = SamplesTable::default();
        table.add(&scan("glioma"), &[0, 127, 128, 255]);
        assert_eq!(table.text(), "file;mask;class;seed;tumour_pixels\r\n0000.png;0000_mask.png;glioma;7;2\r\n");
    }

    #[test]
    fn a_class_name_stays_one_field() {
        assert_eq!(field("met vlek; groot \"A\""), "\"met vlek; groot \"\"A\"\"\"");
        assert_eq!(field("no tumour"), "no tumour");
    }
}
