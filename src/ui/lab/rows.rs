//! One row for each arm: a dot for each repetition, and the interval of the difference.

use leptos::prelude::*;

use super::client::Lab;
use super::state::LabState;
use crate::engine::lab::protocol::ArmResult;
use crate::lab::arm::Arm;
use crate::lab::setup::Learner;
use crate::lab::verdict::Verdict;
use crate::ui::logic::lab::results::{axis, guess, measured};
use crate::ui::words::{Lang, say, use_lang};

/// Learners that are at most this much better than a guess are hardly better.
const NEAR_GUESS: f64 = 0.1;

/// What a row shows. All values are 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmRow {
    /// The arm.
    pub arm: Arm,
    /// The measure of each finished repetition.
    pub values: Vec<f64>,
    /// Their mean, if there are any.
    pub mean: Option<f64>,
    /// Against the baseline. None for the baseline, and as long as there is no interval.
    pub result: Option<ArmResult>,
}

/// All rows, the mean of the baseline, and the ends of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct LabRows {
    /// One row for each arm.
    pub rows: Vec<ArmRow>,
    /// The mean of the baseline.
    pub baseline: Option<f64>,
    /// The axis.
    pub axis: [f64; 2],
}

impl LabRows {
    /// What there is to show.
    pub fn of(state: &LabState) -> Self {
        let row = |arm: Arm| {
            let mut runs: Vec<_> = state.of(arm).collect();
            runs.sort_by_key(|run| run.repetition);
            let value = |run: &&crate::lab::outcomes::LabRun| Some(measured(state.setup.as_ref()?, &state.units, run));
            let values: Vec<f64> = runs.iter().filter_map(value).collect();
            let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
            ArmRow { arm, values, mean, result: state.results.iter().find(|one| one.arm == arm).copied() }
        };
        let rows: Vec<ArmRow> = Arm::ALL.map(row).into();
        let baseline = rows.iter().find(|row| row.arm == Arm::BASELINE).and_then(|row| row.mean);
        let axis = axis(rows.iter().flat_map(|row| row.values.iter().copied()));
        Self { rows, baseline, axis }
    }

    /// Where a value lies on the axis, in percent.
    pub fn place(&self, value: f64) -> f64 {
        let [low, high] = self.axis;
        (100.0 * (value - low) / (high - low)).clamp(0.0, 100.0)
    }

    /// Where an interval around the baseline begins, and its width, in percent.
    pub fn band(&self, row: &ArmRow) -> Option<[f64; 2]> {
        let (base, [low, high]) = (self.baseline?, row.result?.interval);
        let (from, to) = (self.place(base + low), self.place(base + high));
        Some([from, to - from])
    }
}

/// The rows.
#[component]
pub fn Rows(
    /// The experiment.
    lab: Lab,
) -> impl IntoView {
    let lang = use_lang();
    let board = Memo::new(move |_| lab.state.with(LabRows::of));
    let learner =
        move || lab.state.with(|state| state.setup.as_ref().map_or(Learner::Classifier, |setup| setup.learner));
    let row = move |(index, arm): (usize, Arm)| {
        let own = Memo::new(move |_| board.with(|board| board.rows[index].clone()));
        let dots = move || {
            board.with(|board| {
                let dot =
                    |value: &f64| view! { <span class="dot" style:left=format!("{:.2}%", board.place(*value))></span> };
                own.with(|row| row.values.iter().map(dot).collect_view())
            })
        };
        let band = move || {
            let [from, width] = board.with(|board| own.with(|row| board.band(row)))?;
            Some(
                view! { <span class="band" style:left=format!("{from:.2}%") style:width=format!("{width:.2}%")></span> },
            )
        };
        let line = move || {
            let at = board.with(|board| board.baseline.map(|value| board.place(value)))?;
            Some(view! { <span class="base" style:left=format!("{at:.2}%")></span> })
        };
        view! {
            <li class="lab-arm" class:main=arm == crate::ui::logic::lab::results::MAIN data-testid="lab-arm" data-arm=slug(arm)
                data-runs=move || own.with(|row| row.values.len())>
                <p class="lab-arm-name">{move || arm_name(lang, arm)}</p>
                <p class="lab-arm-words">{move || own.with(|row| words(lang, row))}</p>
                <div class="lab-track" aria-hidden="true">{band}{line}{dots}</div>
            </li>
        }
    };
    let guess = move || {
        let share = lab.state.with(|state| guess(state.setup.as_ref()?))?;
        let near = board.with(|board| board.baseline.is_some_and(|mean| mean < share + NEAR_GUESS));
        let guess = lang.numbers().percent(share);
        Some(if near {
            say!(lang, lab.rows.near_guess, guess = guess)
        } else {
            say!(lang, lab.rows.guess, guess = guess)
        })
    };
    let ends = move || {
        let [low, high] = board.with(|board| board.axis);
        view! { <span>{lang.numbers().percent(low)}</span><span>{lang.numbers().percent(high)}</span> }
    };
    view! {
        <div class="lab-rows">
            <h3>{move || measure(lang, learner())}</h3>
            <ul>{Arm::ALL.into_iter().enumerate().map(row).collect_view()}</ul>
            <p class="lab-axis" aria-hidden="true">{ends}</p>
            <p class="hint" data-testid="lab-guess">{guess}</p>
            <p class="hint">{move || say!(lang, lab.rows.legend)}</p>
        </div>
    }
}

