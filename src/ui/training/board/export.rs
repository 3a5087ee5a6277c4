//! Downloads: the networks, the log and the film. Also opens the generator in the studio.

use leptos::{logging, prelude::*};

use super::{best_or_last::BestOrLast, film};
use crate::export::training_csv;
use crate::ui::measure::MeasureLink;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::route::{Navigation, Route};
use crate::ui::save::save;
use crate::ui::training::trainer::{CopyVerdict, Network, SliceSource, Trainer, TrainingPhase};
use crate::ui::training::tuning_log::TuningLog;
use crate::ui::view::View;
use crate::ui::words::{say, use_lang};

/// The panel.
#[component]
pub fn ExportPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel take" aria-labelledby="take" data-testid="take">
            <h2 id="take">{move || say!(lang, training.take.title)}</h2>
            <BestOrLast trainer/>
            <OpenInStudio trainer able=Signal::derive(move || can_export(trainer))/>
            <p class="hint">{move || trainer.phase.with(|phase| *phase == TrainingPhase::Stopped).then(|| say!(lang, training.take.stopped))}</p>
            <WeightsDownloads trainer/>
            <LogAndFilm trainer/>
            <MeasureLink/>
        </section>
    }
}

/// Whether the worker can export networks now.
fn can_export(trainer: Trainer) -> bool {
    trainer.phase.with(|phase| matches!(phase, TrainingPhase::Paused(_) | TrainingPhase::Running))
}

/// Opens the studio with the visitor's own generator.
#[component]
pub fn OpenInStudio(
    /// The training.
    trainer: Trainer,
    /// Whether there is such a generator.
    #[prop(into)]
    able: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let route = use_context::<Route>();
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let go = move |_| {
        busy.set(true);
        failed.set(None);
        trainer.use_in_studio(move |done| {
            // The view may be closed by now.
            let _ = busy.try_set(false);
            match (done, route) {
                (Ok(()), Some(route)) => route.go(View::Studio.address(&route.address_untracked()), Navigation::Push),
                (Err(detail), _) => drop(failed.try_set(Some(detail))),
                (Ok(()), None) => {}
            }
        });
    };
    view! {
        <button type="button" class="primary" data-testid="to-studio" disabled=move || !able.get() || busy.get() on:click=go>
            <Icon shape=Shape::Spark/>{move || say!(lang, training.take.studio)}
        </button>
        <p class="hint">{move || say!(lang, training.take.studio_hint)}</p>
        <ErrorDetails words=Signal::derive(move || say!(lang, training.take.studio_failed).to_owned()) detail=failed/>
    }
}

/// Download buttons for the generator and, in a collapsed section, the discriminator.
#[component]
fn WeightsDownloads(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let warning = move || match trainer.copies.with(|copies| copies.as_ref().map(|copies| copies.verdict)) {
        None => Some(say!(lang, training.take.not_checked)),
        Some(CopyVerdict::Copies) => Some(say!(lang, training.take.copies)),
        Some(CopyVerdict::Some) => Some(say!(lang, training.take.some_copies)),
        Some(CopyVerdict::Unknown) => Some(say!(lang, training.take.unknown)),
        Some(CopyVerdict::Fine) => None,
    };
    let shown = move || warning().map(|warning| view! { <Icon shape=Shape::Warning/><span>{warning}</span> });
    view! {
        <div class="weights">
            <h3>{move || say!(lang, training.take.weights)}</h3>
            <p class="warning" id="weights-warning" data-testid="weights-warning" hidden=move || warning().is_none()>{shown}</p>
            <WeightsDownload trainer who=Network::Generator/>
            <p class="hint">{move || say!(lang, training.take.generator_hint)}</p>
            <details>
                <summary>{move || say!(lang, training.take.discriminator_too)}</summary>
                <p>{move || say!(lang, training.take.discriminator_hint)}</p>
                <WeightsDownload trainer who=Network::Discriminator/>
            </details>
        </div>
    }
}

/// A button that downloads the weights of one network.
#[component]
fn WeightsDownload(trainer: Trainer, who: Network) -> impl IntoView {
    let lang = use_lang();
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let (testid, part) = match who {
        Network::Generator => ("weights-download", "generator"),
        Network::Discriminator => ("discriminator-download", "discriminator"),
    };
    let download = move |_| {
        busy.set(true);
        failed.set(None);
        let name = format!("{}-{part}.safetensors", network_name(trainer, who));
        trainer.export(who, move |done| {
            let _ = busy.try_set(false);
            match done {
                Ok(bytes) => save(&bytes, "application/octet-stream", &name),
                Err(detail) => drop(failed.try_set(Some(detail))),
            }
        });
    };
    let words = move || match who {
        Network::Generator => say!(lang, training.take.generator),
        Network::Discriminator => say!(lang, training.take.discriminator),
    };
    view! {
        <button type="button" data-testid=testid aria-describedby="weights-warning"
            disabled=move || !can_export(trainer) || busy.get() on:click=download>
            <Icon shape=Shape::Down/>{words}
        </button>
        <ErrorDetails words=Signal::derive(move || say!(lang, training.take.export_failed).to_owned()) detail=failed/>
    }
}

