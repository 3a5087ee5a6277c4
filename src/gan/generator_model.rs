//! From seeds to scans.
//!
//! A scan is a function of the weights, a seed, a class, truncation and directions, and of nothing else: the
//! same on every device up to rounding.

use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::card::WeightsCard;
use super::directions::Directions;
use super::feature_maps::FeatureMaps;
use super::generator::Generator;
use super::layers::Init;
use super::pixels::to_byte;
use super::preset::Network;
use super::preset::{CHANNELS, LATENT, ScanSpec, Style};
use super::random::{Purpose, Stream};
use super::state_dict;
use super::weights::WeightsFile;
use super::weights_error::WeightsError;
use crate::slice::Slice;

/// Side of the self-test's answer: means over a grid of this many cells a side.
const PROBE: usize = 8;

/// A generator with everything that came in its file.
#[derive(Debug, Clone)]
pub struct GeneratorModel {
    generator: Generator,
    card: WeightsCard,
    directions: Directions,
    device: Device,
}

impl GeneratorModel {
    /// Check a weights file and put its generator on a device.
    ///
    /// # Errors
    /// If the file is not a usable generator.
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

    /// A model around a generator that is already there.
    pub fn new(generator: Generator, card: WeightsCard, directions: Directions, device: Device) -> Self {
        Self { generator, card, directions, device }
    }

    /// What the file says of itself.
    pub fn card(&self) -> &WeightsCard {
        &self.card
    }

    /// Side of a scan in pixels.
    pub fn size(&self) -> usize {
        self.card.preset.size()
    }

    /// What the layers hold on the way to a scan, from 4 x 4 pixels up.
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

    /// The generator's answer, `[scans, 2, side, side]`, nominally -1 to 1. A class beyond the last counts
    /// as the last.
    pub fn draw(&self, scans: &[ScanSpec], style: &Style) -> Tensor<4> {
        let (latents, mixed) = self.inputs(scans, style);
        self.generator.forward(latents, mixed)
    }

    /// Latents `[scans, 64]` and classes `[scans, classes]`.
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

    /// Scans as bytes.
    ///
    /// # Errors
    /// If the device fails, which on a graphics card means that it was lost.
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

    /// The self-test: how far, in steps of 1/255, the device's answer is from the stored one at worst.
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
            // max() would swallow a NaN, and NaN is the very thing to catch
            if steps.is_nan() { f32::INFINITY } else { steps }
        };
        Ok(got.iter().zip(&self.card.probe).map(far).fold(0.0, f32::max))
    }
}

/// The self-test's answer for a model: seed 0, class 0, no truncation; means of the scan over 8 x 8 cells,
/// clamped to -1 to 1.
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
    Ok(tensor.into_data_async().await?.iter::<f32>().collect())
}

/// The latent vector of a seed: 64 standard normal deviates.
pub fn latent(seed: u32) -> Vec<f32> {
    Stream::new(Purpose::Latent, seed.into(), 0).normals(LATENT)
}

/// Spherical interpolation (Shoemake 1985): normal vectors lie near a sphere, and the straight line between
/// two of them leaves it for places that the generator never saw.
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
    fn slerp_starts_ends_and_keeps_the_length() {
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
    fn a_class_mix_sums_to_one_and_never_leaves_the_classes() {
        let toward = Some(super::super::preset::Toward { seed: 2, class: 9, position: 0.25 });
        assert_eq!(class_mix(&ScanSpec { seed: 1, class: 0, toward }, 3), [0.75, 0.0, 0.25]);
        assert_eq!(class_mix(&ScanSpec { seed: 1, class: 7, toward: None }, 2), [0.0, 1.0]);
    }
}
