//! The real scans of the game and the story: fetched once, when a part of the page first asks for them.
//!
//! They are no part of the program: a site owner adds them (`cargo xtask scans`), or not.

use std::sync::Arc;

use leptos::prelude::*;

use super::places;
use crate::download::{DownloadError, download};
use crate::slices::pack::{MAX_FILE, Pack, PackError};

/// Where they are.
const SCANS: &str = "scans/t1ce.pack";

/// Statuses of servers that have no such file.
const MISSING: [u16; 2] = [404, 410];

/// What is known of the real scans.
#[derive(Debug, Clone, PartialEq)]
pub enum RealState {
    /// Nobody asked yet.
    Idle,
    /// On their way.
    Loading,
    /// There.
    Ready(Arc<Pack>),
    /// This site has none.
    Missing,
    /// They did not come, or are no scans: technical words, English.
    Broken(String),
}

/// The real scans, for every part of the page.
#[derive(Debug, Clone, Copy)]
pub struct RealScans {
    /// What is known of them.
    pub state: RwSignal<RealState>,
}

impl RealScans {
    /// Makes them available to everything within. Fetches nothing yet.
    pub fn provide() {
        provide_context(Self { state: RwSignal::new(RealState::Idle) });
    }

    /// The scans, if they are there, as a value to react to.
    pub fn pack(self) -> Option<Arc<Pack>> {
        match self.state.get() {
            RealState::Ready(pack) => Some(pack),
            _ => None,
        }
    }

    /// Fetches them, unless they are there or on their way. Also tries again what failed.
    pub fn fetch(self) {
        if matches!(self.state.get_untracked(), RealState::Loading | RealState::Ready(_)) {
            return;
        }
        self.state.set(RealState::Loading);
        leptos::task::spawn_local(async move {
            let state = match download(&places::absolute(SCANS), MAX_FILE, |_, _| ()).await {
                Ok(bytes) => read(&bytes),
                Err(DownloadError::Status { status, .. }) if MISSING.contains(&status) => RealState::Missing,
                Err(error) => RealState::Broken(error.to_string()),
            };
            // The page may be gone by now.
            self.state.try_set(state);
        });
    }
}

/// The real scans of the page around this component; the first use fetches them.
pub fn use_real_scans() -> RealScans {
    let scans = use_context().unwrap_or_else(|| RealScans { state: RwSignal::new(RealState::Idle) });
    if scans.state.get_untracked() == RealState::Idle {
        scans.fetch();
    }
    scans
}

fn read(bytes: &[u8]) -> RealState {
    match Pack::read(bytes) {
        Ok(pack) => RealState::Ready(Arc::new(pack)),
        // Some hosts answer with their start page for what they do not have.
        Err(PackError::WebPage) => RealState::Missing,
        Err(error) => RealState::Broken(error.to_string()),
    }
}
