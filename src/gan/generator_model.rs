//! A generator loaded from a weights file, which makes scans from seeds.
//!
//! A scan depends only on the weights, a seed, a class, the truncation and the directions. It is the same on every
//! device, up to rounding.

use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::card::WeightsCard;
use super::directions::Directions;
use super::feature_maps::FeatureMaps;
use super::generator::Generator;
use super::layers::Init;
use super::pixels::to_byte;
use super::preset::{CHANNELS, LATENT, Network, ScanSpec, Style};
use super::random::{Purpose, Stream};
use super::state_dict;
use super::weights::WeightsFile;
use super::weights_error::WeightsError;
use crate::slice::Slice;

/// Side of the self-test's result: the scan is averaged over a grid of 8 x 8 cells.
const PROBE: usize = 8;

/// A generator with the metadata and directions of its weights file.
#[derive(Debug, Clone)]
pub struct GeneratorModel {
    generator: Generator,
    card: WeightsCard,
    directions: Directions,
    device: Device,
}

impl GeneratorModel {
    /// Checks a weights file and loads its generator onto a device.
    ///
    /// # Errors
    /// If the file is not a valid generator.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, WeightsError> {
        let file = WeightsFile::open(bytes)?;
        file.require(Network::Generator)?;
        let empty = Generator::new(file.card.preset, file.card.classes.len(), &mut Init::Zero, device);
        let wanted: Vec<_> = state_dict::tensors(&empty).into_iter().map(|t| (t.name, t.shape)).collect();
        let values = file.values(&wanted)?;
        let directions = file.directions()?;
        let (generator, _) = state_dict::load(empty, &values, device);
        Ok(Self { generator, card: file.card, directions, device: device.clone() })
    }

    /// Wraps a generator that is on `device`.
    pub fn new(generator: Generator, card: WeightsCard, directions: Directions, device: Device) -> Self {
        Self { generator, card, directions, device }
    }

    /// The metadata of the weights file.
    pub fn card(&self) -> &WeightsCard {
        &self.card
    }

    /// Side of a scan in pixels.
    pub fn size(&self) -> usize {
        self.card.preset.size()
    }

    /// The feature maps of each stage while one scan is made, from 4 x 4 pixels up.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn layers(&self, scan: &ScanSpec, style: &Style) -> Result<Vec<FeatureMaps>, ExecutionError> {
        let (latents, mixed) = self.inputs(std::slice::from_ref(scan), style);
        let mut layers = Vec::new();
        for features in self.generator.features(latents, mixed) {
            let side = features.dims()[3];
            layers.push(FeatureMaps::of(side, &read(features).await?));
        }
        Ok(layers)
    }

    /// Generates scans as a tensor `[scans, 2, side, side]`. Values are mostly between -1 and 1 but not clamped. A class
    /// index that is too large counts as the last class.
    pub fn draw(&self, scans: &[ScanSpec], style: &Style) -> Tensor<4> {
        let (latents, mixed) = self.inputs(scans, style);
        self.generator.forward(latents, mixed)
    }

    /// The inputs of the generator: latents `[scans, 64]` and classes `[scans, classes]`.
    fn inputs(&self, scans: &[ScanSpec], style: &Style) -> (Tensor<2>, Tensor<2>) {
        let classes = self.card.classes.len();
        let mut latents = Vec::with_capacity(scans.len() * LATENT);
        let mut mixed = Vec::with_capacity(scans.len() * classes);
        for scan in scans {
            latents.extend(styled(scan, style, &self.directions));
            mixed.extend(class_mix(scan, classes));
        }
        let latents = TensorData::new(latents, [scans.len(), LATENT]);
        let mixed = TensorData::new(mixed, [scans.len(), classes]);
        (Tensor::from_data(latents, &self.device), Tensor::from_data(mixed, &self.device))
    }

    /// Generates scans as bytes.
    ///
    /// # Errors
    /// If the device fails. A GPU fails when it is lost.
    pub async fn scans(&self, scans: &[ScanSpec], style: &Style) -> Result<Vec<Slice>, ExecutionError> {
        let values = read(self.draw(scans, style)).await?;
        let size = self.size();
        let cells = size * size;
        Ok(values
            .chunks_exact(CHANNELS * cells)
            .map(|scan| {
                let bytes = |part: &[f32]| part.iter().map(|&x| to_byte(x)).collect();
                Slice { size, image: bytes(&scan[..cells]), mask: bytes(&scan[cells..]) }
            })
            .collect())
    }

    /// The self-test: the largest difference between the [probe](probe) of this device and the one in the file, in steps of
    /// 1/255. Infinite if they cannot be compared.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn self_test(&self) -> Result<f32, ExecutionError> {
        let got = probe(self).await?;
        if got.len() != self.card.probe.len() {
            return Ok(f32::INFINITY);
        }
        let far = |(a, b): (&f32, &f32)| {
            let steps = (a - b).abs() * 127.5;
            // max() ignores NaN, which is what the test has to detect.
            if steps.is_nan() { f32::INFINITY } else { steps }
        };
        Ok(got.iter().zip(&self.card.probe).map(far).fold(0.0, f32::max))
    }
}

