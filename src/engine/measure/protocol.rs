//! Messages between the page and a worker that measures.

use serde::{Deserialize, Serialize};

use crate::card::measure::Measure;
use crate::engine::shared::Source;
use crate::evaluate::task::{MeasureTask, PlannedTask, TaskResult};
use crate::worker::{Buffer, Message};

/// Name of a worker that measures.
pub const WORKER_NAME: &str = "measure";

/// A request of the page. Each is answered by one event, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum MeasureRequest {
    /// Prepare a comparison. Answer: `Ready` or `Failed`.
    Begin(Box<BeginMeasure>),
    /// Do a task. Answer: `Done` or `Failed`.
    Run {
        /// The task.
        task: MeasureTask,
    },
    /// Compute the measures. Answer: `Measured` or `Failed`.
    Finish {
        /// What each task found.
        found: Vec<(MeasureTask, TaskResult)>,
        /// Seconds that the tasks took.
        seconds: f64,
    },
}

/// The slices of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeginMeasure {
    /// Side of all slices in pixels.
    pub side: usize,
    /// Seed of all random numbers.
    pub seed: u64,
    /// The feature network.
    pub network: Source,
    /// Real slices.
    pub real: MeasuredSet,
    /// Generated slices.
    pub generated: MeasuredSet,
    /// What the generator learned from, if it is known.
    pub learned: Option<MeasuredSet>,
}

/// Slices and where they come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasuredSet {
    /// Path of the file of each slice.
    pub files: Vec<String>,
    /// The person on each slice; the file if it is not known.
    pub persons: Vec<String>,
    /// Number of slices whose person is known.
    pub known: usize,
    /// The pixels of all slices, one after the other.
    #[serde(skip)]
    pub pixels: Vec<u8>,
}

/// An event of a worker that measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum MeasureEvent {
    /// Tasks can be asked for.
    Ready {
        /// All tasks of the comparison.
        tasks: Vec<PlannedTask>,
    },
    /// A task is done.
    Done {
        /// The task.
        task: MeasureTask,
        /// What it found.
        found: TaskResult,
        /// How long it took.
        millis: f64,
    },
    /// All is measured.
    Measured(Box<MeasureResult>),
    /// It cannot be done, now or later.
    Failed {
        /// Whether the feature network did not arrive, or is damaged.
        network: bool,
        /// Technical details, English.
        detail: String,
    },
}

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasureResult {
    /// The measures.
    pub measures: Vec<Measure>,
    /// Numbers of slices and persons, as in the report.
    pub counts: std::collections::BTreeMap<String, usize>,
    /// Whether the person on each real slice is known.
    pub persons_known: bool,
    /// The report as JSON, as `hersenscan evaluate` writes it.
    pub report: String,
    /// Side of the picture of the closest pairs in pixels; 0 if there is none.
    pub pairs_side: usize,
    /// Its pixels.
    #[serde(skip)]
    pub pairs: Vec<u8>,
}

impl BeginMeasure {
    fn sets_mut(&mut self) -> impl Iterator<Item = &mut MeasuredSet> {
        [&mut self.real, &mut self.generated].into_iter().chain(&mut self.learned)
    }
}

impl Message for MeasureRequest {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Begin(begin) => begin.sets_mut().map(|set| std::mem::take(&mut set.pixels).into()).collect(),
            Self::Run { .. } => Vec::new(),
            Self::Finish { found, .. } => floats_mut(found.iter_mut().map(|(_, found)| found)).map(take).collect(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Begin(begin) => {
                let sets: Vec<&mut MeasuredSet> = begin.sets_mut().collect();
                for (set, buffer) in pairs(sets, buffers)? {
                    set.pixels = buffer.into_bytes();
                }
                Ok(())
            }
            Self::Run { .. } => Buffer::none(&buffers),
            Self::Finish { found, .. } => put(floats_mut(found.iter_mut().map(|(_, found)| found)).collect(), buffers),
        }
    }
}

impl Message for MeasureEvent {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Done { found, .. } => floats_mut(std::iter::once(found)).map(take).collect(),
            Self::Measured(result) => vec![std::mem::take(&mut result.pairs).into()],
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Done { found, .. } => put(floats_mut(std::iter::once(found)).collect(), buffers),
            Self::Measured(result) => {
                result.pairs = Buffer::single(buffers)?.into_bytes();
                Ok(())
            }
            _ => Buffer::none(&buffers),
        }
    }
}

/// The features among the results of the tasks.
fn floats_mut<'a>(found: impl Iterator<Item = &'a mut TaskResult>) -> impl Iterator<Item = &'a mut Vec<f32>> {
    found.filter_map(|found| match found {
        TaskResult::Features(values) => Some(values),
        _ => None,
    })
}

fn take(values: &mut Vec<f32>) -> Buffer {
    Buffer::from(std::mem::take(values).as_slice())
}

fn put(places: Vec<&mut Vec<f32>>, buffers: Vec<Buffer>) -> Result<(), String> {
    for (place, buffer) in pairs(places, buffers)? {
        *place = buffer.into_floats()?;
    }
    Ok(())
}

fn pairs<T>(places: Vec<T>, buffers: Vec<Buffer>) -> Result<impl Iterator<Item = (T, Buffer)>, String> {
    if places.len() == buffers.len() {
        Ok(places.into_iter().zip(buffers))
    } else {
        Err(format!("{} buffers instead of {}", buffers.len(), places.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::task::{SliceSet, TwoSampleQuestion};

    fn sent<T: Message + Clone + PartialEq + std::fmt::Debug>(whole: T, buffers: usize) {
        let mut sent = whole.clone();
        let taken = sent.take_buffers();
        assert_eq!(taken.len(), buffers);
        let header = serde_json::to_string(&sent).unwrap();
        let mut arrived: T = serde_json::from_str(&header).unwrap();
        assert!(arrived.clone().put_buffers(vec![Buffer::default(); buffers + 1]).is_err());
        arrived.put_buffers(taken).unwrap();
        assert_eq!(arrived, whole);
    }

    #[test]
    fn pixels_and_features_travel_as_buffers() {
        let set = |count: u8| MeasuredSet {
            files: vec!["a.png".to_owned()],
            persons: vec!["a".to_owned()],
            known: 1,
            pixels: vec![count; 4],
        };
        let network = Source::Address { address: "https://example.org/x".to_owned() };
        for learned in [None, Some(set(3))] {
            let buffers = 2 + usize::from(learned.is_some());
            let begin =
                BeginMeasure { side: 2, seed: 1, network: network.clone(), real: set(1), generated: set(2), learned };
            sent(MeasureRequest::Begin(Box::new(begin)), buffers);
        }
        let features = |value: f32| TaskResult::Features(vec![value, 2.0]);
        let task = |from| MeasureTask::Features(SliceSet::Test, [from, from + 1]);
        let fold = (MeasureTask::Fold(TwoSampleQuestion::Real, 2), TaskResult::Fold(vec![(3, 1.0)]));
        let found = vec![(task(0), features(1.5)), fold, (task(1), features(-0.5))];
        sent(MeasureRequest::Finish { found, seconds: 1.0 }, 2);
        sent(MeasureRequest::Run { task: task(0) }, 0);
        sent(MeasureEvent::Done { task: task(0), found: features(0.25), millis: 3.0 }, 1);
        sent(
            MeasureEvent::Measured(Box::new(MeasureResult {
                pairs_side: 2,
                pairs: vec![1, 2, 3, 4],
                ..Default::default()
            })),
            1,
        );
        sent(MeasureEvent::Failed { network: true, detail: "404".to_owned() }, 0);
    }
}
