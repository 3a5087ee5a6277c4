//! Weights files from a training in the tab. The studio and the command line can read them.

use super::protocol::TrainingEvent;
use super::run::{Reporter, TrainingRun, lost};
use super::start::FailureReport;
use crate::date::today;
use crate::engine::shared::Failure;
use crate::gan::directions::Directions;
use crate::gan::preset::Network;
use crate::gan::publish;
use crate::gan::weights;
use crate::gan::weights_error::WeightsError;
use crate::training::card::{NOT_STATED, TrainingProvenance};
use crate::worker::port;

/// Sends a network to the page as a weights file. The generator is the best so far, unless the visitor wants the last.
///
/// # Errors
/// [`Failure::DeviceLost`], or [`Failure::BadRequest`] if the file cannot be encoded.
pub async fn export(run: &TrainingRun, network: Network, last: bool) -> Result<(), FailureReport> {
    let (state, reporter) = (&run.training.state, &run.reporter);
    let provenance = provenance(reporter);
    let mut card = provenance.card(state, Network::Generator, today());
    if let Some(best) = state.best.as_ref().filter(|_| !last) {
        card.kimg = best.images as f32 / 1000.0;
        card.metrics.insert("steps".to_owned(), best.steps.to_string());
        let of = format!("{:.1} thousand slices, by distance to held-out slices", state.images as f32 / 1000.0);
        card.metrics.insert("best of".to_owned(), of);
    }
    let (average, _) = run.result(last);
    let published = publish::generator(average, &state.settings, card).await.map_err(lost)?;
    let (card, values) = match network {
        Network::Generator => (published.card, published.values),
        Network::Discriminator => {
            let card = provenance.card(state, Network::Discriminator, today());
            publish::discriminator(state, card, &published, &reporter.begin.set.held_out).await.map_err(lost)?
        }
    };
    let refused = |error: WeightsError| (Failure::BadRequest, error.to_string());
    let bytes = weights::write(&card, &values, &Directions::default()).map_err(refused)?;
    port::post(TrainingEvent::Exported { network, bytes: bytes.into() });
    Ok(())
}

fn provenance(reporter: &Reporter) -> TrainingProvenance {
    let (set, parent) = (&reporter.begin.set, reporter.parent.as_ref());
    let provenance = TrainingProvenance {
        classes: set.classes.clone(),
        dataset: set.source.clone(),
        licence: NOT_STATED.to_owned(),
        attribution: String::new(),
        slices: set.train.len(),
        facts: vec![("trained in", "a browser".to_owned())],
    };
    match parent {
        Some(parent) => provenance.started_from(parent),
        None => provenance,
    }
}
