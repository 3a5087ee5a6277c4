//! The judge of `src/gan/judge` equals the projected discriminator of the PyTorch trainer: logits, loss, the gradients of the heads, and
//! the gradient to generated scans. `xtask/pretrain/judge_parity.py` wrote `judge.json`.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use hersenscan::gan::judge::backbone::Backbone;
use hersenscan::gan::judge::{Judge, JudgeParameters};
use hersenscan::gan::pixels::one_hot;
use hersenscan::gan::state_dict::{self, NamedValues};

const WEIGHTS: &[u8] = include_bytes!("../static/weights/judge/efficientnet-lite1.safetensors");
/// Class of each row.
const CLASSES: [usize; 4] = [0, 1, 1, 0];
/// Iterations of the power method after the parameters were filled.
const ITERATIONS: usize = 15;
/// Tolerance, relative to the largest value.
const TOLERANCE: f64 = 2e-3;

#[derive(serde::Deserialize)]
struct Case {
    side: usize,
    place: Option<[usize; 2]>,
    /// Logits of real and of generated scans, `[batch, maps]`.
    real: Vec<f64>,
    fake: Vec<f64>,
    loss: f64,
    mean: f64,
    /// By parameter: sum and maximum of the absolute gradient, then the first, middle and last value.
    heads: BTreeMap<String, Vec<f64>>,
    largest: f64,
    gradient: Vec<f64>,
}

/// Numbers between -1 and 1 that look random and depend on a name.
fn numbers(count: usize, name: &str) -> Vec<f32> {
    let seed: u64 = name.bytes().map(u64::from).sum();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) as f64 / f64::from(1 << 23) - 1.0) as f32
        })
        .collect()
}

fn judge(side: usize) -> Judge {
    let device = Device::flex();
    let backbone = Backbone::from_bytes(WEIGHTS, &device).expect("the file of the site");
    let blank = JudgeParameters::new(side, 2, 0, &device);
    let values: Vec<NamedValues> = state_dict::tensors(&blank)
        .into_iter()
        .map(|it| {
            let count: usize = it.shape.iter().product();
            let scale = 1.0 / ((count / it.shape[0]).max(1) as f64).sqrt();
            let shift = if it.name.ends_with("scale") { 1.0 } else { 0.0 };
            let values = numbers(count, &it.name).into_iter().map(|x| (shift + scale * f64::from(x)) as f32).collect();
            NamedValues { name: it.name, shape: it.shape, values }
        })
        .collect();
    let (parameters, missing) = state_dict::load(blank, &values, &device.clone().autodiff());
    assert!(missing.is_empty(), "{missing:?}");
    Judge { weight: 1.0, backbone, parameters: parameters.iterate(ITERATIONS) }
}

/// `[4, 2, side, side]`, as in the script.
fn scans(side: usize, phase: f64) -> Tensor<4> {
    let scale = 64.0 / side as f64;
    let value = |i: usize| {
        let (x, y, c, b) = (i % side, i / side % side, i / (side * side) % 2, i / (side * side * 2));
        let along = ((0.11 * (b + 1) as f64 * x as f64 + phase) * scale).sin();
        let down = ((0.07 * (c + 1) as f64 * (1.0 + 0.3 * b as f64) * y as f64 + c as f64) * scale).cos();
        (along * down) as f32
    };
    let count = CLASSES.len() * 2 * side * side;
    Tensor::from_data(TensorData::new((0..count).map(value).collect(), [CLASSES.len(), 2, side, side]), &Device::flex())
}

fn assert_close(name: &str, got: &[f64], wanted: &[f64], largest: f64) {
    assert_eq!(got.len(), wanted.len(), "{name}");
    for (i, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        assert!((got - wanted).abs() <= TOLERANCE * largest, "{name}[{i}]: {got}, expected {wanted} of {largest}");
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, x| most.max(x.abs()))
}

/// The gradient of each parameter by name.
fn gradients(parameters: &JudgeParameters, gradients: GradientsParams) -> BTreeMap<String, Vec<f64>> {
    let mut found = BTreeMap::new();
    let mut take = Take { path: Vec::new(), gradients, found: &mut found };
    parameters.visit(&mut take);
    found
}

struct Take<'a> {
    path: Vec<String>,
    gradients: GradientsParams,
    found: &'a mut BTreeMap<String, Vec<f64>>,
}

impl burn::module::ModuleVisitor for Take<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &burn::module::Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            self.found.insert(self.path.join("."), values(gradient));
        }
    }
}

#[test]
fn the_judge_equals_that_of_pytorch() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("judge.json")).expect("the format of judge_parity.py");
    for case in cases {
        let name = |what: &str| format!("{what} at {} pixels, {:?}", case.side, case.place);
        let judge = judge(case.side);
        let class = one_hot(&CLASSES, 2, &Device::flex());
        let (real, fake) = (scans(case.side, 0.5), scans(case.side, 2.0));
        for (what, scans, wanted) in [("real", &real, &case.real), ("generated", &fake, &case.fake)] {
            let logits = judge.logits(scans.clone(), class.clone(), case.place);
            assert_close(&name(what), &values(logits), wanted, largest(wanted));
        }
        let loss = judge.heads_loss(real, fake.clone(), class.clone(), case.place);
        assert_close(&name("loss"), &values(loss.clone()), &[case.loss], case.loss);
        let found = gradients(&judge.parameters, GradientsParams::from_grads(loss.backward(), &judge.parameters));
        assert_eq!(found.keys().collect::<Vec<_>>(), case.heads.keys().collect::<Vec<_>>(), "trained parameters");
        for (parameter, got) in found {
            let [sum, most, samples @ ..] = case.heads[&parameter].as_slice() else { panic!("{parameter}") };
            let got_sum: f64 = got.iter().map(|x| x.abs()).sum();
            assert!((got_sum - sum).abs() <= TOLERANCE * sum, "{}: sum {got_sum}, expected {sum}", name(&parameter));
            let got: Vec<f64> = (0..3).map(|i| got[i * (got.len() - 1) / 2]).collect();
            assert_close(&name(&parameter), &got, samples, *most);
        }

        let fake = Tensor::from_inner(fake).require_grad();
        let mean = judge.mean_logit(fake.clone(), Tensor::from_inner(class), case.place);
        assert_close(&name("mean"), &values(mean.clone()), &[case.mean], largest(&case.fake));
        let gradient = values(fake.grad(&mean.backward()).expect("a gradient to the scans"));
        let step = gradient.len() / 509;
        let got: Vec<f64> = gradient.iter().copied().step_by(step).collect();
        assert_close(&name("gradient"), &got, &case.gradient, case.largest);
    }
}

#[test]
fn other_files_are_refused() {
    let device = Device::flex();
    assert!(Backbone::from_bytes(b"no", &device).is_err());
    assert!(Backbone::from_bytes(&WEIGHTS[..WEIGHTS.len() - 1], &device).is_err());
    let generator = include_bytes!("../static/weights/t1ce-s32.safetensors");
    let error = Backbone::from_bytes(generator, &device).expect_err("another network");
    assert!(error.to_string().contains("stem"), "{error}");
}
