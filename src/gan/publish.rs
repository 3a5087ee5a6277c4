//! The contents of weights files, from the state of a training run.
//!
//! A weights file stores 16-bit floats. The numbers in its card (answer of the self-test, reference logits) are therefore
//! measured with the rounded weights, on the CPU.

use burn::module::Module;
use burn::tensor::{Device, ExecutionError};

use super::card::WeightsCard;
use super::directions::Directions;
use super::discriminator::Discriminator;
use super::discriminator_model;
use super::generator::Generator;
use super::generator_model::{self, GeneratorModel};
use super::layers::Init;
use super::logit_reference::LogitReference;
use super::preset::{ScanSpec, Style};
use super::state_dict::{self, NamedValues};
use super::train::{TrainSettings, TrainState};
use super::weights;
use crate::slice::LabelledSlice;

/// Batch size for the reference logits.
const REFERENCE_BATCH: usize = 16;
/// First seed of the generated scans behind the reference logits. The page never picks seeds this high by itself.
const REFERENCE_SEED: u32 = 1_000_000;

/// A generator with rounded weights.
#[derive(Debug, Clone)]
pub struct PublishedGenerator {
    /// Card with the answer of the self-test.
    pub card: WeightsCard,
    /// Rounded weights.
    pub values: Vec<NamedValues>,
    /// The network with these weights, on the CPU.
    pub generator: Generator,
}

/// An averaged generator of a run with these settings. Adds the answer of the self-test to `card`.
///
/// # Errors
/// If the device fails.
pub async fn generator(
    average: &Generator,
    settings: &TrainSettings,
    mut card: WeightsCard,
) -> Result<PublishedGenerator, ExecutionError> {
    let device = Device::flex();
    let values = weights::rounded(&state_dict::read(state_dict::tensors(average)).await?);
    let blank = Generator::new(settings.preset, settings.classes, &mut Init::Zero, &device);
    let generator = state_dict::load(blank, &values, &device).0;
    let model = GeneratorModel::new(generator.clone(), card.clone(), Directions::default(), device);
    card.probe = generator_model::probe(&model).await?;
    Ok(PublishedGenerator { card, values, generator })
}

/// The discriminator of a run: rounded weights, and `card` with reference logits. These are measured on held-out slices and on
/// as many generated scans of the same classes; without held-out slices the card has none.
///
/// # Errors
/// If the device fails.
pub async fn discriminator(
    state: &TrainState,
    mut card: WeightsCard,
    published: &PublishedGenerator,
    held_out: &[LabelledSlice],
) -> Result<(WeightsCard, Vec<NamedValues>), ExecutionError> {
    let values = weights::rounded(&state_dict::read(state_dict::tensors(&state.discriminator.valid())).await?);
    card.reference = reference(&values, &published.generator, &card, held_out).await?;
    Ok((card, values))
}

async fn reference(
    judge: &[NamedValues],
    generator: &Generator,
    card: &WeightsCard,
    held_out: &[LabelledSlice],
) -> Result<Option<LogitReference>, ExecutionError> {
    let device = Device::flex();
    let classes = card.classes.len();
    let blank = Discriminator::new(card.preset, classes, &mut Init::Zero, &device);
    let judge = state_dict::load(blank, judge, &device).0;
    let model = GeneratorModel::new(generator.clone(), card.clone(), Directions::default(), device.clone());
    let (mut real, mut generated) = (Vec::new(), Vec::new());
    for (i, slices) in held_out.chunks(REFERENCE_BATCH).enumerate() {
        let seed = |k: usize| REFERENCE_SEED + (i * REFERENCE_BATCH + k) as u32;
        let specs: Vec<_> = slices
            .iter()
            .enumerate()
            .map(|(k, slice)| ScanSpec { seed: seed(k), class: slice.class, toward: None })
            .collect();
        let scans = model.scans(&specs, &Style::default()).await?;
        let fakes: Vec<LabelledSlice> = scans
            .into_iter()
            .zip(slices)
            .map(|(scan, slice)| LabelledSlice { class: slice.class, slice: scan })
            .collect();
        for (logits, scans) in [(&mut real, slices), (&mut generated, fakes.as_slice())] {
            logits.extend(discriminator_model::logits(&judge, classes, card.preset.size(), scans, &device).await?);
        }
    }
    Ok(LogitReference::of(&real, &generated))
}
