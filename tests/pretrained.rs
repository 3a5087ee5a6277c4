//! The PyTorch networks of `xtask/pretrain` are equal to those of `src/gan`: the same weights give the same scans and
//! logits. Both sides compute the weights with the same formula. `xtask/pretrain/parity.py` wrote `pretrained.json`.
#![cfg(feature = "native")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, HashMap};

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use hersenscan::gan::checkpoint;
use hersenscan::gan::discriminator::Discriminator;
use hersenscan::gan::generator::Generator;
use hersenscan::gan::layers::Init;
use hersenscan::gan::preset::{LATENT, Preset};
use hersenscan::gan::state_dict::{self, NamedValues};
use safetensors::tensor::{Dtype, TensorView};

const CLASSES: usize = 3;
/// Relative tolerance. The file has six decimals, and sums have a different order.
const TOLERANCE: f32 = 2e-4;

#[derive(serde::Deserialize)]
struct Expected {
    /// Every seventh value of `[2, 2, 16, 16]`.
    scans: Vec<f32>,
    /// `[2]`
    logits: Vec<f32>,
    checkpoint: Written,
}

/// Contents of a checkpoint after one step.
#[derive(serde::Deserialize)]
struct Written {
    counters: serde_json::Value,
    shapes: BTreeMap<String, Vec<usize>>,
}

fn wave(count: usize, phase: f64, scale: f64) -> Vec<f32> {
    (0..count).map(|i| (scale * (0.7 * i as f64 + phase).sin()) as f32).collect()
}

fn filled<M: Module>(network: M, device: &Device) -> M {
    let values: Vec<NamedValues> = state_dict::tensors(&network)
        .into_iter()
        .map(|parameter| {
            let count: usize = parameter.shape.iter().product();
            let scale = 1.0 / ((count / parameter.shape[0]).max(1) as f64).sqrt();
            let phase = parameter.name.bytes().map(f64::from).sum();
            NamedValues { values: wave(count, phase, scale), name: parameter.name, shape: parameter.shape }
        })
        .collect();
    state_dict::load(network, &values, device).0
}

fn assert_close(got: &[f32], wanted: &[f32]) {
    assert_eq!(got.len(), wanted.len());
    for (i, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        assert!((got - wanted).abs() <= TOLERANCE * wanted.abs().max(1.0), "value {i}: got {got}, expected {wanted}");
    }
}

#[test]
fn scans_and_logits_equal_those_of_pytorch() {
    let expected: Expected = serde_json::from_str(include_str!("pretrained.json")).expect("a list of numbers");
    let device = Device::flex();
    let preset = Preset::by_name("n16").expect("a preset");
    let side = preset.size();
    let onehot = || Tensor::<2>::from_data([[1.0f32, 0.0, 0.0], [0.0, 0.0, 1.0]], &device);

    let latent = Tensor::<2>::from_data(TensorData::new(wave(2 * LATENT, 1.0, 1.0), [2, LATENT]), &device);
    let generator = filled(Generator::new(preset, CLASSES, &mut Init::Zero, &device), &device);
    let scans: Vec<f32> = generator.forward(latent, onehot()).into_data().iter::<f32>().collect();
    assert_close(&scans.into_iter().step_by(7).collect::<Vec<_>>(), &expected.scans);

    let slices = TensorData::new(wave(4 * side * side, 2.0, 1.0), [2, 2, side, side]);
    let discriminator = filled(Discriminator::new(preset, CLASSES, &mut Init::Zero, &device), &device);
    let logits = discriminator.forward(Tensor::from_data(slices, &device), onehot());
    assert_close(&logits.into_data().iter::<f32>().collect::<Vec<_>>(), &expected.logits);
}

/// `hersenscan train --resume` reads checkpoints of `xtask/pretrain`: names and shapes are complete.
#[test]
fn a_checkpoint_of_pytorch_is_read() {
    let expected: Expected = serde_json::from_str(include_str!("pretrained.json")).expect("a list of numbers");
    let Written { counters, shapes } = expected.checkpoint;
    let bytes: BTreeMap<&str, Vec<u8>> =
        shapes.iter().map(|(name, shape)| (name.as_str(), vec![0x3f; 4 * shape.iter().product::<usize>()])).collect();
    let views = shapes.iter().map(|(name, shape)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), &bytes[name.as_str()]).expect("fits"))
    });
    let metadata =
        HashMap::from([("counters".to_owned(), counters.to_string()), ("note".to_owned(), "1.5".to_owned())]);
    let file = safetensors::serialize(views, Some(metadata)).expect("fits");
    let (trainer, note) = checkpoint::decode(&file, &Device::flex()).expect("a checkpoint");
    assert_eq!((trainer.steps, trainer.images, trainer.settings.classes, note.as_str()), (1, 2, 3, "1.5"));

    let without = |lost: &str| {
        let fewer = shapes.iter().filter(|(name, _)| !name.ends_with(lost)).map(|(name, shape)| {
            (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), &bytes[name.as_str()]).expect("fits"))
        });
        let metadata = HashMap::from([("counters".to_owned(), counters.to_string())]);
        checkpoint::decode(&safetensors::serialize(fewer, Some(metadata)).expect("fits"), &Device::flex())
    };
    // Older checkpoints have no noise strengths; they are read as zeros.
    let (trainer, _) = without("grain").expect("a checkpoint");
    let grain: Vec<f32> = trainer.average.stages[0].grain.val().into_data().iter::<f32>().collect();
    assert!(grain.iter().all(|&x| x == 0.0));

    // The error names the missing tensor.
    let Err(error) = without("average.basis") else { panic!("one tensor is missing") };
    assert!(error.to_string().contains("average.basis"), "{error}");
}
