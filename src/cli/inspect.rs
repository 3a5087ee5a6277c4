//! `hersenscan inspect`: prints the metadata of a weights file and checks the file.

use std::error::Error;

use super::args::InspectArgs;
use super::model_card;
use super::weights::{self, FileError};
use crate::export::provenance::sha256;
use crate::gan::card::WeightsCard;
use crate::gan::discriminator::Discriminator;
use crate::gan::generator::Generator;
use crate::gan::layers::Init;
use crate::gan::preset::Network;
use crate::gan::state_dict;
use crate::gan::weights::WeightsFile;
use crate::gan::weights_error::WeightsError;

/// Runs the command. Every value of the file is checked.
///
/// # Errors
/// If the file cannot be read or is invalid.
pub fn run(args: &InspectArgs) -> Result<(), Box<dyn Error>> {
    let bytes = weights::read(&args.weights)?;
    let file = WeightsFile::open(&bytes).map_err(FileError::weights(&args.weights))?;
    let parameters = check_parameters(&file).map_err(FileError::weights(&args.weights))?;
    let facts = [
        ("file".to_owned(), args.weights.display().to_string()),
        ("bytes".to_owned(), bytes.len().to_string()),
        ("sha256".to_owned(), sha256(&bytes)),
        ("parameters".to_owned(), parameters.to_string()),
    ];
    let card = model_card::lines(&args.weights)?;
    print!("{}", aligned(facts.into_iter().chain(card_lines(&file.card)).chain(card)));
    Ok(())
}

/// Checks all parameters and returns their number.
fn check_parameters(file: &WeightsFile<'_>) -> Result<usize, WeightsError> {
    let device = burn::tensor::Device::flex();
    let (preset, classes) = (file.card.preset, file.card.classes.len());
    let expected = match file.card.network {
        Network::Generator => state_dict::tensors(&Generator::new(preset, classes, &mut Init::Zero, &device)),
        Network::Discriminator => state_dict::tensors(&Discriminator::new(preset, classes, &mut Init::Zero, &device)),
    };
    let wanted: Vec<_> = expected.into_iter().map(|tensor| (tensor.name, tensor.shape)).collect();
    let values = file.values(&wanted)?;
    file.directions()?;
    Ok(values.iter().map(|tensor| tensor.values.len()).sum())
}

/// The fields of the card, as names and values.
fn card_lines(card: &WeightsCard) -> Vec<(String, String)> {
    let side = card.preset.size();
    let mut facts: Vec<(String, String)> = [
        ("network", card.network.word().to_owned()),
        ("preset", format!("{} ({side} x {side} pixels)", card.preset.name)),
        ("classes", card.classes.join(", ")),
        ("shown", format!("{} thousand slices", card.kimg)),
        ("data set", card.dataset.clone()),
        ("licence", card.licence.clone()),
        ("attribution", card.attribution.clone()),
        ("date", card.date.clone()),
        ("directions", card.directions.join(", ")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    facts.extend(card.metrics.clone());
    facts
}

/// Formats names and values in two columns. Values are untrusted, so control characters are removed. Names without a value
/// are left out.
fn aligned(facts: impl IntoIterator<Item = (String, String)>) -> String {
    let plain = |text: String| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let facts: Vec<(String, String)> = facts
        .into_iter()
        .map(|(name, value)| (plain(name), plain(value)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    facts.into_iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_without_control_characters() {
        let facts = [("a", "1"), ("long name", "\u{1b}[31mred\n"), ("nothing", "")];
        let facts = facts.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(aligned(facts), "a          1\nlong name  [31mred\n");
    }
}
