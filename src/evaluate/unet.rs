//! A small U-Net (Ronneberger et al. 2015, arXiv 1505.04597) that segments tumours. Its masks are compared with generated
//! masks.

use burn::module::Module;
use burn::tensor::activation::{sigmoid, softplus};
use burn::tensor::{Device, Tensor};

use super::small_network::{self, SliceAugmentation};
use crate::gan::layers::{Conv, Init, activate, double, halve};
use crate::gan::random::{Purpose, Stream};

/// Channels at the side of the input, a half, a quarter and an eighth of it. The side is a multiple of 8.
const WIDTHS: [usize; 4] = [12, 24, 48, 64];
/// Slices in a mini-batch.
pub const BATCH: usize = 16;

/// The U-Net.
#[derive(Module, Debug)]
pub struct UNet {
    down: Vec<DoubleConv>,
    up: Vec<DoubleConv>,
    output: Conv,
}

/// Two 3 x 3 convolutions at one resolution.
#[derive(Module, Debug)]
struct DoubleConv {
    first: Conv,
    second: Conv,
}

impl DoubleConv {
    fn new([input, output]: [usize; 2], init: &mut Init, device: &Device) -> Self {
        Self {
            first: Conv::new([input, output], 3, 1.0, init, device),
            second: Conv::new([output, output], 3, 1.0, init, device),
        }
    }

    /// `[batch, in, side, side]` to `[batch, out, side, side]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        activate(self.second.forward_activated(self.first.forward(x), None))
    }
}

impl UNet {
    /// Trains a network on square images and masks of one size, with random augmentation.
    pub fn train<T: AsRef<[u8]>>(images: &[T], masks: &[T], steps: usize, seed: u64) -> Self {
        Self::learn(steps, seed, |stream| {
            let (mut inputs, mut wanted) = (Vec::new(), Vec::new());
            for _ in 0..BATCH {
                let index = stream.below(images.len());
                let variation = SliceAugmentation::draw(stream);
                inputs.extend(variation.image(images[index].as_ref()));
                wanted.extend(variation.mask(masks[index].as_ref()));
            }
            (inputs, wanted)
        })
    }

    /// Trains a network with cross-entropy and soft Dice loss. `draw` returns a mini-batch of [`BATCH`] square images, values
    /// from -1 to 1, and their masks, values from 0 to 1.
    pub fn learn(steps: usize, seed: u64, draw: impl Fn(&mut Stream) -> (Vec<f32>, Vec<f32>)) -> Self {
        let device = Device::flex().autodiff();
        let network = small_network::fit(Self::new(seed, &device), steps, seed, |network, stream| {
            let (inputs, wanted) = draw(stream);
            let logits = network.forward(small_network::stacked(inputs, BATCH, &device));
            let wanted = small_network::stacked(wanted, BATCH, &device);
            let entropy = (softplus(logits.clone(), 1.0) - logits.clone() * wanted.clone()).mean();
            let found = sigmoid(logits);
            let both = (found.clone() * wanted.clone()).sum();
            let dice = (both * 2.0 + 1.0) / (found.sum() + wanted.sum() + 1.0);
            entropy - dice
        });
        network.valid()
    }

    fn new(seed: u64, device: &Device) -> Self {
        let mut stream = Stream::new(Purpose::Weights, seed, 65);
        let mut init = Init::Random(&mut stream);
        let [a, b, c, d] = WIDTHS;
        let down = [[1, a], [a, b], [b, c], [c, d]].map(|widths| DoubleConv::new(widths, &mut init, device));
        let up = [[d + c, c], [c + b, b], [b + a, a]].map(|widths| DoubleConv::new(widths, &mut init, device));
        Self { down: down.into(), up: up.into(), output: Conv::new([a, 1], 1, 1.0, &mut init, device) }
    }

    /// Images `[batch, 1, side, side]` to logits of the same shape.
    fn forward(&self, mut x: Tensor<4>) -> Tensor<4> {
        let mut skips = Vec::new();
        for (index, pair) in self.down.iter().enumerate() {
            x = pair.forward(if index > 0 { halve(x) } else { x }); // [batch, width, side >> index, side >> index]
            skips.push(x.clone());
        }
        skips.pop();
        for pair in &self.up {
            let Some(skip) = skips.pop() else { break };
            x = pair.forward(Tensor::cat(vec![double(x), skip], 1));
        }
        self.output.forward(x)
    }

    /// Predicts the mask of each square image: 255 where the probability of tumour is above one half, else 0.
    pub fn masks<T: AsRef<[u8]>>(&self, images: &[T]) -> Vec<Vec<u8>> {
        let device = Device::flex();
        let mut found = Vec::with_capacity(images.len());
        for batch in images.chunks(32) {
            let logits: Vec<f32> =
                self.forward(small_network::tensor(batch, &device)).into_data().iter::<f32>().collect();
            let mask = |values: &[f32]| values.iter().map(|&value| if value > 0.0 { 255 } else { 0 }).collect();
            found.extend(logits.chunks_exact(logits.len() / batch.len()).map(mask));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::masks::dice;
    use crate::evaluate::small_network::SIDE;

    #[test]
    fn it_learns_to_segment_bright_squares() {
        let square = |index: usize, bright: u8, dark: u8| -> Vec<u8> {
            let (x, y) = (16 + index * 7 % 32, 16 + index * 11 % 32);
            (0..SIDE * SIDE)
                .map(|i| if (i % SIDE).abs_diff(x).max((i / SIDE).abs_diff(y)) < 8 { bright } else { dark })
                .collect()
        };
        let images: Vec<_> = (0..24).map(|index| square(index, 200, 60)).collect();
        let masks: Vec<_> = (0..24).map(|index| square(index, 255, 0)).collect();
        let network = UNet::train(&images[..20], &masks[..20], 40, 1);
        for (found, mask) in network.masks(&images[20..]).iter().zip(&masks[20..]) {
            assert!(dice(found, mask) > 0.8, "{}", dice(found, mask));
        }
    }
}
