//! Scores in words.

use crate::ui::words::Lang;

/// A logit with one digit behind the comma and a true minus.
pub fn score(lang: Lang, logit: f32) -> String {
    lang.number(f64::from(logit))
}
