//! A line chart over the number of slices seen. Series differ in dashes and end marker as well as in colour.

use leptos::prelude::*;
use leptos::svg::Svg;

use super::chart_width::chart_width;
use crate::ui::logic::chart::{Axis, path};
use crate::ui::logic::downsample::bin_means;
use crate::ui::words::{Lang, use_lang};

/// Least width, and height, of the chart in pixels.
const MIN_WIDTH: f64 = 260.0;
const HEIGHT: f64 = 220.0;
/// Margins for the axis labels: left, right, top and bottom.
const MARGIN: (f64, f64, f64, f64) = (52.0, 14.0, 12.0, 30.0);
/// Height of the plot area.
const PLOT_HEIGHT: f64 = HEIGHT - MARGIN.2 - MARGIN.3;
/// Maximum number of points in a series: about one for every two pixels.
const MAX_POINTS: usize = 140;
/// Approximate number of tick marks on an axis.
const MARKS: usize = 4;

/// What a series shows. It decides colour, dashes and end marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
    /// The discriminator's loss.
    Discriminator,
    /// The generator's loss, or the scores of generated slices.
    Generator,
    /// The scores of training slices.
    Training,
    /// The scores of held-out slices.
    HeldOut,
}

impl SeriesKind {
    fn class(self) -> &'static str {
        match self {
            Self::Discriminator => "line-discriminator",
            Self::Generator => "line-generator",
            Self::Training => "line-training",
            Self::HeldOut => "line-held-out",
        }
    }

    /// Path of the marker at the end of the line, centred on the origin.
    fn end_marker(self) -> &'static str {
        match self {
            Self::Discriminator => "M0 -6L6 0L0 6L-6 0Z",
            Self::Generator => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
            Self::Training => "M-5 -5H5V5H-5Z",
            Self::HeldOut => "M0 -6L6 5H-6Z",
        }
    }
}

/// The data of one line.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// What it shows.
    pub kind: SeriesKind,
    /// Name in the legend.
    pub name: String,
    /// Pairs of slices seen and value.
    pub points: Vec<(f64, f64)>,
}

/// The chart with its legend.
#[component]
pub fn LineChart(
    /// Title, for screen readers.
    #[prop(into)]
    title: Signal<String>,
    /// Description, for screen readers.
    #[prop(into)]
    about: Signal<String>,
    /// Label of the horizontal axis.
    #[prop(into)]
    along: Signal<String>,
    /// The series.
    #[prop(into)]
    lines: Signal<Vec<ChartSeries>>,
    /// Name for tests.
    testid: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let (title_id, about_id) = (format!("{testid}-title"), format!("{testid}-about"));
    let count = move || lines.with(|lines| lines.iter().map(|line| line.points.len()).max().unwrap_or_default());
    let node = NodeRef::<Svg>::new();
    let has_points = Memo::new(move |_| count() > 0);
    let width = chart_width(node, MIN_WIDTH, move || has_points.track());
    let legend = move || lines.get().into_iter().map(|series| view! { <LegendEntry series/> }).collect_view();
    view! {
        <div class="chart-with-legend">
            <ul class="chart-legend">{legend}</ul>
            <svg class="chart" node_ref=node class:empty=move || count() == 0 viewBox=move || format!("0 0 {} {HEIGHT}", width.get())
                role="img" data-testid=testid
                data-points=move || count().to_string() aria-labelledby=format!("{title_id} {about_id}")>
                <title id=title_id.clone()>{title}</title>
                <desc id=about_id.clone()>{about}</desc>
                {move || lines.with(|lines| draw(lang, lines, width.get() - MARGIN.0 - MARGIN.1))}
                <text class="along" x=move || width.get() - MARGIN.1 y=HEIGHT - 2.0 text-anchor="end">{along}</text>
            </svg>
        </div>
    }
}

/// Axes and lines, in a plot area of this width.
fn draw(lang: Lang, lines: &[ChartSeries], wide: f64) -> impl IntoView + use<> {
    let thin: Vec<(SeriesKind, Vec<(f64, f64)>)> =
        lines.iter().map(|line| (line.kind, bin_means(&line.points, MAX_POINTS))).collect();
    let all = || thin.iter().flat_map(|(_, points)| points.iter().copied());
    let x = Axis::from_zero(all().map(|(x, _)| x).fold(0.0, f64::max), MARKS);
    let y = Axis::around(all().map(|(_, y)| y), MARKS);
    let rows = y.marks().into_iter().map(|mark| {
        let top = MARGIN.2 + (1.0 - y.fraction(mark)) * PLOT_HEIGHT;
        view! {
            <line class=if mark == 0.0 { "zero" } else { "rule" } x1=MARGIN.0 x2=MARGIN.0 + wide y1=top y2=top/>
            <text x=MARGIN.0 - 6.0 y=top + 5.0 text-anchor="end">{lang.numbers().decimal(mark, y.decimals())}</text>
        }
    });
    // Marks at the right end would overlap the axis label.
    let columns = x.marks().into_iter().filter(|mark| x.fraction(*mark) < 0.62 && mark.fract() == 0.0).map(|mark| {
        let left = MARGIN.0 + x.fraction(mark) * wide;
        view! {
            <line class="tick" x1=left x2=left y1=MARGIN.2 + PLOT_HEIGHT y2=MARGIN.2 + PLOT_HEIGHT + 5.0/>
            <text x=left y=HEIGHT - 2.0 text-anchor="middle">{lang.numbers().grouped(mark as u64)}</text>
        }
    });
    let curves = thin.iter().map(|(kind, points)| {
        let end = points.last().map(|&(at, value)| {
            let place =
                format!("translate({:.1} {:.1})", x.fraction(at) * wide, (1.0 - y.fraction(value)) * PLOT_HEIGHT);
            view! { <path class="line-end" d=kind.end_marker() transform=place/> }
        });
        view! { <g class=kind.class()><path class="curve" d=path(points, &x, &y, wide, PLOT_HEIGHT)/>{end}</g> }
    });
    view! {
        {rows.collect_view()}
        {columns.collect_view()}
        <g transform=format!("translate({} {})", MARGIN.0, MARGIN.2)>{curves.collect_view()}</g>
    }
}

/// Sample of the line, name and last value of a series.
#[component]
fn LegendEntry(series: ChartSeries) -> impl IntoView {
    let lang = use_lang();
    let actor = match series.kind {
        SeriesKind::Discriminator => "discriminator",
        SeriesKind::Generator => "generator",
        SeriesKind::Training | SeriesKind::HeldOut => "",
    };
    let last = series.points.last().map(|(_, value)| *value);
    view! {
        <li class=series.kind.class()>
            <svg class="sample" viewBox="0 0 40 14" aria-hidden="true">
                <path class="curve" d="M0 7H40"/>
                <path class="line-end" d=series.kind.end_marker() transform="translate(20 7)"/>
            </svg>
            <span class=actor>{series.name}</span>
            <strong>{move || last.map(|last| lang.numbers().decimal(last, 2))}</strong>
        </li>
    }
}
