//! How far generated scans are from held-out slices, in the features of the judge's frozen network.
//!
//! The kernel inception distance (Bińkowski et al. 2018, arXiv 1801.01401): a squared maximum mean discrepancy with the kernel
//! `(x y / d + 1)^3`, estimated without bias. A few dozen slices are enough for it; a Fréchet distance would need the covariance of
//! 112 features. Features are the means of the last feature map, each standardised over real slices. The heads play no part.

use burn::module::Module;
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::backbone::{Backbone, MAPS};
use crate::gan::pixels::from_byte;
use crate::gan::preset::{CHANNELS, ScanSpec};
use crate::slice::{LabelledSlice, MIN_HELD_OUT, Slice};

/// Most scans of each kind that are compared.
const MOST: usize = 32;
/// Scans that go through the network together.
const BATCH: usize = 8;
/// First seed of the generated scans. They are the same at every measurement, so that distances differ by the networks only.
const FIRST_SEED: u32 = 20_000;
/// Added to deviations.
const SMALLEST: f64 = 1e-6;

type Features = Vec<Vec<f64>>;

/// The held-out slices of a run as features.
#[derive(Debug, Clone)]
pub struct HeldOutDistance {
    backbone: Backbone,
    device: Device,
    /// Mean and deviation of each feature.
    scale: Vec<(f64, f64)>,
    held_out: Features,
    /// Class of each held-out slice.
    classes: Vec<usize>,
    /// The distance of training slices of the same classes: what a generator without fault would reach.
    pub real: f64,
}

impl HeldOutDistance {
    /// None if there are too few slices of either kind to tell.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn new(
        backbone: &Backbone,
        train: &[LabelledSlice],
        held_out: &[LabelledSlice],
        device: &Device,
    ) -> Result<Option<Self>, ExecutionError> {
        let held_out: Vec<&LabelledSlice> = spread(&held_out.iter().collect::<Vec<_>>(), MOST);
        let classes: Vec<usize> = held_out.iter().map(|slice| slice.class).collect();
        let train = of_classes(train, &classes);
        if held_out.len() < MIN_HELD_OUT || train.len() < MIN_HELD_OUT {
            return Ok(None);
        }
        let backbone = backbone.clone().valid();
        let slices = |all: &[&LabelledSlice]| all.iter().map(|it| it.slice.clone()).collect::<Vec<_>>();
        let mut real = features(&backbone, &slices(&train), device).await?;
        let mut held_out = features(&backbone, &slices(&held_out), device).await?;
        let scale = scale(&[real.as_slice(), &held_out].concat());
        standardise(&mut real, &scale);
        standardise(&mut held_out, &scale);
        let real = kernel_distance(&real, &held_out);
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
        let mut generated = features(&self.backbone, scans, &self.device).await?;
        standardise(&mut generated, &self.scale);
        Ok(kernel_distance(&generated, &self.held_out))
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
async fn features(backbone: &Backbone, scans: &[Slice], device: &Device) -> Result<Features, ExecutionError> {
    let mut all = Vec::with_capacity(scans.len());
    for part in scans.chunks(BATCH) {
        let side = part[0].size;
        let bytes = part.iter().flat_map(|scan| scan.image.iter().chain(&scan.mask));
        let values: Vec<f32> = bytes.map(|&byte| from_byte(byte)).collect();
        let scans = Tensor::from_data(TensorData::new(values, [part.len(), CHANNELS, side, side]), device);
        let [.., last]: [Tensor<4>; MAPS] = backbone.forward(scans);
        let width = last.dims()[1];
        let means = last.mean_dims(&[2, 3]).into_data_async().await?;
        let means: Vec<f64> = means.iter::<f64>().collect();
        all.extend(means.chunks_exact(width).map(<[f64]>::to_vec));
    }
    Ok(all)
}

/// Mean and deviation of each feature.
fn scale(rows: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let count = rows.len() as f64;
    let column = |i: usize| rows.iter().map(move |row| row[i]);
    (0..rows.first().map_or(0, Vec::len))
        .map(|i| {
            let mean = column(i).sum::<f64>() / count;
            let variance = column(i).map(|x| (x - mean).powi(2)).sum::<f64>() / count;
            (mean, variance.sqrt() + SMALLEST)
        })
        .collect()
}

fn standardise(rows: &mut [Vec<f64>], scale: &[(f64, f64)]) {
    for row in rows {
        row.iter_mut().zip(scale).for_each(|(x, (mean, deviation))| *x = (*x - mean) / deviation);
    }
}

/// The squared maximum mean discrepancy of two sets of at least two rows each. `evaluate` has it with bootstrap weights; a test there
/// compares the two.
pub(crate) fn kernel_distance(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let kernel = |x: &[f64], y: &[f64]| {
        let product: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
        (product / x.len() as f64 + 1.0).powi(3)
    };
    // A row beside itself does not count: that would be a bias.
    let within = |rows: &[Vec<f64>]| {
        let pairs = rows.iter().enumerate().flat_map(|(i, x)| rows[..i].iter().map(move |y| kernel(x, y)));
        2.0 * pairs.sum::<f64>() / (rows.len() * (rows.len() - 1)) as f64
    };
    let between: f64 = a.iter().flat_map(|x| b.iter().map(move |y| kernel(x, y))).sum();
    within(a) + within(b) - 2.0 * between / (a.len() * b.len()) as f64
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
    fn the_distance_of_equal_distributions_is_about_zero_and_grows_with_a_shift() {
        let rows = |count: usize, from: usize, shift: f64| -> Features {
            let value = |i: usize, k: usize| ((i + from) as f64 * (1.7 + k as f64)).sin() + shift;
            (0..count).map(|i| (0..4).map(|k| value(i, k)).collect()).collect()
        };
        let [same, near, far] =
            [0.0, 0.5, 1.0].map(|shift| kernel_distance(&rows(200, 0, 0.0), &rows(150, 300, shift)));
        assert!(same.abs() < 0.05 && near > same + 0.1 && far > 2.0 * near, "{same}, {near}, {far}");
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
