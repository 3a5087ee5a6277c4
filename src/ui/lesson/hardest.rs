//! The scans that most pupils had wrong.

use leptos::prelude::*;

use crate::game::answers::Authenticity;
use crate::game::class_results::{ClassGame, ClassSummary, RoundResult};
use crate::game::settings::GameMode;
use crate::ui::canvas::SliceCanvas;
use crate::ui::game::quiz::QuizScan;
use crate::ui::game::state::Game;
use crate::ui::words::{Lang, say, use_lang};

/// Rounds that are shown.
const SHOWN: usize = 5;

/// The hardest rounds, each with its scans, the truth, and the number of wrong answers.
#[component]
pub fn Hardest(
    /// The game of the class.
    game: Game,
    /// Its rounds.
    class: ClassGame,
    /// The class.
    summary: ClassSummary,
) -> impl IntoView {
    let lang = use_lang();
    let hardest = summary.hardest(SHOWN);
    let none = hardest.is_empty();
    let pupils = summary.pupils;
    let items = move || {
        let Some(quiz) = game.quiz.get() else { return Vec::new() };
        let item = |result: &RoundResult| {
            let scans = quiz.rounds.get(result.round).cloned().unwrap_or_default();
            item(lang, class.mode, pupils, *result, scans)
        };
        hardest.iter().map(item).collect()
    };
    view! {
        <div class="class-hardest review">
            <h3>{move || say!(lang, lesson.hardest.title)}</h3>
            {move || none.then(|| view! { <p>{say!(lang, lesson.hardest.none)}</p> })}
            <ol data-testid="class-hardest">{move || items().into_iter().collect_view()}</ol>
        </div>
    }
}

fn item(lang: Lang, mode: GameMode, pupils: usize, result: RoundResult, scans: Vec<QuizScan>) -> AnyView {
    let round = result.round + 1;
    let pair = scans.len() == 2;
    let figure = |scan: QuizScan| {
        let truth = match scan.kind {
            Authenticity::Real => say!(lang, game.real),
            Authenticity::Fake => say!(lang, game.fake),
        };
        let alt = say!(lang, lesson.hardest.alt, round = round, truth = truth);
        let pixels = Some(scan.pixels);
        view! {
            <figure>
                <div class="slide">
                    <SliceCanvas testid="hardest-scan" pixels=Signal::derive(move || pixels.clone())
                        outline=mode == GameMode::Tumour alt=Signal::derive(move || alt.clone())/>
                </div>
                <figcaption>{truth}</figcaption>
            </figure>
        }
    };
    let (wrong, count) = (result.wrong, pupils);
    let words = match mode {
        GameMode::Single => say!(lang, lesson.hardest.fell, round = round, fell = wrong, count = count),
        GameMode::Pairs => say!(lang, lesson.hardest.fell_pair, round = round, fell = wrong, count = count),
        GameMode::Tumour => say!(lang, lesson.hardest.fell_tumour, round = round, fell = wrong, count = count),
    };
    let late = (result.missed > 0).then(|| say!(lang, lesson.hardest.late, late = result.missed));
    view! {
        <li class:pair=pair data-round=round.to_string() data-fell=result.wrong.to_string()>
            {scans.into_iter().map(figure).collect_view()}
            <p>{words}" "{late}</p>
        </li>
    }
    .into_any()
}
