//! The memorisation check: generated samples beside their nearest training slices, with distances.

use std::sync::Arc;

use leptos::prelude::*;

use super::strip_plot::StripPlot;
use crate::slice::Slice;
use crate::ui::canvas::SliceCanvas;
use crate::ui::training::trainer::{Copies, CopyPair, CopyVerdict, Trainer, TrainingPhase};
use crate::ui::words::{Lang, say, use_lang};

/// Pairs shown at first; the others are in a collapsed section.
const FIRST: usize = 6;

/// The button that starts the check, and its result.
#[component]
pub fn CopyCheckPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    // Set while a check runs: the result before it.
    let pending = RwSignal::new(None::<Option<Arc<Copies>>>);
    let busy = move || pending.with(Option::is_some);
    Effect::new(move || {
        let result = trainer.copies.get();
        let able = trainer.phase.with(can_compare);
        pending.maybe_update(|pending| {
            let over = pending.as_ref().is_some_and(|before| !is_same(before.as_ref(), result.as_ref()) || !able);
            if over {
                *pending = None;
            }
            over
        });
    });
    let check = move |_| {
        pending.set(Some(trainer.copies.get_untracked()));
        trainer.check_copies();
    };
    let able = move || trainer.phase.with(can_compare) && trainer.counts.with(|counts| counts.steps > 0) && !busy();
    let words = move || if busy() { say!(lang, training.copies.busy) } else { say!(lang, training.copies.check) };
    let stale =
        move || trainer.copies.with(|copies| copies.as_ref().is_some_and(|it| it.images < trainer.counts.get().images));
    view! {
        <section class="panel nearest" aria-labelledby="nearest" data-testid="nearest">
            <h2 id="nearest">{move || say!(lang, training.copies.title)}</h2>
            <p>{move || say!(lang, training.copies.lead)}</p>
            <p><strong>{move || say!(lang, training.copies.not_anonymous)}</strong></p>
            <button type="button" data-testid="check-copies" disabled=move || !able() on:click=check>{words}</button>
            <p class="hint">{move || stale().then(|| say!(lang, training.copies.stale))}</p>
            <p class="verdict" role="status" data-testid="copy-verdict"
                data-verdict=move || trainer.copies.with(|copies| copies.as_ref().map(|copies| format!("{:?}", copies.verdict)))>
                {move || trainer.copies.with(|copies| copies.as_ref().map(|copies| verdict(lang, copies)))}
            </p>
            {move || trainer.copies.get().map(|copies| view! { <CopyCheckResult copies/> })}
        </section>
    }
}

fn can_compare(phase: &TrainingPhase) -> bool {
    matches!(phase, TrainingPhase::Paused(_) | TrainingPhase::Running)
}

/// Whether both are the same result, and not two results with equal numbers.
fn is_same(one: Option<&Arc<Copies>>, other: Option<&Arc<Copies>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

/// The verdict in words, with its numbers.
fn verdict(lang: Lang, copies: &Copies) -> String {
    let whole = copies.samples.len();
    let part = (copies.flagged * whole as f32).round() as usize;
    let median = |values: &[f32]| {
        values.get(values.len() / 2).map_or("–".to_owned(), |it| lang.numbers().decimal(f64::from(*it) * 100.0, 0))
    };
    let (ours, theirs) = (median(&copies.samples), median(&copies.held_out));
    match copies.verdict {
        CopyVerdict::Fine => say!(lang, training.copies.fine, part = part, whole = whole, ours = ours, theirs = theirs),
        CopyVerdict::Some => say!(lang, training.copies.some, part = part, whole = whole, ours = ours, theirs = theirs),
        CopyVerdict::Copies => {
            say!(lang, training.copies.copies, part = part, whole = whole, ours = ours, theirs = theirs)
        }
        CopyVerdict::Unknown => say!(lang, training.copies.unknown, ours = ours),
    }
}

/// The distances and the pairs.
#[component]
fn CopyCheckResult(copies: Arc<Copies>) -> impl IntoView {
    let lang = use_lang();
    let size = copies.size;
    let images = copies.images;
    let show = |pairs: &[CopyPair]| pairs.iter().cloned().map(|pair| view! { <PairView pair size/> }).collect_view();
    let mut pairs = copies.pairs.clone();
    // By the number in the caption. The worker orders pairs by their distance relative to other slices.
    pairs.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    let (first, others) = pairs.split_at(pairs.len().min(FIRST));
    let more = (!others.is_empty()).then(|| {
        view! {
            <details>
                <summary>{move || say!(lang, training.copies.more)}</summary>
                <ul class="copy-pairs">{show(others)}</ul>
            </details>
        }
    });
    view! {
        <p class="hint">{move || say!(lang, training.copies.measured, images = lang.numbers().grouped(images))}</p>
        <StripPlot samples=copies.samples.clone() held_out=copies.held_out.clone()/>
        <h3>{move || say!(lang, training.copies.pairs)}</h3>
        <ul class="copy-pairs">{show(first)}</ul>
        {more}
    }
}

/// A sample and its nearest training slice, aligned as they were compared.
#[component]
fn PairView(pair: CopyPair, size: usize) -> impl IntoView {
    let lang = use_lang();
    let CopyPair { sample, nearest, distance, mirrored, shift } = pair;
    let pixels = |image: Vec<u8>| {
        let mask = vec![0; image.len()];
        // Images of any other length are not drawn.
        (image.len() == size * size).then(|| Arc::new(Slice { size, image, mask }))
    };
    let (sample, nearest) = (pixels(sample), pixels(nearest));
    let moved = move || {
        let (right, down) = (i32::from(shift.0), i32::from(shift.1));
        let moved = (right, down) != (0, 0);
        match (mirrored, moved) {
            (false, false) => String::new(),
            (true, false) => say!(lang, training.copies.mirrored).to_owned(),
            (false, true) => say!(lang, training.copies.moved, pixels = right.abs().max(down.abs())),
            (true, true) => say!(lang, training.copies.mirrored_moved, pixels = right.abs().max(down.abs())),
        }
    };
    view! {
        <li class="copy-pair" data-testid="pair">
            <figure>
                <div class="side-by-side">
                    <SliceCanvas pixels=Signal::stored(sample) outline=Signal::stored(false)
                        alt=Signal::derive(move || say!(lang, training.copies.sample_alt).to_owned())/>
                    <SliceCanvas pixels=Signal::stored(nearest) outline=Signal::stored(false)
                        alt=Signal::derive(move || say!(lang, training.copies.nearest_alt).to_owned())/>
                </div>
                <figcaption>
                    <span class="generator">{move || say!(lang, training.copies.sample)}</span>" | "
                    <span>{move || say!(lang, training.copies.nearest)}</span>
                    <span class="hint">
                        {move || say!(lang, training.copies.distance, distance = lang.numbers().decimal(f64::from(distance), 1))}
                        " "{moved}
                    </span>
                </figcaption>
            </figure>
        </li>
    }
}