/// Download buttons for the film and the log.
#[component]
fn LogAndFilm(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let (making, failed) = (RwSignal::new(None::<usize>), RwSignal::new(None::<String>));
    let changes = use_context::<TuningLog>();
    let write_log = move |_| {
        let changes = changes.map(|log| log.0.get_untracked()).unwrap_or_default();
        let text = trainer.measurements.with_untracked(|measurements| {
            trainer.overfit_checks.with_untracked(|checks| {
                trainer.notices.with_untracked(|notices| training_csv::csv(measurements, checks, notices, &changes))
            })
        });
        save(text.as_bytes(), "text/csv", &format!("{}-log.csv", file_name(trainer)));
    };
    let make_film = move |_| {
        making.set(Some(0));
        failed.set(None);
        let frames = trainer.timeline.get_untracked();
        let name = format!("{}-generated-not-for-diagnosis.png", file_name(trainer));
        let about =
            format!("Learned from: {}. After {} slices seen.", source(trainer), trainer.counts.get_untracked().images);
        leptos::task::spawn_local(async move {
            let on_progress = move |done: usize, all: usize| {
                let _ = making.try_set(Some(done * 100 / all.max(1)));
            };
            let film = film::encode(frames, &about, on_progress).await;
            let _ = making.try_set(None);
            match film {
                Ok(bytes) => save(&bytes, "image/png", &name),
                Err(error) => {
                    logging::error!("no film: {error}");
                    let _ = failed.try_set(Some(error.to_string()));
                }
            }
        });
    };
    let film_words = move || match making.get() {
        Some(percent) => say!(lang, training.take.film_busy, percent = percent),
        None => say!(lang, training.take.film).to_owned(),
    };
    let no_frames = move || trainer.timeline.with(Vec::is_empty);
    let no_points = move || trainer.measurements.with(Vec::is_empty);
    view! {
        <div class="records">
            <h3>{move || say!(lang, training.take.records)}</h3>
            <div class="row">
                <button type="button" data-testid="film-download" disabled=move || no_frames() || making.get().is_some()
                    on:click=make_film><Icon shape=Shape::Down/>{film_words}</button>
                <button type="button" data-testid="log-download" disabled=no_points on:click=write_log>
                    <Icon shape=Shape::Down/>{move || say!(lang, training.take.log)}
                </button>
            </div>
            <p class="hint">{move || say!(lang, training.take.records_hint)}</p>
            <ErrorDetails words=Signal::derive(move || say!(lang, training.take.film_failed).to_owned()) detail=failed/>
        </div>
    }
}

/// An error message with technical details, shown if there are details.
#[component]
fn ErrorDetails(
    /// The message.
    #[prop(into)]
    words: Signal<String>,
    /// Technical details, in English; none if nothing failed.
    detail: RwSignal<Option<String>>,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <div role="status">
            <Show when=move || detail.with(Option::is_some)>
                <p class="refusal">{words}</p>
                <details><summary>{move || say!(lang, trouble.detail)}</summary><p lang="en"><code>{move || detail.get()}</code></p></details>
            </Show>
        </div>
    }
}

/// The first part of the file name of a network: source, size and slices seen when these weights were saved.
fn network_name(trainer: Trainer, who: Network) -> String {
    let best = trainer.distances.with_untracked(|all| all.last().map(|check| check.best_images));
    let best = best.filter(|_| who == Network::Generator && !trainer.wants_last.get_untracked());
    name_at(trainer, best.unwrap_or_else(|| trainer.counts.get_untracked().images))
}

/// The first part of the names of other files.
fn file_name(trainer: Trainer) -> String {
    name_at(trainer, trainer.counts.get_untracked().images)
}

fn name_at(trainer: Trainer, images: u64) -> String {
    let size = trainer
        .timeline
        .with_untracked(|frames| frames.last().and_then(|frame| frame.scans.first().map(|scan| scan.size)));
    let size = size.unwrap_or_else(|| trainer.plan.with_untracked(super::super::trainer::Plan::size));
    format!("hersenscan-{}-{size}px-{}", source(trainer).replace(' ', "-"), images)
}

/// What the networks were trained on, in English, for files.
fn source(trainer: Trainer) -> &'static str {
    let source = trainer.intake.with_untracked(|intake| intake.as_ref().map(|intake| intake.source));
    match source {
        Some(SliceSource::Drawings) => "drawings",
        Some(SliceSource::Shapes) => "figures",
        Some(SliceSource::Real) => "site scans",
        Some(SliceSource::Own) | None => "own slices",
    }
}
