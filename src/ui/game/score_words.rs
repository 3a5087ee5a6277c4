//! Scores and their confidence intervals as sentences.

use leptos::prelude::*;

use super::state::{Game, OpponentState};
use crate::game::answers::Proportion;
use crate::game::interval::{ConfidenceInterval, ProportionDifference};
use crate::game::opponent::{Standing, compare};
use crate::game::settings::GameMode;
use crate::ui::words::{Lang, say};

/// Fewest answers that are compared with guessing. With four answers, guessing gets all right or all wrong in one game of eight.
const MIN_ANSWERS: usize = 10;

/// The score with its confidence interval, compared with guessing.
pub fn interval_words(lang: Lang, mode: GameMode, right: Proportion) -> String {
    let interval = ConfidenceInterval::wilson(right);
    let percent = |part: f64| lang.numbers().decimal(part * 100.0, 0);
    let (share, low, high) = (percent(right.fraction()), percent(interval.low), percent(interval.high));
    let count = right.whole.to_string();
    let words = say!(lang, game.interval, share = share, low = low, high = high, count = count);
    // Finding a tumour has no fixed chance of success.
    if mode == GameMode::Tumour {
        return words;
    }
    let guessing = if right.whole < MIN_ANSWERS {
        say!(lang, game.too_few_to_tell)
    } else if interval.holds(0.5) {
        say!(lang, game.may_be_guessing)
    } else if right.fraction() > 0.5 {
        say!(lang, game.better_than_guessing)
    } else {
        say!(lang, game.worse_than_guessing)
    };
    format!("{words} {guessing}")
}

/// The difference between the second half and the first, with its confidence interval.
pub fn gain_words(lang: Lang, game: Game) -> Option<String> {
    let [first, second] = game.halves();
    if second.whole == 0 || second.whole < first.whole {
        return None;
    }
    let gain = ProportionDifference::newcombe(first, second);
    let percent = |part: f64| lang.numbers().decimal(part * 100.0, 0);
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

/// The discriminator's score compared with the visitor's.
pub fn opponent_words(lang: Lang, game: Game) -> Option<String> {
    if !game.with_opponent.get() || game.opponent_obstacle().is_some() {
        return None;
    }
    match game.opponent.get() {
        OpponentState::Ready(..) => {}
        OpponentState::Failed(_) => return Some(say!(lang, game.rival_failed).to_owned()),
        OpponentState::Silent | OpponentState::Thinking => return Some(say!(lang, game.rival_thinking).to_owned()),
    }
    let (opponent, player) = (game.opponent_score()?, game.right());
    let (score, count) = (opponent.part.to_string(), opponent.whole.to_string());
    let counted = say!(lang, game.rival_score, right = score, count = count);
    let why = match compare(opponent, player) {
        Standing::Ahead => say!(lang, game.rival_ahead),
        Standing::Tied => say!(lang, game.rival_level),
        Standing::Behind => say!(lang, game.rival_behind),
    };
    let guesses = ConfidenceInterval::wilson(opponent).holds(0.5);
    let note = if guesses { say!(lang, game.rival_guesses) } else { say!(lang, game.rival_knows) };
    Some(format!("{counted} {why} {note}"))
}
