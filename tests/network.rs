//! Networks and trainer: sizes, learning, reproducibility.
#![cfg(feature = "train")]

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, read_sync};
use hersenscan::gan::balanced_sampler::BalancedSampler;
use hersenscan::gan::discriminator::Discriminator;
use hersenscan::gan::generator::Generator;
use hersenscan::gan::layers::{Init, ResBlock, activate, double};
use hersenscan::gan::preset::{Network, PRESETS, Preset};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::gan::schedule::Schedule;
use hersenscan::gan::train::{TrainSettings, TrainState};
use hersenscan::gan::trainable::Trainable;
use hersenscan::gan::{checkpoint, state_dict};
use hersenscan::slice::{LabelledSlice, Slice};

/// A small network of 32 pixels.
const TINY: Preset = Preset { name: "t32", widths: &[96, 96, 64, 32] };

/// Parameter counts of both networks with three classes. The tables are for one image channel; the mask adds 9 weights for
/// each feature, and a bias in the generator's output. Styles and noise strengths are not in the tables.
#[test]
fn presets_have_the_expected_parameter_counts() {
    let device = Device::flex();
    let mut stream = Stream::new(Purpose::Weights, 0, 0);
    let tables = [("m64", 1_590_625 + 289, 1_578_528 + 288), ("m128", 1_724_145 + 217, 1_712_048 + 216)];
    for (name, generator, discriminator) in tables {
        let preset = Preset::by_name(name).expect(name);
        let mut init = Init::Random(&mut stream);
        assert_eq!(Generator::new(preset, 3, &mut init, &device).num_params(), generator + styles(preset), "{name}");
        assert_eq!(Discriminator::new(preset, 3, &mut init, &device).num_params(), discriminator, "{name}");
    }
    let rough = [("s64", 0.854), ("s128", 0.902), ("t32", 0.450)];
    for (name, millions) in rough {
        let preset = Preset::by_name(name).expect(name);
        let count = Generator::new(preset, 3, &mut Init::Zero, &device).num_params() - styles(preset);
        let count = count as f64 / 1e6;
        assert!((count - millions).abs() < 0.001, "{name}: {count}");
    }
}

/// Parameters of styles and noise: for each channel, scale and shift from 64 latents and three classes, and a noise strength.
fn styles(preset: Preset) -> usize {
    preset.widths.iter().map(|width| 2 * width * (64 + 3) + width).sum()
}

#[test]
fn styles_scale_and_shift_and_zeros_have_no_effect() {
    let device = Device::flex();
    let mut stream = Stream::new(Purpose::Weights, 3, 0);
    let block = ResBlock::new(4, &mut Init::Random(&mut stream), &device);
    let x = Tensor::<1>::from_data(TensorData::new(stream.normals(2 * 4 * 25), [200]), &device).reshape([2, 4, 5, 5]);
    let values = |x: Tensor<4>| -> Vec<f32> { x.into_data().iter::<f32>().collect() };
    let plain = block.second.forward(activate(block.first.forward(activate(x.clone()))));
    let plain = values(x.clone() + plain);
    let (still, loud) = (Tensor::zeros([2, 1, 5, 5], &device), Tensor::ones([2, 1, 5, 5], &device));
    let grain = Tensor::<1>::ones([4], &device);
    assert_eq!(values(block.forward(x.clone(), Tensor::zeros([2, 8], &device), still.clone(), grain.clone())), plain);
    // A scale of 1 - 1 = 0 leaves only the bias of the second convolution, which is zero, so the result is x.
    let off = Tensor::cat(vec![-Tensor::<2>::ones([2, 4], &device), Tensor::zeros([2, 4], &device)], 1);
    assert_eq!(values(block.forward(x.clone(), off.clone(), still.clone(), grain.clone())), values(x.clone()));
    assert_ne!(values(block.forward(x.clone(), Tensor::ones([2, 8], &device), still, grain.clone())), plain);
    // Noise is added after the scale, so it does not depend on the style.
    assert_ne!(values(block.forward(x.clone(), off, loud, grain)), values(x));
}

