//! The diagram itself: who gives what to whom, with the step that is shown lit.

use leptos::prelude::*;

use super::turn::{Step, Turn};
use crate::ui::pixels_canvas::PixelsCanvas;
use crate::ui::story::desk::shown;
use crate::ui::story::score::score;
use crate::ui::words::{say, use_lang};

/// Arrows as paths in a box of 340 by 440, with the steps in which something goes along them and whose they are.
const ARROWS: [(&str, &[Step], &str); 6] = [
    ("M105 60V84", &[Step::Noise, Step::Make], "maker"),
    ("M105 147V170", &[Step::Make], "maker"),
    ("M105 290V314", &[Step::Judge], "maker"),
    ("M252 290V314", &[Step::Draw, Step::Judge], "plain"),
    ("M277 336H302Q314 336 314 348Q314 360 302 360H284", &[Step::JudgeLearns], "judge"),
    ("M63 348H24Q12 348 12 336V128Q12 118 19 118H20", &[Step::MakerLearns], "judge"),
];

/// The diagram.
#[component]
pub fn Stage(
    /// What it shows.
    turn: Turn,
    /// Whether things move along the arrows.
    #[prop(into)]
    moving: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let at = move |steps: &'static [Step]| move || steps.contains(&turn.step.get());
    let from = move |step: Step| move || turn.step.get() >= step;
    let arrows = ARROWS.map(|(path, steps, whose)| {
        let tip = move || format!("url(#tip-{})", if at(steps)() { whose } else { "idle" });
        view! { <path class=format!("arrow {whose}") class:on=at(steps) d=path marker-end=tip/> }
    });
    let tips = ["maker", "judge", "plain", "idle"].map(|whose| {
        view! {
            <marker id=format!("tip-{whose}") class=format!("tip {whose}") viewBox="0 0 8 8" refX="6" refY="4"
                markerWidth="4.5" markerHeight="4.5" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
        }
    });
    let given = move |place: usize| {
        move || turn.scores.get()[place].map(|logit| say!(lang, story.duel.score, score = score(lang, logit)))
    };
    let label = move || {
        let step = turn.step.get().number();
        format!(
            "{} {}",
            say!(lang, story.duel.figure),
            say!(lang, story.duel.of, number = step, count = Step::ALL.len())
        )
    };
    view! {
        <div class="stage-duel" class:moving=moving role="img" aria-label=label>
            <svg viewBox="0 0 340 440" aria-hidden="true"><defs>{tips.collect_view()}</defs>{arrows.collect_view()}</svg>
            <div class="node noise" class:on=at(&[Step::Noise])><span class="grain"></span><span>{move || say!(lang, story.duel.noise)}</span></div>
            <div class="node actor maker" class:on=at(&[Step::Noise, Step::Make, Step::MakerLearns])
                class:learns=at(&[Step::MakerLearns])>
                <span class="generator">{move || say!(lang, story.duel.maker)}</span>
            </div>
            <div class="node scan fake" class:on=at(&[Step::Make, Step::Judge]) class:there=from(Step::Make)>
                <div class="frame"><PixelsCanvas pixels=shown(turn.fake) outline=false alt=Signal::derive(String::new)/></div>
                <span class="tag fake">{move || say!(lang, story.duel.fake)}</span>
            </div>
            <div class="node scan real" class:on=at(&[Step::Draw, Step::Judge]) class:there=from(Step::Draw)
                class:none=move || turn.real.with(Option::is_none)>
                <div class="frame">
                    <PixelsCanvas pixels=shown(turn.real) outline=false alt=Signal::derive(String::new)/>
                    <span class="missing">{move || say!(lang, story.duel.no_real)}</span>
                </div>
                <span class="tag">{move || say!(lang, story.duel.real)}</span>
            </div>
            <div class="node actor judge" class:on=at(&[Step::Judge, Step::JudgeLearns]) class:learns=at(&[Step::JudgeLearns])>
                <span class="discriminator">{move || say!(lang, story.duel.judge)}</span>
            </div>
            <div class="node scores" class:there=from(Step::Judge) class:on=at(&[Step::Judge])>
                <p><span class="tag fake">{move || say!(lang, story.duel.fake)}</span>{given(0)}</p>
                <p hidden=move || turn.real.with(Option::is_none)>
                    <span class="tag">{move || say!(lang, story.duel.real)}</span>{given(1)}
                </p>
            </div>
        </div>
    }
}
