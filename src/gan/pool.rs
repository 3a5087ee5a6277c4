//! Slices to learn from, drawn in batches.

use burn::tensor::{Device, Tensor, TensorData};

use super::preset::CHANNELS;
use super::random::Stream;

/// One training slice: `side * side` bytes of scan and as many of mask.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Index of its class.
    pub class: usize,
    /// The scan, 0 black (air) to 255.
    pub image: Vec<u8>,
    /// The tumour, 0 or 255, softer at the edge.
    pub mask: Vec<u8>,
}

/// Slices to draw batches from, every class as often.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    by_class: Vec<Vec<Example>>,
}

impl Pool {
    /// A pool of these examples.
    pub fn new(classes: usize, examples: impl IntoIterator<Item = Example>) -> Self {
        let mut by_class = vec![Vec::new(); classes];
        for example in examples {
            if let Some(own) = by_class.get_mut(example.class) {
                own.push(example);
            }
        }
        by_class.retain(|own| !own.is_empty());
        Self { by_class }
    }

    /// Number of slices.
    pub fn len(&self) -> usize {
        self.by_class.iter().map(Vec::len).sum()
    }

    /// Whether there is no slice at all.
    pub fn is_empty(&self) -> bool {
        self.by_class.is_empty()
    }

    fn pick(&self, stream: &mut Stream) -> &Example {
        let own = &self.by_class[stream.below(self.by_class.len())];
        &own[stream.below(own.len())]
    }

    /// `batch` slices at random: images `[batch, 2, side, side]` and their classes.
    ///
    /// # Panics
    /// If the pool [is empty](Self::is_empty).
    pub fn batch(&self, batch: usize, side: usize, stream: &mut Stream, device: &Device) -> (Tensor<4>, Vec<usize>) {
        let mut values = Vec::with_capacity(batch * CHANNELS * side * side);
        let mut classes = Vec::with_capacity(batch);
        for _ in 0..batch {
            let example = self.pick(stream);
            values.extend(example.image.iter().chain(&example.mask).map(|&byte| from_byte(byte)));
            classes.push(example.class);
        }
        let data = TensorData::new(values, [batch, CHANNELS, side, side]);
        (Tensor::from_data(data, device), classes)
    }
}

/// 0..=255 to -1..=1.
fn from_byte(byte: u8) -> f32 {
    f32::from(byte) / 127.5 - 1.0
}

/// Classes as `[batch, classes]`, one 1 a row.
pub fn one_hot(chosen: &[usize], classes: usize, device: &Device) -> Tensor<2> {
    let mut values = vec![0.0f32; chosen.len() * classes];
    for (row, &class) in chosen.iter().enumerate() {
        values[row * classes + class] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [chosen.len(), classes]), device)
}
