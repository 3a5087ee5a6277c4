//! Makes a data set: many scans of chosen classes, written into a ZIP file while they are made.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::{logging, prelude::*};

use super::download::{OWN_WEIGHTS, SoftMasks, mask_kind, origin_of};
use super::state::Studio;
use crate::date::today;
use crate::engine::making::protocol::MAX_SCANS;
use crate::export::archive::StreamedArchive;
use crate::export::bundle::Bundle;
use crate::export::manifest::Reproduction;
use crate::export::reproduction::SampleRun;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::ui::engine::job::{EngineTask, Job, JobEvent, JobOwner};
use crate::ui::logic::dataset_plan::{DatasetPlan, MAX_DATASET};
use crate::ui::names::class_name;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::FileParts;
use crate::ui::words::{say, use_lang};

/// Scans of a class at a first visit.
const FIRST_COUNT: usize = 100;

/// A data set that is being made.
struct DatasetWriter {
    bundle: Bundle,
    archive: StreamedArchive,
    parts: FileParts,
}

impl DatasetWriter {
    fn add(&mut self, spec: &ScanSpec, scan: &Slice) -> Result<(), String> {
        let files = self.bundle.add(spec, &scan.image, &scan.mask).map_err(|error| error.to_string())?;
        for file in files {
            self.archive.add(&file.name, &file.bytes).map_err(|error| error.to_string())?;
        }
        self.parts.push(&self.archive.take()).map_err(|error| format!("{error:?}"))
    }

    fn save(mut self, name: &str) -> Result<(), String> {
        for file in self.bundle.tables().map_err(|error| error.to_string())? {
            self.archive.add(&file.name, &file.bytes).map_err(|error| error.to_string())?;
        }
        let last = self.archive.finish().map_err(|error| error.to_string())?;
        self.parts
            .push(&last)
            .and_then(|()| self.parts.save("application/zip", name))
            .map_err(|error| format!("{error:?}"))
    }
}

/// The state of the panel.
#[derive(Clone, Copy)]
struct DatasetJob {
    studio: Studio,
    owner: JobOwner,
    /// Scans made, and scans wanted, while a data set is made.
    progress: RwSignal<Option<(usize, usize)>>,
    /// Why the last one failed. Technical and in English.
    failed: RwSignal<Option<String>>,
    writer: StoredValue<Option<Rc<RefCell<DatasetWriter>>>, LocalStorage>,
    /// Number of the current data set. Scans of an earlier one are ignored.
    serial: StoredValue<u32>,
}

impl DatasetJob {
    fn start(self, plan: DatasetPlan, soft: bool) {
        let Some(model) = self.studio.engines.model.get_untracked() else { return };
        let settings = self.studio.settings.get_untracked();
        let style = settings.style(model.directions.len());
        let origin = origin_of(&style, &model);
        let command = |(class, seed, count): (usize, u32, usize)| {
            let run = SampleRun {
                weights: self.studio.weights.get_untracked().unwrap_or(OWN_WEIGHTS),
                count,
                seed,
                class: model.classes.get(class).map(String::as_str),
                truncation: origin.truncation,
                directions: &origin.directions,
                soft_masks: soft,
            };
            run.command()
        };
        let commands = plan.runs(settings.seed).into_iter().map(command).collect();
        let bundle = Bundle::new(origin.clone(), model.size, &today())
            .with_masks(mask_kind(soft))
            .reproduced_by(Reproduction { commands, link: None });
        let writer = DatasetWriter { bundle, archive: StreamedArchive::default(), parts: FileParts::default() };
        self.writer.set_value(Some(Rc::new(RefCell::new(writer))));
        self.serial.update_value(|serial| *serial += 1);
        self.failed.set(None);
        self.progress.set(Some((0, plan.total())));
        let name = format!("hersenscan-seed-{}-n-{}.zip", settings.seed, plan.total());
        self.request(Rc::new(plan.specs(settings.seed)), 0, style, Rc::new(name), self.serial.get_value());
    }

    /// Requests the scans from number `from` on, in batches that the engine accepts.
    fn request(self, specs: Rc<Vec<ScanSpec>>, from: usize, style: Style, name: Rc<String>, serial: u32) {
        if from >= specs.len() {
            return self.finish(&name);
        }
        let to = (from + MAX_SCANS).min(specs.len());
        let batch = specs[from..to].to_vec();
        let then = style.clone();
        let hear = Rc::new(move |event: JobEvent| {
            // The view may be gone, or the work stopped.
            if self.serial.try_get_value() != Some(serial) || self.progress.try_get_untracked().flatten().is_none() {
                return;
            }
            match event {
                JobEvent::Scan(index, scan) => {
                    let writer = self.writer.try_get_value().flatten();
                    let (Some(writer), Some(spec)) = (writer, specs.get(from + index)) else { return };
                    match writer.borrow_mut().add(spec, &scan) {
                        Ok(()) => self.progress.update(|progress| {
                            if let Some((done, _)) = progress {
                                *done += 1;
                            }
                        }),
                        Err(error) => self.fail(error),
                    }
                }
                JobEvent::Done { .. } => self.request(specs.clone(), to, then.clone(), name.clone(), serial),
                JobEvent::Refused { detail, .. } => self.fail(detail),
                JobEvent::Dropped => self.fail("the engine was given other work".to_owned()),
                JobEvent::Layers(_) | JobEvent::Verdicts(_) => {}
            }
        });
        let task = EngineTask::Scans { scans: batch, style, weights: None };
        self.studio.engines.submit(Job { owner: self.owner, task, live: false, on_event: hear });
    }

