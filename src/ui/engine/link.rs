//! One engine worker.

use super::message::{self, Message};
use crate::engine::protocol::Request;
use crate::engine::shared::DeviceKind;
use crate::ui::places;
use crate::ui::worker::Worker;

/// What is heard from a worker.
pub enum Heard {
    /// A message.
    Message(Message),
    /// The script could not be loaded, the program fell over, or sent something that is no message.
    Broken(String),
}

/// A running engine.
pub struct Link(Worker);

impl Link {
    /// Starts the worker for a device and passes on all that it says.
    pub fn start(device: DeviceKind, hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, String> {
        let hear = move |said: Result<_, String>| {
            hear(said.and_then(message::read).map_or_else(Heard::Broken, Heard::Message));
        };
        Worker::start(places::engine_script(device), hear).map(Self)
    }

    /// Sends a request.
    pub fn send(&self, request: &Request) -> Result<(), String> {
        self.0.send(request)
    }
}
