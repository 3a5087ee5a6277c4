//! A small convolutional classifier of slices: by class, or real against generated.

use burn::module::{Module, Param};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};

use super::small_network::{self, BATCH, SIDE, SliceAugmentation};
use crate::gan::layers::{Conv, Init, activate, halve};
use crate::gan::pixels::one_hot;
use crate::gan::random::{Purpose, Stream};

/// Channels at the side of the input, a half, a quarter and an eighth of it. The side is a multiple of 16.
const WIDTHS: [usize; 4] = [16, 32, 64, 64];
/// Training steps of the class network.
const CLASS_STEPS: usize = 600;

/// The classifier.
#[derive(Module, Debug)]
pub struct Classifier {
    convolutions: Vec<Conv>,
    /// `[features, classes]`
    weight: Param<Tensor<2>>,
    /// `[1, classes]`
    bias: Param<Tensor<2>>,
}

impl Classifier {
    /// Trains a classifier on images of 64 x 64 bytes. Every class is drawn equally often.
    pub fn train<T: AsRef<[u8]>>(images: &[T], labels: &[usize], classes: usize, steps: usize, seed: u64) -> Self {
        let mut by_class = vec![Vec::new(); classes];
        for (index, &label) in labels.iter().enumerate() {
            by_class[label].push(index);
        }
        by_class.retain(|own| !own.is_empty());
        Self::learn(SIDE, classes, steps, seed, |stream| {
            let mut values = Vec::with_capacity(BATCH * SIDE * SIDE);
            let mut chosen = Vec::with_capacity(BATCH);
            for _ in 0..BATCH {
                let own = &by_class[stream.below(by_class.len())];
                let index = own[stream.below(own.len())];
                values.extend(SliceAugmentation::draw(stream).image(images[index].as_ref()));
                chosen.push(labels[index]);
            }
            (values, chosen)
        })
    }

    /// Trains a classifier of images of `side * side` pixels. `draw` returns a mini-batch: values from -1 to 1, and the class
    /// of each image.
    pub fn learn(
        side: usize,
        classes: usize,
        steps: usize,
        seed: u64,
        draw: impl Fn(&mut Stream) -> (Vec<f32>, Vec<usize>),
    ) -> Self {
        let device = Device::flex().autodiff();
        let network = small_network::fit(Self::new(side, classes, seed, &device), steps, seed, |network, stream| {
            let (values, chosen) = draw(stream);
            // cross-entropy
            let logits = network.forward(small_network::stacked(values, chosen.len(), &device));
            let wanted = one_hot(&chosen, classes, &device);
            (log_softmax(logits, 1) * wanted).sum() / -(chosen.len() as f64)
        });
        network.valid()
    }

    fn new(side: usize, classes: usize, seed: u64, device: &Device) -> Self {
        let mut stream = Stream::new(Purpose::Weights, seed, 64);
        let mut init = Init::Random(&mut stream);
        let mut input = 1;
        let convolutions =
            WIDTHS.map(|width| Conv::new([std::mem::replace(&mut input, width), width], 3, 1.0, &mut init, device));
        let last = side >> WIDTHS.len();
        let features = input * last * last;
        let deviation = 1.0 / (features as f32).sqrt();
        Self {
            convolutions: convolutions.into(),
            weight: init.param([features, classes], deviation, device),
            bias: Init::Zero.param([1, classes], 0.0, device),
        }
    }

    /// Images `[batch, 1, side, side]` to logits `[batch, classes]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        // [batch, 64, side / 16, side / 16]
        let x = self.convolutions.iter().fold(x, |x, convolution| halve(activate(convolution.forward(x))));
        x.flatten::<2>(1, 3).matmul(self.weight.val()) + self.bias.val()
    }

    /// The logits of each image, one for each class. Images are square and have the side that the classifier was trained with.
    pub fn logits<T: AsRef<[u8]>>(&self, images: &[T]) -> Vec<Vec<f32>> {
        let device = Device::flex();
        let mut found = Vec::with_capacity(images.len());
        for batch in images.chunks(64) {
            let logits: Vec<f32> =
                self.forward(small_network::tensor(batch, &device)).into_data().iter::<f32>().collect();
            found.extend(logits.chunks_exact(logits.len() / batch.len()).map(<[f32]>::to_vec));
        }
        found
    }

    /// The most likely class of each image.
    pub fn classes<T: AsRef<[u8]>>(&self, images: &[T]) -> Vec<usize> {
        self.logits(images).iter().map(|row| highest(row)).collect()
    }
}

/// The index of the highest logit.
pub fn highest(logits: &[f32]) -> usize {
    (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap_or(0)
}

/// Trains a classifier on real slices with `count` classes.
pub fn class_network(images: &[Vec<u8>], classes: &[usize], count: usize, seed: u64) -> Classifier {
    Classifier::train(images, classes, count, CLASS_STEPS, seed)
}

/// For each image: 1 if the classifier predicts its class, else 0.
pub fn agreement(network: &Classifier, images: &[Vec<u8>], classes: &[usize]) -> Vec<f64> {
    let found = network.classes(images);
    found.iter().zip(classes).map(|(found, class)| f64::from(u8::from(found == class))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright square in one of two places.
    #[test]
    fn it_separates_two_classes() {
        let disc = |index: usize| -> Vec<u8> {
            let (x, y) = (32 + index * 7 % 5, [16, 44][index % 2] + index * 3 % 5);
            (0..SIDE * SIDE)
                .map(|i| if (i % SIDE).abs_diff(x).max((i / SIDE).abs_diff(y)) < 6 { 220 } else { 20 })
                .collect()
        };
        let images: Vec<_> = (0..40).map(disc).collect();
        let labels: Vec<_> = (0..40).map(|index| index % 2).collect();
        let network = Classifier::train(&images[..30], &labels[..30], 2, 30, 1);
        assert_eq!(network.classes(&images[30..]), labels[30..]);
    }
}
