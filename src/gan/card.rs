//! The metadata of a weights file.
//!
//! safetensors metadata is a map from strings to strings. [`WeightsCard`] is that map with types. The trainer writes
//! every field, and the page and `hersenscan inspect` show them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::logit_reference::LogitReference;
use super::preset::{Network, Preset};
use super::weights_error::WeightsError;
use crate::slice::MAX_CLASSES;

/// Value of the `format` field. It changes when the layout changes.
pub const FORMAT: &str = "hersenscan-1";

/// Fact in [`WeightsCard::metrics`] with the names of the persons that the networks learned from, separated by commas. Only a
/// training on drawn persons writes it.
pub const PERSONS: &str = "persons";

/// Metadata of a weights file.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightsCard {
    /// Which network the file holds.
    pub network: Network,
    /// Size of the network.
    pub preset: Preset,
    /// Class names, in the order of the class input.
    pub classes: Vec<String>,
    /// Thousands of real images shown to the discriminator during training.
    pub kimg: f32,
    /// Name of the training data set.
    pub dataset: String,
    /// Licence of the weights.
    pub licence: String,
    /// Who must be credited.
    pub attribution: String,
    /// Date of writing, ISO 8601.
    pub date: String,
    /// Facts about the training by name, as text with units.
    pub metrics: BTreeMap<String, String>,
    /// Names of the latent directions, in order (generator only).
    pub directions: Vec<String>,
    /// Expected result of the self-test (generator only): see [`probe`](super::generator_model::probe).
    pub probe: Vec<f32>,
    /// Logits of known scans, to compare with (discriminator only).
    pub reference: Option<LogitReference>,
}

impl WeightsCard {
    /// A card with network, preset and classes; all other fields are empty.
    pub fn blank(network: Network, preset: Preset, classes: Vec<String>) -> Self {
        Self {
            network,
            preset,
            classes,
            kimg: 0.0,
            dataset: String::new(),
            licence: String::new(),
            attribution: String::new(),
            date: String::new(),
            metrics: BTreeMap::new(),
            directions: Vec::new(),
            probe: Vec::new(),
            reference: None,
        }
    }

    /// The persons that the networks learned from, sorted; `None` if the card does not name them.
    pub fn persons(&self) -> Option<Vec<String>> {
        let names = self.metrics.get(PERSONS)?.split(',').map(str::trim).filter(|name| !name.is_empty());
        Some(names.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect())
    }

    /// Converts to safetensors metadata.
    pub fn to_metadata(&self) -> HashMap<String, String> {
        let json = |value: serde_json::Value| value.to_string();
        let reference = self.reference.as_ref().map(|it| ("reference", serde_json::json!(it).to_string()));
        let fields = [
            ("format", FORMAT.to_owned()),
            ("network", self.network.word().to_owned()),
            ("preset", self.preset.name.to_owned()),
            ("classes", json(self.classes.clone().into())),
            ("kimg", self.kimg.to_string()),
            ("dataset", self.dataset.clone()),
            ("licence", self.licence.clone()),
            ("attribution", self.attribution.clone()),
            ("date", self.date.clone()),
            ("metrics", serde_json::json!(self.metrics).to_string()),
            ("directions", json(self.directions.clone().into())),
            ("probe", json(self.probe.clone().into())),
        ];
        fields.into_iter().chain(reference).map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Reads safetensors metadata.
    ///
    /// # Errors
    /// [`WeightsError::NotOurs`] without a `format` field, [`WeightsError::Field`] if another field is missing or has an
    /// unknown value.
    pub fn from_metadata(map: &HashMap<String, String>) -> Result<Self, WeightsError> {
        let field = |name: &'static str| {
            map.get(name).cloned().ok_or(WeightsError::Field { field: name, found: String::new() })
        };
        let bad = |field, found: &str| WeightsError::Field { field, found: shorten(found) };
        let format = map.get("format").ok_or(WeightsError::NotOurs)?;
        if format != FORMAT {
            return Err(bad("format", format));
        }
        let network = match field("network")?.as_str() {
            "generator" => Network::Generator,
            "discriminator" => Network::Discriminator,
            other => return Err(bad("network", other)),
        };
        let name = field("preset")?;
        let preset = Preset::by_name(&name).ok_or_else(|| bad("preset", &name))?;
        let classes: Vec<String> = parse("classes", &field("classes")?)?;
        if classes.is_empty() || classes.len() > MAX_CLASSES {
            return Err(bad("classes", &format!("{} classes", classes.len())));
        }
        let kimg = field("kimg")?;
        Ok(Self {
            network,
            preset,
            classes,
            kimg: kimg.parse().map_err(|_| bad("kimg", &kimg))?,
            dataset: field("dataset")?,
            licence: field("licence")?,
            attribution: field("attribution")?,
            date: field("date")?,
            metrics: parse("metrics", &field("metrics")?)?,
            directions: parse("directions", &field("directions")?)?,
            probe: parse("probe", &field("probe")?)?,
            reference: map.get("reference").map(|text| reference(text)).transpose()?,
        })
    }
}

fn reference(text: &str) -> Result<LogitReference, WeightsError> {
    let found: LogitReference = parse("reference", text)?;
    if found.is_sound() { Ok(found) } else { Err(WeightsError::Field { field: "reference", found: shorten(text) }) }
}

fn parse<T: for<'de> Deserialize<'de>>(field: &'static str, text: &str) -> Result<T, WeightsError> {
    serde_json::from_str(text).map_err(|_| WeightsError::Field { field, found: shorten(text) })
}

/// Untrusted text for an error message: at most 40 characters, no control characters.
fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
