//! Compares the input gradient of [`adjoint`](super) with autodiff and with finite differences.

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

/// Adds noise to every parameter. Biases start at zero, which would hide errors in the masks.
struct Shake(Stream);

impl ModuleMapper for Shake {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let noise = Init::Random(&mut self.0).param(param.dims(), 0.3, &param.device()).val();
        param.map(|value| leaf(value.inner() + noise.inner()))
    }
}

/// Makes a plain tensor a leaf of the autodiff tape.
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

/// Largest absolute difference, relative to the largest absolute value of `a`.
fn max_relative_error(a: &[f64], b: &[f64]) -> f64 {
    let scale = a.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    a.iter().zip(b).fold(0.0f64, |m, (x, y)| m.max((x - y).abs())) / scale
}

/// The gradient of the logits at the images: from autodiff, and from [`input_gradient`].
fn input_gradients(preset: Preset, extra: impl Fn(Tensor<4>) -> Tensor<4>) -> (Vec<f64>, Vec<f64>) {
    let device = Device::flex().autodiff();
    let network = network(preset, &device);
    let x = images(preset, &device).require_grad();
    let (logits, trace) = network.forward_traced(extra(x.clone()), classes(&device));
    let explicit = input_gradient(&network, &trace, classes(&device));
    let grads = logits.sum().backward();
    let autodiff = x.grad(&grads).map(flat).unwrap_or_default();
    (autodiff, flat(explicit.inner()))
}

#[test]
fn the_explicit_gradient_equals_that_of_autodiff() {
    for preset in [TINY, super::super::preset::PRESETS[0]] {
        let (autodiff, explicit) = input_gradients(preset, |x| x);
        assert!(
            max_relative_error(&autodiff, &explicit) < 1e-5,
            "{}: {}",
            preset.name,
            max_relative_error(&autodiff, &explicit)
        );
    }
}

/// The comparison must fail for a layer that was added to the discriminator but not to the adjoint.
#[test]
fn a_layer_without_an_adjoint_is_detected() {
    let (autodiff, explicit) = input_gradients(TINY, |x| super::super::layers::activate(x) * 0.9);
    assert!(max_relative_error(&autodiff, &explicit) > 0.05);
}

/// Compares the gradient of R1 at the weights, a second derivative, with central differences in double precision.
/// The step is tiny, because a kink of LeakyReLU within the step would spoil the comparison.
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
    for (name, autodiff) in gradients(&network, &grads) {
        // One direction for each tensor: the signs of its gradient, so that all elements add up.
        let direction: Vec<f64> = autodiff.iter().map(|g| g.signum()).collect();
        let along: f64 = autodiff.iter().zip(&direction).map(|(g, d)| g * d).sum();
        let at = |step: f64| {
            let mut nudge = Nudge { path: Vec::new(), name: &name, direction: &direction, step };
            flat(penalty(&network.clone().map(&mut nudge)).inner())[0]
        };
        let differences = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        if along.abs() > 1e-6 {
            let error = (along - differences).abs() / along.abs();
            assert!(error < 1e-3, "{name}: autodiff {along}, differences {differences}");
            compared += 1;
        } else {
            // Biases only affect the masks, whose derivative is zero.
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
