//! A strip plot of distances to the nearest training slice: one row of dots for samples, one for held-out slices.

use leptos::prelude::*;
use leptos::svg::Svg;

use super::chart_width::chart_width;
use crate::ui::logic::chart::Axis;
use crate::ui::words::{say, use_lang};

/// Least width of the plot in pixels, and the margin at each end.
const MIN_WIDTH: f64 = 260.0;
const ROOM: f64 = 16.0;
/// Vertical positions of the two rows and of the axis between them.
const ABOVE: f64 = 22.0;
const LINE: f64 = 40.0;
const BELOW: f64 = 58.0;

/// The plot. The verdict beside it says the same in words.
#[component]
pub fn StripPlot(
    /// Distances of samples.
    samples: Vec<f32>,
    /// Distances of held-out slices.
    held_out: Vec<f32>,
) -> impl IntoView {
    let lang = use_lang();
    // In percent: 0 is a copy, 100 is the median distance between training slices.
    let [samples, held_out] =
        [samples, held_out].map(|all| all.iter().map(|it| f64::from(*it) * 100.0).collect::<Vec<_>>());
    let farthest = samples.iter().chain(&held_out).copied().fold(100.0, f64::max);
    let axis = Axis::from_zero(farthest, 4);
    let node = NodeRef::<Svg>::new();
    let width = chart_width(node, MIN_WIDTH, || ());
    let marks_at = axis.marks();
    let at = move |value: f64| {
        let fraction = axis.fraction(value);
        move || ROOM + fraction * (width.get() - 2.0 * ROOM)
    };
    let marks = marks_at.into_iter().map(|mark| {
        view! {
            <line class="tick" x1=at(mark) x2=at(mark) y1=LINE - 4.0 y2=LINE + 4.0/>
            <text x=at(mark) y=BELOW + 30.0 text-anchor="middle">{move || say!(lang, training.knobs.percent, percent = lang.numbers().decimal(mark, 0))}</text>
        }
    });
    let dots = samples.iter().map(|value| view! { <circle class="dot-sample" cx=at(*value) cy=ABOVE r="5"/> });
    let squares = held_out.iter().map(|value| {
        view! { <rect class="dot-held-out" x={ let left = at(*value); move || left() - 4.0 } y=BELOW - 4.0 width="8" height="8"/> }
    });
    view! {
        <figure class="distances">
            <ul class="chart-legend">
                <li><svg class="sample" viewBox="0 0 14 14" aria-hidden="true"><circle class="dot-sample" cx="7" cy="7" r="5"/></svg>
                    <span class="generator">{move || say!(lang, training.copies.samples)}</span></li>
                <li><svg class="sample" viewBox="0 0 14 14" aria-hidden="true"><rect class="dot-held-out" x="3" y="3" width="8" height="8"/></svg>
                    <span>{move || say!(lang, training.copies.held_out)}</span></li>
            </ul>
            <svg class="chart" node_ref=node viewBox=move || format!("0 0 {} {}", width.get(), BELOW + 36.0) role="img" data-testid="strip"
                aria-label=move || say!(lang, training.copies.strip_alt)>
                <line class="zero" x1=ROOM x2=move || width.get() - ROOM y1=LINE y2=LINE/>
                {marks.collect_view()}
                {dots.collect_view()}
                {squares.collect_view()}
            </svg>
            <figcaption class="hint">{move || say!(lang, training.copies.strip)}</figcaption>
        </figure>
    }
}
