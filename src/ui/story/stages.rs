//! How a generator learns: scans of the same latents at successive stages of a training.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::engine_client::{Story, StoryClient};
use super::section::StorySection;
use super::step_slider::StepSlider;
use super::visibility::Visibility;
use crate::gan::preset::ScanSpec;
use crate::slice::Slice;
use crate::ui::canvas::SliceCanvas;
use crate::ui::engine::job::JobEvent;
use crate::ui::logic::models::{Modality, TrainingSnapshot};
use crate::ui::logic::numbers::images_of_kimg;
use crate::ui::markup::tell;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::timer::use_interval;
use crate::ui::words::{Lang, say, use_lang};

/// The story is about one modality.
fn stages() -> &'static [TrainingSnapshot] {
    Modality::T1ce.model().stages
}

/// Number of scans.
const SCANS: usize = 6;
/// Seed of the first scan; arbitrary, the same for everyone.
const SEED: u32 = 2014;
/// Time for each stage while playing.
const TEMPO: Duration = Duration::from_millis(1300);

/// Index of the last position: the shipped generator, after all stages.
fn last() -> usize {
    stages().len()
}

/// The scans of one stage.
type StageScans = Vec<Option<Arc<Slice>>>;

/// State of the slider. Its positions are the stages and the shipped generator.
#[derive(Clone, Copy)]
struct StageTimeline {
    story: Story,
    client: StoryClient,
    /// The position that the visitor chose.
    wanted: RwSignal<usize>,
    /// The position that is shown, and its scans.
    seen: RwSignal<Option<(usize, StageScans)>>,
    /// Positions whose weights could not be fetched.
    missing: RwSignal<Vec<usize>>,
    playing: RwSignal<bool>,
    made: StoredValue<Vec<Option<StageScans>>>,
}

impl StageTimeline {
    fn open(story: Story, visibility: Visibility) -> Self {
        let training = Self {
            story,
            client: StoryClient::open(story),
            wanted: RwSignal::new(last()),
            seen: RwSignal::new(None),
            missing: RwSignal::new(Vec::new()),
            playing: RwSignal::new(false),
            made: StoredValue::new(vec![None; last() + 1]),
        };
        Effect::new(move || {
            // Other classes mean other weights.
            story.classes.track();
            training.made.set_value(vec![None; last() + 1]);
        });
        Effect::new(move || {
            if visibility.was_near.get() {
                training.show(training.wanted.get());
            }
        });
        let running = Signal::derive(move || training.playing.get() && visibility.is_near.get());
        use_interval(running, TEMPO, move || training.advance());
        training
    }

    /// The same latents for every stage, with the classes in turn.
    fn scans(self) -> Option<Vec<ScanSpec>> {
        let classes = self.story.classes.with(Vec::len);
        let scan = |index: usize| ScanSpec { seed: SEED + index as u32, class: index % classes.max(1), toward: None };
        (classes > 0).then(|| (0..SCANS).map(scan).collect())
    }

    fn show(self, moment: usize) {
        let Some(scans) = self.scans() else { return };
        if let Some(made) = self.made.with_value(|made| made.get(moment).cloned().flatten()) {
            self.seen.set(Some((moment, made)));
            return;
        }
        let coming = StoredValue::new(vec![None; scans.len()]);
        let weights = stages().get(moment).map(|stage| stage.weights);
        self.missing.update(|missing| missing.retain(|missed| *missed != moment));
        self.client.stage(scans, weights, move |event| match event {
            JobEvent::Scan(index, pixels) => coming.update_value(|coming| coming[index] = Some(Arc::new(pixels))),
            JobEvent::Done { .. } => {
                let made = coming.get_value();
                self.made.update_value(|all| all[moment] = Some(made.clone()));
                self.seen.set(Some((moment, made)));
            }
            JobEvent::Refused { .. } => {
                self.playing.set(false);
                self.missing.update(|missing| missing.push(moment));
            }
            _ => {}
        });
    }

    /// Moves to the next stage once the current one is shown. Stops at the last.
    fn advance(self) {
        let wanted = self.wanted.get_untracked();
        if self.seen.with_untracked(|seen| seen.as_ref().is_some_and(|(moment, _)| *moment == wanted)) {
            if wanted < last() { self.wanted.set(wanted + 1) } else { self.playing.set(false) }
        }
    }

