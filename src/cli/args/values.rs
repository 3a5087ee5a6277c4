//! The values of arguments, each with its range. Errors say what to give.

use std::str::FromStr;

use clap::builder::PossibleValuesParser;

use crate::gan::preset::PRESETS;

/// The names of the presets.
pub fn presets() -> PossibleValuesParser {
    PRESETS.map(|preset| preset.name).into()
}

/// The number in `text` if it is in the range, else an error that says what to `give`.
fn number<T: FromStr>(text: &str, in_range: impl Fn(&T) -> bool, give: &str) -> Result<T, String> {
    text.parse().ok().filter(in_range).ok_or_else(|| give.to_owned())
}

/// A number above 0.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn positive(text: &str) -> Result<f64, String> {
    number(text, |number: &f64| number.is_finite() && *number > 0.0, "give a number above 0")
}

/// A number from 0.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn not_negative(text: &str) -> Result<f64, String> {
    number(text, |number: &f64| number.is_finite() && *number >= 0.0, "give a number, 0 or more")
}

/// A number from 0 to 1.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn probability(text: &str) -> Result<f64, String> {
    number(text, |number| (0.0..=1.0).contains(number), "give a number from 0 to 1")
}

/// A mini-batch size.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn batch(text: &str) -> Result<usize, String> {
    number(text, |number| (1..=1024).contains(number), "give a whole number from 1 to 1024")
}

/// A number of persons. `all` is [`usize::MAX`].
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn persons(text: &str) -> Result<usize, String> {
    if text == "all" {
        return Ok(usize::MAX);
    }
    number(text, |number| *number > 0, "give a whole number above 0, or all")
}

/// A number of repetitions.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn repetitions(text: &str) -> Result<usize, String> {
    number(text, |number| (1..=1000).contains(number), "give a whole number from 1 to 1000")
}

/// A number of steps.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn steps(text: &str) -> Result<usize, String> {
    number(text, |number| (1..=100_000).contains(number), "give a whole number from 1 to 100000")
}

/// The side of a slice in pixels.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn pixels(text: &str) -> Result<usize, String> {
    number(text, |number| (8..=1024).contains(number), "give a whole number from 8 to 1024")
}

/// A truncation.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn truncation(text: &str) -> Result<f32, String> {
    number(text, |number| (0.0..=1.5).contains(number), "give a number from 0 to 1.5")
}

/// The name of a direction and an offset: `NAME=X`.
///
/// # Errors
/// If `text` is anything else. The message says what to give.
pub fn direction(text: &str) -> Result<(String, f32), String> {
    let parts = text.split_once('=').and_then(|(name, value)| Some((name, value.parse::<f32>().ok()?)));
    let (name, value) = parts.ok_or("give NAME=X, for example head-size=-1.5")?;
    if (-3.0..=3.0).contains(&value) {
        Ok((name.to_owned(), value))
    } else {
        Err("give an offset from -3 to 3".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!(truncation("0.7"), Ok(0.7));
        assert!(truncation("2").is_err() && truncation("NaN").is_err());
        assert_eq!(positive("5"), Ok(5.0));
        assert_eq!(batch("32"), Ok(32));
        assert!(batch("0").is_err() && batch("-1").is_err());
        assert!(probability("1.1").is_err());
        assert_eq!(not_negative("0"), Ok(0.0));
        assert!(not_negative("-1").is_err() && not_negative("NaN").is_err());
        assert!(persons("all") == Ok(usize::MAX) && persons("20") == Ok(20) && persons("0").is_err());
        assert!(steps("0").is_err() && repetitions("1001").is_err());
        assert!(pixels("64") == Ok(64) && pixels("4").is_err() && pixels("2000").is_err());
        assert!(positive("0").is_err() && positive("inf").is_err());
    }
}
