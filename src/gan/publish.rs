//! From a training to what a weights file holds.
//!
//! A file stores 16-bit floats, so everything that it says of itself (the answer of the self-test, what the logits mean)
//! is measured on the rounded weights, on the processor.

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
use super::train::Trainer;
use super::weights;
use crate::slice::LabelledSlice;

/// Scans that the discriminator judges at once for its reference.
const REFERENCE_BATCH: usize = 16;
/// First seed of the reference's generated scans: beyond those that the page draws by itself.
const REFERENCE_SEED: u32 = 1_000_000;

/// A generator as its file holds it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its card, with the answer of the self-test.
    pub card: WeightsCard,
    /// Its rounded values.
    pub values: Vec<NamedValues>,
    /// The network of those values, on the processor.
    pub generator: Generator,
}

/// The averaged generator of a training, with `card` completed.
///
/// # Errors
/// If the device fails.
pub async fn generator(trainer: &Trainer, mut card: WeightsCard) -> Result<Stored, ExecutionError> {
    let device = Device::flex();
    let values = weights::rounded(&state_dict::read(state_dict::tensors(&trainer.average)).await?);
    let blank = Generator::new(trainer.settings.preset, trainer.settings.classes, &mut Init::Zero, &device);
    let generator = state_dict::load(blank, &values, &device).0;
    let model = GeneratorModel::new(generator.clone(), card.clone(), Directions::default(), device);
    card.probe = generator_model::probe(&model).await?;
    Ok(Stored { card, values, generator })
}

/// The discriminator of a training: its rounded values, and `card` with what the logits mean, measured on slices that it
/// never learned from and on as many generated scans of the same classes. Without such slices the card says nothing of it.
///
/// # Errors
/// If the device fails.
pub async fn discriminator(
    trainer: &Trainer,
    mut card: WeightsCard,
    stored: &Stored,
    held_out: &[LabelledSlice],
) -> Result<(WeightsCard, Vec<NamedValues>), ExecutionError> {
    let values = weights::rounded(&state_dict::read(state_dict::tensors(&trainer.discriminator.valid())).await?);
    card.reference = reference(&values, &stored.generator, &card, held_out).await?;
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
