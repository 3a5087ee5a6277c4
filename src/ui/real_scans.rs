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

/// The real scans of one pack.
#[derive(Debug, Clone, Copy)]
pub struct RealScans {
    /// Path of the pack.
    path: &'static str,
    /// Their state.
    pub state: RwSignal<RealScansState>,
}

/// The packs of all modalities: held-out patients, and patients of the lab.
#[derive(Debug, Clone)]
struct AllScans(Vec<RealScans>);

impl RealScans {
    /// Provides them as a context. Downloads nothing.
    pub fn provide() {
        let models = Modality::ALL.map(Modality::model);
        let of_lab = models.iter().filter_map(|model| model.stretching).map(|files| files.pack);
        provide_context(AllScans(models.iter().map(|model| model.pack).chain(of_lab).map(Self::unknown).collect()));
    }

    fn unknown(path: &'static str) -> Self {
        Self { path, state: RwSignal::new(RealScansState::Idle) }
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
            let state = match download(&urls::absolute(self.path), MAX_FILE, |_, _| ()).await {
                Ok(bytes) => read(&bytes),
                Err(DownloadError::Status { status, .. }) if MISSING.contains(&status) => RealScansState::Missing,
                Err(error) => RealScansState::Broken(error.to_string()),
            };
            // The page may be gone.
            self.state.try_set(state);
        });
    }
}

/// The real scans of a modality: held-out patients. Downloads nothing.
pub fn real_scans(modality: Modality) -> RealScans {
    scans_at(modality.model().pack)
}

/// The real scans of patients whom the lab's small generators of a modality saw; `None` if there are no such generators.
/// Downloads nothing.
pub fn scans_of_lab(modality: Modality) -> Option<RealScans> {
    modality.model().stretching.map(|files| scans_at(files.pack))
}

/// The scans of a pack, from the context.
fn scans_at(path: &'static str) -> RealScans {
    let all: Option<AllScans> = use_context();
    let found = all.and_then(|AllScans(all)| all.into_iter().find(|scans| scans.path == path));
    found.unwrap_or_else(|| RealScans::unknown(path))
}

fn read(bytes: &[u8]) -> RealScansState {
    match Pack::read(bytes) {
        Ok(pack) => RealScansState::Ready(Arc::new(pack)),
        // Some hosts answer with their start page instead of 404.
        Err(PackError::WebPage) => RealScansState::Missing,
        Err(error) => RealScansState::Broken(error.to_string()),
    }
}
