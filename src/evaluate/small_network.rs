//! Training of the small networks that are used as measuring instruments: the classifier and the U-Net. `evaluate` shows
//! them 64 x 64 pixels; the lab may use other sides.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use crate::gan::adam::Adam;
use crate::gan::pixels::from_byte;
use crate::gan::random::{Purpose, Stream};
use crate::slices::raster::Raster;

/// Side of their input in pixels in `evaluate`.
pub const SIDE: usize = 64;
/// Slices in a mini-batch.
pub const BATCH: usize = 32;
/// Learning rate at the first step. It falls to 0 along half a cosine.
const RATE: f64 = 1e-3;
/// Adam's beta 2.
const BETA: f64 = 0.99;
/// Largest shift of the augmentation, in 64ths of the side.
const SHIFT: usize = 4;

/// Resizes an image of `side * side` bytes to 64 x 64. An image of the wrong length becomes black.
pub fn resize(image: &[u8], side: usize) -> Vec<u8> {
    if side == SIDE {
        return image.to_vec();
    }
    Raster::new(side, side, image.to_vec())
        .map_or_else(|_| vec![0; SIDE * SIDE], |it| it.resize(SIDE, SIDE).into_pixels())
}

/// Trains a network with Adam for `steps` steps. `loss` returns a loss `[1]`, given the network and random numbers.
pub fn fit<M: Module>(mut network: M, steps: usize, seed: u64, loss: impl Fn(&M, &mut Stream) -> Tensor<1>) -> M {
    let mut adam = Adam::new();
    for step in 0..steps {
        let mut stream = Stream::new(Purpose::Step, seed, step as u64);
        let rate = RATE * 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
        let grads = GradientsParams::from_grads(loss(&network, &mut stream).backward(), &network);
        network = adam.step(network, grads, rate, BETA);
    }
    network
}

/// Augmentation of a slice: mirroring, a shift and a change of contrast.
#[derive(Debug, Clone, Copy)]
pub struct SliceAugmentation {
    mirrored: bool,
    shift: [usize; 2],
    gain: f32,
}

impl SliceAugmentation {
    /// Leaves a slice as it is.
    pub const NONE: Self = Self { mirrored: false, shift: [SHIFT; 2], gain: 1.0 };

    /// Draws one at random.
    pub fn draw(stream: &mut Stream) -> Self {
        let mirrored = stream.chance(0.5);
        let shift = [stream.below(2 * SHIFT + 1), stream.below(2 * SHIFT + 1)];
        Self { mirrored, shift, gain: 0.9 + 0.2 * stream.uniform() as f32 }
    }

    /// Applies it to a square image: values from -1 to 1, black outside of the image.
    pub fn image(&self, image: &[u8]) -> Vec<f32> {
        self.moved(image).map(|byte| ((from_byte(byte) + 1.0) * self.gain - 1.0).min(1.0)).collect()
    }

    /// Applies it to a square mask: values from 0 to 1.
    pub fn mask(&self, mask: &[u8]) -> Vec<f32> {
        self.moved(mask).map(|byte| f32::from(byte) / 255.0).collect()
    }

    fn moved<'a>(&self, image: &'a [u8]) -> impl Iterator<Item = u8> + use<'a> {
        let Self { mirrored, shift: [right, down], .. } = *self;
        let side = image.len().isqrt();
        let (reach, right, down) = (SHIFT * side / SIDE, right * side / SIDE, down * side / SIDE);
        (0..side * side).map(move |index| {
            let (x, y) = ((index % side + reach).wrapping_sub(right), (index / side + reach).wrapping_sub(down));
            let column = if mirrored { (side - 1).wrapping_sub(x) } else { x };
            if x < side && y < side { image[y * side + column] } else { 0 }
        })
    }
}

/// Square images of one size as a tensor `[batch, 1, side, side]` from -1 to 1, without augmentation.
pub fn tensor<T: AsRef<[u8]>>(images: &[T], device: &Device) -> Tensor<4> {
    let values: Vec<f32> = images.iter().flat_map(|it| it.as_ref().iter().map(|&byte| from_byte(byte))).collect();
    stacked(values, images.len(), device)
}

/// The values of `batch` square images as a tensor `[batch, 1, side, side]`.
pub fn stacked(values: Vec<f32>, batch: usize, device: &Device) -> Tensor<4> {
    let side = (values.len() / batch.max(1)).isqrt();
    Tensor::from_data(TensorData::new(values, [batch, 1, side, side]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_and_mask_are_shifted_equally() {
        let image: Vec<u8> = (0..SIDE * SIDE).map(|index| if index == 10 * SIDE + 20 { 255 } else { 0 }).collect();
        for (mirrored, column) in [(false, 21), (true, 63 - 20 + 1)] {
            let variation = SliceAugmentation { mirrored, shift: [SHIFT + 1, SHIFT - 2], gain: 1.0 };
            let expected = 8 * SIDE + column;
            let mask = variation.mask(&image);
            assert_eq!(mask.iter().position(|&value| value == 1.0), Some(expected), "{mirrored}");
            assert_eq!(variation.image(&image)[expected], 1.0);
            assert_eq!(mask.iter().sum::<f32>(), 1.0);
        }
    }

    #[test]
    fn no_augmentation_changes_nothing_and_shifts_grow_with_the_side() {
        let image: Vec<u8> = (0..32 * 32).map(|index| (index % 251) as u8).collect();
        let plain: Vec<f32> = image.iter().map(|&byte| from_byte(byte)).collect();
        let same = SliceAugmentation::NONE.image(&image);
        assert!(plain.iter().zip(&same).all(|(a, b)| (a - b).abs() < 1e-6));
        let far = SliceAugmentation { mirrored: false, shift: [2 * SHIFT, SHIFT], gain: 1.0 };
        assert_eq!(far.mask(&image)[2], f32::from(image[0]) / 255.0);
    }
}
