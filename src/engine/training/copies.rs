//! Do the samples copy the slices that were learned from?

use serde_bytes::ByteBuf;

use super::port;
use super::protocol::Event;
use super::protocol::{Copies, CopyVerdict, Pair, Tell};
use super::run::{Failed, Run};
use crate::slices::nearest::{Gallery, Nearest};

/// Samples to compare.
const SAMPLES: usize = 48;
/// First seed of the samples: not those of the timeline.
const FIRST_SEED: u32 = 10_000;
/// Pairs to show.
const PAIRS: usize = 16;
/// Fewer held-out slices say nothing.
const MIN_HELD_OUT: usize = 8;
/// Part of the held-out slices that are closer than the limit.
const CLOSEST: f32 = 0.05;
/// More flagged samples than this are more than chance.
const SOME: f32 = 0.15;
/// More than this are a habit.
const MANY: f32 = 0.4;

/// Compare samples, and held-out slices, with the slices learned from.
pub async fn compare(run: &mut Run) -> Result<(), Failed> {
    let samples = run.draw(SAMPLES, FIRST_SEED).await?;
    let size = run.begin.set.size;
    let gallery = Gallery::new(size, run.begin.set.train.iter().map(|it| it.slice.image.as_slice()));
    let mut found: Vec<(Nearest, &[u8])> = Vec::with_capacity(samples.len());
    for sample in &samples {
        found.extend(gallery.nearest(&sample.image).map(|nearest| (nearest, sample.image.as_slice())));
        port::breathe().await;
    }
    let mut held_out = Vec::with_capacity(run.begin.set.held_out.len());
    for slice in &run.begin.set.held_out {
        held_out.extend(gallery.nearest(&slice.slice.image).map(|nearest| nearest.relative));
        port::breathe().await;
    }
    found.sort_by(|a, b| a.0.relative.total_cmp(&b.0.relative));
    held_out.sort_by(f32::total_cmp);
    let relative: Vec<f32> = found.iter().map(|(nearest, _)| nearest.relative).collect();
    let (flagged, verdict) = judge(&relative, &held_out);
    run.course.compared(verdict == CopyVerdict::Copies);
    let pairs = found
        .iter()
        .take(PAIRS)
        .map(|(nearest, sample)| Pair {
            sample: ByteBuf::from(*sample),
            nearest: ByteBuf::from(gallery.aligned(nearest)),
            distance: nearest.distance,
            mirrored: nearest.mirrored,
            shift: nearest.shift,
        })
        .collect();
    let images = run.trainer.images;
    let copies = Copies { images, size, pairs, samples: relative, held_out, flagged, verdict };
    port::post(&Event::Training(Tell::Copies { copies }));
    Ok(())
}

/// Part of the samples that lie closer than nearly all held-out slices, and what that means. Both are ascending.
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
