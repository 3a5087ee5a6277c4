//! A histogram of the pupils' scores.

use leptos::prelude::*;

use crate::game::class_results::ClassSummary;
use crate::ui::words::{say, use_lang};

/// Width of a bar with its gap, and height of the tallest bar, in units of the drawing.
const STEP: f64 = 16.0;
const TALL: f64 = 72.0;
/// Room above the bars for their numbers, and below for the axis.
const ABOVE: f64 = 14.0;
const BELOW: f64 = 18.0;

/// The mean, and a bar for each score.
#[component]
pub fn Scores(
    /// The class.
    summary: ClassSummary,
) -> impl IntoView {
    let lang = use_lang();
    let rounds = summary.rounds.len();
    let mean = summary.right.part as f64 / summary.pupils.max(1) as f64;
    let most = summary.scores.iter().copied().max().unwrap_or_default().max(1);
    let counted: Vec<(usize, usize)> =
        summary.scores.iter().copied().enumerate().filter(|(_, count)| *count > 0).collect();
    let words = move || {
        let list: Vec<String> = counted
            .iter()
            .map(|(right, count)| say!(lang, lesson.class.score, right = right, pupils = count))
            .collect();
        say!(lang, lesson.class.scores_alt, list = list.join(", "))
    };
    let bar = |(right, &count): (usize, &usize)| {
        let (left, middle) = (right as f64 * STEP, (right as f64 + 0.5) * STEP);
        let height = TALL * count as f64 / most as f64;
        let top = ABOVE + TALL - height;
        // Labels for every score of a short game; in a long one, only for those with room.
        let named = rounds <= 12 || right % 5 == 0;
        view! {
            <g data-right=right.to_string() data-pupils=count.to_string()>
                {(count > 0).then(|| view! {
                    <rect x=left + 1.5 y=top width=STEP - 3.0 height=height/>
                    <text x=middle y=top - 3.0>{count}</text>
                })}
                {named.then(|| view! { <text class="axis" x=middle y=ABOVE + TALL + 13.0>{right}</text> })}
            </g>
        }
    };
    let width = (rounds + 1) as f64 * STEP;
    view! {
        <div class="class-scores">
            <h3>{move || say!(lang, lesson.class.scores)}</h3>
            <p data-testid="class-mean">
                {move || say!(lang, lesson.class.mean, mean = lang.numbers().decimal(mean, 1), count = rounds)}
            </p>
            <svg viewBox=format!("0 0 {width} {}", ABOVE + TALL + BELOW) role="img" aria-label=words data-testid="class-scores">
                <line x1="0" x2=width y1=ABOVE + TALL y2=ABOVE + TALL/>
                {summary.scores.iter().enumerate().map(bar).collect_view()}
            </svg>
            <p class="hint">{move || say!(lang, lesson.class.scores_axis)}</p>
        </div>
    }
}
