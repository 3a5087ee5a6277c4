//! The sizes a network can have, as data.
//!
//! A preset is a list of channel widths, one a resolution, from 4 x 4 up. The generator climbs it, the
//! discriminator mirrors it. Names: tiny, small, medium, and the side of the image in pixels.

use serde::{Deserialize, Serialize};

/// Length of the latent vector `z`.
pub const LATENT: usize = 64;

/// Side of the first feature map; every stage after it doubles.
pub const BASE: usize = 4;

/// Channels of an image: the scan and its tumour mask.
pub const CHANNELS: usize = 2;

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Makes scans.
    Generator,
    /// Judges scans.
    Discriminator,
}

impl Network {
    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Network::Generator => "generator",
            Network::Discriminator => "discriminator",
        }
    }
}

/// One network size: channel widths from 4 x 4 upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Name on the command line and in a weights file.
    pub name: &'static str,
    /// Channels at 4, 8, 16, ... pixels.
    pub widths: &'static [usize],
}

/// All presets, smallest first; at the end `n16`, so small that thousands of steps take a minute on anything.
///
/// `s32` and `m32` are the first stages of `s64` and `m64`: trained first, they are cheap, and the larger
/// preset starts from them.
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

/// What one scan is made from: the same spec and weights give the same scan on every device.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScanSpec {
    /// Seed of the latent vector.
    pub seed: u32,
    /// Class, as an index into the classes of the weights.
    pub class: usize,
    /// A second scan to move towards, if this one is between two.
    pub toward: Option<Toward>,
}

/// The far end of a morph and how far along it a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Toward {
    /// Seed of the far end.
    pub seed: u32,
    /// Class of the far end.
    pub class: usize,
    /// 0 is the near end, 1 the far end.
    pub position: f32,
}

/// How latents are bent before the generator sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// Truncation: the latent is multiplied by this. 1 is what the generator was trained on; below 1
    /// scans are more average and cleaner. Range 0 to 1.5.
    pub truncation: f32,
    /// Offset along each named direction, in standard deviations of the latent; missing ones are 0.
    pub directions: Vec<f32>,
}

impl Default for Style {
    fn default() -> Self {
        Self { truncation: 1.0, directions: Vec::new() }
    }
}

/// The class of a scan whose maker left the choice to chance: the same seed always gets the same class.
///
/// The finalizer of murmur3 mixes the seed first, so that seeds in a row do not get classes in a row. Part of
/// what a link means: changing it changes the scans behind every link that was ever shared.
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
    fn every_class_gets_its_share() {
        let mut counts = [0_usize; 3];
        for seed in 0..3000 {
            counts[class_of_seed(seed, 3)] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }
}
