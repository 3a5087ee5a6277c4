//! The card of a model: what its maker tells of it, beside its weights (`t1ce-s64.safetensors` has `t1ce-s64.card.json`).
//!
//! Numbers and names stand in the file; the sentences around them belong to who shows it, in their language. Knows no
//! browser and no tensor.

pub mod measure;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use measure::Measure;

/// Value of the `format` field: changes when the layout does.
pub const FORMAT: &str = "hersenscan-card-1";
/// Largest file, in bytes.
pub const MAX_FILE: usize = 256 << 10;
/// Most pictures of known faults.
const MAX_PICTURES: usize = 12;

/// A card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// [`FORMAT`].
    pub format: String,
    /// Name of the model, as its weights file: `t1ce-s64`.
    pub model: String,
    /// Side of its scans in pixels.
    pub size: usize,
    /// Names of the classes, in the order of the class inputs.
    pub classes: Vec<String>,
    /// What it learned from, in words of its maker, English.
    pub data: String,
    /// Where that can be found.
    pub data_url: String,
    /// People and slices that it learned from.
    pub train: Count,
    /// People and slices of the same collection that it never learned from.
    pub test: Count,
    /// Licence of the weights.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// Thousands of real slices that the discriminator was shown.
    #[serde(default)]
    pub kimg: Option<f64>,
    /// What it was trained on, English.
    #[serde(default)]
    pub hardware: Option<String>,
    /// For how many hours.
    #[serde(default)]
    pub hours: Option<f64>,
    /// What was measured; what is not in here was not.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// Known faults.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// Pictures of them in `faults/`, of generated scans only.
    #[serde(default)]
    pub fault_pictures: Vec<String>,
}

/// So many people and slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// People.
    pub patients: u32,
    /// Their slices.
    pub slices: u32,
}

/// A fault that a generator can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Details are soft.
    Soft,
    /// Some heads are lopsided.
    Lopsided,
    /// Scans of a class look much alike.
    Alike,
    /// Masks do not always fit what is seen.
    Masks,
    /// Some scans show what no head has.
    Artefacts,
    /// One kind of picture, from the people of one collection.
    Narrow,
    /// Nobody looked at every scan.
    Unknown,
}

/// Why a card cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// Too large a file.
    #[error("the card has {0} bytes; at most {MAX_FILE} are read. Is it the right file?")]
    TooLarge(usize),
    /// Not JSON, or not of this layout.
    #[error("the card is not readable: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// Another layout.
    #[error("the card has the format `{0}`, but {FORMAT} is known here")]
    Format(String),
    /// A name of a picture that leads elsewhere, or too many.
    #[error(
        "the card names pictures that it may not: at most {MAX_PICTURES}, PNG, in small letters, digits and dashes"
    )]
    Pictures,
}

impl ModelCard {
    /// Reads a file and checks it.
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
        if card.fault_pictures.len() > MAX_PICTURES || !card.fault_pictures.iter().all(|name| is_picture(name)) {
            return Err(CardError::Pictures);
        }
        Ok(card)
    }

    /// What was measured under this name, if it was.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// Where the card of a weights file lies.
    pub fn beside(weights: &Path) -> PathBuf {
        weights.with_extension("card.json")
    }
}

fn is_picture(name: &str) -> bool {
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
    fn a_card_may_know_little() {
        let card = ModelCard::read(text("").as_bytes()).expect("a card");
        assert_eq!((card.train.patients, card.kimg, card.measures.len()), (104, None, 0));
        assert!(card.measure("kid").is_none());
    }

    #[test]
    fn measures_are_those_of_the_evaluation() {
        let more = r#","faults":["soft"],"measures":[{"id":"kid","value":0.03,"interval":[0.02,0.04],"real_against_real":0.001,"aim":0.05,"met":true},{"id":"density","value":null}]"#;
        let card = ModelCard::read(text(more).as_bytes()).expect("a card");
        let kid = card.measure("kid").expect("measured");
        assert_eq!((kid.value, kid.interval, kid.met), (Some(0.03), Some([0.02, 0.04]), Some(true)));
        assert_eq!(card.measure("density").and_then(|measure| measure.value), None);
        assert_eq!(card.faults, [Fault::Soft]);
    }

    #[test]
    fn strange_cards_are_refused() {
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
    fn a_card_lies_beside_its_weights() {
        assert_eq!(ModelCard::beside(Path::new("a/t1ce-s64.safetensors")), Path::new("a/t1ce-s64.card.json"));
    }

    #[test]
    fn the_cards_that_ship_can_be_read() {
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
