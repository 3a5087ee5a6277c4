//! The card beside a weights file, as lines for a terminal.

use std::fs;
use std::path::Path;

use crate::card::measure::{IDS, Measure};
use crate::card::{CardError, ModelCard};

/// What the card beside these weights says, as names and values; nothing where there is none.
///
/// # Errors
/// If there is one that cannot be used.
pub fn beside(weights: &Path) -> Result<Vec<(String, String)>, CardError> {
    let path = ModelCard::beside(weights);
    let Ok(bytes) = fs::read(&path) else { return Ok(Vec::new()) };
    let card = ModelCard::read(&bytes)?;
    let or_not = |known: Option<String>| known.unwrap_or_else(|| "not stated".to_owned());
    let mut lines: Vec<(String, String)> = [
        ("card", path.display().to_string()),
        ("learned from", format!("{} slices of {} people", card.train.slices, card.train.patients)),
        ("kept apart", format!("{} slices of {} people", card.test.slices, card.test.patients)),
        ("data", format!("{} {}", card.data, card.data_url)),
        ("hardware", or_not(card.hardware.clone())),
        ("hours", or_not(card.hours.map(|hours| hours.to_string()))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    lines.extend(IDS.map(|id| (id.to_owned(), measured(card.measure(id)))));
    let faults = serde_json::to_string(&card.faults).unwrap_or_default();
    lines.push(("faults".to_owned(), faults.replace(['[', ']', '"'], "").replace(',', ", ")));
    Ok(lines)
}

fn measured(measure: Option<&Measure>) -> String {
    let Some((measure, value)) = measure.and_then(|measure| Some((measure, measure.value?))) else {
        return "not measured".to_owned();
    };
    let mut text = value.to_string();
    if let Some([low, high]) = measure.interval {
        text += &format!(" ({low} to {high})");
    }
    if let Some(real) = measure.real_against_real {
        text += &format!(", real against real {real}");
    }
    if let Some(aim) = measure.aim {
        text += &format!(", aim {aim}");
    }
    match measure.met {
        Some(true) => text + ": met",
        Some(false) => text + ": not met",
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_said() {
        assert_eq!(measured(None), "not measured");
        let mut measure = Measure {
            id: "kid".to_owned(),
            value: Some(0.5),
            interval: Some([0.25, 0.75]),
            real_against_real: Some(0.1),
            aim: Some(0.2),
            met: Some(false),
        };
        assert_eq!(measured(Some(&measure)), "0.5 (0.25 to 0.75), real against real 0.1, aim 0.2: not met");
        measure.value = None;
        assert_eq!(measured(Some(&measure)), "not measured");
    }
}
