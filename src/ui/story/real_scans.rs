//! Real scans for the story, if this site has them.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use crate::slice::LabelledSlice;
use crate::slices::pack::{Pack, PackSlice};
use crate::ui::real_scans::{RealScans, RealScansState};

/// Whether there are real scans. Request it only from sections near the viewport: the first request starts the
/// download.
#[derive(Debug, Clone)]
pub enum RealAvailability {
    /// Still loading.
    Pending,
    /// Loaded.
    Available(Arc<Pack>),
    /// There are none, or they cannot be read.
    Unavailable,
}

/// The availability, as a reactive value. Starts the download if needed.
pub fn follow(scans: RealScans) -> RealAvailability {
    if scans.state.get_untracked() == RealScansState::Idle {
        scans.fetch();
    }
    match scans.state.get() {
        RealScansState::Idle | RealScansState::Loading => RealAvailability::Pending,
        RealScansState::Ready(pack) => RealAvailability::Available(pack),
        RealScansState::Missing | RealScansState::Broken(_) => RealAvailability::Unavailable,
    }
}

/// The slice number `turn` of a class (`None`: any class), modulo their number. Consecutive slices are of different
/// people where possible.
pub fn pick<'a>(pack: &'a Pack, class: Option<&str>, turn: usize) -> Option<&'a LabelledSlice> {
    let wanted = |slice: &&PackSlice| match class {
        Some(class) => pack.classes.get(slice.labelled.class).is_some_and(|name| name == class),
        None => true,
    };
    let mut seen = HashMap::<u32, usize>::new();
    let mut found: Vec<_> = pack
        .slices
        .iter()
        .filter(wanted)
        .map(|slice| {
            let nth = seen.entry(slice.patient).or_default();
            *nth += 1;
            (*nth, slice)
        })
        .collect();
    found.sort_by_key(|(nth, _)| *nth);
    found.get(turn % found.len().max(1)).map(|(_, slice)| &slice.labelled)
}
