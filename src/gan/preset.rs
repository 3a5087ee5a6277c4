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

/// One network size: channel widths from 4 x 4 upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Name on the command line and in a weights file.
    pub name: &'static str,
    /// Channels at 4, 8, 16, ... pixels.
    pub widths: &'static [usize],
}

/// All presets, smallest first.
pub const PRESETS: [Preset; 5] = [
    Preset { name: "t32", widths: &[96, 96, 64, 32] },
    Preset { name: "s64", widths: &[128, 128, 96, 48, 24] },
    Preset { name: "m64", widths: &[192, 160, 128, 64, 32] },
    Preset { name: "s128", widths: &[128, 128, 96, 64, 32, 16] },
    Preset { name: "m128", widths: &[192, 160, 128, 96, 48, 24] },
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