#[test]
fn presets_have_the_expected_output_shapes() {
    let device = Device::flex();
    for preset in PRESETS {
        let latent = Tensor::<2>::ones([2, 64], &device);
        let class = Tensor::<2>::ones([2, 3], &device);
        let mut stream = Stream::new(Purpose::Weights, 1, 1);
        let mut init = Init::Random(&mut stream);
        let images = Generator::new(preset, 3, &mut init, &device).forward(latent, class.clone());
        assert_eq!(images.dims(), [2, 2, preset.size(), preset.size()]);
        let logits = Discriminator::new(preset, 3, &mut init, &device).forward(images, class);
        assert_eq!(logits.dims(), [2]);
    }
}

#[test]
fn upsampling_keeps_constants_and_interpolates() {
    let device = Device::flex();
    let x = Tensor::<4>::from_data([[[[0.0f32, 4.0], [0.0, 4.0]]]], &device);
    let y: Vec<f32> = double(x).into_data().iter::<f32>().collect();
    for row in y.chunks(4) {
        assert_eq!(row, [0.0, 1.0, 3.0, 4.0]);
    }
}

fn sampler() -> BalancedSampler {
    let size = TINY.size();
    let examples = (0..8).map(|i| {
        let image = (0..size * size).map(|p| ((p * (i + 3)) % 251) as u8).collect();
        let mask = (0..size * size).map(|p| if (p + i) % 7 == 0 { 255 } else { 0 }).collect();
        LabelledSlice { class: i % 2, slice: Slice { size, image, mask } }
    });
    BalancedSampler::new(2, examples)
}

fn trainer(seed: u64) -> TrainState {
    let schedule = Schedule { lecam: 0.1, ..Schedule::for_data(32, 8) };
    let settings = TrainSettings { preset: TINY, classes: 2, batch: 4, seed, schedule, trainable: Trainable::All };
    TrainState::new(settings, &Device::flex())
}

fn weights(trainer: &TrainState) -> Vec<u32> {
    let all = read_sync(state_dict::read(state_dict::tensors(&trainer.average))).expect("flex reads");
    all.iter().flat_map(|tensor| tensor.values.iter().map(|x| x.to_bits())).collect()
}

/// `--resume`: two steps, a round trip through a checkpoint and two more steps equal four steps, bit for bit.
#[test]
fn a_resumed_run_equals_an_uninterrupted_one_bit_for_bit() {
    let slices = sampler();
    let mut whole = trainer(3);
    let mut first = trainer(3);
    for step in 0..2 {
        whole.step(&slices, f64::from(step) / 4.0);
        first.step(&slices, f64::from(step) / 4.0);
    }
    let bytes = read_sync(checkpoint::encode(&first, "12.5")).expect("encodes");
    let (mut second, note) = checkpoint::decode(&bytes, &Device::flex()).expect("decodes");
    assert_eq!(note, "12.5");
    for step in 2..4 {
        whole.step(&slices, f64::from(step) / 4.0);
        second.step(&slices, f64::from(step) / 4.0);
    }
    assert_eq!((whole.steps, whole.images), (second.steps, second.images));
    assert!(weights(&whole) == weights(&second), "the resumed run went another way");
    assert!(weights(&whole) != weights(&first), "nothing was learned, so nothing was compared");
    assert!(weights(&whole) != weights(&trainer(4)), "the seed does not matter");
}

/// The discriminator learns to separate fixed noise from the generator's output, so its loss decreases.
#[test]
fn the_discriminator_learns() {
    let slices = sampler();
    let mut trainer = trainer(9);
    let mut losses = Vec::new();
    for _ in 0..14 {
        let report = trainer.step(&slices, 0.0);
        losses.push(report.discriminator.into_scalar::<f32>());
    }
    assert!(losses.iter().all(|loss| loss.is_finite()));
    let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
    assert!(mean(&losses[9..]) < mean(&losses[..3]), "{losses:?}");
}

