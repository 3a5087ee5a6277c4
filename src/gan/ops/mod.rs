//! Operations of the networks that burn's CPU backend does slowly: convolutions, resampling, and the operations between them.
//!
//! On the CPU backend they are those of the crate `hersenscan-kernels`, with their gradients. On other backends they are
//! composed of burn's operations. Both give the same numbers up to rounding; `tests/ops.rs` compares them.

#[cfg(feature = "train")]
mod autodiff;
mod flex;
mod transformed;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, ExtensionType, backend_extension};
use burn::tensor::activation::{leaky_relu, relu6};
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Device, Tensor};
use hersenscan_kernels::Direction;
pub use hersenscan_kernels::Resampling;

use super::{layers::SLOPE, noise};

/// An optional tensor: the macro below does not support `Option`.
#[derive(ExtensionType)]
pub enum Maybe<B: Backend> {
    /// None.
    No,
    /// A tensor.
    Yes(FloatTensor<B>),
}

impl<B: Backend> Maybe<B> {
    /// As an option.
    fn option(self) -> Option<FloatTensor<B>> {
        match self {
            Maybe::No => None,
            Maybe::Yes(tensor) => Some(tensor),
        }
    }
}

impl<B: Backend> From<Option<FloatTensor<B>>> for Maybe<B> {
    fn from(tensor: Option<FloatTensor<B>>) -> Self {
        tensor.map_or(Maybe::No, Maybe::Yes)
    }
}

fn maybe<const D: usize>(tensor: Option<Tensor<D>>) -> Maybe<Dispatch> {
    tensor.map(Tensor::into_dispatch).into()
}

/// Operations of the CPU backend, on tensors of `f32`.
#[backend_extension(Flex, Autodiff: cfg(feature = "train"))]
pub trait Kernels: Backend {
    /// 3 x 3 convolution, see [`convolve`].
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Maybe<Self>,
        #[extension_type] residual: Maybe<Self>,
        activated: bool,
    ) -> FloatTensor<Self>;

    /// A 3 x 3 convolution with modulation, see [`convolve_modulated`].
    fn convolve_modulated(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        style: FloatTensor<Self>,
        noise: FloatTensor<Self>,
        grain: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// Adjoint of a 3 x 3 convolution, see [`convolve_adjoint`].
    fn convolve_adjoint(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] at: Maybe<Self>,
        #[extension_type] residual: Maybe<Self>,
    ) -> FloatTensor<Self>;

    /// 1 x 1 convolution, see [`pointwise`], or its adjoint.
    fn pointwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Maybe<Self>,
        direction: Direction,
    ) -> FloatTensor<Self>;

    /// Depthwise convolution between two ReLU6, see [`depthwise`].
    fn depthwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self>;

    /// LeakyReLU with slope [`SLOPE`], see [`leaky`].
    fn leaky(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Noise from latents, see [`noise`].
    fn noise(latent: FloatTensor<Self>, side: usize) -> FloatTensor<Self>;

    /// A change of the side by two, see [`resample`].
    fn resample(x: FloatTensor<Self>, kind: Resampling) -> FloatTensor<Self>;

    /// Normalisation of groups, scale, shift and LeakyReLU, see [`normalise`].
    fn normalise(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        group: usize,
    ) -> FloatTensor<Self>;
}

/// Whether this is the CPU backend.
fn is_flex(device: &Device) -> bool {
    match device.as_dispatch() {
        DispatchDevice::Flex(_) => true,
        #[cfg(feature = "train")]
        DispatchDevice::Autodiff(device) => matches!(device.clone().inner(), DispatchDevice::Flex(_)),
        #[allow(unreachable_patterns, reason = "the patterns depend on burn's features")]
        _ => false,
    }
}

/// Whether the operations of the CPU backend can take this tensor.
fn on_flex(x: &Tensor<4>) -> bool {
    let [_, _, height, width] = x.dims();
    is_flex(&x.device()) && x.dtype() == DType::F32 && height == width && height % 4 == 0
}

/// 3 x 3 convolution with stride 1 that keeps the side: `[batch, in, side, side]` to `[batch, out, side, side]`.
///
/// `weight` is `[out, in, 3, 3]`, `bias` `[out]`. If `activated`, the input is LeakyReLU of `x`. `residual`, of the shape of
/// the result, is added at the end.
pub fn convolve(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    residual: Option<Tensor<4>>,
    activated: bool,
) -> Tensor<4> {
    if on_flex(&x) {
        return Tensor::from_dispatch(Dispatch::convolve(
            x.into_dispatch(),
            weight.into_dispatch(),
            maybe(bias),
            maybe(residual),
            activated,
        ));
    }
    let x = if activated { leaky_relu(x, SLOPE) } else { x };
    let y = conv2d(x, weight, bias, same_side());
    match residual {
        Some(residual) => residual + y,
        None => y,
    }
}

