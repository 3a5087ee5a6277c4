//! The model card next to a weights file: as text for the terminal, and with `hersenscan card` as Hugging Face expects it.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::args::CardArgs;
use crate::card::measure::{IDS, Measure};
use crate::card::{CardError, ModelCard, hugging_face};

/// Writes the card of these weights for Hugging Face.
///
/// # Errors
/// If there is no card or it is invalid, or the file cannot be written. The message says what to do.
pub fn run(args: &CardArgs) -> Result<(), Box<dyn Error>> {
    let (path, out) = (ModelCard::path_for(&args.weights), args.out.display());
    let bytes = fs::read(&path).map_err(|error| format!("cannot read the card {}: {error}", path.display()))?;
    let card = ModelCard::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    fs::write(&args.out, hugging_face::readme(&card)).map_err(|error| format!("cannot write {out}: {error}"))?;
    println!("the card is in {out}");
    Ok(())
}

/// The lines of the model card next to these weights, as names and values. Empty if there is no card.
///
/// # Errors
/// If the card is invalid.
pub fn lines(weights: &Path) -> Result<Vec<(String, String)>, CardError> {
    let path = ModelCard::path_for(weights);
    let Ok(bytes) = fs::read(&path) else { return Ok(Vec::new()) };
    let card = ModelCard::read(&bytes)?;
    let or_not_stated = |known: Option<String>| known.unwrap_or_else(|| "not stated".to_owned());
    let mut lines: Vec<(String, String)> = [
        ("card", path.display().to_string()),
        ("trained on", format!("{} slices of {} people", card.train.slices, card.train.patients)),
        ("held out", format!("{} slices of {} people", card.test.slices, card.test.patients)),
        ("data", format!("{} {}", card.data, card.data_url)),
        ("hardware", or_not_stated(card.hardware.clone())),
        ("hours", or_not_stated(card.hours.map(|hours| hours.to_string()))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    lines.extend(IDS.map(|id| (id.to_owned(), measure_text(card.measure(id)))));
    let faults = serde_json::to_string(&card.faults).unwrap_or_default();
    lines.push(("faults".to_owned(), faults.replace(['[', ']', '"'], "").replace(',', ", ")));
    Ok(lines)
}

fn measure_text(measure: Option<&Measure>) -> String {
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
    fn missing_values_are_reported_as_missing() {
        assert_eq!(measure_text(None), "not measured");
        let mut measure = Measure {
            id: "kid".to_owned(),
            value: Some(0.5),
            interval: Some([0.25, 0.75]),
            real_against_real: Some(0.1),
            aim: Some(0.2),
            met: Some(false),
        };
        assert_eq!(measure_text(Some(&measure)), "0.5 (0.25 to 0.75), real against real 0.1, aim 0.2: not met");
        measure.value = None;
        assert_eq!(measure_text(Some(&measure)), "not measured");
    }
}
