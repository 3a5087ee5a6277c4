//! The truth about a round, one thing to look at, and on to the next.

use leptos::html::Button;
use leptos::prelude::*;

use super::known;
use super::state::{Game, Given, Step};
use super::table::Shown;
use super::verdict::Rival;
use crate::game::answers::Kind;
use crate::game::marks::{Clue, Mark};
use crate::game::setup::Mode;
use crate::ui::studio::names::class_name;
use crate::ui::words::{Lang, say, use_lang};

/// Empty until the round is answered. Screen readers hear it when it fills.
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
        }
    });
    let now = move || {
        let round = game.round().filter(|_| answered.get())?;
        let given = game.answers.with(|answers| answers.get(round).cloned())?;
        let shown = game.table.with(|table| table.as_ref()?.rounds.get(round).cloned())?;
        Some((round, given, shown))
    };
    let told = move || {
        let (round, given, shown) = now()?;
        let mode = game.setup.with(|setup| setup.mode);
        let class = if given.right { "truth hit" } else { "truth miss" };
        let sign = if given.right { "✓ " } else { "✗ " };
        Some(view! {
            <p class=class><span aria-hidden="true">{sign}</span>{truth(lang, mode, &given, &shown)}</p>
            <p>{about(lang, game, mode, round, &given, &shown)}</p>
            {move || rival_words(lang, game, round).map(|words| view! { <p class="rival-said">{words}</p> })}
        })
    };
    let last = move || match game.round() {
        Some(round) => round + 1 == game.rounds(),
        None => false,
    };
    view! {
        <div class="feedback" data-testid="feedback" role="status" aria-live="polite">{told}</div>
        <div class="onwards" hidden=move || !answered.get()>
            <button node_ref=next type="button" class="primary" data-testid="next" on:click=move |_| game.go_on()>
                {move || if last() { say!(lang, game.to_result) } else { say!(lang, game.next) }}
            </button>
        </div>
    }
}

/// Right or wrong, and what it was.
fn truth(lang: Lang, mode: Mode, given: &Given, shown: &[Shown]) -> String {
    let Some(first) = shown.first() else { return String::new() };
    let late = match mode {
        Mode::Single => given.answer.is_some_and(|answer| answer.said.is_none()),
        Mode::Pairs => given.picked.is_none(),
        Mode::Tumour => given.shot.is_none(),
    };
    let what = match (mode, first.kind) {
        (Mode::Pairs, Kind::Real) => say!(lang, game.was_left),
        (Mode::Pairs, Kind::Fake) => say!(lang, game.was_right),
        (_, Kind::Real) => say!(lang, game.was_real),
        (_, Kind::Fake) => say!(lang, game.was_fake),
    };
    match (mode, given.shot) {
        (Mode::Tumour, Some((_, shot))) => {
            let percent = lang.number(shot.distance * 100.0);
            match shot.inside {
                true => say!(lang, game.shot_inside, truth = what),
                false if shot.is_close() => say!(lang, game.shot_close, percent = percent, truth = what),
                false => say!(lang, game.shot_beside, percent = percent, truth = what),
            }
        }
        _ if late => say!(lang, game.late, truth = what),
        _ if given.right => say!(lang, game.right_answer, truth = what),
        _ => say!(lang, game.wrong_answer, truth = what),
    }
}