/// The rows as a table, for those who do not see the dots.
#[component]
pub fn RowNumbers(
    /// The experiment.
    lab: Lab,
) -> impl IntoView {
    let lang = use_lang();
    let board = Memo::new(move |_| lab.state.with(LabRows::of));
    let row = move |row: ArmRow| {
        let mean = row.mean.map_or_else(|| "–".to_owned(), |mean| lang.numbers().percent(mean));
        let [difference, interval] = row.result.map_or(["–".to_owned(), "–".to_owned()], |one| {
            [signed(lang, one.difference), range(lang, one.interval)]
        });
        let word = row.result.map_or("–", |one| direction(lang, one.verdict));
        view! {
            <tr>
                <th scope="row">{arm_name(lang, row.arm)}</th>
                <td>{row.values.len()}</td><td>{mean}</td><td>{difference}</td><td>{interval}</td><td>{word}</td>
            </tr>
        }
    };
    let rows = move || board.with(|board| board.rows.iter().cloned().map(row).collect_view());
    view! {
        <details class="numbers">
            <summary>{move || say!(lang, lab.table.title)}</summary>
            <div class="scroller" tabindex="0" role="region" aria-label=move || say!(lang, lab.table.title)>
                <table data-testid="lab-table">
                    <caption>{move || say!(lang, lab.table.caption)}</caption>
                    <thead><tr>
                        <th scope="col">{move || say!(lang, lab.table.arm)}</th>
                        <th scope="col">{move || say!(lang, lab.table.runs)}</th>
                        <th scope="col">{move || say!(lang, lab.table.mean)}</th>
                        <th scope="col">{move || say!(lang, lab.table.difference)}</th>
                        <th scope="col">{move || say!(lang, lab.table.interval)}</th>
                        <th scope="col">{move || say!(lang, lab.table.word)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

/// Name of an arm in attributes and files.
pub fn slug(arm: Arm) -> &'static str {
    match arm {
        Arm::Real => "real",
        Arm::RealAugmented => "real-augmented",
        Arm::RealFakes => "real-fakes",
        Arm::Both => "both",
        Arm::Fakes => "fakes",
    }
}

/// Name of an arm.
pub fn arm_name(lang: Lang, arm: Arm) -> &'static str {
    match arm {
        Arm::Real => say!(lang, lab.arm.real),
        Arm::RealAugmented => say!(lang, lab.arm.augmented),
        Arm::RealFakes => say!(lang, lab.arm.real_fakes),
        Arm::Both => say!(lang, lab.arm.both),
        Arm::Fakes => say!(lang, lab.arm.fakes),
    }
}

/// Mean and difference of an arm, in words.
pub fn words(lang: Lang, row: &ArmRow) -> String {
    let Some(mean) = row.mean else { return say!(lang, lab.rows.none).to_owned() };
    let mean = lang.numbers().percent(mean);
    match row.result {
        None if row.arm == Arm::BASELINE => say!(lang, lab.rows.baseline, mean = mean),
        None => say!(lang, lab.rows.mean, mean = mean),
        Some(one) => {
            let (difference, range) = (signed(lang, one.difference), range(lang, one.interval));
            say!(lang, lab.rows.difference, mean = mean, difference = difference, range = range)
        }
    }
}

/// What a learner is measured by.
pub fn measure(lang: Lang, learner: Learner) -> &'static str {
    match learner {
        Learner::Classifier => say!(lang, lab.rows.accuracy),
        Learner::Segmenter => say!(lang, lab.rows.dice),
    }
}

/// What an interval says.
pub fn verdict(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Helps => say!(lang, lab.word.helps),
        Verdict::Hurts => say!(lang, lab.word.hurts),
        Verdict::Unclear => say!(lang, lab.word.unclear),
    }
}

/// What an interval says of an arm, which need not have fakes.
fn direction(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Helps => say!(lang, lab.word.better),
        Verdict::Hurts => say!(lang, lab.word.worse),
        Verdict::Unclear => say!(lang, lab.word.unclear),
    }
}

/// A difference of shares, in points with its sign.
pub fn signed(lang: Lang, value: f64) -> String {
    let plus = if value > 0.0 { "+" } else { "" };
    format!("{plus}{}", lang.numbers().decimal(100.0 * value, 1))
}

/// An interval of such differences.
pub fn range(lang: Lang, [low, high]: [f64; 2]) -> String {
    say!(lang, lab.rows.range, low = signed(lang, low), high = signed(lang, high))
}
