//! Shares of right answers with their intervals, and the change from the first half to the second.

use leptos::prelude::*;

use crate::game::answers::Proportion;
use crate::game::class_results::ClassSummary;
use crate::game::interval::{ConfidenceInterval, ProportionDifference};
use crate::game::settings::GameSettings;
use crate::ui::game::reader_studies::PercentBar;
use crate::ui::game::state::Game;
use crate::ui::words::{Lang, say, use_lang};

/// A row for each share, and a sentence on the change.
#[component]
pub fn Measures(
    /// The game of the class.
    game: Game,
    /// The class.
    summary: ClassSummary,
) -> impl IntoView {
    let lang = use_lang();
    let [before, after] = summary.halves;
    let clues = game.settings.with_untracked(GameSettings::has_clues);
    let tally = summary.tally;
    let rows = move || {
        let mut rows = vec![("right", say!(lang, game.answers_right), summary.right)];
        if let Some(tally) = tally {
            rows.push(("spotted", say!(lang, game.spotted), tally.fakes_detected));
            rows.push(("doubted", say!(lang, game.doubted), tally.reals_rejected));
        }
        if after.whole > 0 {
            let second = if clues { say!(lang, lesson.class.after_clues) } else { say!(lang, lesson.class.after) };
            rows.push(("before", say!(lang, lesson.class.before), before));
            rows.push(("after", second, after));
        }
        rows.into_iter().map(|(name, words, share)| row(lang, name, words, share)).collect_view()
    };
    let change = move || (after.whole > 0).then(|| change_words(lang, before, after));
    view! {
        <div class="class-measures readers">
            <h3>{move || say!(lang, lesson.class.measures)}</h3>
            <table data-testid="class-measures">
                <thead>
                    <tr>
                        <th scope="col">{move || say!(lang, lesson.class.what)}</th>
                        <th scope="col">{move || say!(lang, lesson.class.how_often)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {move || change().map(|words| view! { <p data-testid="class-change">{words}</p> })}
            <p class="hint">{move || say!(lang, lesson.class.measures_note)}</p>
        </div>
    }
}

/// A share, its counts and its interval.
fn row(lang: Lang, name: &'static str, words: &'static str, share: Proportion) -> impl IntoView {
    let interval = ConfidenceInterval::wilson(share);
    let percent = |part: f64| lang.numbers().decimal(100.0 * part, 1);
    let counted =
        say!(lang, lesson.class.share, part = share.part, whole = share.whole, percent = percent(share.fraction()));
    let margin = say!(lang, lesson.class.margin, low = percent(interval.low), high = percent(interval.high));
    view! {
        <tr data-measure=name>
            <th scope="row">{words}</th>
            <td>
                <PercentBar points=vec![100.0 * share.fraction()] spread=Some((100.0 * interval.low, 100.0 * interval.high))/>
                <span>{counted}</span><span class="hint margin">{margin}</span>
            </td>
        </tr>
    }
}

/// The change from the first to the second half, with its interval.
fn change_words(lang: Lang, before: Proportion, after: Proportion) -> String {
    let change = ProportionDifference::newcombe(before, after);
    let points = |part: f64| lang.numbers().decimal(100.0 * part, 1);
    let said = say!(
        lang,
        lesson.class.change,
        difference = points(change.difference),
        low = points(change.interval.low),
        high = points(change.interval.high)
    );
    let sure = match change.is_beyond_chance() {
        true => say!(lang, lesson.class.change_sure),
        false => say!(lang, lesson.class.change_unsure),
    };
    format!("{said} {sure}")
}
