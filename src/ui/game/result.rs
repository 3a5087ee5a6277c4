//! The result of a game, with confidence intervals.

use leptos::prelude::*;

use super::best_score::BestScore;
use super::hand_in::HandIn;
use super::reader_studies::ReaderStudies;
use super::result_image::ResultImageButtons;
use super::review::Review;
use super::score_words::{gain_words, interval_words, opponent_words};
use super::state::Game;
use crate::game::answers::{Answer, Proportion, Tally};
use crate::game::quiz::MIN_FOR_TWO_HALVES;
use crate::game::settings::{GameMode, GameSettings};
use crate::ui::focus::focused_heading;
use crate::ui::words::{Lang, say, use_lang};

/// The result after the first half, or of the whole game.
#[component]
pub fn ResultView(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let heading = focused_heading(|| ());
    let right = move || game.right();
    let mode = move || game.settings.with(|settings| settings.mode);
    let more = move || {
        game.quiz.with(|quiz| quiz.as_ref().is_some_and(|quiz| quiz.rounds.len() > game.answers.with(Vec::len)))
    };
    let score = move || {
        let share = right();
        say!(lang, game.score, right = share.part.to_string(), count = share.whole.to_string())
    };
    let gain = move || gain_words(lang, game);
    view! {
        <section class="result" data-testid="result" data-right=move || right().part.to_string()
            data-count=move || right().whole.to_string() aria-labelledby="result">
            <h2 id="result" node_ref=heading tabindex="-1">
                {move || if more() { say!(lang, game.result_half) } else { say!(lang, game.result) }}
            </h2>
            <p class="score">{score}</p>
            <p data-testid="interval">{move || interval_words(lang, mode(), right())}</p>
            <HandIn game/>
            <ResultCounts game/>
            {move || gain().map(|words| view! { <p data-testid="gain">{words}</p> })}
            {move || opponent_words(lang, game).map(|words| view! { <p class="rival-said" data-testid="rival-score">{words}</p> })}
            <div class="row">
                <Show when=more fallback=move || view! {
                    <button type="button" class="primary" data-testid="play-again" on:click=move |_| game.play_another()>
                        {move || say!(lang, game.another)}
                    </button>
                }>
                    <button type="button" class="primary" data-testid="to-clues" on:click=move |_| game.next_screen()>
                        {move || match game.settings.with(GameSettings::has_clues) {
                            true => say!(lang, game.to_clues),
                            false => say!(lang, game.second_half),
                        }}
                    </button>
                </Show>
                <ResultImageButtons game/>
            </div>
            {move || no_second_half(lang, game).map(|words| view! { <p class="hint" data-testid="no-second-half">{words}</p> })}
            <Review game/>
            <BestScore game/>
            <Show when=move || mode() != GameMode::Tumour><ReaderStudies
                who=Signal::derive(move || say!(lang, game.you).to_owned())
                about=Signal::derive(move || say!(lang, game.you_about, count = right().whole.to_string()))
                right=Signal::derive(right)/></Show>
        </section>
    }
}

/// Why there are no clues and no second half, if the real scans are of too few people.
fn no_second_half(lang: Lang, game: Game) -> Option<String> {
    let people = game.quiz.with(|quiz| quiz.as_ref().map(|quiz| quiz.people))?;
    let plays = game.settings.with(|settings| settings.mode != GameMode::Tumour);
    let [found, needed] = [people, MIN_FOR_TWO_HALVES].map(|count| count.to_string());
    // Slices of one person count as of one person each.
    let one = game.own.with(|own| own.as_ref().is_some_and(|own| own.repeats_people));
    (plays && people < MIN_FOR_TWO_HALVES).then(|| match one {
        true => say!(lang, game.no_second_half_one, found = found, needed = needed),
        false => say!(lang, game.no_second_half, found = found, needed = needed),
    })
}

/// Counts of correct answers; for tumours also the mean distance.
#[component]
fn ResultCounts(game: Game) -> impl IntoView {
    let lang = use_lang();
    let of =
        move |share: Proportion| say!(lang, game.of, part = share.part.to_string(), whole = share.whole.to_string());
    let rows = move || -> Vec<(&'static str, &'static str, String)> {
        let right = game.right();
        let wrong = Proportion { part: right.whole - right.part, whole: right.whole };
        match game.settings.with(|settings| settings.mode) {
            GameMode::Single => {
                let answers: Vec<Answer> =
                    game.answers.with(|answers| answers.iter().filter_map(|given| given.answer).collect());
                let tally = Tally::of(&answers);
                vec![
                    ("right", say!(lang, game.answers_right), of(right)),
                    ("wrong", say!(lang, game.answers_wrong), of(wrong)),
                    ("spotted", say!(lang, game.spotted), of(tally.fakes_detected)),
                    ("doubted", say!(lang, game.doubted), of(tally.reals_rejected)),
                ]
            }
            GameMode::Pairs => vec![
                ("right", say!(lang, game.answers_right), of(right)),
                ("wrong", say!(lang, game.answers_wrong), of(wrong)),
            ],
            GameMode::Tumour => {
                let mut rows = vec![("right", say!(lang, game.tumours_hit), of(right))];
                if let Some(off) = mean_distance(game) {
                    let percent = lang.number(off * 100.0);
                    rows.push((
                        "distance",
                        say!(lang, game.distance),
                        say!(lang, game.percent_of_width, percent = percent),
                    ));
                }
                rows
            }
        }
    };
    view! {
        <dl class="facts">
            {move || rows().into_iter().map(|(key, name, value)| view! {
                <div><dt>{name}</dt><dd data-result=key>{value}</dd></div>
            }).collect_view()}
        </dl>
    }
}

/// Mean distance from the taps to the edge of the tumour, as a fraction of the image side.
fn mean_distance(game: Game) -> Option<f64> {
    let shots: Vec<f64> = game
        .answers
        .with(|answers| answers.iter().filter_map(|given| given.tap.map(|(_, tap)| tap.distance)).collect());
    (!shots.is_empty()).then(|| shots.iter().sum::<f64>() / shots.len() as f64)
}
