//! What the answers add up to, with how sure that is.

use leptos::html::H2;
use leptos::prelude::*;

use super::best::BestScore;
use super::picture::TakeAlong;
use super::readers::Readers;
use super::state::{Game, Step};
use super::verdict::Rival;
use crate::game::answers::{Answer, Share, Tally};
use crate::game::interval::{Gain, Interval};
use crate::game::rival::{Standing, standing};
use crate::game::setup::Mode;
use crate::ui::words::{Lang, say, use_lang};

/// The result so far, or of the whole game.
#[component]
pub fn ResultView(
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
    let right = move || game.right();
    let mode = move || game.setup.with(|setup| setup.mode);
    let more = move || {
        game.table.with(|table| table.as_ref().is_some_and(|table| table.rounds.len() > game.answers.with(Vec::len)))
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
            <Apart game/>
            {move || gain().map(|words| view! { <p data-testid="gain">{words}</p> })}
            {move || rival_words(lang, game).map(|words| view! { <p class="rival-said" data-testid="rival-score">{words}</p> })}
            <div class="row">
                <Show when=more fallback=move || view! {
                    <button type="button" class="primary" data-testid="play-again" on:click=move |_| game.play_another()>
                        {move || say!(lang, game.another)}
                    </button>
                }>
                    <button type="button" class="primary" data-testid="to-clues" on:click=move |_| game.step.set(Step::Clues)>
                        {move || say!(lang, game.to_clues)}
                    </button>
                </Show>
                <TakeAlong game/>
            </div>
            <BestScore game/>
            <Show when=move || mode() != Mode::Tumour><Readers game/></Show>
        </section>
    }
}

/// Fakes spotted and real scans doubted; of tumours, how far off.
#[component]
fn Apart(game: Game) -> impl IntoView {
    let lang = use_lang();
    let of = move |share: Share| say!(lang, game.of, part = share.part.to_string(), whole = share.whole.to_string());
    let rows = move || -> Vec<(&'static str, &'static str, String)> {
        let right = game.right();
        let wrong = Share { part: right.whole - right.part, whole: right.whole };
        match game.setup.with(|setup| setup.mode) {
            Mode::Single => {
                let answers: Vec<Answer> =
                    game.answers.with(|answers| answers.iter().filter_map(|given| given.answer).collect());
                let tally = Tally::of(&answers);
                vec![
                    ("right", say!(lang, game.answers_right), of(right)),
                    ("wrong", say!(lang, game.answers_wrong), of(wrong)),
                    ("spotted", say!(lang, game.spotted), of(tally.spotted)),
                    ("doubted", say!(lang, game.doubted), of(tally.doubted)),
                ]
            }
            Mode::Pairs => vec![
                ("right", say!(lang, game.answers_right), of(right)),
                ("wrong", say!(lang, game.answers_wrong), of(wrong)),
            ],
            Mode::Tumour => {
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

/// From the places pointed out to the edge of the tumour, on average.
fn mean_distance(game: Game) -> Option<f64> {
    let shots: Vec<f64> = game
        .answers
        .with(|answers| answers.iter().filter_map(|given| given.shot.map(|(_, shot)| shot.distance)).collect());
    (!shots.is_empty()).then(|| shots.iter().sum::<f64>() / shots.len() as f64)
}

/// The share with its interval, and what guessing gives.
pub fn interval_words(lang: Lang, mode: Mode, right: Share) -> String {
    let interval = Interval::of(right);
    let percent = |part: f64| format!("{:.0}", part * 100.0);
    let (share, low, high) = (percent(right.fraction()), percent(interval.low), percent(interval.high));
    let count = right.whole.to_string();
    let words = say!(lang, game.interval, share = share, low = low, high = high, count = count);
    // Pointing at a place is no choice of two.
    if mode == Mode::Tumour {
        return words;
    }
    let guessing = if interval.holds(0.5) {
        say!(lang, game.may_be_guessing)
    } else if right.fraction() > 0.5 {
        say!(lang, game.better_than_guessing)
    } else {
        say!(lang, game.worse_than_guessing)
    };
    format!("{words} {guessing}")
}

/// What the clues brought, in words: after ten and ten, hardly ever more than chance can.
fn gain_words(lang: Lang, game: Game) -> Option<String> {
    let [first, second] = game.halves();
    if second.whole == 0 || second.whole < first.whole {
        return None;
    }
    let gain = Gain::of(first, second);
    let percent = |part: f64| format!("{:.0}", part * 100.0).replace('-', "−");
    let (before, after) = (first.part.to_string(), second.part.to_string());
    let (low, high) = (percent(gain.interval.low), percent(gain.interval.high));
    let (count, next) = (first.whole.to_string(), second.whole.to_string());
    let counted = say!(lang, game.gain, before = before, after = after, count = count, next = next);
    let change = match second.part.cmp(&first.part) {
        std::cmp::Ordering::Greater => say!(lang, game.gain_more, by = (second.part - first.part).to_string()),
        std::cmp::Ordering::Less => say!(lang, game.gain_less, by = (first.part - second.part).to_string()),
        std::cmp::Ordering::Equal => say!(lang, game.gain_same).to_owned(),
    };
    let sure = match gain.is_beyond_chance() {
        true => say!(lang, game.gain_sure, low = low, high = high),
        false => say!(lang, game.gain_unsure, low = low, high = high),
    };
    Some(format!("{counted} {change} {sure}"))
}

/// The discriminator's score beside the visitor's, and why it is what it is.
fn rival_words(lang: Lang, game: Game) -> Option<String> {
    if !game.with_rival.get() || !game.can_have_rival() {
        return None;
    }
    match game.rival.get() {
        Rival::Ready(..) => {}
        Rival::CannotJudge => return Some(say!(lang, game.rival_cannot).to_owned()),
        Rival::Failed(_) => return Some(say!(lang, game.rival_failed).to_owned()),
        Rival::Silent | Rival::Thinking => return Some(say!(lang, game.rival_thinking).to_owned()),
    }
    let (rival, player) = (game.rival_right()?, game.right());
    let (score, count) = (rival.part.to_string(), rival.whole.to_string());
    let counted = say!(lang, game.rival_score, right = score, count = count);
    let why = match standing(rival, player) {
        Standing::Ahead => say!(lang, game.rival_ahead),
        Standing::Level => say!(lang, game.rival_level),
        Standing::Behind => say!(lang, game.rival_behind),
    };
    let guesses = Interval::of(rival).holds(0.5);
    let note = if guesses { say!(lang, game.rival_guesses) } else { say!(lang, game.rival_knows) };
    Some(format!("{counted} {why} {note}"))
}
