//! Is the hand-written gradient the gradient?

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, FloatDType, Tensor, TensorData};

use super::super::layers::Init;
use super::super::preset::{CHANNELS, Preset};
use super::super::random::{Purpose, Stream};
use super::super::{loss, pixels::one_hot, state_dict};
use super::*;

const TINY: Preset = Preset { name: "test", widths: &[8, 6, 4] };
const CLASSES: usize = 2;
const BATCH: usize = 3;

/// Zero biases would hide a wrong mask, so every parameter is random.
struct Shake(Stream);

impl ModuleMapper for Shake {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let noise = Init::Random(&mut self.0).param(param.dims(), 0.3, &param.device()).val();
        param.map(|value| leaf(value.inner() + noise.inner()))
    }
}

/// A plain tensor as a leaf of the tape.
fn leaf<const D: usize>(value: Tensor<D>) -> Tensor<D> {
    Tensor::from_inner(value).require_grad()
}

struct ToDouble;

impl ModuleMapper for ToDouble {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|value| leaf(value.inner().cast(FloatDType::F64)))
    }
}

fn network(preset: Preset, device: &Device) -> Discriminator {
    let mut stream = Stream::new(Purpose::Weights, 1, 2);
    let network = Discriminator::new(preset, CLASSES, &mut Init::Random(&mut stream), device);
    network.map(&mut Shake(stream))
}

fn images(preset: Preset, device: &Device) -> Tensor<4> {
    let mut stream = Stream::new(Purpose::Step, 5, 6);
    let shape = [BATCH, CHANNELS, preset.size(), preset.size()];
    Tensor::from_data(TensorData::new(stream.normals(shape.iter().product()), shape), device)
}

fn classes(device: &Device) -> Tensor<2> {
    one_hot(&[0, 1, 0], CLASSES, device)
}

fn flat<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// Largest difference, relative to the largest value.
fn worst(a: &[f64], b: &[f64]) -> f64 {
    let scale = a.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    a.iter().zip(b).fold(0.0f64, |m, (x, y)| m.max((x - y).abs())) / scale
}

/// The logits' gradient at the images: from autodiff, and written out.
fn both(preset: Preset, extra: impl Fn(Tensor<4>) -> Tensor<4>) -> (Vec<f64>, Vec<f64>) {
    let device = Device::flex().autodiff();
    let network = network(preset, &device);
    let x = images(preset, &device).require_grad();
    let (logits, trace) = network.forward_traced(extra(x.clone()), classes(&device));
    let written = input_gradient(&network, &trace, classes(&device));
    let grads = logits.sum().backward();
    let taped = x.grad(&grads).map(flat).unwrap_or_default();
    (taped, flat(written.inner()))
}

#[test]
fn the_written_gradient_is_the_gradient_of_autodiff() {
    for preset in [TINY, super::super::preset::PRESETS[0]] {
        let (taped, written) = both(preset, |x| x);
        assert!(worst(&taped, &written) < 1e-5, "{}: {}", preset.name, worst(&taped, &written));
    }
}

/// A layer that joins the discriminator without joining the adjoint must not go unnoticed.
#[test]
fn a_layer_without_an_adjoint_is_noticed() {
    let (taped, written) = both(TINY, |x| super::super::layers::activate(x) * 0.9);
    assert!(worst(&taped, &written) > 0.05);
}

/// R1's gradient at the weights, which needs the second derivative, against central differences in double
/// precision. The step is tiny because a LeakyReLU's kink inside it would spoil the comparison.
#[test]
fn the_penalty_has_the_right_weight_gradient() {
    const STEP: f64 = 1e-9;
    let device = Device::flex().autodiff();
    let network = network(TINY, &device).map(&mut ToDouble);
    let x = images(TINY, &device).cast(FloatDType::F64);
    let class = classes(&device).cast(FloatDType::F64);
    let penalty = |network: &Discriminator| {
        let (_, trace) = network.forward_traced(x.clone(), class.clone());
        loss::gradient_penalty(input_gradient(network, &trace, class.clone()), 1.0)
    };
    let grads = penalty(&network).backward();
    let mut compared = 0;
    for (name, taped) in gradients(&network, &grads) {
        // One direction a tensor: the sign of each element's own gradient, so that they add up.
        let direction: Vec<f64> = taped.iter().map(|g| g.signum()).collect();
        let along: f64 = taped.iter().zip(&direction).map(|(g, d)| g * d).sum();
        let at = |step: f64| {
            let mut nudge = Nudge { path: Vec::new(), name: &name, direction: &direction, step };
            flat(penalty(&network.clone().map(&mut nudge)).inner())[0]
        };
        let differences = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        if along.abs() > 1e-6 {
            let error = (along - differences).abs() / along.abs();
            assert!(error < 1e-3, "{name}: tape {along}, differences {differences}");
            compared += 1;
        } else {
            // Biases move only the masks, whose derivative is zero.
            assert!(name.ends_with("bias"), "{name} has no gradient");
            assert!(differences.abs() < 1e-4, "{name}: {differences}");
        }
    }
    assert_eq!(compared, state_dict::tensors(&network).iter().filter(|t| !t.name.ends_with("bias")).count());
}

struct Nudge<'a> {
    path: Vec<String>,
    name: &'a str,
    direction: &'a [f64],
    step: f64,
}

impl ModuleMapper for Nudge<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.path.join(".") != self.name {
            return param;
        }
        let moves: Vec<f64> = self.direction.iter().map(|d| d * self.step).collect();
        let shape = param.dims();
        param.map(|value| {
            let value = value.inner();
            let on = (&value.device(), burn::tensor::DType::F64);
            let moves = Tensor::<D>::from_data(TensorData::new(moves, shape), on);
            leaf(value + moves)
        })
    }
}

struct Gradients<'a> {
    path: Vec<String>,
    grads: &'a burn::tensor::Gradients,
    found: Vec<(String, Vec<f64>)>,
}

impl burn::module::ModuleVisitor for Gradients<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let count = param.dims().iter().product();
        let values = param.val().grad(self.grads).map_or_else(|| vec![0.0; count], flat);
        self.found.push((self.path.join("."), values));
    }
}

fn gradients(network: &Discriminator, grads: &burn::tensor::Gradients) -> Vec<(String, Vec<f64>)> {
    let mut visitor = Gradients { path: Vec::new(), grads, found: Vec::new() };
    network.visit(&mut visitor);
    visitor.found
}
