//! A drawing of lines over the slices that were seen. Each line differs by its dashes and its end as well as by its colour.

use leptos::prelude::*;

use crate::ui::logic::chart::{Axis, path};
use crate::ui::logic::downsample::bin_means;
use crate::ui::words::{Lang, use_lang};

/// Width and height of the drawing; one unit is about one pixel on a phone.
const SIZE: (f64, f64) = (340.0, 220.0);
/// Room for numbers: left, right, above and below the lines.
const ROOM: (f64, f64, f64, f64) = (52.0, 14.0, 12.0, 30.0);
/// Width and height of the lines.
const BOX: (f64, f64) = (SIZE.0 - ROOM.0 - ROOM.1, SIZE.1 - ROOM.2 - ROOM.3);
/// Most points of a line: two pixels apart.
const MOST: usize = 140;
/// Marks along an axis, about.
const MARKS: usize = 4;

/// Which line, for its colour, dashes and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
    /// The discriminator's loss.
    Discriminator,
    /// The generator's loss, or scores of its scans.
    Generator,
    /// Scores of slices that are learned from.
    Training,
    /// Scores of slices that are not.
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

    /// The end of the line, around the origin.
    fn end(self) -> &'static str {
        match self {
            Self::Discriminator => "M0 -6L6 0L0 6L-6 0Z",
            Self::Generator => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
            Self::Training => "M-5 -5H5V5H-5Z",
            Self::HeldOut => "M0 -6L6 5H-6Z",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// Which.
    pub kind: SeriesKind,
    /// Its name.
    pub name: String,
    /// Slices seen, and the value then.
    pub points: Vec<(f64, f64)>,
}

/// The drawing with its legend.
#[component]
pub fn LineChart(
    /// What it shows.
    #[prop(into)]
    title: Signal<String>,
    /// The same for who cannot see it, with the last values.
    #[prop(into)]
    about: Signal<String>,
    /// What runs along the bottom.
    #[prop(into)]
    along: Signal<String>,
    /// The lines.
    #[prop(into)]
    lines: Signal<Vec<ChartSeries>>,
    /// Name for tests.
    testid: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let (title_id, about_id) = (format!("{testid}-title"), format!("{testid}-about"));
    let count = move || lines.with(|lines| lines.iter().map(|line| line.points.len()).max().unwrap_or_default());
    let legend = move || lines.get().into_iter().map(|line| view! { <Entry line/> }).collect_view();
    view! {
        <div class="chart-with-legend">
            <ul class="chart-legend">{legend}</ul>
            <svg class="chart" class:empty=move || count() == 0 viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) role="img" data-testid=testid
                data-points=move || count().to_string() aria-labelledby=format!("{title_id} {about_id}")>
                <title id=title_id.clone()>{title}</title>
                <desc id=about_id.clone()>{about}</desc>
                {move || lines.with(|lines| drawn(lang, lines))}
                <text class="along" x=ROOM.0 + BOX.0 y=SIZE.1 - 2.0 text-anchor="end">{along}</text>
            </svg>
        </div>
    }
}

/// Axes and lines.
fn drawn(lang: Lang, lines: &[ChartSeries]) -> impl IntoView + use<> {
    let thin: Vec<(SeriesKind, Vec<(f64, f64)>)> =
        lines.iter().map(|line| (line.kind, bin_means(&line.points, MOST))).collect();
    let all = || thin.iter().flat_map(|(_, points)| points.iter().copied());
    let x = Axis::from_zero(all().map(|(x, _)| x).fold(0.0, f64::max), MARKS);
    let y = Axis::around(all().map(|(_, y)| y), MARKS);
    let rows = y.marks().into_iter().map(|mark| {
        let top = ROOM.2 + (1.0 - y.place(mark)) * BOX.1;
        view! {
            <line class=if mark == 0.0 { "zero" } else { "rule" } x1=ROOM.0 x2=ROOM.0 + BOX.0 y1=top y2=top/>
            <text x=ROOM.0 - 6.0 y=top + 5.0 text-anchor="end">{lang.numbers().decimal(mark, y.digits())}</text>
        }
    });
    // The one at the right end would run into the words there.
    let columns = x.marks().into_iter().filter(|mark| x.place(*mark) < 0.62 && mark.fract() == 0.0).map(|mark| {
        let left = ROOM.0 + x.place(mark) * BOX.0;
        view! {
            <line class="tick" x1=left x2=left y1=ROOM.2 + BOX.1 y2=ROOM.2 + BOX.1 + 5.0/>
            <text x=left y=SIZE.1 - 2.0 text-anchor="middle">{lang.numbers().grouped(mark as u64)}</text>
        }
    });
    let curves = thin.iter().map(|(kind, points)| {
        let end = points.last().map(|&(at, value)| {
            let place = format!("translate({:.1} {:.1})", x.place(at) * BOX.0, (1.0 - y.place(value)) * BOX.1);
            view! { <path class="line-end" d=kind.end() transform=place/> }
        });
        view! { <g class=kind.class()><path class="curve" d=path(points, &x, &y, BOX.0, BOX.1)/>{end}</g> }
    });
    view! {
        {rows.collect_view()}
        {columns.collect_view()}
        <g transform=format!("translate({} {})", ROOM.0, ROOM.2)>{curves.collect_view()}</g>
    }
}

/// A line's name, how it looks, and its last value.
#[component]
fn Entry(line: ChartSeries) -> impl IntoView {
    let lang = use_lang();
    let actor = match line.kind {
        SeriesKind::Discriminator => "discriminator",
        SeriesKind::Generator => "generator",
        SeriesKind::Training | SeriesKind::HeldOut => "",
    };
    let last = line.points.last().map(|(_, value)| *value);
    view! {
        <li class=line.kind.class()>
            <svg class="sample" viewBox="0 0 40 14" aria-hidden="true">
                <path class="curve" d="M0 7H40"/>
                <path class="line-end" d=line.kind.end() transform="translate(20 7)"/>
            </svg>
            <span class=actor>{line.name}</span>
            <strong>{move || last.map(|last| lang.numbers().decimal(last, 2))}</strong>
        </li>
    }
}
