//! The real scans of the game and the story: fetched once, when a part of the page first asks for them.
//!
//! They are no part of the program: a site owner adds them (`cargo xtask scans`), or not.

use std::sync::Arc;

use leptos::prelude::*;

use super::logic::models::Modality;
use super::places;
use crate::download::{DownloadError, download};
use crate::slices::pack::{MAX_FILE, Pack, PackError};

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

/// The real scans of one kind of picture, for every part of the page.
#[derive(Debug, Clone, Copy)]
pub struct RealScans {
    /// Of which kind.
    modality: Modality,
    /// What is known of them.
    pub state: RwSignal<RealState>,
}

/// Those of every kind.
#[derive(Debug, Clone, Copy)]
struct AllScans([RealScans; Modality::ALL.len()]);

impl RealScans {
    /// Makes them available to everything within. Fetches nothing yet.
    pub fn provide() {
        provide_context(AllScans(Modality::ALL.map(Self::unknown)));
    }

    fn unknown(modality: Modality) -> Self {
        Self { modality, state: RwSignal::new(RealState::Idle) }
    }

    /// The scans, if they are there, as a value to react to.
    pub fn pack(self) -> Option<Arc<Pack>> {
        match self.state.get() {
            RealState::Ready(pack) => Some(pack),
            _ => None,
        }
    }

    /// Fetches them if nobody did.
    pub fn fetch_once(self) {
        if self.state.get_untracked() == RealState::Idle {
            self.fetch();
        }
    }

    /// Fetches them, unless they are there or on their way. Also tries again what failed.
    pub fn fetch(self) {
        if matches!(self.state.get_untracked(), RealState::Loading | RealState::Ready(_)) {
            return;
        }
        self.state.set(RealState::Loading);
        leptos::task::spawn_local(async move {
            let state = match download(&places::absolute(self.modality.model().pack), MAX_FILE, |_, _| ()).await {
                Ok(bytes) => read(&bytes),
                Err(DownloadError::Status { status, .. }) if MISSING.contains(&status) => RealState::Missing,
                Err(error) => RealState::Broken(error.to_string()),
            };
            // The page may be gone by now.
            self.state.try_set(state);
        });
    }
}

/// The real scans of the page around this component. Fetches nothing.
pub fn real_scans(modality: Modality) -> RealScans {
    let all: Option<AllScans> = use_context();
    let found = all.and_then(|AllScans(all)| all.into_iter().find(|scans| scans.modality == modality));
    found.unwrap_or_else(|| RealScans::unknown(modality))
}

fn read(bytes: &[u8]) -> RealState {
    match Pack::read(bytes) {
        Ok(pack) => RealState::Ready(Arc::new(pack)),
        // Some hosts answer with their start page for what they do not have.
        Err(PackError::WebPage) => RealState::Missing,
        Err(error) => RealState::Broken(error.to_string()),
    }
}
