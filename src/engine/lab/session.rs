//! Answers the page's requests, one after the other.

use std::cell::RefCell;

use burn::tensor::Device;

use super::protocol::{ArmResult, BeginLab, LabEvent, LabPeople, LabProblem, LabRequest, SIDES};
use crate::engine::fetch;
use crate::gan::generator_model::GeneratorModel;
use crate::lab::comparison::ArmComparison;
use crate::lab::drawn_people;
use crate::lab::experiment::{Experiment, ExperimentError, rehearse};
use crate::lab::people::LabError;
use crate::lab::setup::Learner;
use crate::worker::port;

/// Training steps of the warm-up, beyond the first one.
const STEPS: usize = 3;

/// The experiment, if there is one.
#[derive(Default)]
struct LabSession(RefCell<Option<Experiment>>);

/// Answers the page's requests for as long as the worker lives.
#[cfg(feature = "web")]
pub fn start() {
    let session = LabSession::default();
    port::answer_in_turn(async move |request| match request {
        Ok(request) => session.answer(request).await,
        Err(detail) => LabEvent::Failed { detail },
    });
}

impl LabSession {
    async fn answer(&self, request: LabRequest) -> LabEvent {
        match request {
            LabRequest::Measure { learner } => LabEvent::Measured { millis: SIDES.map(|side| time(learner, side)) },
            LabRequest::Begin(begin) => match prepare(*begin).await {
                Ok(experiment) => {
                    let ready = LabEvent::Ready { units: experiment.units().to_vec() };
                    self.0.replace(Some(experiment));
                    ready
                }
                Err((problem, detail)) => LabEvent::Refused { problem, detail },
            },
            LabRequest::Run { arm, repetition } => {
                let start = port::now();
                let Some(mut experiment) = self.0.take() else { return nothing() };
                let run = experiment.run(arm, repetition).await;
                self.0.replace(Some(experiment));
                match run {
                    Ok(run) => LabEvent::Ran { run, millis: port::now() - start },
                    Err(error) => LabEvent::Failed { detail: error.to_string() },
                }
            }
            LabRequest::Compare { runs } => match self.0.borrow().as_ref() {
                Some(experiment) => {
                    let results = experiment.compare(runs).unwrap_or_default();
                    LabEvent::Compared { results: results.iter().map(result).collect() }
                }
                None => nothing(),
            },
        }
    }
}

fn nothing() -> LabEvent {
    LabEvent::Failed { detail: "there is no experiment yet".to_owned() }
}

fn result(one: &ArmComparison) -> ArmResult {
    let ArmComparison { arm, difference, interval, corrected, verdict, .. } = *one;
    ArmResult { arm, difference, interval, corrected, verdict }
}

/// Milliseconds of a training step.
fn time(learner: Learner, side: usize) -> f64 {
    // The first step also makes the network.
    let clock = |steps| {
        let start = port::now();
        rehearse(learner, side, steps);
        port::now() - start
    };
    let first = clock(1);
    ((clock(1 + STEPS) - first) / STEPS as f64).max(0.0)
}

async fn prepare(begin: BeginLab) -> Result<Experiment, (LabProblem, String)> {
    let BeginLab { setup, people, weights } = begin;
    let generator = match weights {
        None => None,
        Some(source) => {
            let broken = |detail: String| (LabProblem::Weights, detail);
            let bytes = fetch::file(source, |_, _| ()).await.map_err(|(_, detail)| broken(detail))?;
            Some(GeneratorModel::from_bytes(&bytes, &Device::flex()).map_err(|error| broken(error.to_string()))?)
        }
    };
    let (slices, others) = match people {
        LabPeople::Drawn => (drawn_people::people(setup.size), drawn_people::others(setup.size)),
        LabPeople::Slices(slices) => (slices, Vec::new()),
    };
    Experiment::new(setup, slices, others, generator).map_err(|error| (problem(&error), error.to_string()))
}

fn problem(error: &ExperimentError) -> LabProblem {
    match error {
        ExperimentError::People(LabError::TestPersonInTrain(_) | LabError::TestPersonInGenerator(_)) => {
            LabProblem::Leak
        }
        ExperimentError::People(LabError::MissingClass { .. } | LabError::Empty(_)) => LabProblem::TooFew,
        ExperimentError::People(_) | ExperimentError::Generator(_) => LabProblem::Other,
        ExperimentError::Obstacle(_) => LabProblem::NoMasks,
        ExperimentError::OtherClasses(_) => LabProblem::OtherClasses,
        ExperimentError::OtherPersons(_) => LabProblem::OtherPersons,
        ExperimentError::NoGenerator => LabProblem::Weights,
    }
}

#[cfg(test)]
mod tests;