    /// Saves what is made so far.
    fn finish(self, name: &str) {
        self.progress.set(None);
        let writer = self.writer.try_update_value(Option::take).flatten().and_then(Rc::into_inner);
        if let Some(Err(error)) = writer.map(|writer| writer.into_inner().save(name)) {
            self.fail(error);
        }
    }

    /// Stops, and saves what is made so far.
    fn stop(self) {
        let done = self.progress.get_untracked().map_or(0, |(done, _)| done);
        self.serial.update_value(|serial| *serial += 1);
        let seed = self.studio.settings.with_untracked(|settings| settings.seed);
        match done {
            0 => {
                self.writer.set_value(None);
                self.progress.set(None);
            }
            _ => self.finish(&format!("hersenscan-seed-{seed}-n-{done}.zip")),
        }
    }

    fn fail(self, error: String) {
        logging::error!("no data set: {error}");
        self.serial.update_value(|serial| *serial += 1);
        self.writer.set_value(None);
        self.progress.set(None);
        self.failed.set(Some(error));
    }
}

/// A number for each class, a button, and progress.
#[component]
pub fn DatasetPanel(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let maker = DatasetJob {
        studio,
        owner: studio.engines.new_owner(),
        progress: RwSignal::new(None),
        failed: RwSignal::new(None),
        writer: StoredValue::new_local(None),
        serial: StoredValue::new(0),
    };
    let (counts, soft) = (RwSignal::new(Vec::<usize>::new()), RwSignal::new(false));
    let classes = Memo::new(move |_| studio.engines.model.get().map(|model| model.classes.clone()).unwrap_or_default());
    Effect::new(move || counts.set(vec![FIRST_COUNT; classes.with(Vec::len)]));
    let plan = Memo::new(move |_| DatasetPlan::new(counts.get()));
    let busy = move || maker.progress.with(Option::is_some);
    let field = move |(index, key): (usize, String)| {
        let id = format!("dataset-{index}");
        let count = move || counts.with(|counts| counts.get(index).copied().unwrap_or_default().to_string());
        let change = move |event| {
            let count = event_target_value(&event).parse().unwrap_or(0);
            counts.update(|counts| {
                if let Some(place) = counts.get_mut(index) {
                    *place = count;
                }
            });
        };
        view! {
            <div class="field">
                <label for=id.clone()>{move || class_name(lang, &key)}</label>
                <input id=id type="number" inputmode="numeric" min="0" max=MAX_DATASET step="1" autocomplete="off"
                    data-testid="dataset-count" disabled=busy prop:value=count on:input=change/>
            </div>
        }
    };
    let fields = move || classes.get().into_iter().enumerate().map(field).collect_view();
    let words = move || match (maker.progress.get(), plan.get()) {
        (Some((done, total)), _) => say!(lang, studio.dataset_busy, done = done, total = total),
        (None, Ok(plan)) => say!(lang, studio.dataset_total, total = plan.total()),
        (None, Err(_)) => say!(lang, studio.dataset_range, most = MAX_DATASET),
    };
    view! {
        <details class="dataset" data-testid="dataset">
            <summary>{move || say!(lang, studio.dataset)}</summary>
            <p class="hint">{move || say!(lang, studio.dataset_hint)}</p>
            <div class="dataset-classes">{fields}</div>
            <SoftMasks soft/>
            <p role="status" data-testid="dataset-status">{words}</p>
            <Show when=busy>
                <progress aria-label=move || say!(lang, studio.dataset)
                    max=move || maker.progress.get().map_or(1, |(_, total)| total).to_string()
                    prop:value=move || maker.progress.get().map_or(0.0, |(done, _)| done as f64)></progress>
            </Show>
            <div class="row">
                <button type="button" data-testid="dataset-make" disabled=move || busy() || plan.with(Result::is_err)
                    on:click=move |_| if let Ok(plan) = plan.get_untracked() {
                        maker.start(plan, soft.get_untracked());
                    }>
                    <Icon shape=Shape::Down/>{move || say!(lang, studio.dataset_make)}
                </button>
                <Show when=busy>
                    <button type="button" data-testid="dataset-stop" on:click=move |_| maker.stop()>
                        {move || say!(lang, studio.dataset_stop)}
                    </button>
                </Show>
            </div>
            <Show when=move || maker.failed.with(Option::is_some)>
                <p class="problem">{move || say!(lang, studio.dataset_failed)}</p>
                <p lang="en"><code>{move || maker.failed.get()}</code></p>
            </Show>
        </details>
    }
}
