//! Between the halves: what to look at, each with a real and a generated example that are in no round.

use std::sync::Arc;

use leptos::html::H2;
use leptos::prelude::*;

use super::feedback::tip;
use super::known::Measured;
use super::state::Game;
use crate::game::marks::{Mark, median};
use crate::slice::Slice;
use crate::ui::pixels_canvas::PixelsCanvas;
use crate::ui::words::{Lang, say, use_lang};

/// All clues, and on to the second half.
#[component]
pub fn Clues(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let heading = NodeRef::<H2>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let cards = move || {
        let mut taken = [Vec::new(), Vec::new()];
        game.measured.with(|measured| {
            Mark::ALL
                .map(|mark| {
                    let examples = examples(measured, mark, &mut taken);
                    let facts = facts(lang, measured, mark);
                    card(lang, mark, examples, facts)
                })
                .into_iter()
                .collect_view()
        })
    };
    view! {
        <section class="clues" data-testid="clues" aria-labelledby="clues">
            <h2 id="clues" node_ref=heading tabindex="-1">{move || say!(lang, game.clues)}</h2>
            <p>{move || say!(lang, game.clues_lead)}</p>
            <ul>{cards}</ul>
            <div class="onwards">
                <button type="button" class="primary" data-testid="more-rounds" on:click=move |_| game.go_to_second_half()>
                    {move || say!(lang, game.more_rounds)}
                </button>
            </div>
        </section>
    }
}

/// A usual real scan and a usual fake for a mark, each shown once where there are enough.
fn examples(measured: &Measured, mark: Mark, taken: &mut [Vec<usize>; 2]) -> [Option<Arc<Slice>>; 2] {
    let [real, fake] = taken;
    [(&measured.real, real), (&measured.fake, fake)].map(|(known, taken)| {
        let index = known.example(mark, taken).or_else(|| known.example(mark, &[]))?;
        taken.push(index);
        known.scans.get(index).map(|(pixels, _)| pixels.clone())
    })
}

/// How the two kinds differ in a mark, as measured now.
fn facts(lang: Lang, measured: &Measured, mark: Mark) -> Option<String> {
    let (real, fake) = (median(&measured.real.marks, mark)?, median(&measured.fake.marks, mark)?);
    if real <= 0.0 {
        return None;
    }
    let change = (fake / real - 1.0) * 100.0;
    let percent = lang.number(change.abs());
    let counts = [measured.fake.marks.len(), measured.real.marks.len()].map(|count| count.to_string());
    let [fakes, reals] = counts;
    Some(match (change.abs() < 3.0, change > 0.0) {
        (true, _) => say!(lang, game.fact_same, fakes = fakes, reals = reals),
        (false, true) => say!(lang, game.fact_more, percent = percent, fakes = fakes, reals = reals),
        (false, false) => say!(lang, game.fact_less, percent = percent, fakes = fakes, reals = reals),
    })
}

fn card(lang: Lang, mark: Mark, examples: [Option<Arc<Slice>>; 2], facts: Option<String>) -> impl IntoView {
    let title = match mark {
        Mark::Symmetry => say!(lang, game.mark.symmetry),
        Mark::Lines => say!(lang, game.mark.lines),
        Mark::Vessels => say!(lang, game.mark.vessels),
        Mark::Skull => say!(lang, game.mark.skull),
        Mark::Texture => say!(lang, game.mark.texture),
    };
    let [real, fake] = examples;
    let example = move |pixels: Option<Arc<Slice>>, name: &'static str| {
        let pixels = pixels?;
        let alt = say!(lang, game.example_alt, kind = name, mark = title);
        Some(view! {
            <figure>
                <div class="slide">
                    <PixelsCanvas testid="example" pixels=Signal::derive(move || Some(pixels.clone())) outline=false
                        alt=Signal::derive(move || alt.clone())/>
                </div>
                <figcaption>{name}</figcaption>
            </figure>
        })
    };
    view! {
        <li class="clue">
            <h3>{title}</h3>
            <p>{tip(lang, mark)}</p>
            <div class="cards two">{example(real, say!(lang, game.real))}{example(fake, say!(lang, game.fake))}</div>
            <p class="hint">{facts}</p>
        </li>
    }
}
