//! Scores in words.

use crate::ui::words::Lang;

/// A logit with one digit behind the comma and a true minus.
pub fn score(lang: Lang, logit: f32) -> String {
    // Rounded first, so that there is no minus before a zero.
    let rounded = (f64::from(logit) * 10.0).round() / 10.0;
    let text = lang.number(rounded.abs());
    if rounded < 0.0 { format!("−{text}") } else { text }
}
