//! Comparison of samples with the training slices.

use super::protocol::{Copies, CopyPair, CopyVerdict, TrainingEvent};
use super::run::TrainingRun;
use super::start::FailureReport;
use crate::slice::{LabelledSlice, MIN_HELD_OUT};
use crate::slices::nearest::{Nearest, NearestIndex};
use crate::worker::port;

/// Samples to compare.
const SAMPLES: usize = 48;
/// First seed of the samples. The timeline shows other seeds.
const FIRST_SEED: u32 = 10_000;
/// Pairs to send.
const PAIRS: usize = 16;
/// The limit is this quantile of the distances of held-out slices.
const CLOSEST: f32 = 0.05;
/// A larger share of flagged samples is more than chance.
const SOME: f32 = 0.15;
/// A larger share means that the generator copies.
const MANY: f32 = 0.4;

/// Compares samples, and held-out slices, with the training slices, and sends the result.
///
/// # Errors
/// [`Failure::DeviceLost`](crate::engine::shared::Failure::DeviceLost).
pub async fn compare(run: &mut TrainingRun, last: bool) -> Result<(), FailureReport> {
    let (average, images) = run.result(last);
    let samples = run.samples(average, SAMPLES, FIRST_SEED).await?;
    let set = &run.reporter.begin.set;
    let size = set.size;
    let train_index = NearestIndex::new(size, set.train.iter().map(|it| it.slice.image.as_slice()));
    let mut found: Vec<(Nearest, &[u8])> = Vec::with_capacity(samples.len());
    for sample in &samples {
        found.extend(train_index.nearest(&sample.image).map(|nearest| (nearest, sample.image.as_slice())));
        port::yield_now().await;
    }
    let mut held_out = Vec::with_capacity(set.held_out.len());
    for LabelledSlice { slice, .. } in &set.held_out {
        held_out.extend(train_index.nearest(&slice.image).map(|nearest| nearest.relative));
        port::yield_now().await;
    }
    found.sort_by(|a, b| a.0.relative.total_cmp(&b.0.relative));
    held_out.sort_by(f32::total_cmp);
    let relative: Vec<f32> = found.iter().map(|(nearest, _)| nearest.relative).collect();
    let (flagged, verdict) = judge(&relative, &held_out);

    let pairs = found
        .iter()
        .take(PAIRS)
        .map(|(nearest, sample)| CopyPair {
            sample: sample.to_vec(),
            nearest: train_index.aligned(nearest),
            distance: nearest.distance,
            mirrored: nearest.mirrored,
            shift: nearest.shift,
        })
        .collect();
    let copies = Copies { images, size, pairs, samples: relative, held_out, flagged, verdict };
    run.reporter.diagnostics.on_comparison(verdict == CopyVerdict::Copies);
    port::post(TrainingEvent::Copies { copies });
    Ok(())
}

/// Share of the samples that are closer than the limit, and the verdict. Both lists of distances are ascending.
fn judge(samples: &[f32], held_out: &[f32]) -> (f32, CopyVerdict) {
    if held_out.len() < MIN_HELD_OUT || samples.is_empty() {
        return (0.0, CopyVerdict::Unknown);
    }
    let limit = held_out[(held_out.len() as f32 * CLOSEST) as usize];
    let flagged = samples.iter().filter(|&&sample| sample < limit).count() as f32 / samples.len() as f32;
    let verdict = match flagged {
        share if share > MANY => CopyVerdict::Copies,
        share if share > SOME => CopyVerdict::Some,
        _ => CopyVerdict::Fine,
    };
    (flagged, verdict)
}
