//! The section that measures how fast this device is.

use leptos::prelude::*;

use super::section::{AboutPart, AboutSection};
use crate::ui::copy_lines::CopyLines;
use crate::ui::engine::client::{EngineClient, probe_gpu, processor};
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::speed::environment::SpeedEnvironment;
use crate::ui::speed::report::{
    Cell, CellPlace, DeviceRow, Machine, SpeedDevice, SpeedFailure, SpeedReport, SpeedTask,
};
use crate::ui::speed::run::measure;
use crate::ui::speed::stop::Stop;
use crate::ui::urls;
use crate::ui::words::{Lang, say, use_lang};
use crate::worker::browser;

/// Progress of the measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
enum SpeedPhase {
    Idle,
    Running,
    Done,
    Stopped,
}

/// A button, a table, and a line to copy.
#[component]
pub fn Speed(
    /// The engines, which know how many workers the page uses.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let phase = RwSignal::new(SpeedPhase::Idle);
    let report = RwSignal::new(None::<SpeedReport>);
    let stop = StoredValue::new_local(Stop::default());
    on_cleanup(move || stop.with_value(Stop::ask));

    let start = move || {
        let asked = Stop::default();
        stop.set_value(asked.clone());
        phase.set(SpeedPhase::Running);
        let workers = untrack(|| engines.most_workers());
        leptos::task::spawn_local(async move {
            let (environment, on_change) =
                (environment(), move |new: &SpeedReport| drop(report.try_set(Some(new.clone()))));
            let done = asked.unless_asked(measure(&environment, workers, on_change)).await;
            // The view may be gone.
            report.try_update(|report| report.as_mut().map(SpeedReport::stop));
            phase.try_set(if done.is_some() { SpeedPhase::Done } else { SpeedPhase::Stopped });
        });
    };
    let press = move |_| match phase.get_untracked() {
        SpeedPhase::Running => stop.with_value(Stop::ask),
        _ => start(),
    };
    let words = move || match phase.get() {
        SpeedPhase::Idle => say!(lang, about.speed.start),
        SpeedPhase::Running => say!(lang, about.speed.stop),
        SpeedPhase::Done | SpeedPhase::Stopped => say!(lang, about.speed.again),
    };
    let running = move || phase.get() == SpeedPhase::Running;
    let shape = move || view! { <Icon shape=if running() { Shape::Close } else { Shape::Play }/> };
    let status = move || match phase.get() {
        SpeedPhase::Idle => String::new(),
        SpeedPhase::Running => {
            report.with(|report| report.as_ref().map(|report| measuring(lang, report)).unwrap_or_default())
        }
        SpeedPhase::Done => say!(lang, about.speed.done).to_owned(),
        SpeedPhase::Stopped => say!(lang, about.speed.stopped).to_owned(),
    };
    let progress = move || {
        let (done, total) = report.with(|report| report.as_ref().map(progress).unwrap_or_default());
        running().then(|| view! { <progress max=total value=done aria-label=say!(lang, about.speed.title)></progress> })
    };
    let table = move || report.with(|report| report.as_ref().map(|report| rates(lang, report)));
    let line = Memo::new(move |_| {
        report.with(|report| report.as_ref().map(|report| report.line(&machine())).unwrap_or_default())
    });
    let has_line =
        Memo::new(move |_| !running() && report.with(|report| report.as_ref().is_some_and(SpeedReport::has_numbers)));
    let [label, copy] =
        [Signal::derive(move || say!(lang, about.speed.line)), Signal::derive(move || say!(lang, about.speed.copy))];
    view! {
        <AboutSection part=AboutPart::Speed>
            <p>{move || say!(lang, about.speed.text)}</p>
            <p>{move || say!(lang, about.speed.advice)}</p>
            <div class="device-speed" data-testid="speed" data-phase=move || format!("{:?}", phase.get()).to_lowercase()>
                <button type="button" data-testid="speed-button" on:click=press>{shape}{words}</button>
                <p class="hint" role="status" data-testid="speed-status">{status}</p>
                {progress}
                {table}
                <Show when=move || has_line.get()>
                    <p>{move || say!(lang, about.speed.line_text)}</p>
                    <CopyLines lines=line label copy name="speed-line"/>
                </Show>
            </div>
        </AboutSection>
    }
}

