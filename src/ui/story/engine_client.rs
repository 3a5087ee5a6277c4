//! What the parts of the story share: the engines, the classes, the real scans, and how jobs are submitted.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::gan::preset::{ScanSpec, Style, class_of_seed};
use crate::slice::{LabelledSlice, Slice};
use crate::slices::pack::Pack;
use crate::ui::engine::client::EngineClient;
use crate::ui::engine::job::{EngineTask, Job, JobEvent, JobOwner};
use crate::ui::logic::models::Modality;
use crate::ui::real_scans::{RealScans, real_scans};

/// A slice that may not be there yet.
pub type SliceSlot = RwSignal<Option<Arc<Slice>>>;

/// State that all sections of the story share.
#[derive(Clone, Copy)]
pub struct Story {
    /// The engines.
    pub engines: EngineClient,
    /// Names of the classes. Empty before the first weights are loaded.
    pub classes: Memo<Vec<String>>,
    /// The real scans, which are fetched on demand.
    pub real: RealScans,
}

impl Story {
    /// The story with these engines.
    pub fn open(engines: EngineClient) -> Self {
        let classes = Memo::new(move |_| {
            engines.model.with(|model| model.as_ref().map(|model| model.classes.clone()).unwrap_or_default())
        });
        Self { engines, classes, real: real_scans(Modality::T1ce) }
    }

    /// The real scans in the size of the generator. None if they do not exist in this size, or if no generator is loaded.
    pub fn fitting(self, pack: &Arc<Pack>) -> Option<Arc<Pack>> {
        let size = self.engines.model.with_untracked(|model| model.as_ref().map(|model| model.size))?;
        if size == pack.size { Some(Arc::clone(pack)) } else { pack.downscale(size).map(Arc::new) }
    }

    /// The scan of a seed, with the class of the seed. None before the classes are known.
    pub fn scan(self, seed: u32) -> Option<ScanSpec> {
        let classes = self.classes.with(Vec::len);
        (classes > 0).then(|| ScanSpec { seed, class: class_of_seed(seed, classes), toward: None })
    }

    /// The scan of a seed and a class name. None if the weights have no such class.
    pub fn scan_of(self, seed: u32, class: &str) -> Option<ScanSpec> {
        let class = self.classes.with(|classes| classes.iter().position(|name| name == class))?;
        Some(ScanSpec { seed, class, toward: None })
    }
}

/// Submits the jobs of one owner. A new job replaces the earlier one of the same client.
#[derive(Clone, Copy)]
pub struct StoryClient {
    engines: EngineClient,
    owner: JobOwner,
}

impl StoryClient {
    /// A client for the current component.
    pub fn open(story: Story) -> Self {
        Self { engines: story.engines, owner: story.engines.new_owner() }
    }

    /// Makes scans with the loaded generator.
    pub fn scans(self, scans: Vec<ScanSpec>, on_event: impl Fn(JobEvent) + 'static) {
        self.submit(EngineTask::Scans { scans, style: Style::default(), weights: None }, false, on_event);
    }

    /// Makes one scan while a slider moves.
    pub fn live(self, scan: ScanSpec, on_event: impl Fn(JobEvent) + 'static) {
        self.submit(EngineTask::Scans { scans: vec![scan], style: Style::default(), weights: None }, true, on_event);
    }

    /// Makes scans with an earlier stage of the training.
    pub fn stage(self, scans: Vec<ScanSpec>, weights: Option<&'static str>, on_event: impl Fn(JobEvent) + 'static) {
        self.submit(EngineTask::Scans { scans, style: Style::default(), weights }, false, on_event);
    }

    /// Computes the feature maps of a scan.
    pub fn layers(self, scan: ScanSpec, on_event: impl Fn(JobEvent) + 'static) {
        self.submit(EngineTask::Layers { scan, style: Style::default() }, false, on_event);
    }

    /// Lets the discriminator judge scans. Does nothing if no generator is loaded.
    pub fn verdicts(self, scans: Vec<LabelledSlice>, on_event: impl Fn(JobEvent) + 'static) {
        let size = self.engines.model.with_untracked(|model| model.as_ref().map(|model| model.size));
        let pair = size.and_then(|size| Modality::T1ce.model().pair(size));
        if let Some(pair) = pair {
            self.submit(EngineTask::Verdicts { scans, weights: pair.discriminator }, false, on_event);
        }
    }

    fn submit(self, task: EngineTask, live: bool, on_event: impl Fn(JobEvent) + 'static) {
        self.engines.submit(Job { owner: self.owner, task, live, on_event: Rc::new(on_event) });
    }
}

/// A slot as a read-only signal.
pub fn slice_signal(slot: SliceSlot) -> Signal<Option<Arc<Slice>>> {
    slot.into()
}
