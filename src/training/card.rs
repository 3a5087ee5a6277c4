//! Cards of weights files, from the state of a run.

use crate::gan::card::WeightsCard;
use crate::gan::preset::Network;
use crate::gan::train::TrainState;

/// A licence or attribution that nobody gave.
pub const NOT_STATED: &str = "not stated";

/// What a card holds beside the counters of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingProvenance {
    /// Class names.
    pub classes: Vec<String>,
    /// Name of the data set.
    pub dataset: String,
    /// Licence of the weights.
    pub licence: String,
    /// Who must be credited.
    pub attribution: String,
    /// Number of training slices.
    pub slices: usize,
    /// More facts, by name.
    pub facts: Vec<(&'static str, String)>,
}

impl TrainingProvenance {
    /// Adds the networks that the run started from. If the licence of the slices is not given, the card says "that of its
    /// slices" beside the licence of the networks.
    pub fn started_from(mut self, parent: &WeightsCard) -> Self {
        let start = format!("{} after {:.1} thousand slices of {}", parent.preset.name, parent.kimg, parent.dataset);
        self.facts.push(("started from", start));
        let own = if self.licence == NOT_STATED { "that of its slices" } else { &self.licence };
        self.licence = format!("{own}, and {}", parent.licence);
        if self.attribution == NOT_STATED {
            self.attribution.clear();
        }
        let both = [self.attribution, parent.attribution.clone()];
        self.attribution = both.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("; ");
        self
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::preset::Preset;

    #[test]
    fn the_licence_of_the_start_stays() {
        let given = |licence: &str, attribution: &str| TrainingProvenance {
            classes: vec!["a".into()],
            dataset: "d".into(),
            licence: licence.into(),
            attribution: attribution.into(),
            slices: 1,
            facts: Vec::new(),
        };
        let blank = WeightsCard::blank(Network::Generator, Preset::by_name("n16").expect("a preset"), vec!["a".into()]);
        let parent = WeightsCard { licence: "CC BY-NC-SA 4.0".into(), attribution: "Buda".into(), ..blank };
        let unknown = given(NOT_STATED, NOT_STATED).started_from(&parent);
        assert_eq!(
            (unknown.licence.as_str(), unknown.attribution.as_str()),
            ("that of its slices, and CC BY-NC-SA 4.0", "Buda")
        );
        let known = given("CC BY 4.0", "Cheng").started_from(&parent);
        assert_eq!(
            (known.licence.as_str(), known.attribution.as_str()),
            ("CC BY 4.0, and CC BY-NC-SA 4.0", "Cheng; Buda")
        );
        assert!(known.facts.iter().any(|(name, _)| *name == "started from"));
    }
}
