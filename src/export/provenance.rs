//! The provenance of generated scans, and the text chunks that carry it in a PNG.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::gan::preset::ScanSpec;
use crate::mark::{ImageKind, LICENCE_OF_WEIGHTS, NOTICE, Recipe, RecipeMorph, SOFTWARE};

/// The provenance that all scans of a download share.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Name of the generator's preset.
    pub preset: String,
    /// SHA-256 of the weights file, hexadecimal.
    pub weights_sha256: String,
    /// Name of the training data set.
    pub dataset: String,
    /// Licence of the weights.
    pub licence: String,
    /// Who must be credited.
    pub attribution: String,
    /// Class names, in the order of the class input.
    pub classes: Vec<String>,
    /// Truncation: factor of the latents.
    pub truncation: f32,
    /// Offset along each named latent direction. Offsets of 0 may be left out.
    pub directions: BTreeMap<String, f32>,
}

impl Provenance {
    /// Name of a class, or its index if it has no name.
    pub fn class(&self, index: usize) -> String {
        self.classes.get(index).cloned().unwrap_or_else(|| index.to_string())
    }

    /// Keywords and texts for [`encode_gray`](super::png::encode_gray). `Comment` is JSON with everything that is needed to
    /// generate the same scan again.
    pub fn text(&self, picture: ImageKind, spec: &ScanSpec) -> Vec<(&'static str, String)> {
        let toward = spec.toward.map(|toward| RecipeMorph {
            seed: toward.seed,
            class: self.class(toward.class),
            position: toward.position,
        });
        let recipe = serde_json::json!(Recipe {
            synthetic: true,
            seed: spec.seed,
            class: self.class(spec.class),
            toward,
            truncation: self.truncation,
            directions: self.directions.clone(),
            preset: self.preset.clone(),
            weights_sha256: self.weights_sha256.clone(),
        });
        vec![
            ("Title", picture.title().to_owned()),
            ("Description", NOTICE.to_owned()),
            ("Software", SOFTWARE.to_owned()),
            ("Copyright", format!("{}{LICENCE_OF_WEIGHTS}{}", self.attribution, self.licence)),
            ("Comment", recipe.to_string()),
        ]
    }
}

/// SHA-256 of `bytes`, hexadecimal, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(super) fn example() -> Provenance {
    Provenance {
        preset: "s64".to_owned(),
        weights_sha256: sha256(b"weights"),
        dataset: "made up".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        attribution: "Cheng (2017)".to_owned(),
        classes: vec!["glioma".to_owned(), "pituitary".to_owned()],
        truncation: 0.8,
        directions: BTreeMap::from([("head-size".to_owned(), -1.5)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_marks_the_scan_as_synthetic_and_makes_it_reproducible() -> Result<(), serde_json::Error> {
        let text = example().text(ImageKind::Mask, &ScanSpec { seed: 7, class: 1, toward: None });
        let value = |name| text.iter().find(|(keyword, _)| *keyword == name).map_or("", |(_, value)| value);
        assert!(value("Title").contains("mask of a synthetic"));
        assert_eq!(value("Description"), NOTICE);
        let recipe: serde_json::Value = serde_json::from_str(value("Comment"))?;
        assert_eq!((&recipe["seed"], &recipe["class"]), (&7.into(), &"pituitary".into()));
        assert_eq!(recipe["weights_sha256"], example().weights_sha256);
        Ok(())
    }

    #[test]
    fn hashes_equal_those_of_sha256sum() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
