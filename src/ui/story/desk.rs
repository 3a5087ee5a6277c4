//! What the parts of the story share: the engine, the classes, the real scans, and how orders are placed.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::gan::preset::{ScanSpec, Style, class_of_seed};
use crate::slice::{LabelledSlice, Slice};
use crate::slices::pack::Pack;
use crate::ui::engine::client::EngineClient;
use crate::ui::engine::job::{Job, JobEvent, JobOwner, Task};
use crate::ui::logic::models::Modality;
use crate::ui::real_scans::{RealScans, real_scans};

/// A picture that may not be there yet.
pub type Slot = RwSignal<Option<Arc<Slice>>>;

/// What all parts know.
#[derive(Clone, Copy)]
pub struct Story {
    /// The engines.
    pub supervisor: EngineClient,
    /// Names of the classes; none before the first weights are there.
    pub classes: Memo<Vec<String>>,
    /// The real scans, not fetched yet.
    pub real: RealScans,
}

impl Story {
    /// Follows the engines.
    pub fn open(supervisor: EngineClient) -> Self {
        let classes = Memo::new(move |_| {
            supervisor.model.with(|model| model.as_ref().map(|model| model.classes.clone()).unwrap_or_default())
        });
        Self { supervisor, classes, real: real_scans(Modality::T1ce) }
    }

    /// RealAvailability scans in the size that the generator makes; none if there is no such size of them, or no generator yet.
    pub fn fitting(self, pack: &Arc<Pack>) -> Option<Arc<Pack>> {
        let size = self.supervisor.model.with_untracked(|model| model.as_ref().map(|model| model.size))?;
        if size == pack.size { Some(Arc::clone(pack)) } else { pack.downscale(size).map(Arc::new) }
    }

    /// The scan of a seed, of a class that goes with it. None before the classes are known.
    pub fn scan(self, seed: u32) -> Option<ScanSpec> {
        let classes = self.classes.with(Vec::len);
        (classes > 0).then(|| ScanSpec { seed, class: class_of_seed(seed, classes), toward: None })
    }

    /// The scan of a seed and a class by name. None if the weights know no such class.
    pub fn scan_of(self, seed: u32, class: &str) -> Option<ScanSpec> {
        let class = self.classes.with(|classes| classes.iter().position(|name| name == class))?;
        Some(ScanSpec { seed, class, toward: None })
    }
}

/// A place to order from: one part has one or more, and a new order from it replaces its earlier one.
#[derive(Clone, Copy)]
pub struct Desk {
    supervisor: EngineClient,
    owner: JobOwner,
}

impl Desk {
    /// A new one, of the component that is being made.
    pub fn open(story: Story) -> Self {
        Self { supervisor: story.supervisor, owner: story.supervisor.new_owner() }
    }

    /// Orders scans from the shipped generator.
    pub fn scans(self, scans: Vec<ScanSpec>, hear: impl Fn(JobEvent) + 'static) {
        self.order(Task::Scans { scans, style: Style::default(), weights: None }, false, hear);
    }

    /// Orders one scan while a hand moves.
    pub fn live(self, scan: ScanSpec, hear: impl Fn(JobEvent) + 'static) {
        self.order(Task::Scans { scans: vec![scan], style: Style::default(), weights: None }, true, hear);
    }

    /// Orders scans from an earlier stage of the training.
    pub fn stage(self, scans: Vec<ScanSpec>, weights: Option<&'static str>, hear: impl Fn(JobEvent) + 'static) {
        self.order(Task::Scans { scans, style: Style::default(), weights }, false, hear);
    }

    /// Orders what the layers hold.
    pub fn layers(self, scan: ScanSpec, hear: impl Fn(JobEvent) + 'static) {
        self.order(Task::Layers { scan, style: Style::default() }, false, hear);
    }

    /// Orders verdicts.
    pub fn verdicts(self, scans: Vec<LabelledSlice>, hear: impl Fn(JobEvent) + 'static) {
        let size = self.supervisor.model.with_untracked(|model| model.as_ref().map(|model| model.size));
        let pair = size.and_then(|size| Modality::T1ce.model().pair(size));
        if let Some(pair) = pair {
            self.order(Task::Verdicts { scans, weights: pair.discriminator }, false, hear);
        }
    }

    fn order(self, task: Task, live: bool, hear: impl Fn(JobEvent) + 'static) {
        self.supervisor.submit(Job { owner: self.owner, task, live, on_event: Rc::new(hear) });
    }
}

/// A slot as something to react to.
pub fn shown(slot: Slot) -> Signal<Option<Arc<Slice>>> {
    slot.into()
}