/// 3 x 3 convolution of LeakyReLU of `x`, `[batch, in, side, side]`, then a scale and a shift for each channel, and noise.
///
/// `style`, `[batch, 2 out]`, holds scales minus 1 and then shifts. `noise`, `[batch, 1, side, side]`, times `grain`, `[out]`,
/// is added.
pub fn convolve_modulated(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    style: Tensor<2>,
    noise: Tensor<4>,
    grain: Tensor<1>,
) -> Tensor<4> {
    if on_flex(&x) {
        return Tensor::from_dispatch(Dispatch::convolve_modulated(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.into_dispatch(),
            style.into_dispatch(),
            noise.into_dispatch(),
            grain.into_dispatch(),
        ));
    }
    let y = convolve(x, weight, Some(bias), None, true);
    // [batch, 2 channels] to scale and shift, [batch, channels, 1, 1] each
    let [batch, both] = style.dims();
    let style = style.reshape([batch, both, 1, 1]);
    let (scale, shift) = (style.clone().narrow(1, 0, both / 2), style.narrow(1, both / 2, both / 2));
    // [batch, 1, side, side] * [1, channels, 1, 1]
    y * (scale + 1.0) + shift + noise * grain.reshape([1, -1, 1, 1])
}

/// Adjoint of [`convolve`] without bias: `[batch, out, side, side]` to `[batch, in, side, side]`.
///
/// If `at`, of the shape of the result, is given, the result is multiplied by the derivative of LeakyReLU there, as a
/// constant. `residual` is added at the end.
pub fn convolve_adjoint(
    gradient: Tensor<4>,
    weight: Tensor<4>,
    at: Option<Tensor<4>>,
    residual: Option<Tensor<4>>,
) -> Tensor<4> {
    if on_flex(&gradient) {
        return Tensor::from_dispatch(Dispatch::convolve_adjoint(
            gradient.into_dispatch(),
            weight.into_dispatch(),
            maybe(at.map(Tensor::detach)),
            maybe(residual),
        ));
    }
    // [out, in, 3, 3] to [in, out, 3, 3]
    let y = conv2d(gradient, weight.swap_dims(0, 1).flip([2, 3]), None, same_side());
    let y = match at {
        Some(at) => y * slope_at(&at),
        None => y,
    };
    match residual {
        Some(residual) => residual + y,
        None => y,
    }
}

/// 1 x 1 convolution: `[batch, in, side, side]` to `[batch, out, side, side]`. `weight` is `[out, in, 1, 1]`, `bias` `[out]`.
pub fn pointwise(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    if on_flex(&x) {
        let (bias, direction) = (maybe(Some(bias)), Direction::Forward);
        return Tensor::from_dispatch(Dispatch::pointwise(x.into_dispatch(), weight.into_dispatch(), bias, direction));
    }
    conv2d(x, weight, Some(bias), unpadded())
}

/// Adjoint of [`pointwise`] without bias: `[batch, out, side, side]` to `[batch, in, side, side]`.
pub fn pointwise_adjoint(gradient: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    if on_flex(&gradient) {
        let (x, weight) = (gradient.into_dispatch(), weight.into_dispatch());
        return Tensor::from_dispatch(Dispatch::pointwise(x, weight, Maybe::No, Direction::Adjoint));
    }
    // [out, in, 1, 1] to [in, out, 1, 1]
    conv2d(gradient, weight.swap_dims(0, 1), None, unpadded())
}

