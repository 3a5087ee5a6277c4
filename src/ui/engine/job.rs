//! One order for scans, from asking to the last pixel.

use std::rc::Rc;

use crate::engine::protocol::{DeviceKind, Request};
use crate::gan::preset::{ScanSpec, Style};
use crate::ui::logic::pixels::Pixels;

/// What the one who ordered hears.
pub enum News {
    /// A scan is there, by its index in the order.
    Scan(usize, Pixels),
    /// All are there.
    Done {
        /// How long it took, in milliseconds.
        millis: f64,
    },
    /// Another order came in its place, or the engine stopped: no more will come.
    Dropped,
}

/// An order for scans.
#[derive(Clone)]
pub struct Order {
    /// What to make.
    pub scans: Vec<ScanSpec>,
    /// How.
    pub style: Style,
    /// Part of a movement, such as a slider being dragged: a following live order waits for this one rather
    /// than replace it, or nothing would be seen until the hand rests.
    pub live: bool,
    /// Who hears the news.
    pub hear: Rc<dyn Fn(News)>,
}

/// An order that an engine works on.
pub(super) struct Job {
    /// Number in the messages; every sending gets a new one, so that late answers are known as such.
    pub number: u32,
    /// Which engine got it; none while no engine is ready.
    pub sent_to: Option<DeviceKind>,
    /// The order.
    pub order: Order,
    /// Scans that came back.
    pub done: usize,
}

impl Job {
    pub fn request(&self) -> Request {
        Request::Generate { job: self.number, scans: self.order.scans.clone(), style: self.order.style.clone() }
    }
}

/// How far the running order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Scans that are there.
    pub done: usize,
    /// Scans that were asked.
    pub total: usize,
    /// Part of a movement.
    pub live: bool,
}
