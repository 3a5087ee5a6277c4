//! The site's real scans: downloaded once, when first needed.
//!
//! They are not part of the program: a site owner adds them with `cargo xtask scans`.

use std::sync::Arc;

use leptos::prelude::*;

use super::logic::models::Modality;
use super::urls;
use crate::download::{DownloadError, download};
use crate::slices::pack::{MAX_FILE, Pack, PackError};

/// HTTP statuses for a file that does not exist.
const MISSING: [u16; 2] = [404, 410];

/// State of the real scans.
#[derive(Debug, Clone, PartialEq)]
pub enum RealScansState {
    /// Not requested.
    Idle,
    /// Loading.
    Loading,
    /// Loaded.
    Ready(Arc<Pack>),
    /// This site has none.
    Missing,
    /// They could not be downloaded or read. The text is technical and in English.
    Broken(String),
}

/// The real scans of one modality.
#[derive(Debug, Clone, Copy)]
pub struct RealScans {
    /// The modality.
    modality: Modality,
    /// Their state.
    pub state: RwSignal<RealScansState>,
}

/// The real scans of every modality.
#[derive(Debug, Clone, Copy)]
struct AllScans([RealScans; Modality::ALL.len()]);

impl RealScans {
    /// Provides them as a context. Downloads nothing.
    pub fn provide() {
        provide_context(AllScans(Modality::ALL.map(Self::unknown)));
    }

    fn unknown(modality: Modality) -> Self {
        Self { modality, state: RwSignal::new(RealScansState::Idle) }
    }

    /// The scans if they are loaded, as a reactive value.
    pub fn pack(self) -> Option<Arc<Pack>> {
        match self.state.get() {
            RealScansState::Ready(pack) => Some(pack),
            _ => None,
        }
    }

    /// Downloads them if they were not requested before.
    pub fn fetch_once(self) {
        if self.state.get_untracked() == RealScansState::Idle {
            self.fetch();
        }
    }

    /// Downloads them unless they are loaded or loading. Also the retry after a failure.
    pub fn fetch(self) {
        if matches!(self.state.get_untracked(), RealScansState::Loading | RealScansState::Ready(_)) {
            return;
        }
        self.state.set(RealScansState::Loading);
        leptos::task::spawn_local(async move {
            let state = match download(&urls::absolute(self.modality.model().pack), MAX_FILE, |_, _| ()).await {
                Ok(bytes) => read(&bytes),
                Err(DownloadError::Status { status, .. }) if MISSING.contains(&status) => RealScansState::Missing,
                Err(error) => RealScansState::Broken(error.to_string()),
            };
            // The page may be gone.
            self.state.try_set(state);
        });
    }
}

/// The real scans of a modality, from the context. Downloads nothing.
pub fn real_scans(modality: Modality) -> RealScans {
    let all: Option<AllScans> = use_context();
    let found = all.and_then(|AllScans(all)| all.into_iter().find(|scans| scans.modality == modality));
    found.unwrap_or_else(|| RealScans::unknown(modality))
}

fn read(bytes: &[u8]) -> RealScansState {
    match Pack::read(bytes) {
        Ok(pack) => RealScansState::Ready(Arc::new(pack)),
        // Some hosts answer with their start page instead of 404.
        Err(PackError::WebPage) => RealScansState::Missing,
        Err(error) => RealScansState::Broken(error.to_string()),
    }
}