#[test]
fn broken_checkpoints_are_refused_with_a_reason() {
    let device = Device::flex();
    let bytes = read_sync(checkpoint::encode(&trainer(1), "")).expect("encodes");
    let cut = checkpoint::decode(&bytes[..bytes.len() / 2], &device).expect_err("half a file");
    assert!(cut.to_string().contains("not readable"), "{cut}");
    assert!(checkpoint::decode(b"", &device).is_err());
    assert!(checkpoint::decode(&[b'<'; 100], &device).is_err());
}

/// A larger preset starts from the weights of a smaller one.
#[test]
fn growing_keeps_the_stages_of_the_smaller_preset() {
    let device = Device::flex();
    let mut stream = Stream::new(Purpose::Weights, 0, 0);
    let preset = |name| Preset::by_name(name).expect(name);
    let small = Generator::new(preset("s32"), 3, &mut Init::Random(&mut stream), &device);
    let values = read_sync(state_dict::read(state_dict::tensors(&small))).expect("flex reads");
    let large = Generator::new(preset("s64"), 3, &mut Init::Random(&mut stream), &device);
    let (grown, missing) = state_dict::grow(large, &values, &device);
    let grown = read_sync(state_dict::read(state_dict::tensors(&grown))).expect("flex reads");
    for value in values.iter().filter(|value| !value.name.starts_with("output")) {
        assert!(grown.iter().any(|other| other == value), "{} was not taken over", value.name);
    }
    assert!(missing.iter().all(|name| name.starts_with("stages.4")), "{missing:?}");
}

/// The parameters of a network by name, as bits.
fn bits(tensors: Vec<state_dict::NamedTensor>) -> Vec<(String, Vec<u32>)> {
    let all = read_sync(state_dict::read(tensors)).expect("flex reads");
    all.into_iter().map(|tensor| (tensor.name, tensor.values.iter().map(|x| x.to_bits()).collect())).collect()
}

/// Frozen parameters stay equal bit for bit; some of the trainable ones change.
#[test]
fn only_trainable_parameters_change() {
    let slices = sampler();
    for trainable in [Trainable::All, Trainable::FreezeD, Trainable::BiasAndPointwise] {
        let mut settings = trainer(5).settings;
        settings.trainable = trainable;
        let mut trainer = TrainState::new(settings, &Device::flex());
        let of = |trainer: &TrainState| {
            [
                (Network::Generator, bits(state_dict::tensors(&trainer.generator))),
                (Network::Discriminator, bits(state_dict::tensors(&trainer.discriminator))),
            ]
        };
        let before = of(&trainer);
        for _ in 0..3 {
            trainer.step(&slices, 0.0);
        }
        for ((network, before), (_, after)) in before.into_iter().zip(of(&trainer)) {
            let moved = |wanted: bool| {
                let pairs = before.iter().zip(&after);
                let of_kind =
                    pairs.filter(|((name, _), _)| trainable.includes(network, TINY.widths.len(), name) == wanted);
                of_kind.filter(|(old, new)| old != new).count()
            };
            assert_eq!(moved(false), 0, "{trainable:?}, {network:?}");
            assert!(moved(true) > 0, "{trainable:?}, {network:?}: nothing learned");
        }
    }
}

/// A step of one network does not change the other.
#[test]
fn step_one_changes_one_network() {
    let slices = sampler();
    let mut trainer = trainer(6);
    for network in [Network::Discriminator, Network::Generator] {
        let of = |trainer: &TrainState| {
            (bits(state_dict::tensors(&trainer.generator)), bits(state_dict::tensors(&trainer.discriminator)))
        };
        let before = of(&trainer);
        trainer.step_one(network, &slices, 0.0);
        let after = of(&trainer);
        assert_eq!(before.0 != after.0, network == Network::Generator, "{network:?}: the generator");
        assert_eq!(before.1 != after.1, network == Network::Discriminator, "{network:?}: the discriminator");
    }
}