    fn toggle(self) {
        let playing = !self.playing.get_untracked();
        if playing && self.wanted.get_untracked() >= last() {
            self.wanted.set(0);
        }
        self.playing.set(playing);
    }

    fn go(self, moment: usize) {
        self.playing.set(false);
        if self.wanted.get_untracked() == moment {
            self.show(moment);
        } else {
            self.wanted.set(moment);
        }
    }

    fn is_behind(self) -> bool {
        self.seen.with(|seen| seen.as_ref().is_none_or(|(moment, _)| *moment != self.wanted.get()))
    }

    fn is_missing(self) -> bool {
        self.missing.with(|missing| missing.contains(&self.wanted.get()))
    }

    /// When a stage was, in words.
    fn when(self, lang: Lang, moment: usize) -> String {
        let count = |kimg: f32| lang.numbers().grouped(images_of_kimg(kimg));
        match stages().get(moment) {
            Some(stage) if stage.kimg == 0.0 => say!(lang, story.stages.untrained).to_owned(),
            Some(stage) => say!(lang, story.stages.after, count = count(stage.kimg)),
            None => {
                let kimg = self.story.engines.model.with(|model| model.as_ref().map_or(0.0, |model| model.kimg));
                say!(lang, story.stages.after_now, count = count(kimg))
            }
        }
    }
}

/// The section with the slider.
#[component]
pub fn StagesPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let training = StageTimeline::open(story, visibility);
    let scan = move |index: usize| {
        let pixels = Signal::derive(move || {
            training.seen.with(|seen| seen.as_ref().and_then(|(_, scans)| scans.get(index).cloned().flatten()))
        });
        let when =
            move || training.when(lang, training.seen.with(|seen| seen.as_ref().map_or(0, |(moment, _)| *moment)));
        let alt = move || say!(lang, story.stages.alt, number = index + 1, count = SCANS, when = when());
        view! { <li class="frame"><SliceCanvas testid="stage-scan" pixels=pixels outline=false alt=Signal::derive(alt)/></li> }
    };
    let meaning = move || training.when(lang, training.wanted.get());
    let status = move || match (training.is_missing(), training.is_behind()) {
        (true, _) => say!(lang, story.stages.missing),
        (false, true) => say!(lang, story.stages.fetching),
        (false, false) => "",
    };
    let buttons = move || [say!(lang, story.stages.earlier).to_owned(), say!(lang, story.stages.later).to_owned()];
    let play_words =
        move || if training.playing.get() { say!(lang, story.stages.pause) } else { say!(lang, story.stages.play) };
    let play_shape = move || if training.playing.get() { Shape::Pause } else { Shape::Play };
    let words = view! {
        <p>{tell!(lang, story.stages.text, maker, judge)}</p>
        <p class="hint">{move || say!(lang, story.stages.counting)}</p>
    };
    let controls = move || {
        view! {
            <StepSlider label=Signal::derive(move || say!(lang, story.stages.slider).to_owned()) meaning=Signal::derive(meaning)
                last=Signal::stored(last()) buttons=Signal::derive(buttons) value=training.wanted
                go=move |moment| training.go(moment) testid="stage-slider"/>
            <p class="ends" aria-hidden="true">
                <span>{move || say!(lang, story.stages.start)}</span><span>{move || say!(lang, story.stages.now)}</span>
            </p>
            <div class="tools">
                <button type="button" data-testid="stage-play" on:click=move |_| training.toggle()>
                    {move || view! { <Icon shape=play_shape()/> }}{play_words}
                </button>
            </div>
        }
    };
    view! {
        <StorySection name="stages" title=Signal::derive(move || say!(lang, story.stages.title).to_owned()) visibility words=words.into_any()>
            <div class="growth sheet" data-testid="stage-state"
                data-moment=move || training.seen.with(|seen| seen.as_ref().map(|(moment, _)| *moment))>
                <ul class="six" class:behind=move || training.is_behind()>{(0..SCANS).map(scan).collect_view()}</ul>
                <p class="when"><strong>{meaning}</strong></p>
                {if last() == 0 {
                    view! { <p class="hint" data-testid="stage-none">{move || say!(lang, story.stages.none)}</p> }.into_any()
                } else {
                    controls().into_any()
                }}
                <p class="hint state" role="status">{status}</p>
            </div>
        </StorySection>
    }
}
