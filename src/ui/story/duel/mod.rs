//! How two networks learn from each other: a diagram that plays, pauses and steps.

mod stage;
mod turn;

use std::time::Duration;

use leptos::prelude::*;

use super::actors::tell;
use super::desk::Story;
use super::near::Near;
use super::part::Part;
use super::timer::{keep_time, wants_stillness};
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{Lang, say, use_lang};
use stage::Stage;
use turn::{Step, Turn};

/// Time for reading a step.
const TEMPO: Duration = Duration::from_millis(5000);

/// The diagram with its steps.
#[component]
pub fn DuelPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let near = Near::watch();
    let turn = Turn::open(story, near);
    let playing = RwSignal::new(!wants_stillness());
    let running = Signal::derive(move || playing.get() && near.now.get());
    keep_time(running, TEMPO, move || turn.advance());
    let go = move |step: Step| {
        playing.set(false);
        turn.step.set(step);
    };
    let onward = move |_| {
        playing.set(false);
        turn.advance();
    };
    let play_words = move || if playing.get() { say!(lang, story.duel.pause) } else { say!(lang, story.duel.play) };
    let play_shape = move || if playing.get() { Shape::Pause } else { Shape::Play };
    let steps = Step::ALL.map(|step| {
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
        <Part name="diagram" title=Signal::derive(move || say!(lang, story.duel.title).to_owned()) near words=words.into_any()>
            <div class="duel sheet" data-testid="diagram-state" data-step=move || turn.step.get().number()
                data-playing=move || playing.get().to_string()>
                <Stage turn moving=running/>
                // Read aloud when the visitor steps, not every few seconds.
                <div class="now" aria-live=move || if playing.get() { "off" } else { "polite" }>
                    <h3>
                        <span class="sr">{move || say!(lang, story.duel.of, number = turn.step.get().number(), count = Step::ALL.len())}": "</span>
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
        </Part>
    }
}

fn name(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Noise => say!(lang, story.duel.step1),
        Step::Make => say!(lang, story.duel.step2),
        Step::Draw => say!(lang, story.duel.step3),
        Step::Judge => say!(lang, story.duel.step4),
        Step::JudgeLearns => say!(lang, story.duel.step5),
        Step::MakerLearns => say!(lang, story.duel.step6),
    }
}

fn text(lang: Lang, step: Step) -> AnyView {
    match step {
        Step::Noise => view! { <span>{tell!(lang, story.duel.step1_text, maker)}</span> }.into_any(),
        Step::Make => view! { <span>{tell!(lang, story.duel.step2_text, maker)}</span> }.into_any(),
        Step::Draw => view! { <span>{move || say!(lang, story.duel.step3_text)}</span> }.into_any(),
        Step::Judge => view! { <span>{tell!(lang, story.duel.step4_text, judge)}</span> }.into_any(),
        Step::JudgeLearns => view! { <span>{tell!(lang, story.duel.step5_text, judge)}</span> }.into_any(),
        Step::MakerLearns => view! { <span>{tell!(lang, story.duel.step6_text, maker)}</span> }.into_any(),
    }
}
