//! The charts of a training: losses, the discriminator's scores, and with a judge the distance to held-out slices.

use leptos::prelude::*;

use super::line_chart::{ChartSeries, LineChart, SeriesKind};
use super::series_table::SeriesTable;
use crate::ui::training::trainer::{DistanceCheck, OverfitCheck, Trainer, TrainingMeasurement};
use crate::ui::words::{Lang, say, use_lang};

/// The charts, each with a hint on how to read it.
#[component]
pub fn TrainingCharts(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    view! {
        <div class="charts">
            <LossChart trainer/>
            <ScoreChart trainer/>
            <DistanceChart trainer/>
        </div>
    }
}

/// A chart with a hint on how to read it, and its numbers as a table.
#[component]
fn ChartPanel(
    /// The `id` of the heading.
    id: &'static str,
    /// Names of chart and table for tests.
    chart: &'static str,
    table: &'static str,
    /// The heading.
    title: Signal<String>,
    /// How to read it.
    hint: Signal<String>,
    /// The series.
    lines: Memo<Vec<ChartSeries>>,
    /// Content between chart and hint.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lang = use_lang();
    let about = Signal::derive(move || lines.with(|all| summary(lang, all)));
    let along = Signal::derive(move || say!(lang, training.count.images).to_owned());
    view! {
        <section class="panel chart-panel" aria-labelledby=id>
            <h3 id=id>{title}</h3>
            <LineChart title about along lines testid=chart/>
            {children.map(|children| children())}
            <p class="hint">{hint}</p>
            <SeriesTable caption=title lines testid=table/>
        </section>
    }
}

/// The losses of both networks.
#[component]
fn LossChart(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let series = move |kind, name: &str, value: fn(&TrainingMeasurement) -> f32| {
        let points = trainer.measurements.with(|all| {
            all.iter().map(|measurement| (measurement.counts.images as f64, f64::from(value(measurement)))).collect()
        });
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let series_list = Memo::new(move |_| {
        vec![
            series(SeriesKind::Discriminator, say!(lang, training.chart.discriminator), |it| it.losses.discriminator),
            series(SeriesKind::Generator, say!(lang, training.chart.generator), |it| it.losses.generator),
        ]
    });
    view! {
        <ChartPanel id="losses" chart="loss-chart" table="loss-table" lines=series_list
            title=Signal::derive(move || say!(lang, training.chart.losses).to_owned())
            hint=Signal::derive(move || say!(lang, training.chart.losses_hint).to_owned())/>
    }
}

/// The discriminator's mean scores of training, held-out and generated slices.
#[component]
fn ScoreChart(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let series = move |kind, name: &str, value: fn(&OverfitCheck) -> Option<f32>| {
        let points = trainer.overfit_checks.with(|checks| {
            let pairs = checks.iter().filter_map(|check| Some((check.images as f64, f64::from(value(check)?))));
            pairs.collect::<Vec<_>>()
        });
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let series_list = Memo::new(move |_| {
        let mut all = vec![
            series(SeriesKind::Training, say!(lang, training.chart.training), |check| Some(check.train)),
            series(SeriesKind::HeldOut, say!(lang, training.chart.held_out), |check| check.held_out),
            series(SeriesKind::Generator, say!(lang, training.chart.generated), |check| Some(check.generated)),
        ];
        // Without held-out slices, the legend does not name them either.
        all.retain(|series| series.kind != SeriesKind::HeldOut || !series.points.is_empty());
        all
    });
    view! {
        <ChartPanel id="scores" chart="score-chart" table="score-table" lines=series_list
            title=Signal::derive(move || say!(lang, training.chart.scores).to_owned())
            hint=Signal::derive(move || say!(lang, training.chart.scores_hint).to_owned())/>
    }
}

/// The distance to held-out slices, and the line to reach. Without a judge, or with too few slices, the reason why there is none.
#[component]
fn DistanceChart(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let series = move |kind, name: &str, value: fn(&DistanceCheck) -> f64| {
        let points = trainer.distances.with(|all| all.iter().map(|it| (it.images as f64, value(it))).collect());
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let series_list = Memo::new(move |_| {
        vec![
            series(SeriesKind::Generator, say!(lang, training.chart.generated), |it| it.generated),
            series(SeriesKind::Training, say!(lang, training.chart.training), |it| it.real),
        ]
    });
    let last = move || trainer.distances.with(|all| all.last().copied());
    let best = move || {
        last().map(|DistanceCheck { best, best_images, real, .. }| {
            let [best, real] = [best, real].map(|value| lang.numbers().decimal(value, 2));
            say!(lang, training.distance.best, best = best, images = lang.numbers().grouped(best_images), real = real)
        })
    };
    let none = move || match (trainer.device.with(Option::is_some), trainer.judged.get()) {
        (false, _) => "",
        (true, false) => say!(lang, training.distance.no_judge),
        (true, true) => say!(lang, training.distance.few),
    };
    let measured = Memo::new(move |_| last().is_some());
    view! {
        <Show when=move || measured.get() fallback=move || view! { <p class="hint" data-testid="no-distance">{none}</p> }>
            <ChartPanel id="distances" chart="distance-chart" table="distance-table" lines=series_list
                title=Signal::derive(move || say!(lang, training.distance.title).to_owned())
                hint=Signal::derive(move || say!(lang, training.distance.hint).to_owned())>
                <p data-testid="best" data-images=move || last().map(|it| it.best_images.to_string())>{best}</p>
            </ChartPanel>
        </Show>
    }
}

/// The first and last value of each series, for screen readers.
fn summary(lang: Lang, all: &[ChartSeries]) -> String {
    let numbers = lang.numbers();
    let sentences = all.iter().filter_map(|series| {
        let ((_, first), (_, last)) = (series.points.first()?, series.points.last()?);
        Some(format!("{}: {} → {}.", series.name, numbers.decimal(*first, 2), numbers.decimal(*last, 2)))
    });
    sentences.collect::<Vec<_>>().join(" ")
}
