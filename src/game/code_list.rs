//! The list of codes that a teacher types, pastes and scans.

use super::class_code::ClassCode;

/// The outcome of a scanned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanOutcome {
    /// A code, which is now the last line of the list.
    Added {
        /// The code, in groups of four.
        code: String,
        /// Its line, from 1.
        line: usize,
    },
    /// A code that the list had already.
    Known {
        /// The code, in groups of four.
        code: String,
    },
    /// No code of a pupil. The list is as it was.
    Other,
}

/// Adds a scanned text to the list, if it is a code that the list does not have.
pub fn add(list: &mut String, text: &str) -> ScanOutcome {
    let Ok(found) = ClassCode::decode(text) else { return ScanOutcome::Other };
    let code = found.encode();
    if list.lines().any(|line| ClassCode::decode(line).as_ref() == Ok(&found)) {
        return ScanOutcome::Known { code };
    }
    // The last line may be one that the teacher is typing, without a line break.
    let typed = list.trim_end();
    *list = if typed.is_empty() { code.clone() } else { format!("{typed}\n{code}") };
    ScanOutcome::Added { code, line: list.lines().count() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::class_code::Choice;

    fn code(tag: u16) -> String {
        ClassCode { answers: vec![Choice::First; 8], fingerprint: 7, tag }.encode()
    }

    #[test]
    fn a_code_is_added_once_however_it_is_written() {
        let mut list = String::new();
        assert_eq!(add(&mut list, &code(1)), ScanOutcome::Added { code: code(1), line: 1 });
        assert_eq!(add(&mut list, &code(1)), ScanOutcome::Known { code: code(1) });
        list = format!("{}\n\n", code(2).to_lowercase().replace('-', " "));
        assert_eq!(add(&mut list, &code(2)), ScanOutcome::Known { code: code(2) });
        assert_eq!(add(&mut list, &code(1)), ScanOutcome::Added { code: code(1), line: 2 });
        assert_eq!(list, format!("{}\n{}", code(2).to_lowercase().replace('-', " "), code(1)));
    }

    #[test]
    fn other_texts_leave_the_list_as_it_is() {
        let mut list = "K7PM-3XQ".to_owned();
        for text in ["https://example.org/#/spel", "", "K7PM", &code(1).replace('-', "x")] {
            assert_eq!(add(&mut list, text), ScanOutcome::Other);
        }
        assert_eq!(list, "K7PM-3XQ");
        assert_eq!(add(&mut list, &code(3)), ScanOutcome::Added { code: code(3), line: 2 });
    }
}
