//! The discriminator's verdict on a scan that the visitor picks.

mod score_plot;
mod state;

use leptos::prelude::*;

use super::engine_client::Story;
use super::section::StorySection;
use super::visibility::Visibility;
use crate::ui::canvas::SliceCanvas;
use crate::ui::markup::tell;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{say, use_lang};
use score_plot::ScorePlot;
use state::{COUNT, VerdictChoice};

/// The section.
#[component]
pub fn VerdictPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let choice = VerdictChoice::open(story, visibility);
    let words = view! { <p>{tell!(lang, story.verdict.text, judge)}</p> };
    view! {
        <StorySection name="verdict" title=Signal::derive(move || say!(lang, story.verdict.title).to_owned()) visibility words=words.into_any()>
            <div class="court sheet">
                <ul class="strip" aria-label=move || say!(lang, story.verdict.pick)>
                    {(0..COUNT).map(|index| view! { <CandidateButton choice index/> }).collect_view()}
                </ul>
                <VerdictPanel choice/>
                <p class="hint" hidden=move || !choice.is_fake_only()>{move || match choice.has_pack.get() {
                    true => say!(lang, story.verdict.only_fakes_unknown),
                    false => say!(lang, story.verdict.only_fakes),
                }}</p>
                <p class="hint">{move || say!(lang, story.verdict.what)}</p>
                <div class="tools">
                    <button type="button" data-testid="verdict-other" on:click=move |_| choice.turn.update(|turn| *turn += 1)>
                        <Icon shape=Shape::Dice/>{move || say!(lang, story.verdict.other)}
                    </button>
                </div>
            </div>
        </StorySection>
    }
}

/// A button with one of the scans.
#[component]
fn CandidateButton(choice: VerdictChoice, index: usize) -> impl IntoView {
    let lang = use_lang();
    let candidate = move || choice.candidates.with(|candidates| candidates.get(index).cloned());
    let pixels = Signal::derive(move || candidate().map(|candidate| candidate.pixels));
    let is_real = Memo::new(move |_| candidate().is_some_and(|candidate| candidate.real));
    let truth = move || if is_real.get() { say!(lang, story.verdict.real) } else { say!(lang, story.verdict.fake) };
    let alt = move || match candidate().is_some() {
        true => say!(lang, story.verdict.alt, number = index + 1, truth = truth()),
        false => say!(lang, story.hero.waiting).to_owned(),
    };
    view! {
        <li>
            <button type="button" class="card" data-testid="verdict-choice" data-truth=move || if is_real.get() { "real" } else { "fake" }
                aria-pressed=move || (choice.chosen.get() == index).to_string()
                disabled=move || candidate().is_none() on:click=move |_| choice.chosen.set(index)>
                <span class="frame"><SliceCanvas pixels outline=false alt=Signal::derive(alt)/></span>
                <span class="tag" class:fake=move || !is_real.get() aria-hidden="true" hidden=move || candidate().is_none()>{truth}</span>
            </button>
        </li>
    }
}

/// The verdict on the chosen scan, and whether it is correct.
#[component]
fn VerdictPanel(choice: VerdictChoice) -> impl IntoView {
    let lang = use_lang();
    let chosen = Signal::derive(move || choice.candidate().map(|candidate| candidate.pixels));
    let says_real = move || {
        let border =
            choice.verdicts.with(|verdicts| verdicts.as_ref().map(|verdicts| verdicts.reference.threshold()))?;
        Some(choice.logit()? > border)
    };
    let is_real = move || choice.candidate().is_some_and(|candidate| candidate.real);
    let said = move || match says_real() {
        None => say!(lang, story.verdict.waiting),
        Some(true) => say!(lang, story.verdict.says_real),
        Some(false) => say!(lang, story.verdict.says_fake),
    };
    let truth = move || {
        says_real().map(|says| match (says == is_real(), is_real()) {
            (true, true) => say!(lang, story.verdict.right_real),
            (true, false) => say!(lang, story.verdict.right_fake),
            (false, true) => say!(lang, story.verdict.wrong_real),
            (false, false) => say!(lang, story.verdict.wrong_fake),
        })
    };
    let state = move || says_real().map(|says| if says { "real" } else { "fake" });
    view! {
        <div class="ruling" data-testid="verdict-ruling" data-says=state>
            <div class="frame" aria-hidden="true">
                <SliceCanvas testid="verdict-scan" pixels=chosen outline=false alt=Signal::derive(String::new)/>
            </div>
            <div class="said" aria-live="polite">
                <Show when=move || choice.missing.get() fallback=move || view! {
                    <p class="quote"><span class="discriminator">{said}</span></p>
                    <p>{truth}</p>
                }>
                    <p>{move || say!(lang, story.verdict.missing)}</p>
                    <button type="button" on:click=move |_| choice.judge()>{move || say!(lang, story.verdict.retry)}</button>
                </Show>
            </div>
            <div class="measure"><ScorePlot choice/></div>
        </div>
    }
}