/// The result of the self-test: the scan of seed 0 and class 0 without truncation, clamped to -1 to 1 and averaged over
/// 8 x 8 cells. Returns 64 values.
///
/// # Errors
/// If the device fails.
pub async fn probe(model: &GeneratorModel) -> Result<Vec<f32>, ExecutionError> {
    let scan = ScanSpec { seed: 0, class: 0, toward: None };
    let values = read(model.draw(&[scan], &Style::default())).await?;
    let size = model.size();
    let cell = size / PROBE;
    Ok((0..PROBE * PROBE)
        .map(|i| {
            let (top, left) = (i / PROBE * cell, i % PROBE * cell);
            let sum: f32 =
                (0..cell * cell).map(|j| values[(top + j / cell) * size + left + j % cell].clamp(-1.0, 1.0)).sum();
            sum / (cell * cell) as f32
        })
        .collect())
}

async fn read(tensor: Tensor<4>) -> Result<Vec<f32>, ExecutionError> {
    let data = tensor.into_data_async().await?.convert::<f32>();
    Ok(data.try_into_vec::<f32>().unwrap_or_else(|error| unreachable!("converted to f32: {error:?}")))
}

/// The latent vector of a seed: 64 values from the standard normal distribution.
pub fn latent(seed: u32) -> Vec<f32> {
    Stream::new(Purpose::Latent, seed.into(), 0).normals(LATENT)
}

/// Spherical linear interpolation (Shoemake 1985) from `from` (position 0) to `to` (position 1). Normal vectors lie near a
/// sphere; points on the straight line between two of them are shorter than any latent seen in training.
pub fn slerp(from: &[f32], to: &[f32], position: f32) -> Vec<f32> {
    let norm = |v: &[f32]| v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    let dot: f64 = from.iter().zip(to).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    let cosine = (dot / (norm(from) * norm(to)).max(f64::MIN_POSITIVE)).clamp(-1.0, 1.0);
    let (angle, position) = (libm::acos(cosine), f64::from(position));
    let sine = libm::sin(angle);
    let (a, b) = if sine.abs() < 1e-6 {
        (1.0 - position, position)
    } else {
        (libm::sin((1.0 - position) * angle) / sine, libm::sin(position * angle) / sine)
    };
    from.iter().zip(to).map(|(x, y)| (f64::from(*x) * a + f64::from(*y) * b) as f32).collect()
}

/// The latent of a scan after morph, truncation and directions: 64 values.
fn styled(scan: &ScanSpec, style: &Style, directions: &Directions) -> Vec<f32> {
    let mut z = latent(scan.seed);
    if let Some(toward) = &scan.toward {
        z = slerp(&z, &latent(toward.seed), toward.position);
    }
    z.iter_mut().for_each(|x| *x *= style.truncation);
    for (offset, vector) in style.directions.iter().zip(&directions.vectors) {
        z.iter_mut().zip(vector).for_each(|(x, v)| *x += offset * v);
    }
    z
}

/// The class input of a scan: one-hot, or a mixture of two classes for a morph.
fn class_mix(scan: &ScanSpec, classes: usize) -> Vec<f32> {
    let mut mix = vec![0.0; classes];
    let last = classes.saturating_sub(1);
    let position = scan.toward.map_or(0.0, |toward| toward.position);
    mix[scan.class.min(last)] += 1.0 - position;
    if let Some(toward) = &scan.toward {
        mix[toward.class.min(last)] += position;
    }
    mix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slerp_reaches_both_ends_and_keeps_the_length() {
        let (a, b) = (latent(1), latent(2));
        let near = |x: &[f32], y: &[f32]| x.iter().zip(y).all(|(x, y)| (x - y).abs() < 1e-5);
        assert!(near(&slerp(&a, &b, 0.0), &a));
        assert!(near(&slerp(&a, &b, 1.0), &b));
        assert!(near(&slerp(&a, &a, 0.3), &a));
        let length = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
        let middle = length(&slerp(&a, &b, 0.5));
        assert!(middle > 0.9 * length(&a).min(length(&b)));
    }

    #[test]
    fn a_class_mix_sums_to_one_and_stays_within_the_classes() {
        let toward = Some(super::super::preset::Toward { seed: 2, class: 9, position: 0.25 });
        assert_eq!(class_mix(&ScanSpec { seed: 1, class: 0, toward }, 3), [0.75, 0.0, 0.25]);
        assert_eq!(class_mix(&ScanSpec { seed: 1, class: 7, toward: None }, 2), [0.0, 1.0]);
    }
}
