//! The settings of a study.

use serde::{Deserialize, Serialize};

/// Labelled examples of each kind that are shown between the halves.
pub const EXAMPLES: usize = 4;

/// What a case shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StudyFormat {
    /// One picture: real or generated?
    #[default]
    Single,
    /// A real and a generated picture side by side: which one is real?
    Pairs,
}

/// The settings, equal for all readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudySettings {
    /// What a case shows.
    pub format: StudyFormat,
    /// Number of cases: one of [`StudySettings::CASES`].
    pub cases: usize,
    /// Whether labelled examples are shown between two halves.
    pub clues: bool,
    /// Seconds for each choice; 0 for no limit.
    pub seconds: u32,
    /// Steps of the confidence scale; 0 for none.
    pub confidence: u8,
    /// Number of readers.
    pub readers: usize,
    /// Decides which pictures are shown, and in which order.
    pub seed: u32,
}

impl Default for StudySettings {
    fn default() -> Self {
        Self { format: StudyFormat::Single, cases: 20, clues: false, seconds: 0, confidence: 5, readers: 2, seed: 1 }
    }
}

impl StudySettings {
    /// Numbers of cases: multiples of 4, so that both halves are balanced.
    pub const CASES: [usize; 7] = [8, 12, 20, 40, 60, 100, 200];
    /// Time limits in seconds; 0 for none.
    pub const SECONDS: [u32; 6] = [0, 3, 5, 10, 20, 60];
    /// Steps of confidence scales; 0 for none.
    pub const CONFIDENCE: [u8; 3] = [0, 3, 5];
    /// Most readers.
    pub const MAX_READERS: usize = 20;

    /// Whether these settings are among those that the page offers.
    pub fn is_valid(&self) -> bool {
        Self::CASES.contains(&self.cases)
            && Self::SECONDS.contains(&self.seconds)
            && Self::CONFIDENCE.contains(&self.confidence)
            && (1..=Self::MAX_READERS).contains(&self.readers)
    }

    /// Pictures in one case.
    pub fn pictures(&self) -> usize {
        1 + usize::from(self.format == StudyFormat::Pairs)
    }

    /// Examples of each kind.
    pub fn examples(&self) -> usize {
        if self.clues { EXAMPLES } else { 0 }
    }

    /// Pictures of each kind that the study needs, examples included.
    pub fn needed(&self) -> usize {
        self.cases * self.pictures() / 2 + self.examples()
    }
}
