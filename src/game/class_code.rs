//! The code in which a pupil hands in the answers of a class game: twelve characters to read out or to scan.
//!
//! A code holds the answers of at most [`MAX_ROUNDS`] rounds, a fingerprint of the game, and a random tag that keeps two
//! pupils with the same answers apart. It holds no name and nothing about the device. The alphabet leaves out 0, O, 1 and I.
//!
//! The last two characters are check symbols of a Reed-Solomon code over GF(32) (Reed and Solomon 1960, "Polynomial Codes
//! over Certain Finite Fields"). Its minimum distance is 3, so every one or two wrong characters are found, and with them
//! every swap of two characters. Of other strings, one in 1,024 passes this check, and one in 512 of those has the
//! fingerprint of the game.

use std::fmt::Write as _;

/// Number of characters of a code.
pub const LENGTH: usize = 12;
/// Most rounds that a code can hold.
pub const MAX_ROUNDS: usize = 20;
/// Number of different fingerprints of games.
pub const FINGERPRINTS: u16 = 512;
/// Number of different tags.
pub const TAGS: u16 = 512;

/// The characters, by their value from 0 to 31.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters that carry answers, fingerprint and tag: 50 bits.
const DATA: usize = LENGTH - 2;
/// The weighted sum of a valid code. Not 0, so that twelve equal characters are never valid.
const TARGET: u8 = 1;

/// The answer to a round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Choice {
    /// None in time.
    #[default]
    Missed,
    /// The first: real, left, or the tumour was hit.
    First,
    /// The second: fake, right, or the tumour was missed.
    Second,
}

impl Choice {
    /// The choice with this index, 0 or 1; missed for none.
    pub fn of(index: Option<usize>) -> Self {
        match index {
            None => Choice::Missed,
            Some(0) => Choice::First,
            Some(_) => Choice::Second,
        }
    }

    fn digit(self) -> u64 {
        match self {
            Choice::Missed => 0,
            Choice::First => 1,
            Choice::Second => 2,
        }
    }

    fn from_digit(digit: u64) -> Self {
        [Choice::Missed, Choice::First, Choice::Second][(digit % 3) as usize]
    }
}

/// What a code holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCode {
    /// The answers in order, at most [`MAX_ROUNDS`]. A decoded code has [`MAX_ROUNDS`], those after the last round missed.
    pub answers: Vec<Choice>,
    /// Fingerprint of the game, below [`FINGERPRINTS`].
    pub fingerprint: u16,
    /// Random tag, below [`TAGS`].
    pub tag: u16,
}

/// Why a text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// A character that no code has.
    #[error("the character {0} is in no code")]
    Character(char),
    /// The wrong number of characters; with the number found.
    #[error("{0} characters instead of {LENGTH}")]
    Length(usize),
    /// The check symbols do not match.
    #[error("a typing error: the check characters do not match")]
    Check,
}

impl ClassCode {
    /// The code in groups of four: `K7PM-3XQA-9TBE`. Answers after the first [`MAX_ROUNDS`] are left out.
    pub fn encode(&self) -> String {
        let digits = self.answers.iter().take(MAX_ROUNDS).rev();
        let answers = digits.fold(0, |value, choice| value * 3 + choice.digit());
        let mut value = answers * u64::from(FINGERPRINTS) + u64::from(self.fingerprint % FINGERPRINTS);
        value = value * u64::from(TAGS) + u64::from(self.tag % TAGS);
        let mut symbols = [0; LENGTH];
        for symbol in &mut symbols[..DATA] {
            *symbol = (value % 32) as u8;
            value /= 32;
        }
        let [plain, weighted] = sums(&symbols);
        // The check symbols p and q solve p + q = plain and w p + 2w q = weighted + TARGET, with w = 2^DATA in the field.
        let (w, next) = (power(DATA), power(DATA + 1));
        let q = divide(weighted ^ TARGET ^ multiply(w, plain), w ^ next);
        symbols[DATA] = plain ^ q;
        symbols[DATA + 1] = q;
        let mut text = String::with_capacity(LENGTH + 2);
        for (place, symbol) in symbols.into_iter().enumerate() {
            let dash = if place > 0 && place % 4 == 0 { "-" } else { "" };
            // Writing to a string never fails.
            let _ = write!(text, "{dash}{}", char::from(ALPHABET[usize::from(symbol)]));
        }
        text
    }

    /// Reads a code. Lower case is accepted; spaces, dashes and dots are skipped.
    ///
    /// # Errors
    /// A [`CodeError`] that says what is wrong with it.
    pub fn decode(text: &str) -> Result<Self, CodeError> {
        let mut symbols = Vec::with_capacity(LENGTH);
        for character in text.chars().filter(|character| !is_separator(*character)) {
            let known = |upper: char| ALPHABET.iter().position(|&other| char::from(other) == upper);
            let value = known(character.to_ascii_uppercase()).ok_or(CodeError::Character(character))?;
            symbols.push(value as u8);
        }
        let symbols: [u8; LENGTH] = symbols.try_into().map_err(|found: Vec<u8>| CodeError::Length(found.len()))?;
        if sums(&symbols) != [0, TARGET] {
            return Err(CodeError::Check);
        }
        let mut value = symbols[..DATA].iter().rev().fold(0_u64, |value, &symbol| value * 32 + u64::from(symbol));
        let tag = (value % u64::from(TAGS)) as u16;
        value /= u64::from(TAGS);
        let fingerprint = (value % u64::from(FINGERPRINTS)) as u16;
        value /= u64::from(FINGERPRINTS);
        let mut answers = Vec::with_capacity(MAX_ROUNDS);
        for _ in 0..MAX_ROUNDS {
            answers.push(Choice::from_digit(value));
            value /= 3;
        }
        // 50 bits can hold larger values than 20 answers give: such a value was never encoded.
        if value > 0 { Err(CodeError::Check) } else { Ok(Self { answers, fingerprint, tag }) }
    }
}

/// Whether a character only separates groups: spaces, dashes of all kinds, dots.
fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '‐'..='―' | '−' | '.' | '·' | '_')
}

/// The sum of the symbols, and their sum weighted with the powers of 2, in GF(32).
fn sums(symbols: &[u8; LENGTH]) -> [u8; 2] {
    let add = |[plain, weighted]: [u8; 2], (place, &symbol): (usize, &u8)| {
        [plain ^ symbol, weighted ^ multiply(symbol, power(place))]
    };
    symbols.iter().enumerate().fold([0, 0], add)
}

/// Product in GF(32), with the primitive polynomial x^5 + x^2 + 1.
fn multiply(a: u8, b: u8) -> u8 {
    let mut product: u16 = 0;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= u16::from(a) << bit;
        }
    }
    for bit in (5..9).rev() {
        if product >> bit & 1 == 1 {
            product ^= 0b10_0101 << (bit - 5);
        }
    }
    product as u8
}

/// 2 to this power in GF(32).
fn power(exponent: usize) -> u8 {
    (0..exponent).fold(1, |value, _| multiply(value, 2))
}

/// Quotient in GF(32) of a number and one that is not 0: its inverse is its 30th power.
fn divide(a: u8, b: u8) -> u8 {
    (0..30).fold(a, |value, _| multiply(value, b))
}

#[cfg(test)]
#[path = "class_code_tests.rs"]
mod tests;