/// One thing to look at.
fn about(lang: Lang, game: Game, mode: Mode, round: usize, given: &Given, shown: &[Shown]) -> String {
    if mode == Mode::Tumour {
        let distance = given.shot.map(|(_, shot)| lang.number(shot.from_middle * 100.0));
        let class = shown.first().and_then(|shown| shown.class.as_deref()).map(|class| class_name(lang, class));
        return match (class, distance) {
            (Some(class), Some(distance)) => {
                let drawn = match shown.first().map(|shown| shown.kind) {
                    Some(Kind::Real) => say!(lang, game.drawn_by_person),
                    _ => say!(lang, game.drawn_by_generator),
                };
                say!(lang, game.tumour_about, class = class, percent = distance, drawn = drawn)
            }
            (Some(class), None) => say!(lang, game.tumour_about_late, class = class),
            _ => String::new(),
        };
    }
    // Of a pair, what gives the fake away.
    let told = shown.iter().find(|shown| mode == Mode::Single || shown.kind == Kind::Fake);
    let Some(told) = told else { return String::new() };
    match known::clue(game, &told.pixels, told.kind) {
        Some(clue) if mode == Mode::Pairs => say!(lang, game.clue_pair, clue = clue_words(lang, clue, told.kind)),
        Some(clue) => clue_words(lang, clue, told.kind),
        None => {
            let mark = Mark::ALL[round % Mark::ALL.len()];
            say!(lang, game.no_clue, tip = tip(lang, mark))
        }
    }
}

/// A clue as a sentence: what was measured, and compared with how many.
fn clue_words(lang: Lang, clue: Clue, kind: Kind) -> String {
    let part = clue.than.part.to_string();
    let whole = clue.than.whole.to_string();
    let others = match kind {
        Kind::Real => say!(lang, game.fakes),
        Kind::Fake => say!(lang, game.reals),
    };
    match (clue.mark, clue.more) {
        (Mark::Symmetry, true) => say!(lang, game.mark.symmetry_more, part = part, whole = whole, others = others),
        (Mark::Symmetry, false) => say!(lang, game.mark.symmetry_less, part = part, whole = whole, others = others),
        (Mark::Lines, true) => say!(lang, game.mark.lines_more, part = part, whole = whole, others = others),
        (Mark::Lines, false) => say!(lang, game.mark.lines_less, part = part, whole = whole, others = others),
        (Mark::Vessels, true) => say!(lang, game.mark.vessels_more, part = part, whole = whole, others = others),
        (Mark::Vessels, false) => say!(lang, game.mark.vessels_less, part = part, whole = whole, others = others),
        (Mark::Skull, true) => say!(lang, game.mark.skull_more, part = part, whole = whole, others = others),
        (Mark::Skull, false) => say!(lang, game.mark.skull_less, part = part, whole = whole, others = others),
        (Mark::Texture, true) => say!(lang, game.mark.texture_more, part = part, whole = whole, others = others),
        (Mark::Texture, false) => say!(lang, game.mark.texture_less, part = part, whole = whole, others = others),
    }
}

/// Where to look, for one mark.
pub fn tip(lang: Lang, mark: Mark) -> &'static str {
    match mark {
        Mark::Symmetry => say!(lang, game.mark.symmetry_tip),
        Mark::Lines => say!(lang, game.mark.lines_tip),
        Mark::Vessels => say!(lang, game.mark.vessels_tip),
        Mark::Skull => say!(lang, game.mark.skull_tip),
        Mark::Texture => say!(lang, game.mark.texture_tip),
    }
}

/// What the discriminator said, now that the visitor has answered.
fn rival_words(lang: Lang, game: Game, round: usize) -> Option<String> {
    if !game.with_rival.get() || !game.can_have_rival() || !matches!(game.step.get(), Step::Round(_)) {
        return None;
    }
    let answer = match game.rival.get() {
        Rival::Ready(..) => game.rival_answer(round)?,
        Rival::CannotJudge => return None,
        Rival::Failed(_) => return Some(say!(lang, game.rival_failed).to_owned()),
        Rival::Silent | Rival::Thinking => return Some(say!(lang, game.rival_thinking).to_owned()),
    };
    let pairs = game.setup.with(|setup| setup.mode == Mode::Pairs);
    Some(
        match (answer.said, pairs) {
            (None, _) => say!(lang, game.rival_silent),
            (Some(_), true) if answer.is_right() => say!(lang, game.rival_pair_right),
            (Some(_), true) => say!(lang, game.rival_pair_wrong),
            (Some(Kind::Real), false) => say!(lang, game.rival_real),
            (Some(Kind::Fake), false) => say!(lang, game.rival_fake),
        }
        .to_owned(),
    )
}
