//! Feedback after an answer: the truth, one thing to look at, and a button to the next round.

use leptos::html::Button;
use leptos::prelude::*;

use super::quiz::QuizScan;
use super::state::{Game, OpponentState, RoundAnswer};
use crate::game::advice::Advice;
use crate::game::answers::Authenticity;
use crate::game::features::{Clue, ImageFeature};
use crate::game::progress::GameScreen;
use crate::game::settings::GameMode;
use crate::ui::names::class_name;
use crate::ui::words::{Lang, say, use_lang};

/// Space below the button to the next round, in pixels.
const MARGIN: f64 = 8.0;

/// Height of the window in pixels.
fn window_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::INFINITY)
}

/// Empty until the round is answered. A live region for screen readers.
#[component]
pub fn Feedback(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let next = NodeRef::<Button>::new();
    let answered = Memo::new(move |_| game.is_answered());
    Effect::new(move || {
        if let (true, Some(next)) = (answered.get(), next.get()) {
            let _ = next.focus();
            // The words above it may be drawn later, and push it down.
            request_animation_frame(move || {
                let below = next.get_bounding_client_rect().bottom() - window_height();
                if below > 0.0 {
                    window().scroll_by_with_x_and_y(0.0, below + MARGIN);
                }
            });
        }
    });
    let now = move || {
        let round = game.round().filter(|_| answered.get())?;
        let given = game.answers.with(|answers| answers.get(round).cloned())?;
        let shown = game.quiz.with(|quiz| quiz.as_ref()?.rounds.get(round).cloned())?;
        Some((round, given, shown))
    };
    let told = move || {
        let (round, given, shown) = now()?;
        let mode = game.settings.with(|settings| settings.mode);
        let class = if given.right { "truth hit" } else { "truth miss" };
        let sign = if given.right { "✓ " } else { "✗ " };
        Some(view! {
            <p class=class><span aria-hidden="true">{sign}</span>{truth(lang, mode, &given, &shown)}</p>
            <p>{about(lang, mode, &given, &shown)}{marked(lang, &given)}</p>
            {move || opponent_words(lang, game, round).map(|words| view! { <p class="rival-said">{words}</p> })}
        })
    };
    let last = move || match game.round() {
        Some(round) => round + 1 == game.rounds(),
        None => false,
    };
    view! {
        <div class="feedback" data-testid="feedback" role="status" aria-live="polite">{told}</div>
        <div class="onwards" hidden=move || !answered.get()>
            <button node_ref=next type="button" class="primary" data-testid="next" on:click=move |_| game.next_screen()>
                {move || if last() { say!(lang, game.to_result) } else { say!(lang, game.next) }}
            </button>
        </div>
    }
}

/// Whether the answer was right, and the truth.
fn truth(lang: Lang, mode: GameMode, given: &RoundAnswer, shown: &[QuizScan]) -> String {
    let Some(first) = shown.first() else { return String::new() };
    let late = match mode {
        GameMode::Single => given.answer.is_some_and(|answer| answer.said.is_none()),
        GameMode::Pairs => given.picked.is_none(),
        GameMode::Tumour => given.tap.is_none(),
    };
    let what = match (mode, first.kind) {
        (GameMode::Pairs, Authenticity::Real) => say!(lang, game.was_left),
        (GameMode::Pairs, Authenticity::Fake) => say!(lang, game.was_right),
        (_, Authenticity::Real) => say!(lang, game.was_real),
        (_, Authenticity::Fake) => say!(lang, game.was_fake),
    };
    match (mode, given.tap) {
        (GameMode::Tumour, Some((_, tap))) => {
            let percent = lang.number(tap.distance * 100.0);
            match tap.inside {
                true => say!(lang, game.shot_inside, truth = what),
                false if tap.is_close() => say!(lang, game.shot_close, percent = percent, truth = what),
                false if tap.is_same_part() => say!(lang, game.shot_near, percent = percent, truth = what),
                false => say!(lang, game.shot_beside, percent = percent, truth = what),
            }
        }
        _ if late => say!(lang, game.late, truth = what),
        _ if given.right => say!(lang, game.right_answer, truth = what),
        _ => say!(lang, game.wrong_answer, truth = what),
    }
}

/// What the rings on the scan mean.
fn marked(lang: Lang, given: &RoundAnswer) -> Option<String> {
    let words = match given.places.len() {
        0 => return None,
        1 => say!(lang, game.marked_one),
        _ => say!(lang, game.marked_two),
    };
    Some(format!(" {words}"))
}

