//! The two drawings of a training's course: losses, and the discriminator's scores.

use leptos::prelude::*;

use super::line_chart::{ChartSeries, LineChart, SeriesKind};
use super::series_table::SeriesTable;
use crate::ui::training::trainer::{OverfitCheck, Trainer, TrainingMeasurement};
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
    let line = move |kind, name: &str, value: fn(&TrainingMeasurement) -> f32| {
        let points = trainer.measurements.with(|all| {
            all.iter().map(|measurement| (measurement.counts.images as f64, f64::from(value(measurement)))).collect()
        });
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let lines = Signal::derive(move || {
        vec![
            line(SeriesKind::Discriminator, say!(lang, training.chart.discriminator), |it| it.losses.discriminator),
            line(SeriesKind::Generator, say!(lang, training.chart.generator), |it| it.losses.generator),
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
    let line = move |kind, name: &str, value: fn(&OverfitCheck) -> Option<f32>| {
        let points = trainer.overfit_checks.with(|checks| {
            let pairs = checks.iter().filter_map(|check| Some((check.images as f64, f64::from(value(check)?))));
            pairs.collect::<Vec<_>>()
        });
        ChartSeries { kind, name: name.to_owned(), points }
    };
    let lines = Signal::derive(move || {
        let mut lines = vec![
            line(SeriesKind::Training, say!(lang, training.chart.training), |check| Some(check.train)),
            line(SeriesKind::HeldOut, say!(lang, training.chart.held_out), |check| check.held_out),
            line(SeriesKind::Generator, say!(lang, training.chart.generated), |check| Some(check.generated)),
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
