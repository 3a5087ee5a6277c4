//! The clues between the two halves: for each image feature a real and a generated example that are not in the second half.

use std::sync::Arc;

use leptos::prelude::*;

use super::comparison::FeatureComparison;
use super::feedback::tip;
use super::state::Game;
use crate::game::fairness::NAMES;
use crate::game::features::{ImageFeature, median};
use crate::slice::Slice;
use crate::ui::canvas::SliceCanvas;
use crate::ui::focus::focused_heading;
use crate::ui::words::{Lang, say, use_lang};

/// All clues, and a button to the second half.
#[component]
pub fn Clues(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let heading = focused_heading(|| ());
    let cards = move || {
        let mut taken = [Vec::new(), Vec::new()];
        game.comparison.with(|comparison| {
            ImageFeature::ALL
                .map(|feature| match comparison.gives_kind_away(feature) {
                    // Such a feature gets no examples: they would win the second half without a look at the brain.
                    true => card(lang, feature, [None, None], None),
                    false => {
                        let examples = examples(comparison, feature, &mut taken);
                        card(lang, feature, examples, facts(lang, comparison, feature))
                    }
                })
                .into_iter()
                .collect_view()
        })
    };
    let left_out = move || {
        let telling = game.comparison.with(FeatureComparison::telling_numbers);
        let tells: Vec<&str> = telling.into_iter().filter_map(|number| number_name(lang, number)).collect();
        (!tells.is_empty()).then(|| say!(lang, game.clues_left_out, marks = tells.join(", ")))
    };
    let more = move || {
        let rounds = game.quiz.with(|quiz| quiz.as_ref().map_or(0, |quiz| quiz.rounds.len() - quiz.first));
        say!(lang, game.more_rounds, count = rounds.to_string())
    };
    view! {
        <section class="clues" data-testid="clues" aria-labelledby="clues">
            <h2 id="clues" node_ref=heading tabindex="-1">{move || say!(lang, game.clues)}</h2>
            <p>{move || say!(lang, game.clues_lead)}</p>
            <ul>{cards}</ul>
            {move || left_out().map(|words| view! { <p class="hint" data-testid="clues-left-out">{words}</p> })}
            <div class="onwards">
                <button type="button" class="primary" data-testid="more-rounds" on:click=move |_| game.next_screen()>
                    {more}
                </button>
            </div>
        </section>
    }
}

/// A typical real scan and a typical fake for a feature. No example is used twice while others are left.
fn examples(
    comparison: &FeatureComparison,
    feature: ImageFeature,
    taken: &mut [Vec<usize>; 2],
) -> [Option<Arc<Slice>>; 2] {
    let [real, fake] = taken;
    [(&comparison.real, real), (&comparison.fake, fake)].map(|(known, taken)| {
        let index = known.example(feature, taken).or_else(|| known.example(feature, &[]))?;
        taken.push(index);
        known.scans.get(index).map(|(pixels, _)| pixels.clone())
    })
}

/// How the two kinds differ in a feature, as measured on this device.
fn facts(lang: Lang, comparison: &FeatureComparison, feature: ImageFeature) -> Option<String> {
    let (real, fake) = (median(&comparison.real.values, feature)?, median(&comparison.fake.values, feature)?);
    if real <= 0.0 {
        return None;
    }
    let change = (fake / real - 1.0) * 100.0;
    let percent = lang.number(change.abs());
    let counts = [comparison.fake.values.len(), comparison.real.values.len()].map(|count| count.to_string());
    let [fakes, reals] = counts;
    Some(match (change.abs() < 3.0, change > 0.0) {
        (true, _) => say!(lang, game.fact_same, fakes = fakes, reals = reals),
        (false, true) => say!(lang, game.fact_more, percent = percent, fakes = fakes, reals = reals),
        (false, false) => say!(lang, game.fact_less, percent = percent, fakes = fakes, reals = reals),
    })
}

/// Name of a number of [`NAMES`].
fn number_name(lang: Lang, number: usize) -> Option<&'static str> {
    Some(match *NAMES.get(number)? {
        "mean of the border" => say!(lang, game.number.border),
        "black part" => say!(lang, game.number.black),
        "nearly black part" => say!(lang, game.number.nearly_black),
        "brightest pixel" => say!(lang, game.number.brightest),
        "mean of the picture" => say!(lang, game.number.mean),
        "different grey levels" => say!(lang, game.number.levels),
        _ => name(lang, *ImageFeature::ALL.get(number.checked_sub(NAMES.len() - ImageFeature::ALL.len())?)?),
    })
}

/// Name of a feature.
fn name(lang: Lang, feature: ImageFeature) -> &'static str {
    match feature {
        ImageFeature::Symmetry => say!(lang, game.mark.symmetry),
        ImageFeature::Lines => say!(lang, game.mark.lines),
        ImageFeature::Vessels => say!(lang, game.mark.vessels),
        ImageFeature::Skull => say!(lang, game.mark.skull),
        ImageFeature::Texture => say!(lang, game.mark.texture),
    }
}

fn card(lang: Lang, feature: ImageFeature, examples: [Option<Arc<Slice>>; 2], facts: Option<String>) -> impl IntoView {
    let title = name(lang, feature);
    let [real, fake] = examples;
    let example = move |pixels: Option<Arc<Slice>>, name: &'static str| {
        let pixels = pixels?;
        let alt = say!(lang, game.example_alt, kind = name, mark = title);
        Some(view! {
            <figure>
                <div class="slide">
                    <SliceCanvas testid="example" pixels=Signal::derive(move || Some(pixels.clone())) outline=false
                        alt=Signal::derive(move || alt.clone())/>
                </div>
                <figcaption>{name}</figcaption>
            </figure>
        })
    };
    view! {
        <li class="clue">
            <h3>{title}</h3>
            <p>{tip(lang, feature)}</p>
            <div class="cards two">{example(real, say!(lang, game.real))}{example(fake, say!(lang, game.fake))}</div>
            <p class="hint">{facts}</p>
        </li>
    }
}