/// One thing to look at in this scan.
fn about(lang: Lang, mode: GameMode, given: &RoundAnswer, shown: &[QuizScan]) -> String {
    if mode == GameMode::Tumour {
        let class = shown.first().and_then(|shown| shown.class.as_deref()).map(|class| class_name(lang, class));
        let drawn = match shown.first().map(|shown| shown.kind) {
            Some(Authenticity::Real) => say!(lang, game.drawn_by_person),
            _ => say!(lang, game.drawn_by_generator),
        };
        return match class {
            Some(class) => format!("{drawn} {}", say!(lang, game.tumour_about, class = class)),
            None => drawn.to_owned(),
        };
    }
    let kind = if mode == GameMode::Pairs { Some(Authenticity::Fake) } else { shown.first().map(|shown| shown.kind) };
    match (given.advice, kind) {
        (Advice::Clue(clue), Some(kind)) if mode == GameMode::Pairs => {
            say!(lang, game.clue_pair, clue = clue_words(lang, clue, kind))
        }
        (Advice::Clue(clue), Some(kind)) => clue_words(lang, clue, kind),
        (Advice::Tip(feature), _) => say!(lang, game.no_clue, tip = tip(lang, feature)),
        _ => String::new(),
    }
}

/// A clue as a sentence: what was measured, compared with how many scans.
fn clue_words(lang: Lang, clue: Clue, kind: Authenticity) -> String {
    let part = clue.than.part.to_string();
    let whole = clue.than.whole.to_string();
    let others = match kind {
        Authenticity::Real => say!(lang, game.fakes),
        Authenticity::Fake => say!(lang, game.reals),
    };
    match (clue.feature, clue.more) {
        (ImageFeature::Symmetry, true) => {
            say!(lang, game.mark.symmetry_more, part = part, whole = whole, others = others)
        }
        (ImageFeature::Symmetry, false) => {
            say!(lang, game.mark.symmetry_less, part = part, whole = whole, others = others)
        }
        (ImageFeature::Lines, true) => say!(lang, game.mark.lines_more, part = part, whole = whole, others = others),
        (ImageFeature::Lines, false) => say!(lang, game.mark.lines_less, part = part, whole = whole, others = others),
        (ImageFeature::Vessels, true) => {
            say!(lang, game.mark.vessels_more, part = part, whole = whole, others = others)
        }
        (ImageFeature::Vessels, false) => {
            say!(lang, game.mark.vessels_less, part = part, whole = whole, others = others)
        }
        (ImageFeature::Skull, true) => say!(lang, game.mark.skull_more, part = part, whole = whole, others = others),
        (ImageFeature::Skull, false) => say!(lang, game.mark.skull_less, part = part, whole = whole, others = others),
        (ImageFeature::Texture, true) => {
            say!(lang, game.mark.texture_more, part = part, whole = whole, others = others)
        }
        (ImageFeature::Texture, false) => {
            say!(lang, game.mark.texture_less, part = part, whole = whole, others = others)
        }
    }
}

/// Where to look for a feature.
pub fn tip(lang: Lang, feature: ImageFeature) -> &'static str {
    match feature {
        ImageFeature::Symmetry => say!(lang, game.mark.symmetry_tip),
        ImageFeature::Lines => say!(lang, game.mark.lines_tip),
        ImageFeature::Vessels => say!(lang, game.mark.vessels_tip),
        ImageFeature::Skull => say!(lang, game.mark.skull_tip),
        ImageFeature::Texture => say!(lang, game.mark.texture_tip),
    }
}

/// The answer of the discriminator, once the visitor has answered.
fn opponent_words(lang: Lang, game: Game, round: usize) -> Option<String> {
    if !game.with_opponent.get()
        || game.opponent_obstacle().is_some()
        || !matches!(game.screen.get(), GameScreen::Round(_))
    {
        return None;
    }
    let answer = match game.opponent.get() {
        OpponentState::Ready(..) => game.opponent_answer(round)?,
        OpponentState::Failed(_) => return Some(say!(lang, game.rival_failed).to_owned()),
        OpponentState::Silent | OpponentState::Thinking => return Some(say!(lang, game.rival_thinking).to_owned()),
    };
    let pairs = game.settings.with(|settings| settings.mode == GameMode::Pairs);
    Some(
        match (answer.said, pairs) {
            (None, _) => say!(lang, game.rival_silent),
            (Some(_), true) if answer.is_right() => say!(lang, game.rival_pair_right),
            (Some(_), true) => say!(lang, game.rival_pair_wrong),
            (Some(Authenticity::Real), false) => say!(lang, game.rival_real),
            (Some(Authenticity::Fake), false) => say!(lang, game.rival_fake),
        }
        .to_owned(),
    )
}
