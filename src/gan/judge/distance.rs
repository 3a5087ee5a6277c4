//! How far generated scans are from held-out slices, in the features of the judge's frozen network.
//!
//! This is the kernel inception distance ([`kid`]). A few dozen slices are enough for it; a Fréchet distance would need the covariance of
//! 112 features. Features are the means of the last feature map, each standardised over real slices. The heads play no part.

use burn::module::Module;
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::backbone::{Backbone, MAPS};
use crate::gan::pixels::from_byte;
use crate::gan::preset::{CHANNELS, ScanSpec};
use crate::slice::{LabelledSlice, MIN_HELD_OUT, Slice};
use crate::statistics::kid;
use crate::statistics::matrix::Matrix;

/// Most scans of each kind that are compared.
const MAX_SCANS: usize = 32;
/// Scans that go through the network together.
const BATCH: usize = 8;
/// First seed of the generated scans. They are the same at every measurement, so that distances differ by the networks only.
const FIRST_SEED: u32 = 20_000;
/// Added to deviations.
const EPSILON: f64 = 1e-6;

/// The held-out slices of a run as features.
#[derive(Debug, Clone)]
pub struct HeldOutDistance {
    backbone: Backbone,
    device: Device,
    /// Mean and deviation of each feature.
    scale: Vec<(f64, f64)>,
    held_out: Matrix,
    /// Class of each held-out slice.
    classes: Vec<usize>,
    /// The distance of training slices of the same classes: what a perfect generator would reach.
    pub real: f64,
}

impl HeldOutDistance {
    /// Computes the features of the held-out slices. None with fewer than `MIN_HELD_OUT` slices of either kind.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn new(
        backbone: &Backbone,
        train: &[LabelledSlice],
        held_out: &[LabelledSlice],
        device: &Device,
    ) -> Result<Option<Self>, ExecutionError> {
        let held_out: Vec<&LabelledSlice> = spread(&held_out.iter().collect::<Vec<_>>(), MAX_SCANS);
        let classes: Vec<usize> = held_out.iter().map(|slice| slice.class).collect();
        let train = of_classes(train, &classes);
        if held_out.len() < MIN_HELD_OUT || train.len() < MIN_HELD_OUT {
            return Ok(None);
        }
        let backbone = backbone.clone().valid();
        let slices = |all: &[&LabelledSlice]| all.iter().map(|it| it.slice.clone()).collect::<Vec<_>>();
        let real = features(&backbone, &slices(&train), device).await?;
        let held_out = features(&backbone, &slices(&held_out), device).await?;
        let scale = scale(&real, &held_out);
        let (real, held_out) = (standardised(real, &scale), standardised(held_out, &scale));
        let real = kid::sample_distance(&real, &held_out);
        Ok(Some(Self { backbone, device: device.clone(), scale, held_out, classes, real }))
    }

    /// The scans to compare: as many of each class as there are held-out slices.
    pub fn specs(&self) -> Vec<ScanSpec> {
        let spec = |(i, &class): (usize, &usize)| ScanSpec { seed: FIRST_SEED + i as u32, class, toward: None };
        self.classes.iter().enumerate().map(spec).collect()
    }

    /// The distance of generated scans. 0 is the same distribution; estimates may be below it.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn of(&self, scans: &[Slice]) -> Result<f64, ExecutionError> {
        let generated = standardised(features(&self.backbone, scans, &self.device).await?, &self.scale);
        Ok(kid::sample_distance(&generated, &self.held_out))
    }
}

/// At most `most` of them, evenly spread.
fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    let count = all.len().min(most);
    (0..count).map(|i| all[i * all.len() / count]).collect()
}

/// Training slices of these classes, at most as many of each as there are in `classes`.
fn of_classes<'a>(train: &'a [LabelledSlice], classes: &[usize]) -> Vec<&'a LabelledSlice> {
    let last = classes.iter().copied().max().unwrap_or_default();
    let of = |class: usize| {
        let wanted = classes.iter().filter(|&&other| other == class).count();
        spread(&train.iter().filter(|slice| slice.class == class).collect::<Vec<_>>(), wanted)
    };
    (0..=last).flat_map(of).collect()
}

/// Means of the last feature map of each scan.
async fn features(backbone: &Backbone, scans: &[Slice], device: &Device) -> Result<Matrix, ExecutionError> {
    let (mut columns, mut all) = (0, Vec::new());
    for part in scans.chunks(BATCH) {
        let side = part[0].size;
        let bytes = part.iter().flat_map(|scan| scan.image.iter().chain(&scan.mask));
        let values: Vec<f32> = bytes.map(|&byte| from_byte(byte)).collect();
        let scans = Tensor::from_data(TensorData::new(values, [part.len(), CHANNELS, side, side]), device);
        let [.., last]: [Tensor<4>; MAPS] = backbone.forward(scans);
        columns = last.dims()[1];
        all.extend(last.mean_dims(&[2, 3]).into_data_async().await?.iter::<f64>());
    }
    Ok(Matrix::new(columns, all))
}

/// Mean and deviation of each feature over the rows of both.
fn scale(a: &Matrix, b: &Matrix) -> Vec<(f64, f64)> {
    let count = (a.rows() + b.rows()) as f64;
    let of = |column: usize| {
        let values = || a.each_row().chain(b.each_row()).map(move |row| row[column]);
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        (mean, variance.sqrt() + EPSILON)
    };
    (0..a.columns()).map(of).collect()
}

fn standardised(rows: Matrix, scale: &[(f64, f64)]) -> Matrix {
    let (columns, mut values) = (rows.columns(), rows.into_values());
    for row in values.chunks_exact_mut(columns) {
        row.iter_mut().zip(scale).for_each(|(x, (mean, deviation))| *x = (*x - mean) / deviation);
    }
    Matrix::new(columns, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::read_sync;

    fn slices(count: usize, pixel: impl Fn(usize, usize) -> u8) -> Vec<LabelledSlice> {
        let image = |i: usize| (0..256).map(|at| pixel(i, at)).collect();
        (0..count).map(|i| LabelledSlice { class: i % 2, slice: Slice::without_tumour(16, image(i)) }).collect()
    }

    #[test]
    fn stripes_are_nearer_to_stripes_than_noise_is() {
        let device = Device::flex();
        let network = include_bytes!("../../../static/weights/judge/efficientnet-lite1.safetensors");
        let backbone = Backbone::from_bytes(network, &device).expect("the file of the site");
        let stripes = |i: usize, at: usize| if (at / 16 + i) % (4 + i % 3) < 2 { 200 } else { 30 };
        let noise = |i: usize, at: usize| ((at + 7 * i).wrapping_mul(2_654_435_761) >> 7) as u8;
        let (train, held_out) = (slices(24, stripes), slices(12, |i, at| stripes(i + 24, at)));
        let distance = read_sync(HeldOutDistance::new(&backbone, &train, &held_out, &device)).expect("a device");
        let distance = distance.expect("enough slices");
        assert_eq!(distance.specs().len(), 12);
        let of = |all: Vec<LabelledSlice>| {
            let scans: Vec<Slice> = all.into_iter().map(|it| it.slice).collect();
            read_sync(distance.of(&scans)).expect("a device")
        };
        let (near, far) = (of(slices(12, |i, at| stripes(i + 50, at))), of(slices(12, noise)));
        assert!(near < far / 4.0 && distance.real < far / 4.0, "{near}, {far}, real {}", distance.real);
        let few = read_sync(HeldOutDistance::new(&backbone, &train, &held_out[..7], &device)).expect("a device");
        assert!(few.is_none());
    }
}
