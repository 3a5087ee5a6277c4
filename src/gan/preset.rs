//! Network sizes, and the inputs of the generator as plain data.
//!
//! A preset is a list of channel counts, one for each resolution from 4 x 4 up. The generator uses them in this order,
//! the discriminator in reverse. The first letter of a name means tiny, small, medium or nano; the number is the side of
//! a scan in pixels.

use serde::{Deserialize, Serialize};

/// Length of the latent vector `z`.
pub const LATENT: usize = 64;

/// Side of the first feature map. Every further stage doubles it.
pub const BASE: usize = 4;

/// Image channels: the scan and its tumour mask.
pub const CHANNELS: usize = 2;

/// Rows of a mini-batch that the judge normalises together. Workers that share a mini-batch get whole groups of this many.
pub const JUDGE_GROUP: usize = 4;

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// The network that makes scans.
    Generator,
    /// The network that scores scans.
    Discriminator,
}

impl Network {
    /// Its name in the metadata of a weights file.
    pub fn word(self) -> &'static str {
        match self {
            Network::Generator => "generator",
            Network::Discriminator => "discriminator",
        }
    }
}

/// A network size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Name on the command line and in weights files.
    pub name: &'static str,
    /// Channels at 4, 8, 16, ... pixels.
    pub widths: &'static [usize],
}

/// All presets. The last, `n16`, is so small that thousands of steps take a minute on any machine.
///
/// `s32` and `m32` are the first stages of `s64` and `m64`. They are cheaper to train, and a training of the larger preset
/// can start from them.
pub const PRESETS: [Preset; 8] = [
    Preset { name: "t32", widths: &[96, 96, 64, 32] },
    Preset { name: "s32", widths: &[128, 128, 96, 48] },
    Preset { name: "m32", widths: &[192, 160, 128, 64] },
    Preset { name: "s64", widths: &[128, 128, 96, 48, 24] },
    Preset { name: "m64", widths: &[192, 160, 128, 64, 32] },
    Preset { name: "s128", widths: &[128, 128, 96, 64, 32, 16] },
    Preset { name: "m128", widths: &[192, 160, 128, 96, 48, 24] },
    Preset { name: "n16", widths: &[32, 24, 16] },
];

impl Preset {
    /// The preset of this name, if there is one.
    pub fn by_name(name: &str) -> Option<Preset> {
        PRESETS.into_iter().find(|preset| preset.name == name)
    }

    /// Side of the image in pixels.
    pub fn size(&self) -> usize {
        BASE << (self.widths.len() - 1)
    }
}

/// What determines a scan: the same spec and weights give the same scan on every device, up to rounding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScanSpec {
    /// Seed of the latent vector.
    pub seed: u32,
    /// Index into the classes of the weights.
    pub class: usize,
    /// The second scan, if this one lies between two.
    pub toward: Option<Toward>,
}

/// The second scan of a morph, and the position between both.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Toward {
    /// Seed of the second scan.
    pub seed: u32,
    /// Class index of the second scan.
    pub class: usize,
    /// From 0, the first scan, to 1, the second.
    pub position: f32,
}

/// Changes to the latent before it enters the generator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// Truncation: factor of the latent, 0 to 1.5. The generator was trained with 1. Below 1, scans are closer to the
    /// average and have fewer artefacts.
    pub truncation: f32,
    /// Offset along each named direction, in standard deviations of the latent. Missing offsets are 0.
    pub directions: Vec<f32>,
}

impl Default for Style {
    fn default() -> Self {
        Self { truncation: 1.0, directions: Vec::new() }
    }
}

/// The class index of a seed if no class was chosen. The same seed always gets the same class.
///
/// The finalizer of MurmurHash3 mixes the seed, so that consecutive seeds get different classes. It must never change:
/// links that people have shared depend on it.
pub fn class_of_seed(seed: u32, classes: usize) -> usize {
    let mut mixed = seed.wrapping_add(0x9e37_79b9);
    mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85eb_ca6b);
    mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
    mixed ^= mixed >> 16;
    ((u64::from(mixed) * classes as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_keeps_its_class() {
        let classes: Vec<usize> = (0..8).map(|seed| class_of_seed(seed, 3)).collect();
        assert_eq!(classes, [1, 1, 2, 2, 1, 1, 1, 0]);
        assert_eq!(class_of_seed(7, 0), 0);
    }

    #[test]
    fn classes_are_equally_frequent() {
        let mut counts = [0_usize; 3];
        for seed in 0..3000 {
            counts[class_of_seed(seed, 3)] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }
}
