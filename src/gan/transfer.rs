//! Weights of one training as the start of another with different classes.

use burn::tensor::Device;

use super::discriminator::Discriminator;
use super::generator::{Generator, STYLE};
use super::layers::Init;
use super::preset::{LATENT, Network};
use super::state_dict::{self, NamedValues};
use super::weights::WeightsFile;
use super::weights_error::WeightsError;

/// All parameters of a weights file, checked against the network that its card names.
///
/// # Errors
/// If a parameter is missing or invalid.
pub fn values(file: &WeightsFile) -> Result<Vec<NamedValues>, WeightsError> {
    let device = Device::flex();
    let (preset, classes) = (file.card.preset, file.card.classes.len());
    let parameters = match file.card.network {
        Network::Generator => state_dict::tensors(&Generator::new(preset, classes, &mut Init::Zero, &device)),
        Network::Discriminator => state_dict::tensors(&Discriminator::new(preset, classes, &mut Init::Zero, &device)),
    };
    let wanted: Vec<_> = parameters.into_iter().map(|t| (t.name, t.shape)).collect();
    file.values(&wanted)
}

/// Adapts parameters from the classes `old` to the classes `new`. A class of the same name keeps its rows. Each
/// other new class copies one old class, in turn. The networks do not know a mean of classes, and it gives worse scans
/// (docs/training.md).
pub fn reclass(values: Vec<NamedValues>, old: &[String], new: &[String]) -> Vec<NamedValues> {
    values.into_iter().map(|value| reclassed(value, old, new)).collect()
}

fn reclassed(value: NamedValues, old: &[String], new: &[String]) -> NamedValues {
    // Number of rows before the first class row, for the parameters that have one row for each class.
    let before = match value.name.as_str() {
        "project" => LATENT,
        "embedding" => 0,
        name if name.ends_with(STYLE) => LATENT,
        _ => return value,
    };
    let [rows, width] = value.shape[..] else { return value };
    if rows != before + old.len() || old.is_empty() || value.values.len() != rows * width {
        return value;
    }
    let (head, tail) = value.values.split_at(before * width);
    let learned: Vec<&[f32]> = tail.chunks_exact(width).collect();
    // Old classes that no new one keeps come first.
    let mut turns: Vec<usize> = (0..old.len()).collect();
    turns.sort_by_key(|index| new.contains(&old[*index]));
    let mut turns = turns.into_iter().cycle();
    let mut values = head.to_vec();
    for name in new {
        let kept = old.iter().position(|other| other == name);
        if let Some(index) = kept.or_else(|| turns.next()) {
            values.extend_from_slice(learned[index]);
        }
    }
    NamedValues { shape: vec![before + new.len(), width], values, ..value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_classes_keep_their_row_and_new_classes_take_the_others_in_turn() {
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let embedding = NamedValues { name: "embedding".into(), shape: vec![2, 2], values: vec![1.0, 2.0, 3.0, 6.0] };
        let other = NamedValues { name: "basis".into(), shape: vec![1], values: vec![9.0] };
        let got = reclass(vec![embedding, other.clone()], &words(&["a", "b"]), &words(&["new", "b", "more"]));
        assert_eq!(got[0].shape, [3, 2]);
        assert_eq!(got[0].values, [1.0, 2.0, 3.0, 6.0, 3.0, 6.0]);
        assert_eq!(got[1], other);
    }
}
