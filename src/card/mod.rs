//! Model cards (Mitchell et al. 2019, arXiv 1810.03993): a JSON file next to the weights, `t1ce-s64.card.json` for
//! `t1ce-s64.safetensors`.
//!
//! A card holds numbers and names. Sentences about them are written by the page, in the visitor's language.

pub mod hugging_face;
pub mod measure;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use measure::Measure;

/// Value of the `format` field. It changes when the layout changes.
pub const FORMAT: &str = "hersenscan-card-1";
/// Largest file in bytes.
pub const MAX_FILE: usize = 256 << 10;
/// Largest number of images of known faults.
const MAX_PICTURES: usize = 12;

/// A model card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// [`FORMAT`].
    pub format: String,
    /// Name of the model and its weights file: `t1ce-s64`.
    pub model: String,
    /// Side of a scan in pixels.
    pub size: usize,
    /// Class names, in the order of the class input.
    pub classes: Vec<String>,
    /// Name of the training data, in English.
    pub data: String,
    /// Address of the training data.
    pub data_url: String,
    /// Training patients and slices.
    pub train: Count,
    /// Held-out patients and slices of the same collection.
    pub test: Count,
    /// Licence of the weights.
    pub licence: String,
    /// Who must be credited.
    pub attribution: String,
    /// Thousands of real slices shown to the discriminator during training.
    #[serde(default)]
    pub kimg: Option<f64>,
    /// Hardware of the training, in English.
    #[serde(default)]
    pub hardware: Option<String>,
    /// The same in Dutch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware_nl: Option<String>,
    /// Duration of the training in hours.
    #[serde(default)]
    pub hours: Option<f64>,
    /// Measures of the evaluation. Missing measures were not taken.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// Known faults.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// File names of example images in `faults/`. They show generated scans only.
    #[serde(default)]
    pub fault_pictures: Vec<String>,
}

/// Numbers of patients and slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Number of patients.
    pub patients: u32,
    /// Number of their slices.
    pub slices: u32,
}

/// A known fault of a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Details are soft.
    Soft,
    /// Some heads are lopsided.
    Lopsided,
    /// Scans of a class look alike.
    Alike,
    /// Some masks do not fit the visible tumour.
    Masks,
    /// Some scans show structures that no head has.
    Artefacts,
    /// One sequence, from patients of one collection.
    Narrow,
    /// Nobody has reviewed all scans, so there may be other faults.
    Unknown,
}

/// Why a card is refused.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// Larger than [`MAX_FILE`].
    #[error("the card has {0} bytes; at most {MAX_FILE} are read. Is it the right file?")]
    TooLarge(usize),
    /// Not JSON, or not this layout.
    #[error("the card is not readable: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// Another value of `format`.
    #[error("the card has the format `{0}`; this version reads {FORMAT}")]
    Format(String),
    /// An image name with other characters than allowed, or too many images.
    #[error(
        "the card names images that are not allowed: at most {MAX_PICTURES} PNG files, named with lower-case letters, digits and dashes"
    )]
    Pictures,
}

impl ModelCard {
    /// Reads and checks a card.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn read(bytes: &[u8]) -> Result<Self, CardError> {
        if bytes.len() > MAX_FILE {
            return Err(CardError::TooLarge(bytes.len()));
        }
        let card: Self = serde_json::from_slice(bytes)?;
        if card.format != FORMAT {
            return Err(CardError::Format(card.format.chars().filter(|c| !c.is_control()).take(40).collect()));
        }
        if card.fault_pictures.len() > MAX_PICTURES || !card.fault_pictures.iter().all(|name| is_image_name(name)) {
            return Err(CardError::Pictures);
        }
        Ok(card)
    }

    /// The measure with this id, if it was taken.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// Path of the card of a weights file: `a/t1ce-s64.card.json` for `a/t1ce-s64.safetensors`.
    pub fn path_for(weights: &Path) -> PathBuf {
        weights.with_extension("card.json")
    }
}

fn is_image_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.strip_suffix(".png").is_some_and(|stem| !stem.is_empty() && stem.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(more: &str) -> String {
        format!(
            r#"{{"format":"{FORMAT}","model":"t1ce-s64","size":64,"classes":["glioma"],"data":"a set","data_url":"https://doi.org/1",
            "train":{{"patients":104,"slices":559}},"test":{{"patients":35,"slices":169}},"licence":"CC BY 4.0","attribution":"Cheng"{more}}}"#
        )
    }

    #[test]
    fn optional_fields_may_be_missing() {
        let card = ModelCard::read(text("").as_bytes()).expect("a card");
        assert_eq!((card.train.patients, card.kimg, card.measures.len()), (104, None, 0));
        assert!(card.measure("kid").is_none());
    }

    #[test]
    fn measures_are_read() {
        let more = r#","faults":["soft"],"measures":[{"id":"kid","value":0.03,"interval":[0.02,0.04],"real_against_real":0.001,"aim":0.05,"met":true},{"id":"density","value":null}]"#;
        let card = ModelCard::read(text(more).as_bytes()).expect("a card");
        let kid = card.measure("kid").expect("measured");
        assert_eq!((kid.value, kid.interval, kid.met), (Some(0.03), Some([0.02, 0.04]), Some(true)));
        assert_eq!(card.measure("density").and_then(|measure| measure.value), None);
        assert_eq!(card.faults, [Fault::Soft]);
    }

    #[test]
    fn invalid_cards_are_refused() {
        assert!(matches!(ModelCard::read(b"<!doctype html>"), Err(CardError::Unreadable(_))));
        assert!(matches!(ModelCard::read(&vec![b' '; MAX_FILE + 1]), Err(CardError::TooLarge(_))));
        let other = text("").replace(FORMAT, "card-9");
        assert!(matches!(ModelCard::read(other.as_bytes()), Err(CardError::Format(_))));
        for name in ["../a.png", "https://x/a.png", "A.png", ".png", "a.svg"] {
            let card = text(&format!(r#","fault_pictures":["{name}"]"#));
            assert!(matches!(ModelCard::read(card.as_bytes()), Err(CardError::Pictures)), "{name}");
        }
    }

    #[test]
    fn a_card_is_next_to_its_weights() {
        assert_eq!(ModelCard::path_for(Path::new("a/t1ce-s64.safetensors")), Path::new("a/t1ce-s64.card.json"));
    }

    #[test]
    fn the_shipped_cards_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/weights");
        let files = std::fs::read_dir(folder).expect("the folder of weights").flatten().map(|entry| entry.path());
        let cards: Vec<PathBuf> = files.filter(|path| path.to_string_lossy().ends_with(".card.json")).collect();
        assert!(!cards.is_empty());
        for path in cards {
            let card = ModelCard::read(&std::fs::read(&path).expect("a file")).expect("a card");
            assert_eq!(path.file_name().and_then(|name| name.to_str()), Some(&*format!("{}.card.json", card.model)));
            assert!(card.measures.iter().all(|measure| measure::IDS.contains(&&*measure.id)), "{}", path.display());
        }
    }
}
