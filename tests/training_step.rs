//! Training steps of `src/gan/train.rs` equal those of the PyTorch trainer: two steps from the same state and inputs give the
//! same losses, parameters, second moments of Adam and averaged generator. Both sides compute state and inputs with the
//! same formulas. `xtask/pretrain/training_step.py` wrote `training_step.json`.
#![cfg(feature = "native")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, HashMap};

use burn::module::Param;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData, read_sync};
use hersenscan::gan::adam::Adam;
use hersenscan::gan::augment::Augmentation;
use hersenscan::gan::checkpoint;
use hersenscan::gan::pixels::one_hot;
use hersenscan::gan::preset::{CHANNELS, LATENT};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::gan::step_inputs::{Draws, StepInputs};
use hersenscan::gan::train::TrainState;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

/// Relative tolerance of losses and penalties.
const LOSS_TOLERANCE: f32 = 1e-5;
/// Tolerance of a change, relative to the largest change in the same tensor.
const CHANGE_TOLERANCE: f64 = 3e-4;

#[derive(serde::Deserialize)]
struct Golden {
    before: Before,
    /// Class of each slice in the mini-batch.
    labels: Vec<usize>,
    /// Position in the run, 0 to 1.
    progress: f64,
    /// One entry for each step.
    losses: Vec<Losses>,
    /// By name in a checkpoint: sum and maximum of the absolute changes over all steps, then the change of the first, middle
    /// and last element.
    changes: BTreeMap<String, Vec<f64>>,
    adam: AdamSteps,
}

/// The state before the first step: a checkpoint whose values follow from the formulas.
#[derive(serde::Deserialize)]
struct Before {
    counters: serde_json::Value,
    shapes: BTreeMap<String, Vec<usize>>,
    /// Scale of the second moments of each network.
    moments: BTreeMap<String, f64>,
}

#[derive(serde::Deserialize)]
struct Losses {
    loss_d: f32,
    loss_g: f32,
    /// R1 + R2, in steps that compute them.
    penalty: Option<f32>,
    /// Mean logit of real slices minus that of generated scans.
    gap: f32,
}

#[derive(serde::Deserialize)]
struct AdamSteps {
    /// `[step][element]`
    gradients: Vec<Vec<f32>>,
    /// The parameters after all steps.
    after: Vec<f32>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("training_step.json")).expect("the format of training_step.py")
}

fn wave(count: usize, phase: f64, scale: f64) -> Vec<f32> {
    (0..count).map(|i| (scale * (0.7 * i as f64 + phase).sin()) as f32).collect()
}

/// Values of one tensor of the checkpoint before the first step.
fn initial_values(name: &str, shape: &[usize], moments: &BTreeMap<String, f64>) -> Vec<f32> {
    let (part, parameter) = name.split_once('.').expect("part and parameter");
    let count: usize = shape.iter().product();
    let phase = parameter.bytes().map(f64::from).sum();
    match part.strip_suffix("_adam") {
        Some(network) => {
            let scale = moments[network] as f32;
            wave(count, phase, 1.0).into_iter().map(|x| scale * (1.5 + x)).collect()
        }
        None if part == "average" => vec![0.0; count],
        None => wave(count, phase, 1.0 / ((count / shape[0]).max(1) as f64).sqrt()),
    }
}

fn initial_state(before: &Before) -> (TrainState, BTreeMap<String, Vec<f32>>) {
    let values: BTreeMap<String, Vec<f32>> = before
        .shapes
        .iter()
        .map(|(name, shape)| (name.clone(), initial_values(name, shape, &before.moments)))
        .collect();
    let bytes: BTreeMap<&str, Vec<u8>> = values
        .iter()
        .map(|(name, values)| (name.as_str(), values.iter().flat_map(|x| x.to_le_bytes()).collect()))
        .collect();
    let views = before.shapes.iter().map(|(name, shape)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), &bytes[name.as_str()]).expect("the size fits"))
    });
    let metadata = HashMap::from([("counters".to_owned(), before.counters.to_string())]);
    let file = safetensors::serialize(views, Some(metadata)).expect("serializes");
    let (state, _) = checkpoint::decode(&file, &Device::flex()).expect("a checkpoint");
    (state, values)
}

