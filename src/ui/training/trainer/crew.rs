//! What is kept of a training's worker.

use std::rc::Rc;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::Owner;

use super::Who;
use crate::engine::shared::DeviceKind;
use crate::engine::training::protocol::Begin;
use crate::ui::worker::Worker;

/// Hears a weights file.
pub type Then = Box<dyn FnOnce(Result<Vec<u8>, String>)>;

/// The worker and its work.
pub struct Crew {
    pub worker: Option<Worker>,
    /// Which start this was; what an earlier worker still says is ignored.
    pub serial: u32,
    /// What the training began with, to begin anew when the worker is lost.
    pub begin: Option<Begin>,
    /// The last checkpoint, unless it is on disk.
    pub checkpoint: Option<Rc<Vec<u8>>>,
    /// The last checkpoint is on disk.
    pub on_disk: bool,
    /// The worker has networks.
    pub prepared: bool,
    /// The visitor wants it to run.
    pub wanted: bool,
    /// Workers lost since the last checkpoint.
    pub losses: u32,
    /// Who waits for files, in order.
    pub exports: Vec<(Who, Then)>,
    /// Rings when nothing is heard for too long.
    pub alarm: Option<TimeoutHandle>,
    /// The visitor left the choice of the device to us.
    pub free: bool,
    /// The page's, for what must outlive a view.
    pub owner: Option<Owner>,
}

impl Crew {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            worker: None,
            serial: 0,
            begin: None,
            checkpoint: None,
            on_disk: false,
            prepared: false,
            wanted: false,
            losses: 0,
            exports: Vec::new(),
            alarm: None,
            free: true,
            owner: Owner::current(),
        }
    }

    /// The device of the running training.
    pub fn device(&self) -> Option<DeviceKind> {
        self.begin.as_ref().map(|begin| begin.device)
    }

    /// Stops waiting for an answer.
    pub fn hush(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            alarm.clear();
        }
    }

    /// Ends the worker. Those who wait for files hear of it.
    pub fn dismiss(&mut self) -> Vec<(Who, Then)> {
        self.hush();
        self.worker = None;
        self.prepared = false;
        self.serial += 1;
        std::mem::take(&mut self.exports)
    }
}