/// The rates as a table.
fn rates(lang: Lang, report: &SpeedReport) -> impl IntoView + use<> {
    let column = |task: SpeedTask| view! { <th scope="col">{task_name(lang, task)}</th> };
    let waits = report.running().is_some();
    let cell = |cell: Cell, columns: usize| {
        let words = match cell {
            Cell::Missing if waits => "–".to_owned(),
            cell => value(lang, cell),
        };
        view! { <td data-cell=state(cell) colspan=columns.to_string()>{words}</td> }
    };
    let row = |row: &DeviceRow| {
        let cells = match row.failure() {
            Some(failure) => vec![cell(Cell::Failed(failure), row.cells.len())],
            None => row.cells.map(|one| cell(one, 1)).into(),
        };
        view! {
            <tr>
                <th scope="row">{device_name(lang, row.device)}</th>
                {cells}
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=say!(lang, about.speed.table)>
            <table class="measures per-second" data-testid="speed-table">
                <caption>{say!(lang, about.speed.table)}</caption>
                <thead><tr>
                    <th scope="col">{say!(lang, about.speed.device)}</th>
                    {SpeedTask::ALL.map(column).into_iter().collect_view()}
                </tr></thead>
                <tbody>{report.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Measurements that are done, and all.
fn progress(report: &SpeedReport) -> (usize, usize) {
    let total = report.places().count();
    (report.running().and_then(|running| report.places().position(|place| place == running)).unwrap_or(total), total)
}

fn measuring(lang: Lang, report: &SpeedReport) -> String {
    let Some(place) = report.running() else { return String::new() };
    let (done, total) = progress(report);
    let (row, column): CellPlace = place;
    let (device, task) = (device_name(lang, report.rows[row].device), task_name(lang, SpeedTask::ALL[column]));
    say!(lang, about.speed.measuring, number = done + 1, total = total, device = device, task = task)
}

fn device_name(lang: Lang, device: SpeedDevice) -> String {
    match device {
        SpeedDevice::Processor(workers) => say!(lang, about.speed.processor, count = workers),
        SpeedDevice::GraphicsCard => say!(lang, about.speed.card).to_owned(),
    }
}

fn task_name(lang: Lang, task: SpeedTask) -> String {
    match task {
        SpeedTask::Scans(side) => say!(lang, about.speed.scans, side = side),
        SpeedTask::Training => say!(lang, about.speed.training).to_owned(),
    }
}

fn value(lang: Lang, cell: Cell) -> String {
    match cell {
        Cell::Missing => say!(lang, about.speed.not_measured).to_owned(),
        Cell::Running => "…".to_owned(),
        Cell::PerSecond(rate) => lang.number(rate),
        Cell::Failed(SpeedFailure::NoAdapter) => say!(lang, about.speed.no_adapter).to_owned(),
        Cell::Failed(SpeedFailure::SoftwareOnly) => say!(lang, about.speed.software).to_owned(),
        Cell::Failed(SpeedFailure::Silent) => say!(lang, about.speed.silent).to_owned(),
        Cell::Failed(SpeedFailure::Broken) => say!(lang, about.speed.broken).to_owned(),
    }
}

fn state(cell: Cell) -> &'static str {
    match cell {
        Cell::Missing => "missing",
        Cell::Running => "running",
        Cell::PerSecond(_) => "number",
        Cell::Failed(_) => "failed",
    }
}

fn machine() -> Machine {
    let processor = processor();
    let user_agent = window().navigator().user_agent().unwrap_or_default();
    Machine { user_agent, cores: processor.cores, phone: processor.phone }
}

fn environment() -> SpeedEnvironment {
    SpeedEnvironment {
        making: browser::host(),
        training: browser::host(),
        followers: browser::host(),
        trainer: urls::ENGINE_GPU,
        probe_gpu: || Box::pin(probe_gpu()),
        absolute: urls::absolute,
        now: || window().performance().map_or(0.0, |clock| clock.now()),
        warn: |words| leptos::logging::warn!("{words}"),
    }
}
