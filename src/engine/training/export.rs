//! The networks of a training as files, which every engine and the command line can read.

use std::collections::BTreeMap;

use super::super::shared::Failure;
use super::port;
use super::protocol::Event;
use super::protocol::{Tell, Who};
use super::run::{Failed, Run, lost};
use crate::date::today;
use crate::gan::card::WeightsCard;
use crate::gan::directions::Directions;
use crate::gan::preset::Network;
use crate::gan::publish;
use crate::gan::weights;
use crate::gan::weights_error::WeightsError;

/// Send a network as a file.
pub async fn export(run: &Run, who: Who) -> Result<(), Failed> {
    let stored = publish::generator(&run.trainer, card(run, Network::Generator)).await.map_err(lost)?;
    let (card, values) = match who {
        Who::Generator => (stored.card, stored.values),
        Who::Discriminator => {
            let card = card(run, Network::Discriminator);
            publish::discriminator(&run.trainer, card, &stored, &run.begin.set.held_out).await.map_err(lost)?
        }
    };
    let refused = |error: WeightsError| (Failure::BadRequest, error.to_string());
    let bytes = weights::write(&card, &values, &Directions::default()).map_err(refused)?;
    port::post_with_bytes(&Event::Training(Tell::Exported { who }), &bytes);
    Ok(())
}

fn card(run: &Run, network: Network) -> WeightsCard {
    let (trainer, set) = (&run.trainer, &run.begin.set);
    let base = run.recipe.card();
    let mut metrics: BTreeMap<String, String> = [
        ("training slices", set.train.len().to_string()),
        ("steps", trainer.steps.to_string()),
        ("batch", trainer.settings.batch.to_string()),
        ("trained in", "a browser".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Some(base) = base {
        let from = format!("{} after {:.1} thousand slices of {}", base.preset.name, base.kimg, base.dataset);
        metrics.insert("started from".to_owned(), from);
    }
    // What a visitor's slices may be used for is for the visitor to say; what the start demands holds on.
    let licence =
        base.map_or_else(|| "not stated".to_owned(), |base| format!("that of its slices, and {}", base.licence));
    WeightsCard {
        kimg: trainer.images as f32 / 1000.0,
        dataset: set.source.clone(),
        licence,
        attribution: base.map(|base| base.attribution.clone()).unwrap_or_default(),
        date: today(),
        metrics,
        ..WeightsCard::blank(network, trainer.settings.preset, set.classes.clone())
    }
}
