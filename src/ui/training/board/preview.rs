//! The preview: the same sixteen latents now, at the start, and at any moment in between.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::sample_grid::SampleGrid;
use crate::ui::logic::numbers::clock;
use crate::ui::logic::timeline::TimelinePosition;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::timer::{prefers_reduced_motion, use_interval};
use crate::ui::training::trainer::{Frame, Trainer};
use crate::ui::words::{say, use_lang};

/// Duration of a frame during playback.
const FRAME_TIME: Duration = Duration::from_millis(200);

/// The scans, with the timeline below them.
#[component]
pub fn PreviewPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let (position, beside, outline) =
        (RwSignal::new(TimelinePosition::Live), RwSignal::new(false), RwSignal::new(false));
    let images =
        Memo::new(move |_| trainer.timeline.with(|frames| frames.iter().map(|frame| frame.images).collect::<Vec<_>>()));
    let index = Memo::new(move |_| images.with(|images| position.get().index(images)));
    let frame = move |index: Option<usize>| trainer.timeline.with(|frames| frames.get(index?).cloned());
    let shown = Memo::new(move |_| frame(index.get()));
    let first = Memo::new(move |_| frame(Some(0)));
    let masks = Memo::new(move |_| trainer.intake.with(|intake| intake.as_ref().is_some_and(|intake| intake.masks)));
    let label = Signal::derive(move || match position.get() {
        TimelinePosition::Live => say!(lang, training.preview.now).to_owned(),
        TimelinePosition::At(_) => say!(lang, training.preview.then).to_owned(),
    });
    let before = Signal::derive(move || say!(lang, training.preview.before).to_owned());
    view! {
        <section class="watch" aria-labelledby="preview">
            <h3 id="preview">{move || say!(lang, training.preview.title)}</h3>
            <div class="grids" class:two=move || beside.get()>
                <Show when=move || beside.get()>
                    <SampleGrid frame=first outline testid="preview-before" label=before/>
                </Show>
                <SampleGrid frame=shown outline testid="preview" label/>
            </div>
            <Timeline position images index shown/>
            <div class="row">
                <label class="check">
                    <input type="checkbox" data-testid="compare" prop:checked=move || beside.get()
                        on:change=move |event| beside.set(event_target_checked(&event))/>
                    <span>{move || say!(lang, training.preview.compare)}</span>
                </label>
                <Show when=move || masks.get()>
                    <label class="check">
                        <input type="checkbox" data-testid="preview-masks" prop:checked=move || outline.get()
                            on:change=move |event| outline.set(event_target_checked(&event))/>
                        <span>{move || say!(lang, training.preview.masks)}</span>
                    </label>
                </Show>
            </div>
            <p class="hint">{move || say!(lang, training.preview.hint)}</p>
        </section>
    }
}

/// Controls to step and play through the frames.
#[component]
fn Timeline(
    position: RwSignal<TimelinePosition>,
    images: Memo<Vec<u64>>,
    index: Memo<Option<usize>>,
    shown: Memo<Option<Arc<Frame>>>,
) -> impl IntoView {
    let lang = use_lang();
    let playing = RwSignal::new(false);
    let last = move || images.with(|images| images.len().saturating_sub(1));
    let current = move || index.get().unwrap_or_default();
    let go = move |index: usize| {
        playing.set(false);
        position.set(images.with_untracked(|images| TimelinePosition::at(index, images)));
    };
    use_interval(playing.into(), FRAME_TIME, move || {
        match images.with_untracked(|images| position.get_untracked().next(images)) {
            Some(next) => position.set(next),
            None => playing.set(false),
        }
    });
    let play = move |_| {
        // At the end, playback restarts from the beginning.
        if !playing.get_untracked() && position.get_untracked() == TimelinePosition::Live {
            position.set(images.with_untracked(|images| TimelinePosition::at(0, images)));
        }
        playing.update(|playing| *playing = !*playing);
    };
    let moment = move || {
        shown.with(|frame| {
            let frame = frame.as_ref()?;
            let time = clock(frame.deciseconds as f64 / 10.0);
            Some(match frame.images {
                0 => say!(lang, training.preview.start).to_owned(),
                count => say!(lang, training.preview.moment, images = lang.numbers().grouped(count), time = time),
            })
        })
    };
    let few = move || last() == 0;
    let play_shape = move || if playing.get() { Shape::Pause } else { Shape::Play };
    let play_words =
        move || if playing.get() { say!(lang, training.preview.halt) } else { say!(lang, training.preview.play) };
    view! {
        <div class="timeline">
            <button type="button" class="round" aria-label=move || say!(lang, training.preview.back)
                disabled=move || current() == 0 on:click=move |_| go(current().saturating_sub(1))><Icon shape=Shape::Left/></button>
            <input type="range" min="0" max=move || last().max(1).to_string() step="1" data-testid="timeline" disabled=few
                aria-label=move || say!(lang, training.preview.timeline) aria-valuetext=moment
                prop:value=move || current().to_string()
                on:input=move |event| {
                    if let Ok(index) = event_target_value(&event).parse() {
                        go(index);
                    }
                }/>
            <button type="button" class="round" aria-label=move || say!(lang, training.preview.forth)
                disabled=move || { current() >= last() } on:click=move |_| go(current() + 1)><Icon shape=Shape::Right/></button>
        </div>
        <div class="row transport-row">
            <p class="moment" data-testid="moment">{moment}</p>
            // Hidden for visitors who prefer reduced motion; they can step frame by frame.
            <button type="button" data-testid="timeline-play" hidden=prefers_reduced_motion() disabled=few on:click=play>
                {move || view! { <Icon shape=play_shape()/> }}{play_words}
            </button>
            <button type="button" data-testid="timeline-live" aria-pressed=move || (position.get() == TimelinePosition::Live).to_string()
                on:click=move |_| go(last())>{move || say!(lang, training.preview.live)}</button>
        </div>
    }
}
