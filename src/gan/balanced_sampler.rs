//! Random mini-batches in which every class is equally likely.

use burn::tensor::{Device, Tensor, TensorData};

use super::pixels::from_byte;
use super::preset::CHANNELS;
use super::random::Stream;
use crate::slice::LabelledSlice;

/// Draws mini-batches from slices. Every class is equally likely, whatever its number of slices.
#[derive(Debug, Clone, Default)]
pub struct BalancedSampler {
    by_class: Vec<Vec<LabelledSlice>>,
}

impl BalancedSampler {
    /// A sampler of these slices. Slices with a class index of `classes` or more are left out.
    pub fn new(classes: usize, slices: impl IntoIterator<Item = LabelledSlice>) -> Self {
        let mut by_class = vec![Vec::new(); classes];
        for slice in slices {
            if let Some(own) = by_class.get_mut(slice.class) {
                own.push(slice);
            }
        }
        by_class.retain(|own| !own.is_empty());
        Self { by_class }
    }

    /// Number of slices.
    pub fn len(&self) -> usize {
        self.by_class.iter().map(Vec::len).sum()
    }

    /// Whether it holds no slice.
    pub fn is_empty(&self) -> bool {
        self.by_class.is_empty()
    }

    /// A random slice of a random class.
    fn pick(&self, stream: &mut Stream) -> &LabelledSlice {
        let own = &self.by_class[stream.below(self.by_class.len())];
        &own[stream.below(own.len())]
    }

    /// `batch` random slices, with replacement: pixels `[batch, 2, side, side]` from -1 to 1, and their classes.
    ///
    /// # Panics
    /// If the sampler [is empty](Self::is_empty).
    pub fn batch(&self, batch: usize, side: usize, stream: &mut Stream, device: &Device) -> (Tensor<4>, Vec<usize>) {
        let mut values = Vec::with_capacity(batch * CHANNELS * side * side);
        let mut classes = Vec::with_capacity(batch);
        for _ in 0..batch {
            let LabelledSlice { class, slice } = self.pick(stream);
            values.extend(slice.image.iter().chain(&slice.mask).map(|&byte| from_byte(byte)));
            classes.push(*class);
        }
        let data = TensorData::new(values, [batch, CHANNELS, side, side]);
        (Tensor::from_data(data, device), classes)
    }
}
