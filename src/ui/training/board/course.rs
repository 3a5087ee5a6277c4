//! The two drawings of a training's course: losses, and the discriminator's scores.

use leptos::prelude::*;

use super::lines::{Kind, Line, Lines};
use super::table::Table;
use crate::ui::logic::chart::figure;
use crate::ui::training::trainer::{Gauge, Point, Trainer};
use crate::ui::words::{say, use_lang};

/// Both, each with words on how to read it.
#[component]
pub fn Charts(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    view! {
        <div class="charts">
            <Losses trainer/>
            <Scores trainer/>
        </div>
    }
}

/// Losses of both networks.
#[component]
fn Losses(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let line = move |kind, name: &str, value: fn(&Point) -> f32| {
        let points = trainer
            .points
            .with(|points| points.iter().map(|point| (point.images as f64, f64::from(value(point)))).collect());
        Line { kind, name: name.to_owned(), points }
    };
    let lines = Signal::derive(move || {
        vec![
            line(Kind::Discriminator, say!(lang, training.chart.discriminator), |point| point.discriminator),
            line(Kind::Generator, say!(lang, training.chart.generator), |point| point.generator),
        ]
    });
    let title = Signal::derive(move || say!(lang, training.chart.losses).to_owned());
    let about = Signal::derive(move || summary(&lines.get(), lang.has_comma()));
    let along = Signal::derive(move || say!(lang, training.count.images).to_owned());
    view! {
        <section class="panel chart-panel" aria-labelledby="losses">
            <h3 id="losses">{title}</h3>
            <Lines title about along lines testid="loss-chart"/>
            <p class="hint">{move || say!(lang, training.chart.losses_hint)}</p>
            <Table caption=title lines testid="loss-table"/>
        </section>
    }
}

/// Mean scores of three kinds of scans.
#[component]
fn Scores(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let line = move |kind, name: &str, value: fn(&Gauge) -> Option<f32>| {
        let points = trainer.gauges.with(|gauges| {
            let pairs = gauges.iter().filter_map(|gauge| Some((gauge.images as f64, f64::from(value(gauge)?))));
            pairs.collect::<Vec<_>>()
        });
        Line { kind, name: name.to_owned(), points }
    };
    let lines = Signal::derive(move || {
        let mut lines = vec![
            line(Kind::Training, say!(lang, training.chart.training), |gauge| Some(gauge.train)),
            line(Kind::HeldOut, say!(lang, training.chart.held_out), |gauge| gauge.held_out),
            line(Kind::Generator, say!(lang, training.chart.generated), |gauge| Some(gauge.generated)),
        ];
        // Without held-out slices there is no such line, and no name of one.
        lines.retain(|line| line.kind != Kind::HeldOut || !line.points.is_empty());
        lines
    });
    let title = Signal::derive(move || say!(lang, training.chart.scores).to_owned());
    let about = Signal::derive(move || summary(&lines.get(), lang.has_comma()));
    let along = Signal::derive(move || say!(lang, training.count.images).to_owned());
    view! {
        <section class="panel chart-panel" aria-labelledby="scores">
            <h3 id="scores">{title}</h3>
            <Lines title about along lines testid="score-chart"/>
            <p class="hint">{move || say!(lang, training.chart.scores_hint)}</p>
            <Table caption=title lines testid="score-table"/>
        </section>
    }
}

/// The first and last value of each line.
fn summary(lines: &[Line], comma: bool) -> String {
    let said = lines.iter().filter_map(|line| {
        let ((_, first), (_, last)) = (line.points.first()?, line.points.last()?);
        Some(format!("{}: {} → {}.", line.name, figure(*first, 2, comma), figure(*last, 2, comma)))
    });
    said.collect::<Vec<_>>().join(" ")
}
