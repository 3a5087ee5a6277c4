//! Answers the page's requests, one after the other.

use std::cell::RefCell;
use std::collections::BTreeSet;

use burn::tensor::Device;
use serde_json::json;

use super::protocol::{BeginMeasure, MeasureEvent, MeasureRequest, MeasureResult, MeasuredSet};
use crate::engine::fetch;
use crate::evaluate::comparison::{RealSlices, SetComparison};
use crate::evaluate::efficientnet_lite::EfficientNetLite;
use crate::evaluate::report::EvaluationReport;
use crate::evaluate::task::{MeasureTask, SliceSet, TaskResult};
use crate::mark::SOFTWARE;
use crate::worker::port;

/// A comparison that is ready for its tasks. All is computed on the processor, so that every device gets the same numbers.
struct Prepared {
    comparison: SetComparison,
    network: EfficientNetLite,
    /// The slices without their pixels.
    begin: BeginMeasure,
}

/// The comparison, if there is one.
#[derive(Default)]
struct MeasureSession(RefCell<Option<Prepared>>);

/// Answers the page's requests for as long as the worker lives.
#[cfg(feature = "web")]
pub fn start() {
    let session = MeasureSession::default();
    port::answer_in_turn(async move |request| match request {
        Ok(request) => session.answer(request).await,
        Err(detail) => failed(detail),
    });
}

impl MeasureSession {
    async fn answer(&self, request: MeasureRequest) -> MeasureEvent {
        match request {
            MeasureRequest::Begin(begin) => match prepare(*begin).await {
                Ok(prepared) => {
                    let tasks = prepared.comparison.tasks();
                    self.0.replace(Some(prepared));
                    MeasureEvent::Ready { tasks }
                }
                Err(event) => event,
            },
            MeasureRequest::Run { task } => {
                let (prepared, start) = (self.0.borrow(), port::now());
                let Some(Prepared { comparison, network, .. }) = prepared.as_ref() else { return nothing() };
                match comparison.run(task, network, &Device::flex()) {
                    Ok(found) => MeasureEvent::Done { task, found, millis: port::now() - start },
                    Err(error) => failed(error.to_string()),
                }
            }
            MeasureRequest::Finish { found, seconds } => match self.0.borrow().as_ref() {
                Some(prepared) => finish(prepared, found, seconds),
                None => nothing(),
            },
        }
    }
}

fn failed(detail: String) -> MeasureEvent {
    MeasureEvent::Failed { network: false, detail }
}

fn nothing() -> MeasureEvent {
    failed("there is no comparison yet".to_owned())
}

async fn prepare(mut begin: BeginMeasure) -> Result<Prepared, MeasureEvent> {
    let broken = |detail: String| MeasureEvent::Failed { network: true, detail };
    let bytes = fetch::file(begin.network.clone(), |_, _| ()).await.map_err(|(_, detail)| broken(detail))?;
    let network = EfficientNetLite::from_bytes(&bytes, &Device::flex()).map_err(|error| broken(error.to_string()))?;
    let area = begin.side * begin.side;
    let images = |set: &mut MeasuredSet| -> Vec<Vec<u8>> {
        std::mem::take(&mut set.pixels).chunks_exact(area.max(1)).map(<[u8]>::to_vec).collect()
    };
    let real = |set: &mut MeasuredSet| RealSlices { images: images(set), persons: set.persons.clone() };
    let (learned, test) = (begin.learned.as_mut().map(real), real(&mut begin.real));
    let generated = images(&mut begin.generated);
    let sizes = [learned.as_ref().map_or(0, |set| set.images.len()), test.images.len(), generated.len()];
    let named =
        [begin.learned.as_ref().map_or(0, |set| set.files.len()), begin.real.files.len(), begin.generated.files.len()];
    if sizes != named {
        return Err(failed(format!("{sizes:?} slices, but {named:?} names")));
    }
    let comparison = SetComparison::new(begin.side, learned, test, generated, begin.seed);
    Ok(Prepared { comparison, network, begin })
}

fn finish(prepared: &Prepared, found: Vec<(MeasureTask, TaskResult)>, seconds: f64) -> MeasureEvent {
    let Prepared { comparison, begin, .. } = prepared;
    let start = port::now();
    let measured = comparison.measures(found);
    let mut report = EvaluationReport {
        program: SOFTWARE.to_owned(),
        source: "slices in the browser".to_owned(),
        data: "slices in the browser".to_owned(),
        side: begin.side,
        seed: begin.seed,
        measures: measured.measures,
        details: measured.details,
        ..EvaluationReport::default()
    };
    for set in SliceSet::ALL {
        report.counts.insert(format!("{} slices", set.name()), comparison.images(set).len());
        if set != SliceSet::Generated {
            let persons: BTreeSet<&String> = comparison.persons(set).iter().collect();
            report.counts.insert(format!("{} patients", set.name()), persons.len());
        }
    }
    report.leave_out("class agreement, mask agreement and area", "the browser measures pictures only");
    if begin.learned.is_none() {
        report.leave_out("copies of train slices", "there is no folder that the generator learned from");
    }
    report.details.insert("slices".to_owned(), slices(begin));
    report.seconds.insert("tasks".to_owned(), (10.0 * seconds).round() / 10.0);
    report.seconds.insert("measures".to_owned(), ((port::now() - start) / 100.0).round() / 10.0);
    let text = match serde_json::to_string_pretty(&report) {
        Ok(text) => text,
        Err(error) => return failed(error.to_string()),
    };
    let (pairs_side, pairs) = measured.pairs.map_or((0, Vec::new()), |pairs| (pairs.width(), pairs.into_pixels()));
    MeasureEvent::Measured(Box::new(MeasureResult {
        measures: report.measures.iter().map(Into::into).collect(),
        counts: report.counts,
        persons_known: real_sets(begin).all(|set| set.known == set.files.len()),
        report: text,
        pairs_side,
        pairs,
    }))
}

fn real_sets(begin: &BeginMeasure) -> impl Iterator<Item = &MeasuredSet> {
    std::iter::once(&begin.real).chain(&begin.learned)
}

/// File and person of each slice, in the order in which they were measured. With these, `hersenscan evaluate` repeats the report.
fn slices(begin: &BeginMeasure) -> serde_json::Value {
    let named = |set: &MeasuredSet, chosen: Vec<usize>| {
        let rows = chosen.into_iter().map(|index| json!([set.files[index], set.persons[index]]));
        rows.collect::<Vec<_>>()
    };
    let all = |set: &MeasuredSet| (0..set.files.len()).collect::<Vec<_>>();
    let [train, test] = match &begin.learned {
        Some(learned) => [named(learned, all(learned)), named(&begin.real, all(&begin.real))],
        None => crate::evaluate::task::halves(&begin.real.persons, begin.seed).map(|half| named(&begin.real, half)),
    };
    let known: usize = real_sets(begin).map(|set| set.known).sum();
    json!({
        "train": train,
        "test": test,
        "generated": begin.generated.files,
        "slices whose person is known": known,
        "train slices are": if begin.learned.is_some() { "what the generator learned from" } else { "half of the persons on the real slices" },
        "unit of intervals": "the person; a slice whose person is not known is one of its own",
    })
}

#[cfg(test)]
mod tests;
