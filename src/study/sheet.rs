//! The answers of a reader, and the code in which they are handed in.
//!
//! A code is one line of letters, digits and a few signs that mail and chat programs leave alone: a prefix, JSON in base64url
//! (RFC 4648), and a checksum. It holds no name and no picture.

use serde::{Deserialize, Serialize};

use super::plan::order;
use super::settings::StudySettings;

/// Version of the code. A change of its meaning gets another number.
pub const VERSION: u32 = 1;

const PREFIX: &str = "hersenscan-study";
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// An answer: what was said (`None` if time ran out), how sure the reader was (from 1; 0 without a scale), and the seconds
/// until then.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reply(pub Option<bool>, pub u8, pub f32);

/// The answers of a reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// [`VERSION`].
    pub version: u32,
    /// Mark of the study: settings, pictures and right answers.
    pub study: String,
    /// The settings.
    pub settings: StudySettings,
    /// Side of the pictures in pixels.
    pub side: usize,
    /// The right answer to each case, `0` or `1`.
    pub key: String,
    /// Number of the reader, from 1.
    pub reader: usize,
    /// Random number, so that two sheets of one reader differ.
    pub tag: u32,
    /// The answer to each case; `None` if the reader stopped before it.
    pub answers: Vec<Option<Reply>>,
}

/// Why a text is not a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It does not begin like a code.
    #[error("not the code of a reader")]
    NotACode,
    /// The checksum does not match: a part is missing or was changed.
    #[error("the code is incomplete or was changed")]
    Changed,
    /// It was made by another version of the site.
    #[error("version {0} of the code")]
    Version(u32),
    /// Its parts contradict each other.
    #[error("the parts of the code do not fit")]
    Inconsistent,
}

impl Sheet {
    /// The code.
    pub fn code(&self) -> String {
        // Numbers and short texts always become JSON.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let body = encode(&json);
        format!("{PREFIX}.{body}.{:08x}", checksum(body.as_bytes()) as u32)
    }

    /// Reads a code. White space is skipped, so that a code may be broken into lines by a mail program.
    ///
    /// # Errors
    /// A [`SheetError`] that says what is wrong with it.
    pub fn read(code: &str) -> Result<Self, SheetError> {
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        let rest = code.strip_prefix(PREFIX).ok_or(SheetError::NotACode)?;
        let (body, check) = rest.strip_prefix('.').and_then(|rest| rest.split_once('.')).ok_or(SheetError::Changed)?;
        if check != format!("{:08x}", checksum(body.as_bytes()) as u32) {
            return Err(SheetError::Changed);
        }
        let json = decode(body).ok_or(SheetError::Changed)?;
        let version: Version = serde_json::from_slice(&json).map_err(|_| SheetError::Inconsistent)?;
        if version.version != VERSION {
            return Err(SheetError::Version(version.version));
        }
        let sheet: Self = serde_json::from_slice(&json).map_err(|_| SheetError::Inconsistent)?;
        if sheet.is_consistent() { Ok(sheet) } else { Err(SheetError::Inconsistent) }
    }

    fn is_consistent(&self) -> bool {
        let Self { settings, key, answers, .. } = self;
        let fits = |Reply(said, sure, seconds): &Reply| {
            let scale = if said.is_some() && settings.confidence > 0 { 1..=settings.confidence } else { 0..=0 };
            scale.contains(sure) && seconds.is_finite() && *seconds >= 0.0
        };
        settings.is_valid()
            && key.len() == settings.cases
            && key.bytes().all(|digit| matches!(digit, b'0' | b'1'))
            && answers.len() == settings.cases
            && (1..=settings.readers).contains(&self.reader)
            && answers.iter().flatten().all(fits)
    }

    /// The right answer to a case.
    pub fn truth(&self, case: usize) -> bool {
        self.key.as_bytes().get(case) == Some(&b'1')
    }

    /// For each case, its place in the order of this reader.
    pub fn places(&self) -> Vec<usize> {
        let order = order(&self.settings, self.reader);
        let mut places = vec![0; order.len()];
        for (place, case) in order.into_iter().enumerate() {
            places[case] = place;
        }
        places
    }
}

/// The version of a code, whatever else it holds.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo; RFC 9923). Finds damage, not intent.
pub fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let value = (0..3).fold(0_u32, |value, at| value << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(value >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut value = 0_u32;
        for place in 0..4 {
            let digit = match chunk.get(place) {
                Some(sign) => ALPHABET.iter().position(|known| known == sign)?,
                None => 0,
            };
            value = value << 6 | digit as u32;
        }
        bytes.extend((1..chunk.len()).map(|place| (value >> (24 - 8 * place)) as u8));
    }
    Some(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The sheet of a reader who said these things; `_` for no answer in time, `.` for a case that was not reached.
    pub fn sheet(reader: usize, key: &str, said: &str, sure: &[u8]) -> Sheet {
        let reply = |(at, sign): (usize, char)| {
            let said = match sign {
                '.' => return None,
                '_' => None,
                digit => Some(digit == '1'),
            };
            Some(Reply(said, if said.is_some() { sure[at] } else { 0 }, 1.5))
        };
        let settings = StudySettings { cases: key.len(), readers: 3, ..StudySettings::default() };
        Sheet {
            version: VERSION,
            study: "00000000000000aa".to_owned(),
            settings,
            side: 64,
            key: key.to_owned(),
            reader,
            tag: 7,
            answers: said.chars().enumerate().map(reply).collect(),
        }
    }

    pub fn small() -> Sheet {
        sheet(2, "01010101", "0101_01.", &[1, 2, 3, 4, 5, 1, 2, 3])
    }

    /// The test vectors of RFC 4648, section 10, without padding.
    #[test]
    fn base64_matches_the_rfc() {
        for (plain, coded) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(plain.as_bytes()), coded);
            assert_eq!(decode(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
        assert_eq!(decode("a+b"), None);
    }

    #[test]
    fn a_code_round_trips_even_if_mail_breaks_it_into_lines() {
        let sheet = small();
        let code = sheet.code();
        assert_eq!(Sheet::read(&code), Ok(sheet.clone()));
        let broken: String = code.chars().flat_map(|sign| [sign, ' ', '\n']).collect();
        assert_eq!(Sheet::read(&broken), Ok(sheet));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let code = small().code();
        assert_eq!(Sheet::read("Dear doctor,"), Err(SheetError::NotACode));
        assert_eq!(Sheet::read(&code[..code.len() - 3]), Err(SheetError::Changed));
        assert_eq!(Sheet::read(&code.replacen('e', "E", 4)), Err(SheetError::NotACode));
        let later = Sheet { version: 2, ..small() }.code();
        assert_eq!(Sheet::read(&later), Err(SheetError::Version(2)));
        let short = Sheet { key: "0".to_owned(), ..small() }.code();
        assert_eq!(Sheet::read(&short), Err(SheetError::Inconsistent));
        let nobody = Sheet { reader: 4, ..small() }.code();
        assert_eq!(Sheet::read(&nobody), Err(SheetError::Inconsistent));
        let mut sure = small();
        sure.answers[0] = Some(Reply(Some(true), 9, 1.0));
        assert_eq!(Sheet::read(&sure.code()), Err(SheetError::Inconsistent));
    }

    #[test]
    fn every_changed_letter_is_found() {
        let code = small().code();
        for at in PREFIX.len() + 1..code.len() {
            let mut changed = code.clone().into_bytes();
            changed[at] = if changed[at] == b'4' { b'5' } else { b'4' };
            assert!(Sheet::read(&String::from_utf8(changed).unwrap()).is_err(), "{at}");
        }
    }
}