/// ReLU6 of (a depthwise convolution of ReLU6 of `x`, plus `bias`): `[batch, channels, side, side]` to `[batch, channels, s, s]`
/// with `s = side / stride`.
///
/// `weight` is `[channels, 1, kernel, kernel]` with a kernel of 3 or 5, `bias` `[channels]`. Both are constants: no gradient
/// reaches them. Padding is TensorFlow's `SAME`: with stride 2, which needs an even side, the odd pixel comes at the end.
pub fn depthwise(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    if on_flex(&x) {
        let (x, weight, bias) = (x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
        return Tensor::from_dispatch(Dispatch::depthwise(x, weight, bias, stride));
    }
    let [channels, _, kernel, _] = weight.dims();
    let mut options = ConvOptions::new([stride; 2], [0, 0], [1, 1], channels);
    let before = (kernel - stride) / 2;
    options.padding = [(before, kernel - stride - before); 2];
    relu6(conv2d(relu6(x), weight, Some(bias), options))
}

/// LeakyReLU with slope [`SLOPE`]. Keeps the shape.
pub fn leaky(x: Tensor<4>) -> Tensor<4> {
    if is_flex(&x.device()) && x.dtype() == DType::F32 {
        return Tensor::from_dispatch(Dispatch::leaky(x.into_dispatch()));
    }
    leaky_relu(x, SLOPE)
}

/// Whether [`noise`] needs no matrix on this device.
pub fn has_noise(device: &Device) -> bool {
    is_flex(device)
}

/// Noise `[batch, 1, side, side]` from latents `[batch, 64]`: their product with the matrix of [`noise::signs`]. `signs` is that
/// matrix, `[64, side * side]`; if it is needed and is not given, it is computed.
pub fn noise(latent: Tensor<2>, side: usize, signs: Option<&Tensor<2>>) -> Tensor<4> {
    if is_flex(&latent.device()) && latent.dtype() == DType::F32 {
        return Tensor::from_dispatch(Dispatch::noise(latent.into_dispatch(), side));
    }
    let ([batch, length], device) = (latent.dims(), latent.device());
    let signs = signs.cloned().unwrap_or_else(|| noise::signs(side, &device).cast(latent.dtype()));
    // As a 1 x 1 convolution of the signs, whose weights are the latents: burn's matrix product is slow for so few rows.
    let (signs, latent) = (signs.reshape([1, length, side, side]), latent.reshape([batch, length, 1, 1]));
    conv2d(signs, latent, None, unpadded()).reshape([batch, 1, side, side])
}

/// A change of the side of `[batch, channels, side, side]` by two. None if the backend of `x` has no such operation.
pub fn resample(x: &Tensor<4>, kind: Resampling) -> Option<Tensor<4>> {
    let [_, _, height, width] = x.dims();
    let able = is_flex(&x.device()) && x.dtype() == DType::F32 && height == width && height % 2 == 0;
    able.then(|| Tensor::from_dispatch(Dispatch::resample(x.clone().into_dispatch(), kind)))
}

/// Added to a variance by [`normalise`].
const EPSILON: f64 = 1e-5;

/// Mean 0 and variance 1 for each channel and each `group` of rows (ghost batch normalisation, Hoffer et al. 2017, arXiv 1705.08741),
/// then `scale` and `shift`, `[channels]`, then LeakyReLU. Keeps the shape, `[batch, channels, side, side]`.
pub fn normalise(x: Tensor<4>, scale: Tensor<1>, shift: Tensor<1>, group: usize) -> Tensor<4> {
    if on_flex(&x) {
        let (x, scale, shift) = (x.into_dispatch(), scale.into_dispatch(), shift.into_dispatch());
        return Tensor::from_dispatch(Dispatch::normalise(x, scale, shift, group));
    }
    let channels = x.dims()[1];
    let [scale, shift] = [scale, shift].map(|it| it.reshape([1, channels, 1, 1]));
    leaky_relu(standardise(x, group) * scale + shift, SLOPE)
}

/// Mean 0 and variance 1 for each channel and each `group` of rows.
fn standardise(x: Tensor<4>, group: usize) -> Tensor<4> {
    let [rows, channels, side, _] = x.dims();
    let rest = rows % group;
    if rest > 0 && rows > group {
        let whole = standardise(x.clone().narrow(0, 0, rows - rest), group);
        return Tensor::cat(vec![whole, standardise(x.narrow(0, rows - rest, rest), group)], 0);
    }
    let group = rows.min(group);
    let x = x.reshape([rows / group, group, channels, side * side]);
    let x = x.clone() - x.mean_dims(&[1, 3]);
    let variance = x.clone().square().mean_dims(&[1, 3]);
    (x / (variance + EPSILON).sqrt()).reshape([rows, channels, side, side])
}

/// Derivative of LeakyReLU at `x`: 1 or [`SLOPE`], as a constant of the shape of `x`.
pub fn slope_at(x: &Tensor<4>) -> Tensor<4> {
    let positive = x.clone().detach().greater_elem(0.0).float().cast(x.dtype());
    positive * (1.0 - SLOPE) + SLOPE
}

/// Stride 1 and the padding that keeps the side.
fn same_side() -> ConvOptions<2> {
    ConvOptions::new([1, 1], [1, 1], [1, 1], 1)
}

/// Stride 1 without padding.
pub(super) fn unpadded() -> ConvOptions<2> {
    ConvOptions::new([1, 1], [0, 0], [1, 1], 1)
}
