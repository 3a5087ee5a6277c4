//! Real scans for the story, if this copy of the site has them.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use crate::slice::Slice;
use crate::slices::pack::{Pack, PackSlice};
use crate::ui::scans::{RealScans, RealState};

/// The real scans, once it is known whether there are any. To be asked only by a part that is near: asking fetches them.
#[derive(Debug, Clone)]
pub enum Real {
    /// Not known yet.
    Coming,
    /// There are.
    There(Arc<Pack>),
    /// There are none, or they cannot be read.
    Away,
}

/// Follows the real scans; the first to ask has them fetched.
pub fn follow(scans: RealScans) -> Real {
    if scans.state.get_untracked() == RealState::Idle {
        scans.fetch();
    }
    match scans.state.get() {
        RealState::Idle | RealState::Loading => Real::Coming,
        RealState::Ready(pack) => Real::There(pack),
        RealState::Missing | RealState::Broken(_) => Real::Away,
    }
}

/// The pixels of a slice of a pack.
pub fn pixels(pack: &Pack, slice: &PackSlice) -> Slice {
    Slice { size: pack.size, image: slice.image.clone(), mask: slice.mask.clone() }
}

/// Slices of a class, by name, no two in a row of one person where that can be helped; a turn picks one.
pub fn pick<'a>(pack: &'a Pack, class: Option<&str>, turn: usize) -> Option<&'a PackSlice> {
    let wanted = |slice: &&PackSlice| match class {
        Some(class) => pack.classes.get(slice.class).is_some_and(|name| name == class),
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
    found.get(turn % found.len().max(1)).map(|(_, slice)| *slice)
}
