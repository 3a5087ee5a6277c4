//! A training that starts from trained networks, whose classes may differ. The page and `hersenscan train --fine-tune` do the
//! same.

use burn::tensor::Device;

use crate::gan::card::WeightsCard;
use crate::gan::preset::{Network, Preset};
use crate::gan::schedule::Schedule;
use crate::gan::state_dict::NamedValues;
use crate::gan::train::{TrainSettings, TrainState};
use crate::gan::trainable::Trainable;
use crate::gan::transfer;
use crate::gan::weights::WeightsFile;
use crate::gan::weights_error::WeightsError;

/// Half-life of the averaged generator at the start, in images: short, so that a visitor sees changes within minutes.
const HALF_LIFE: f64 = 150.0;
/// The same for trained networks. Their average is good from the start, and a longer half-life keeps more of it
/// (docs/training.md).
const TRAINED_HALF_LIFE: f64 = 1500.0;
/// Learning rate of a trained generator as a share of the discriminator's. With equal rates the scans became alike within ten minutes
/// (docs/training.md).
const TRAINED_GENERATOR_SHARE: f64 = 0.3;

/// Lowest probability of augmentations for trained networks. The overfitting check, which adapts it, does not look at the
/// judge (docs/training.md).
const TRAINED_AUGMENT_LEAST: f64 = 0.4;

/// Settings of a training on few slices, without a known end. The hyperparameters come from a
/// [`Tuning`](super::tuning::Tuning).
pub fn settings(preset: Preset, classes: usize, slices: usize, seed: u64) -> TrainSettings {
    TrainSettings {
        preset,
        classes,
        batch: 1,
        seed,
        schedule: Schedule { half_life: HALF_LIFE, ..Schedule::for_data(preset.size(), slices) },
        trainable: Trainable::All,
    }
}

/// One trained network with its card.
#[derive(Debug, Clone)]
pub struct Trained {
    /// What the file says about it.
    pub card: WeightsCard,
    /// Its parameters.
    pub values: Vec<NamedValues>,
}

impl Trained {
    /// Reads a weights file.
    ///
    /// # Errors
    /// If it is not a weights file of this network, or is damaged.
    pub fn read(bytes: &[u8], network: Network) -> Result<Self, WeightsError> {
        let file = WeightsFile::open(bytes)?;
        file.require(network)?;
        let values = transfer::values(&file)?;
        Ok(Self { card: file.card, values })
    }

    fn for_classes(&self, classes: &[String]) -> Vec<NamedValues> {
        transfer::reclass(self.values.clone(), &self.card.classes, classes)
    }
}

