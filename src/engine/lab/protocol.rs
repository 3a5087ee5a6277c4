//! Messages between the page and a worker of the lab.

use serde::{Deserialize, Serialize};

use crate::engine::shared::Source;
use crate::lab::arm::Arm;
use crate::lab::outcomes::{LabRun, Unit};
use crate::lab::setup::{LabSetup, Learner};
use crate::lab::verdict::Verdict;
use crate::slice::{PersonSlice, Slice};
use crate::worker::{Buffer, Message, put_pixels, take_pixels};

/// Name of a worker of the lab.
pub const WORKER_NAME: &str = "lab";
/// Sides of a slice that the warm-up times, in pixels.
pub const SIDES: [usize; 2] = [32, 64];

/// A request of the page. Each is answered by one event, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum LabRequest {
    /// Time a training step of a learner. Answer: `Measured`.
    Measure {
        /// The learner.
        learner: Learner,
    },
    /// Prepare an experiment. Answer: `Ready` or `Refused`.
    Begin(Box<BeginLab>),
    /// Train and test the learners of an arm in a repetition. Answer: `Ran`, or `Failed`.
    Run {
        /// The arm.
        arm: Arm,
        /// The repetition, from 0.
        repetition: usize,
    },
    /// Compare the arms. Answer: `Compared`.
    Compare {
        /// All runs so far.
        runs: Vec<LabRun>,
    },
}

/// An experiment and its slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeginLab {
    /// The experiment.
    pub setup: LabSetup,
    /// Its people.
    pub people: LabPeople,
    /// The weights of [`FakeSource::Network`] or [`FakeSource::SameNetwork`].
    ///
    /// [`FakeSource::Network`]: crate::lab::setup::FakeSource::Network
    /// [`FakeSource::SameNetwork`]: crate::lab::setup::FakeSource::SameNetwork
    pub weights: Option<Source>,
}

/// The people of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabPeople {
    /// [Drawn](crate::lab::drawn_people) ones. The worker draws them itself.
    Drawn,
    /// Slices of people.
    Slices(Vec<PersonSlice>),
}

/// An event of a worker of the lab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum LabEvent {
    /// The warm-up is done.
    Measured {
        /// Milliseconds of a training step, for each of [`SIDES`].
        millis: [f64; SIDES.len()],
    },
    /// Runs can be asked for.
    Ready {
        /// The units: every run has one value for each.
        units: Vec<Unit>,
    },
    /// The experiment cannot be done.
    Refused {
        /// Why.
        problem: LabProblem,
        /// Technical details, English.
        detail: String,
    },
    /// A run is done.
    Ran {
        /// What it found.
        run: LabRun,
        /// How long it took.
        millis: f64,
    },
    /// A run cannot be done, now or later.
    Failed {
        /// Technical details, English.
        detail: String,
    },
    /// The arms are compared.
    Compared {
        /// Each arm but the baseline. Empty if there are too few repetitions.
        results: Vec<ArmResult>,
    },
}

/// An arm against the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ArmResult {
    /// The arm.
    pub arm: Arm,
    /// Mean difference.
    pub difference: f64,
    /// Its 95 % interval.
    pub interval: [f64; 2],
    /// Its interval after Holm's correction, from which the verdict follows.
    pub corrected: [f64; 2],
    /// The verdict.
    pub verdict: Verdict,
}

/// Why an experiment cannot be done, in terms that a visitor can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabProblem {
    /// A test person is among those to learn from, or among those that the generator saw.
    Leak,
    /// A class has too few people.
    TooFew,
    /// There are no masks to learn from.
    NoMasks,
    /// The generator makes other classes.
    OtherClasses,
    /// The generator learned from other persons than those of the experiment.
    OtherPersons,
    /// The weights of the generator could not be fetched or read.
    Weights,
    /// Anything else.
    Other,
}

impl BeginLab {
    fn slices_mut(&mut self) -> Vec<&mut Slice> {
        match &mut self.people {
            LabPeople::Drawn => Vec::new(),
            LabPeople::Slices(slices) => slices.iter_mut().map(|it| &mut it.labelled.slice).collect(),
        }
    }
}

impl Message for LabRequest {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Begin(begin) => vec![take_pixels(begin.slices_mut())],
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Begin(begin) => put_pixels(begin.slices_mut(), Buffer::single(buffers)?),
            _ => Buffer::none(&buffers),
        }
    }
}

impl Message for LabEvent {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::folds::Division;
    use crate::lab::setup::{FakeSource, Learning};
    use crate::slice::LabelledSlice;

    #[test]
    fn slices_travel_as_one_buffer() {
        let slice = Slice { size: 2, image: vec![1, 2, 3, 4], mask: vec![5, 6, 7, 8] };
        let slice = |person: &str| PersonSlice {
            person: person.to_owned(),
            labelled: LabelledSlice { class: 1, slice: slice.clone() },
        };
        let setup = LabSetup {
            learner: Learner::Classifier,
            maker: FakeSource::Same,
            division: Division::Halves,
            size: 32,
            classes: vec!["a".to_owned(), "b".to_owned()],
            patients: 4,
            repetitions: 3,
            each: 2,
            learning: Learning { steps: 5, fakes: 0.5, seed: 1 },
        };
        for people in [LabPeople::Drawn, LabPeople::Slices(vec![slice("Ann"), slice("Bea")])] {
            let begin = BeginLab { setup: setup.clone(), people, weights: None };
            let whole = LabRequest::Begin(Box::new(begin));
            let mut sent = whole.clone();
            let buffers = sent.take_buffers();
            let header = serde_json::to_string(&sent).unwrap();
            let mut arrived: LabRequest = serde_json::from_str(&header).unwrap();
            arrived.put_buffers(buffers).unwrap();
            assert_eq!(arrived, whole);
        }
        assert!(LabRequest::Measure { learner: Learner::Segmenter }.put_buffers(vec![Buffer::default()]).is_err());
    }
}
