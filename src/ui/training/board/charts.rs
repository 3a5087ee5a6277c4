//! The two drawings of a training's course: losses, and the discriminator's scores.

use leptos::prelude::*;

use super::line_chart::{ChartSeries, LineChart, SeriesKind};
use super::series_table::SeriesTable;
use crate::ui::training::trainer::{Gauge, Point, Trainer};
use crate::ui::words::{Lang, say, use_lang};

/// Both, each with words on how to read it.
#[component]
pub fn TrainingCharts(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    view! {
        <div class="charts">
            <LossChart trainer/>
            <ScoreChart trainer/>
        </div>
    }
}

/// LossChart of both networks.
#[component]
fn LossChart(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let line = move |kind, name: &str, value: fn(&Point) -> f32| {
        let points = trainer
            .points
            .with(|points| points.iter().map(|point| (point.images as f64, f64::from(value(point)))).collect());
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let lines = Signal::derive(move || {
        vec![
            line(SeriesKind::Discriminator, say!(lang, training.chart.discriminator), |point| point.discriminator),
            line(SeriesKind::Generator, say!(lang, training.chart.generator), |point| point.generator),
        ]
    });
    let title = Signal::derive(move || say!(lang, training.chart.losses).to_owned());
    let about = Signal::derive(move || summary(lang, &lines.get()));
    let along = Signal::derive(move || say!(lang, training.count.images).to_owned());
    view! {
        <section class="panel chart-panel" aria-labelledby="losses">
            <h3 id="losses">{title}</h3>
            <LineChart title about along lines testid="loss-chart"/>
            <p class="hint">{move || say!(lang, training.chart.losses_hint)}</p>
            <SeriesTable caption=title lines testid="loss-table"/>
        </section>
    }
}

/// Mean scores of three kinds of scans.
#[component]
fn ScoreChart(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let line = move |kind, name: &str, value: fn(&Gauge) -> Option<f32>| {
        let points = trainer.gauges.with(|gauges| {
            let pairs = gauges.iter().filter_map(|gauge| Some((gauge.images as f64, f64::from(value(gauge)?))));
            pairs.collect::<Vec<_>>()
        });
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let lines = Signal::derive(move || {
        let mut lines = vec![
            line(SeriesKind::Training, say!(lang, training.chart.training), |gauge| Some(gauge.train)),
            line(SeriesKind::HeldOut, say!(lang, training.chart.held_out), |gauge| gauge.held_out),
            line(SeriesKind::Generator, say!(lang, training.chart.generated), |gauge| Some(gauge.generated)),
        ];
        // Without held-out slices there is no such line, and no name of one.
        lines.retain(|line| line.kind != SeriesKind::HeldOut || !line.points.is_empty());
        lines
    });
    let title = Signal::derive(move || say!(lang, training.chart.scores).to_owned());
    let about = Signal::derive(move || summary(lang, &lines.get()));
    let along = Signal::derive(move || say!(lang, training.count.images).to_owned());
    view! {
        <section class="panel chart-panel" aria-labelledby="scores">
            <h3 id="scores">{title}</h3>
            <LineChart title about along lines testid="score-chart"/>
            <p class="hint">{move || say!(lang, training.chart.scores_hint)}</p>
            <SeriesTable caption=title lines testid="score-table"/>
        </section>
    }
}

/// The first and last value of each line.
fn summary(lang: Lang, lines: &[ChartSeries]) -> String {
    let said = lines.iter().filter_map(|line| {
        let ((_, first), (_, last)) = (line.points.first()?, line.points.last()?);
        Some(format!("{}: {} → {}.", line.name, lang.numbers().decimal(*first, 2), lang.numbers().decimal(*last, 2)))
    });
    said.collect::<Vec<_>>().join(" ")
}
