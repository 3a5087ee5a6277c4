//! The settings of an experiment: learner, fakes, persons and training.

use serde::{Deserialize, Serialize};

use super::draw::Question;
use super::folds::Division;
use super::outcomes::Metric;
use super::variance_components::Deviations;

/// What a network is trained to find in a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Learner {
    /// The class, with a small classifier.
    #[serde(rename = "type")]
    Classifier,
    /// The tumour's place, with a small U-Net.
    #[serde(rename = "where")]
    Segmenter,
}

impl Learner {
    /// The name in tables and on the command line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Classifier => "type",
            Self::Segmenter => "where",
        }
    }

    /// The measures of this learner; the first is the main one.
    pub fn measures(self, classes: usize) -> &'static [Metric] {
        match (self, classes) {
            (Self::Segmenter, _) => &[Metric::Dice],
            (Self::Classifier, 2) => &[Metric::BalancedAccuracy, Metric::Auc],
            (Self::Classifier, _) => &[Metric::BalancedAccuracy],
        }
    }

    /// The deviations that the smallest effect is computed with before anything is measured.
    pub fn assumed(self) -> Deviations {
        match self {
            Self::Classifier => Deviations { persons: 0.2, repetitions: 0.03, residual: 0.3 },
            Self::Segmenter => Deviations { persons: 0.1, repetitions: 0.03, residual: 0.15 },
        }
    }
}

/// What all runs of an experiment share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    /// Training steps of a learner.
    pub steps: usize,
    /// Part of the fakes in a mini-batch of a mixed arm, 0 to 1.
    pub fakes: f64,
    /// Seed of all random numbers.
    pub seed: u64,
}

/// Who makes the fakes of an experiment in the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FakeSource {
    /// A generator from a weights file.
    Network,
    /// A generator from a weights file that saw the persons that the learner learns from, and nobody else.
    SameNetwork,
    /// [`blend`](super::blend) of many other persons.
    Others,
    /// [`blend`](super::blend) of the persons that the learner learns from, and of nobody else.
    Same,
}

impl FakeSource {
    /// The question that an experiment with these fakes asks.
    pub fn question(self) -> Question {
        match self {
            Self::Network | Self::Others => Question::Sharing,
            Self::SameNetwork | Self::Same => Question::Stretching,
        }
    }
}

/// An experiment in the tab. The same setup and the same slices give the same runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabSetup {
    /// The learner.
    pub learner: Learner,
    /// Who makes the fakes.
    pub maker: FakeSource,
    /// Division of the persons.
    pub division: Division,
    /// Side of a slice in pixels, as the learners see it: a multiple of 16.
    pub size: usize,
    /// Class names.
    pub classes: Vec<String>,
    /// Number of persons to learn from.
    pub patients: usize,
    /// Number of repetitions.
    pub repetitions: usize,
    /// Fakes of each class in a repetition.
    pub each: usize,
    /// Steps, share of fakes and seed.
    pub learning: Learning,
}
