//! The diagram of what each network passes to the other. The current step is highlighted.

use leptos::prelude::*;

use super::state::{LoopDiagram, LoopStep};
use crate::ui::canvas::SliceCanvas;
use crate::ui::story::engine_client::slice_signal;
use crate::ui::words::{say, use_lang};

/// Arrows in a view box of 340 x 440: path, steps that highlight it, and colour.
const ARROWS: [(&str, &[LoopStep], &str); 6] = [
    ("M105 60V84", &[LoopStep::Noise, LoopStep::Make], "maker"),
    ("M105 147V170", &[LoopStep::Make], "maker"),
    ("M105 290V314", &[LoopStep::Judge], "maker"),
    ("M252 290V314", &[LoopStep::Draw, LoopStep::Judge], "plain"),
    ("M277 336H302Q314 336 314 348Q314 360 302 360H284", &[LoopStep::JudgeLearns], "judge"),
    ("M63 348H24Q12 348 12 336V128Q12 118 19 118H20", &[LoopStep::MakerLearns], "judge"),
];

/// The diagram.
#[component]
pub fn LoopDiagram(
    /// What it shows.
    turn: LoopDiagram,
    /// Whether the arrows are animated.
    #[prop(into)]
    moving: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let at = move |steps: &'static [LoopStep]| move || steps.contains(&turn.step.get());
    let from = move |step: LoopStep| move || turn.step.get() >= step;
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
        move || {
            turn.scores.get()[place].map(|logit| say!(lang, story.duel.score, score = lang.number(f64::from(logit))))
        }
    };
    let label = move || {
        let step = turn.step.get().number();
        format!(
            "{} {}",
            say!(lang, story.duel.figure),
            say!(lang, story.duel.of, number = step, count = LoopStep::ALL.len())
        )
    };
    view! {
        <div class="stage-duel" class:moving=moving role="img" aria-label=label>
            <svg viewBox="0 0 340 440" aria-hidden="true"><defs>{tips.collect_view()}</defs>{arrows.collect_view()}</svg>
            <div class="node noise" class:on=at(&[LoopStep::Noise])><span class="grain"></span><span>{move || say!(lang, story.duel.noise)}</span></div>
            <div class="node actor maker" class:on=at(&[LoopStep::Noise, LoopStep::Make, LoopStep::MakerLearns])
                class:learns=at(&[LoopStep::MakerLearns])>
                <span class="generator">{move || say!(lang, story.duel.maker)}</span>
            </div>
            <div class="node scan fake" class:on=at(&[LoopStep::Make, LoopStep::Judge]) class:there=from(LoopStep::Make)>
                <div class="frame"><SliceCanvas pixels=slice_signal(turn.fake) outline=false alt=Signal::derive(String::new)/></div>
                <span class="tag fake">{move || say!(lang, story.duel.fake)}</span>
            </div>
            <div class="node scan real" class:on=at(&[LoopStep::Draw, LoopStep::Judge]) class:there=from(LoopStep::Draw)
                class:none=move || turn.real.with(Option::is_none)>
                <div class="frame">
                    <SliceCanvas pixels=slice_signal(turn.real) outline=false alt=Signal::derive(String::new)/>
                    <span class="missing">{move || say!(lang, story.duel.no_real)}</span>
                </div>
                <span class="tag">{move || say!(lang, story.duel.real)}</span>
            </div>
            <div class="node actor judge" class:on=at(&[LoopStep::Judge, LoopStep::JudgeLearns]) class:learns=at(&[LoopStep::JudgeLearns])>
                <span class="discriminator">{move || say!(lang, story.duel.judge)}</span>
            </div>
            <div class="node scores" class:there=from(LoopStep::Judge) class:on=at(&[LoopStep::Judge])>
                <p><span class="tag fake">{move || say!(lang, story.duel.fake)}</span>{given(0)}</p>
                <p hidden=move || turn.real.with(Option::is_none)>
                    <span class="tag">{move || say!(lang, story.duel.real)}</span>{given(1)}
                </p>
            </div>
        </div>
    }
}