/// The mini-batch and latents of the next step, without augmentation.
fn inputs(state: &TrainState, labels: &[usize]) -> StepInputs {
    let device = Device::flex();
    let (batch, side) = (labels.len(), state.settings.preset.size());
    let step = state.steps as f64;
    let shape = [batch, CHANNELS, side, side];
    let real = TensorData::new(wave(shape.iter().product(), 2.0 + step, 1.0), shape);
    let latents = TensorData::new(wave(batch * LATENT, 1.0 + step, 1.0), [batch, LATENT]);
    let latents = Tensor::from_data(latents, &device);
    let mut stream = Stream::new(Purpose::Step, 0, 0);
    let identity = Augmentation::draw(batch, side, 0.0, &mut stream, &device);
    let draws = Draws { latents, real: identity.clone(), fake: identity };
    StepInputs {
        real: Tensor::from_data(real, &device),
        class: one_hot(labels, state.settings.classes, &device),
        discriminator: draws.clone(),
        generator: draws,
    }
}

fn assert_loss(name: &str, got: Tensor<1>, expected: f32) {
    let got = got.into_scalar::<f32>();
    assert!(
        (got - expected).abs() <= LOSS_TOLERANCE * expected.abs().max(0.01),
        "{name}: got {got}, expected {expected}"
    );
}

#[test]
fn training_steps_equal_those_of_pytorch() {
    let golden = golden();
    let (mut state, before) = initial_state(&golden.before);
    for expected in &golden.losses {
        let inputs = inputs(&state, &golden.labels);
        let got = state.step_with(&inputs, golden.progress);
        assert_loss("discriminator", got.discriminator, expected.loss_d);
        assert_loss("generator", got.generator, expected.loss_g);
        assert_loss("gap", got.real - got.fake, expected.gap);
        assert_eq!(got.penalty.is_some(), expected.penalty.is_some(), "steps with penalties");
        if let (Some(got), Some(expected)) = (got.penalty, expected.penalty) {
            assert_loss("penalty", got, expected);
        }
    }

    let bytes = read_sync(checkpoint::encode(&state, "")).expect("flex reads");
    let after = SafeTensors::deserialize(&bytes).expect("a checkpoint");
    assert_eq!(after.len(), golden.changes.len());
    for (name, expected) in &golden.changes {
        let view = after.tensor(name).expect("the tensor of this name");
        let after = view.data().as_chunks::<4>().0.iter().map(|&x| f64::from(f32::from_le_bytes(x)));
        let changes: Vec<f64> = after.zip(&before[name]).map(|(after, &before)| after - f64::from(before)).collect();
        let [sum, max, samples @ ..] = expected.as_slice() else { panic!("{name} has no summary") };
        let got_sum: f64 = changes.iter().map(|x| x.abs()).sum();
        assert!((got_sum - sum).abs() <= CHANGE_TOLERANCE * sum, "{name}: sum {got_sum}, expected {sum}");
        for (i, expected) in samples.iter().enumerate() {
            let place = i * (changes.len() - 1) / (samples.len() - 1);
            let got = changes[place];
            assert!((got - expected).abs() <= CHANGE_TOLERANCE * max, "{name}[{place}]: {got}, expected {expected}");
        }
    }
}

/// Adam alone, with gradients as small as its epsilon.
#[test]
fn adam_equals_that_of_pytorch() {
    let AdamSteps { gradients, after } = golden().adam;
    let device = Device::flex().autodiff();
    let count = after.len();
    let mut parameter = Param::from_data(TensorData::new(vec![0.0f32; count], [count]), &device);
    let mut adam = Adam::new();
    for gradient in gradients {
        // The gradient of a weighted sum is its weights.
        let weights = Tensor::<1>::from_data(TensorData::new(gradient, [count]), &device);
        let grads = GradientsParams::from_grads((parameter.val() * weights).sum().backward(), &parameter);
        parameter = adam.step(parameter, grads, 0.01, 0.99);
    }
    let got: Vec<f32> = parameter.val().inner().into_data().iter::<f32>().collect();
    for (got, expected) in got.iter().zip(&after) {
        assert!((got - expected).abs() <= 1e-5 * expected.abs(), "got {got}, expected {expected}");
    }
}
