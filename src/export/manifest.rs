//! `manifest.json`: the provenance of downloaded scans, for programs and people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::masks::MaskKind;
use super::provenance::Provenance;
use crate::gan::preset::ScanSpec;
use crate::mark::NOTICE;

/// The manifest of one download.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always true.
    pub synthetic: bool,
    /// The same as a sentence.
    pub notice: String,
    /// The program and weights that made the scans.
    pub generator: GeneratorInfo,
    /// Truncation: factor of the latents.
    pub truncation: f32,
    /// Offset along each named latent direction.
    pub directions: BTreeMap<String, f32>,
    /// Date, ISO 8601.
    pub date: String,
    /// Licence of the weights.
    pub licence: String,
    /// Who must be credited.
    pub attribution: String,
    /// Side of a scan and of a mask in pixels.
    pub size: usize,
    /// Side of a pixel in millimetres. Always none: heads of different size are scaled to the same frame.
    pub pixel_size_mm: Option<f32>,
    /// What the pixels of a mask mean.
    pub masks: MaskInfo,
    /// How to make the same scans again.
    pub reproduce: Reproduction,
    /// The scans, in order.
    pub scans: Vec<ManifestScan>,
}

/// What the pixels of a mask mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskInfo {
    /// `binary`: 0 or 255. `soft`: 0 to 255, as the generator draws it.
    pub kind: String,
    /// Grey levels of the soft mask from here on are tumour.
    pub threshold: u8,
}

/// How to make the same scans again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reproduction {
    /// Commands, one for each class if they differ. The weights file has the hash of [`GeneratorInfo`].
    pub commands: Vec<String>,
    /// Link to a page that shows these scans, if there is one.
    pub link: Option<String>,
}

/// The program and the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GeneratorInfo {
    /// Name of the program.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the weights file, hexadecimal.
    pub weights_sha256: String,
    /// Name of the preset.
    pub preset: String,
    /// Name of the training data set.
    pub dataset: String,
}

/// One scan and its mask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestScan {
    /// File name of the scan.
    pub file: String,
    /// SHA-256 of that file, hexadecimal.
    pub file_sha256: String,
    /// File name of the tumour mask.
    pub mask: String,
    /// SHA-256 of that file, hexadecimal.
    pub mask_sha256: String,
    /// Class name.
    pub class: String,
    /// Seed of the latent.
    pub seed: u32,
    /// The second scan, if this one is a morph between two.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub toward: Option<ManifestMorph>,
}

/// The second scan of a morph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestMorph {
    /// Class name.
    pub class: String,
    /// Seed of the latent.
    pub seed: u32,
    /// From 0, the first scan, to 1, the second.
    pub position: f32,
}

/// An encoded image: its file name and the SHA-256 of its bytes.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) sha256: String,
}

impl Manifest {
    /// A manifest without scans.
    pub fn new(origin: &Provenance, size: usize, date: &str) -> Self {
        Self {
            synthetic: true,
            notice: NOTICE.to_owned(),
            generator: GeneratorInfo {
                name: "hersenscan".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                weights_sha256: origin.weights_sha256.clone(),
                preset: origin.preset.clone(),
                dataset: origin.dataset.clone(),
            },
            truncation: origin.truncation,
            directions: origin.directions.clone(),
            date: date.to_owned(),
            licence: origin.licence.clone(),
            attribution: origin.attribution.clone(),
            size,
            pixel_size_mm: None,
            masks: MaskKind::default().info(),
            reproduce: Reproduction::default(),
            scans: Vec::new(),
        }
    }

    /// Adds a scan and its mask.
    pub(super) fn add(&mut self, origin: &Provenance, spec: &ScanSpec, scan: Written, mask: Written) {
        let toward = spec.toward.map(|toward| ManifestMorph {
            class: origin.class(toward.class),
            seed: toward.seed,
            position: toward.position,
        });
        self.scans.push(ManifestScan {
            file: scan.name,
            file_sha256: scan.sha256,
            mask: mask.name,
            mask_sha256: mask.sha256,
            class: origin.class(spec.class),
            seed: spec.seed,
            toward,
        });
    }

    /// As indented JSON.
    ///
    /// # Errors
    /// If a number in it is not finite.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}
