//! Cards of weights files, from the state of a run.

use crate::gan::card::WeightsCard;
use crate::gan::preset::Network;
use crate::gan::train::TrainState;

/// What a card says beside the counters of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingProvenance {
    /// Class names.
    pub classes: Vec<String>,
    /// Name of the data set.
    pub dataset: String,
    /// Licence of the weights.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// Number of training slices.
    pub slices: usize,
    /// More facts, by name.
    pub facts: Vec<(&'static str, String)>,
}

impl TrainingProvenance {
    /// The card of one network of a run. `date` is the day of writing, ISO 8601.
    pub fn card(&self, state: &TrainState, network: Network, date: String) -> WeightsCard {
        let counters = [
            ("training slices", self.slices.to_string()),
            ("steps", state.steps.to_string()),
            ("batch", state.settings.batch.to_string()),
        ];
        let judge = state.judge.as_ref().map(|judge| ("projected", judge.weight.to_string()));
        let facts = counters.iter().chain(&judge).chain(&self.facts);
        WeightsCard {
            kimg: state.images as f32 / 1000.0,
            dataset: self.dataset.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
            date,
            metrics: facts.map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            ..WeightsCard::blank(network, state.settings.preset, self.classes.clone())
        }
    }
}
