//! How the two networks train each other: a diagram that plays, pauses and steps.

mod diagram;
mod state;

use std::time::Duration;

use leptos::prelude::*;

use super::engine_client::Story;
use super::section::StorySection;
use super::visibility::Visibility;
use crate::ui::markup::tell;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::timer::{prefers_reduced_motion, use_interval};
use crate::ui::words::{Lang, say, use_lang};
use diagram::LoopDiagram;
use state::{LoopDiagram, LoopStep};

/// Time for reading a step.
const TEMPO: Duration = Duration::from_millis(5000);

/// The section with the diagram and its steps.
#[component]
pub fn TrainingLoopPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let turn = LoopDiagram::open(story, visibility);
    let playing = RwSignal::new(!prefers_reduced_motion());
    let running = Signal::derive(move || playing.get() && visibility.is_near.get());
    use_interval(running, TEMPO, move || turn.advance());
    let go = move |step: LoopStep| {
        playing.set(false);
        turn.step.set(step);
    };
    let onward = move |_| {
        playing.set(false);
        turn.advance();
    };
    let play_words = move || if playing.get() { say!(lang, story.duel.pause) } else { say!(lang, story.duel.play) };
    let play_shape = move || if playing.get() { Shape::Pause } else { Shape::Play };
    let steps = LoopStep::ALL.map(|step| {
        let label = move || say!(lang, story.duel.go, number = step.number(), name = name(lang, step));
        let current = move || (turn.step.get() == step).then_some("step");
        view! {
            <li><button type="button" class="round" aria-label=label aria-current=current on:click=move |_| go(step)>
                {step.number()}
            </button></li>
        }
    });
    let words = view! { <p>{tell!(lang, story.duel.text, maker, judge)}</p> };
    view! {
        <StorySection name="diagram" title=Signal::derive(move || say!(lang, story.duel.title).to_owned()) visibility words=words.into_any()>
            <div class="duel sheet" data-testid="diagram-state" data-step=move || turn.step.get().number()
                data-playing=move || playing.get().to_string()>
                <LoopDiagram turn moving=running/>
                // Read aloud only when the visitor steps.
                <div class="now" aria-live=move || if playing.get() { "off" } else { "polite" }>
                    <h3>
                        <span class="sr">{move || say!(lang, story.duel.of, number = turn.step.get().number(), count = LoopStep::ALL.len())}": "</span>
                        <span class="number" aria-hidden="true">{move || turn.step.get().number()}</span>
                        {move || name(lang, turn.step.get())}
                    </h3>
                    <p>{move || text(lang, turn.step.get())}</p>
                </div>
                <ol class="steps" aria-label=move || say!(lang, story.duel.steps)>{steps.collect_view()}</ol>
                <div class="tools">
                    <button type="button" data-testid="diagram-pause" on:click=move |_| playing.update(|playing| *playing = !*playing)>
                        {move || view! { <Icon shape=play_shape()/> }}{play_words}
                    </button>
                    <button type="button" data-testid="diagram-step" on:click=onward>
                        {move || say!(lang, story.duel.next)}<Icon shape=Shape::Right/>
                    </button>
                </div>
            </div>
        </StorySection>
    }
}

fn name(lang: Lang, step: LoopStep) -> &'static str {
    match step {
        LoopStep::Noise => say!(lang, story.duel.step1),
        LoopStep::Make => say!(lang, story.duel.step2),
        LoopStep::Draw => say!(lang, story.duel.step3),
        LoopStep::Judge => say!(lang, story.duel.step4),
        LoopStep::JudgeLearns => say!(lang, story.duel.step5),
        LoopStep::MakerLearns => say!(lang, story.duel.step6),
    }
}

fn text(lang: Lang, step: LoopStep) -> AnyView {
    match step {
        LoopStep::Noise => view! { <span>{tell!(lang, story.duel.step1_text, maker)}</span> }.into_any(),
        LoopStep::Make => view! { <span>{tell!(lang, story.duel.step2_text, maker)}</span> }.into_any(),
        LoopStep::Draw => view! { <span>{move || say!(lang, story.duel.step3_text)}</span> }.into_any(),
        LoopStep::Judge => view! { <span>{tell!(lang, story.duel.step4_text, judge)}</span> }.into_any(),
        LoopStep::JudgeLearns => view! { <span>{tell!(lang, story.duel.step5_text, judge)}</span> }.into_any(),
        LoopStep::MakerLearns => view! { <span>{tell!(lang, story.duel.step6_text, maker)}</span> }.into_any(),
    }
}
