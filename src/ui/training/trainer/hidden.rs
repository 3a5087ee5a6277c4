//! A tab in the background is slowed down by the browser and its training would stutter on unseen: it rests instead.

use leptos::prelude::*;

use super::{Pause, Phase, Trainer};
use crate::engine::training::protocol::Ask;

impl Trainer {
    /// Rests while the tab is in the background, and goes on when it comes back.
    pub(super) fn rest_while_hidden(self) {
        let handle = window_event_listener_untyped("visibilitychange", move |_| self.look());
        on_cleanup(move || handle.remove());
    }

    fn look(self) {
        let hidden = document().hidden();
        match self.phase.get_untracked() {
            Phase::Running if hidden => self.rest(Pause::Hidden),
            Phase::Paused(Pause::Hidden) if !hidden => self.ask(Ask::Go),
            _ => {}
        }
    }
}
