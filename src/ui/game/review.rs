//! The scans of the finished half once more, each with the truth and the answer.

use std::sync::Arc;

use leptos::prelude::*;

use super::quiz::QuizScan;
use super::state::{Game, RoundAnswer};
use crate::game::answers::Authenticity;
use crate::game::localisation::ImagePoint;
use crate::game::settings::GameMode;
use crate::slice::Slice;
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{Lang, say, use_lang};

/// The scans of the last half, in the order of the rounds.
#[component]
pub fn Review(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let rounds = move || {
        let mode = game.settings.with(|settings| settings.mode);
        let answers = game.answers.get();
        let Some(quiz) = game.quiz.get() else { return Vec::new() };
        let start = if answers.len() > quiz.first { quiz.first } else { 0 };
        let items = quiz.rounds.iter().zip(&answers).enumerate().skip(start);
        items.map(|(round, (shown, given))| item(lang, mode, round + 1, shown, given)).collect()
    };
    view! {
        <section class="review" data-testid="review" aria-labelledby="review">
            <h3 id="review">{move || say!(lang, game.review)}</h3>
            <ol>{move || rounds().into_iter().collect_view()}</ol>
        </section>
    }
}

fn item(lang: Lang, mode: GameMode, number: usize, shown: &[QuizScan], given: &RoundAnswer) -> AnyView {
    let (class, sign) = if given.right { ("hit", "✓") } else { ("miss", "✗") };
    let figures: Vec<AnyView> = shown
        .iter()
        .enumerate()
        .map(|(place, scan)| figure(lang, mode, number, scan, given.tap.map(|(at, _)| at), given.picked == Some(place)))
        .collect();
    let pair = figures.len() == 2;
    view! {
        <li class:pair=pair>
            {figures}
            <p class=class><span aria-hidden="true">{sign}" "</span>{answer_words(lang, mode, given)}</p>
        </li>
    }
    .into_any()
}

fn figure(
    lang: Lang,
    mode: GameMode,
    number: usize,
    scan: &QuizScan,
    tap: Option<ImagePoint>,
    picked: bool,
) -> AnyView {
    let truth = match scan.kind {
        Authenticity::Real => say!(lang, game.real),
        Authenticity::Fake => say!(lang, game.fake),
    };
    let alt = say!(lang, game.review_alt, number = number.to_string(), truth = truth);
    let pixels: Option<Arc<Slice>> = Some(scan.pixels.clone());
    let cross = tap.filter(|_| mode == GameMode::Tumour).map(|ImagePoint { x, y }| {
        let at = format!("translate({:.2} {:.2})", 100.0 * x, 100.0 * y);
        view! {
            <svg class="clue-marks" viewBox="0 0 100 100" aria-hidden="true">
                <g transform=at><path class="halo" d="M0 -9v18M-9 0h18"/><path d="M0 -9v18M-9 0h18"/></g>
            </svg>
        }
    });
    view! {
        <figure class:picked=picked>
            <div class="slide">
                <SliceCanvas testid="review-scan" pixels=Signal::derive(move || pixels.clone())
                    outline=mode == GameMode::Tumour alt=Signal::derive(move || alt.clone())/>
                {cross}
            </div>
            <figcaption>{truth}</figcaption>
        </figure>
    }
    .into_any()
}

/// What the visitor said.
fn answer_words(lang: Lang, mode: GameMode, given: &RoundAnswer) -> String {
    match mode {
        GameMode::Single => match given.answer.and_then(|answer| answer.said) {
            Some(Authenticity::Real) => say!(lang, game.you_said, answer = say!(lang, game.real)),
            Some(Authenticity::Fake) => say!(lang, game.you_said, answer = say!(lang, game.fake)),
            None => say!(lang, game.you_late).to_owned(),
        },
        GameMode::Pairs => match given.picked {
            Some(0) => say!(lang, game.you_said, answer = say!(lang, game.left)),
            Some(_) => say!(lang, game.you_said, answer = say!(lang, game.right)),
            None => say!(lang, game.you_late).to_owned(),
        },
        GameMode::Tumour => match given.tap {
            Some((_, tap)) if tap.inside => say!(lang, game.you_hit).to_owned(),
            Some((_, tap)) => say!(lang, game.you_beside, percent = lang.number(tap.distance * 100.0)),
            None => say!(lang, game.you_late).to_owned(),
        },
    }
}
