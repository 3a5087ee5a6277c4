//! The outcome of a scan, in words.

use super::camera::CameraTrouble;
use super::{ScanMessage, SkippedScan};
use crate::slices::decoded::Refusal;
use crate::slices::limits::MAX_PHOTO_SIDE;
use crate::ui::reader::words::words;
use crate::ui::words::{Lang, say};

/// The last thing that happened. `problem` says what is wrong with the code in a line.
pub fn message_words(lang: Lang, message: &ScanMessage, problem: impl Fn(usize) -> Option<String>) -> String {
    match message {
        ScanMessage::Nothing => String::new(),
        ScanMessage::Hidden => say!(lang, lesson.scan.hidden).to_owned(),
        ScanMessage::Added { code, line } => {
            problem(*line).unwrap_or_else(|| say!(lang, lesson.scan.added, line = line, code = code))
        }
        ScanMessage::Known { code } => say!(lang, lesson.scan.known, code = code),
        ScanMessage::Other { text } => say!(lang, lesson.scan.other, text = text),
        ScanMessage::Reading { done, total } => {
            say!(lang, lesson.scan.reading, number = (done + 1).min(*total), total = total)
        }
        ScanMessage::Read { photos, added, known } => {
            let read = say!(lang, lesson.scan.read, photos = photos, added = added);
            match known {
                0 => read,
                _ => format!("{read} {}", say!(lang, lesson.scan.read_known, known = known)),
            }
        }
    }
}

/// Why there is no camera, and what to do.
pub fn trouble_words(lang: Lang, trouble: CameraTrouble) -> &'static str {
    match trouble {
        CameraTrouble::Insecure => say!(lang, lesson.scan.insecure),
        CameraTrouble::Missing => say!(lang, lesson.scan.missing),
        CameraTrouble::Denied => say!(lang, lesson.scan.denied),
        CameraTrouble::Busy => say!(lang, lesson.scan.busy),
        CameraTrouble::Lost => say!(lang, lesson.scan.lost),
        CameraTrouble::Reader => say!(lang, lesson.scan.failed),
    }
}

/// What was left out, and why.
pub fn skipped_words(lang: Lang, skipped: &SkippedScan) -> String {
    match skipped {
        SkippedScan::Other(text) => say!(lang, lesson.scan.other, text = text),
        SkippedScan::NoCode(path) => say!(lang, lesson.scan.no_code, path = path),
        SkippedScan::Refused(path, refusal) => {
            let why = match refusal {
                Refusal::TooManyPixels => say!(lang, lesson.scan.too_big, most = MAX_PHOTO_SIDE),
                Refusal::Empty | Refusal::Unknown | Refusal::Unsupported(_) | Refusal::UnsupportedCoding => {
                    say!(lang, lesson.scan.no_photo).to_owned()
                }
                other => words(lang, other).0,
            };
            format!("{path}: {why}")
        }
    }
}
