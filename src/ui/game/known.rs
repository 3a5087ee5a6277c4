//! Measures of scans that are not in the game, to compare those in it with, and to show as examples.

use std::sync::Arc;

use leptos::prelude::*;

use super::setting::Reals;
use super::state::{EXTRA, Game};
use super::table::Table;
use crate::engine::making::protocol::ModelInfo;
use crate::game::answers::Kind;
use crate::game::deal::Card;
use crate::game::marks::{Clue, Mark, Marks, telling, usual};
use crate::game::shuffle::SplitMix;
use crate::gan::preset::ScanSpec;
use crate::slice::Slice;
use crate::slices::air;

/// Scans of one kind, with their measures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// The scans, and whether each can be an example: it is in no round.
    pub scans: Vec<(Arc<Slice>, bool)>,
    /// What was measured of each.
    pub marks: Vec<Marks>,
}

impl Known {
    /// Adds a scan, unless it holds no head.
    pub fn add(&mut self, pixels: &Arc<Slice>, example: bool) {
        if let Some(marks) = measure(pixels) {
            self.scans.push((pixels.clone(), example));
            self.marks.push(marks);
        }
    }

    /// A usual scan of its kind in one mark, none of those in `taken`.
    pub fn example(&self, mark: Mark, taken: &[usize]) -> Option<usize> {
        usual(&self.marks, mark, |index| self.scans[index].1 && !taken.contains(&index))
    }
}

/// Both kinds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    /// Real scans.
    pub real: Known,
    /// Generated ones, at the level of the game.
    pub fake: Known,
}

impl Measured {
    /// What sets this scan apart from the other kind.
    pub fn clue(&self, pixels: &Slice, kind: Kind) -> Option<Clue> {
        let marks = measure(pixels)?;
        let (own, other) = match kind {
            Kind::Real => (&self.real, &self.fake),
            Kind::Fake => (&self.fake, &self.real),
        };
        telling(&marks, &own.marks, &other.marks)
    }
}

/// What is measured is what is seen: with its air cleared.
fn measure(pixels: &Slice) -> Option<Marks> {
    Marks::of(&air::clear(&pixels.image, pixels.size), pixels.size)
}

/// Real scans to measure, at most [`EXTRA`] of them, and whether each can be an example. Those of the game are measured
/// as well: they are as real as the others, and of a visitor's own slices none may be left.
pub fn reals_to_measure(reals: &Reals, table: &Table) -> Vec<(Arc<Slice>, bool)> {
    let shown: Vec<&Arc<Slice>> = table.rounds.iter().flatten().map(|shown| &shown.pixels).collect();
    let in_game = |pixels: &Arc<Slice>| shown.iter().any(|other| Arc::ptr_eq(other, pixels));
    let mut scans: Vec<(Arc<Slice>, bool)> =
        reals.pixels.iter().map(|pixels| (pixels.clone(), !in_game(pixels))).collect();
    // Examples first; of these, the ones that the deal kept apart from the heads in the game.
    let place = |pixels: &Arc<Slice>| reals.pixels.iter().position(|other| Arc::ptr_eq(other, pixels));
    scans.sort_by_key(|(pixels, example)| (!example, !place(pixels).is_some_and(|at| table.spare.contains(&at))));
    scans.truncate(EXTRA);
    scans
}

/// Fakes to compare with: other seeds than those of the game, classes as in the game.
pub fn fakes_to_measure(seed: u32, cards: &[Card], model: &ModelInfo) -> Vec<ScanSpec> {
    let mut chance = SplitMix::new(u64::from(seed) ^ 0x6d61_726b_0000_0000);
    let (mut used, mut classes) = (Vec::new(), Vec::new());
    for card in cards {
        if let Card::Fake { seed, class } = *card {
            used.push(seed);
            classes.push(class);
        }
    }
    let class_at =
        |at: usize| classes.get(at % classes.len().max(1)).copied().unwrap_or(at % model.classes.len().max(1));
    let seeds = std::iter::repeat_with(|| (chance.bits() >> 32) as u32).filter(|seed| !used.contains(seed));
    seeds.take(EXTRA).enumerate().map(|(at, seed)| ScanSpec { seed, class: class_at(at), toward: None }).collect()
}

/// The clue for a scan of the game, if it can be told yet.
pub fn clue(game: Game, pixels: &Slice, kind: Kind) -> Option<Clue> {
    game.measured.with(|measured| measured.clue(pixels, kind))
}
