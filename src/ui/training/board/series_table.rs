//! The numbers of a chart as a table.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::line_chart::ChartSeries;
use crate::ui::logic::downsample::evenly_spaced;
use crate::ui::words::{Lang, say, use_lang};

/// Maximum number of rows.
const ROWS: usize = 12;

/// A collapsible table. It shows the values of the moment it was opened, and does not change while it is open.
#[component]
pub fn SeriesTable(
    /// Caption.
    #[prop(into)]
    caption: Signal<String>,
    /// The series. Each has a value at every moment, or none at all.
    #[prop(into)]
    lines: Signal<Vec<ChartSeries>>,
    /// Name for tests.
    testid: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let snapshot = RwSignal::new(Vec::<ChartSeries>::new());
    let toggle = move |event: leptos::ev::Event| {
        let open = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
            .is_some_and(|it| it.has_attribute("open"));
        snapshot.set(if open { lines.get_untracked() } else { Vec::new() });
    };
    view! {
        <details class="numbers" data-testid=testid on:toggle=toggle>
            <summary>{move || say!(lang, training.chart.table)}</summary>
            <Show when=move || snapshot.with(|lines| !lines.is_empty())>
                <div class="scroller" tabindex="0" role="region" aria-label=caption>
                    <table>
                        <caption>{caption}</caption>
                        <thead>{move || snapshot.with(|lines| head(lang, lines))}</thead>
                        <tbody>{move || snapshot.with(|lines| body(lang, lines))}</tbody>
                    </table>
                </div>
            </Show>
        </details>
    }
}

fn head(lang: Lang, lines: &[ChartSeries]) -> impl IntoView + use<> {
    let names = lines.iter().map(|line| view! { <th scope="col">{line.name.clone()}</th> }).collect_view();
    view! { <tr><th scope="col">{say!(lang, training.count.images)}</th>{names}</tr> }
}

fn body(lang: Lang, lines: &[ChartSeries]) -> impl IntoView + use<> {
    let moments: Vec<f64> =
        lines.first().map(|line| line.points.iter().map(|(images, _)| *images).collect()).unwrap_or_default();
    let rows =
        evenly_spaced(moments.len(), ROWS).into_iter().filter_map(|at| moments.get(at).map(|images| (at, *images)));
    rows.map(|(at, images)| {
        let value = |line: &ChartSeries| {
            line.points.get(at).map_or("–".to_owned(), |(_, value)| lang.numbers().decimal(*value, 2))
        };
        let cells = lines.iter().map(|line| view! { <td>{value(line)}</td> }).collect_view();
        view! { <tr><th scope="row">{lang.numbers().grouped(images as u64)}</th>{cells}</tr> }
    })
    .collect_view()
}