/// A run that starts from trained networks. `classes` may differ from theirs; `slices` is the number of slices.
pub fn start(
    generator: &Trained,
    discriminator: Option<&Trained>,
    (classes, slices): (&[String], usize),
    seed: u64,
    device: &Device,
) -> TrainState {
    let mut settings = settings(generator.card.preset, classes.len(), slices, seed);
    settings.trainable = Trainable::for_slices(slices);
    settings.schedule.beta = (0.99, 0.99);
    settings.schedule.half_life = TRAINED_HALF_LIFE;
    settings.schedule.generator_share = TRAINED_GENERATOR_SHARE;
    settings.schedule.augment_least = TRAINED_AUGMENT_LEAST;
    let discriminator = discriminator.map(|network| network.for_classes(classes));
    TrainState::new(settings, device).start_from(&generator.for_classes(classes), discriminator.as_deref())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use burn::module::Module;
    use burn::tensor::read_sync;

    use super::*;
    use crate::gan::balanced_sampler::BalancedSampler;
    use crate::gan::generator::Generator;
    use crate::gan::preset::{ScanSpec, Style};
    use crate::gan::state_dict;
    use crate::slice::{LabelledSlice, Slice};
    use crate::training::tuning::Tuning;

    fn shipped(name: &str, network: Network) -> Trained {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("static/weights/{name}.safetensors"));
        Trained::read(&std::fs::read(path).expect("a shipped file"), network).expect("valid")
    }

    fn slices(classes: usize, size: usize) -> Vec<LabelledSlice> {
        let image = |index: usize| (0..size * size).map(|at| ((at * (index + 3)) % 251) as u8).collect();
        let one = |index| LabelledSlice { class: index % classes, slice: Slice::without_tumour(size, image(index)) };
        (0..64).map(one).collect()
    }

    /// The largest difference of any parameter.
    fn moved(now: &Generator, before: &Generator) -> f32 {
        let both = state_dict::tensors(now).into_iter().zip(state_dict::tensors(before));
        both.map(|(now, before)| (now.values - before.values).abs().max().into_scalar::<f32>()).fold(0.0, f32::max)
    }

    #[test]
    fn one_two_and_eight_classes_of_a_visitor_learn_from_the_shipped_pair() {
        let device = Device::flex();
        let pair = [shipped("t1ce-s32", Network::Generator), shipped("t1ce-s32.discriminator", Network::Discriminator)];
        for count in [1, 2, 8] {
            let classes: Vec<String> = (0..count).map(|class| format!("own {class}")).collect();
            let mut state = start(&pair[0], Some(&pair[1]), (&classes, 64), 1, &device);
            Tuning { batch: 4, ..Tuning::TRAINED }.apply(&mut state);
            assert_eq!(state.settings.trainable, Trainable::FreezeD);
            let rows = |module| state_dict::tensors(module).into_iter().find(|tensor| tensor.name == "embedding");
            assert_eq!(rows(&state.discriminator.valid()).expect("an embedding").shape[0], count);

            // New classes begin with the old ones in turn.
            let scan = |state: &TrainState, class| {
                let specs = [ScanSpec { seed: 3, class, toward: None }];
                read_sync(state.model().scans(&specs, &Style::default())).expect("scans").remove(0)
            };
            let first = scan(&state, 0);
            assert_eq!(
                scan(&state, (count - 1) / 3 * 3),
                first,
                "the fourth class and the seventh are the first again"
            );
            assert_eq!(count > 1, scan(&state, count.min(2) - 1) != first);
            assert!(first.image.iter().any(|pixel| *pixel > 100), "a head");

            let train = BalancedSampler::new(count, slices(count, 32));
            let before = state.average.clone();
            let losses = state.step(&train, 0.0);
            let loss: f32 = losses.discriminator.into_scalar();
            assert!(loss.is_finite() && loss > 0.0, "{count} classes: {loss}");
            state.step(&train, 0.0);
            // Two steps are too few for other pixels.
            assert!(moved(&state.average, &before) > 0.0, "{count} classes: the average follows");
        }
    }

    #[test]
    fn a_trained_generator_learns_more_slowly_than_the_discriminator() {
        let device = Device::flex();
        let generator = shipped("t1ce-s32", Network::Generator);
        let train = BalancedSampler::new(1, slices(1, 32));
        let after_one_step = |share: f64| {
            let mut state = start(&generator, None, (&["own".to_owned()], 64), 1, &device);
            Tuning { batch: 4, ..Tuning::TRAINED }.apply(&mut state);
            assert_eq!(state.settings.schedule.generator_share, TRAINED_GENERATOR_SHARE);
            state.settings.schedule.generator_share *= share;
            let before = state.generator.valid();
            state.step(&train, 0.0);
            moved(&state.generator.valid(), &before)
        };
        let ratio = after_one_step(2.0) / after_one_step(1.0);
        assert!((ratio - 2.0).abs() < 0.05, "twice the share moves parameters twice as far: {ratio}");
    }

    #[test]
    fn slices_are_augmented_often_from_the_first_step_unless_the_visitor_wants_less() {
        let generator = shipped("t1ce-s32", Network::Generator);
        let mut state = start(&generator, None, (&["own".to_owned()], 100), 1, &Device::flex());
        for (ceiling, expected) in [(0.6, TRAINED_AUGMENT_LEAST), (0.1, 0.1), (0.8, TRAINED_AUGMENT_LEAST)] {
            Tuning { augment: ceiling, ..Tuning::TRAINED }.apply(&mut state);
            assert_eq!(state.adaptive_augment.probability, expected, "ceiling {ceiling}");
        }
    }

    #[test]
    fn known_classes_keep_what_they_know() {
        let device = Device::flex();
        let generator = shipped("t1ce-s32", Network::Generator);
        let mut classes = generator.card.classes.clone();
        classes.reverse();
        let state = start(&generator, None, (&classes, 100), 1, &device);
        let scan = |model: &crate::gan::generator_model::GeneratorModel, class| {
            let specs = [ScanSpec { seed: 5, class, toward: None }];
            read_sync(model.scans(&specs, &Style::default())).expect("scans").remove(0)
        };
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/weights/t1ce-s32.safetensors"));
        let before = crate::gan::generator_model::GeneratorModel::from_bytes(&bytes.expect("a file"), &device);
        let before = before.expect("valid");
        for class in 0..classes.len() {
            assert_eq!(scan(&state.model(), class), scan(&before, classes.len() - 1 - class));
        }
    }
}
