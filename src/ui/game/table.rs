//! A game with all its scans on the table, before the first one is turned.

use std::sync::Arc;

use super::setting::Reals;
use crate::engine::making::protocol::ModelInfo;
use crate::game::answers::Kind;
use crate::game::deal::{Card, Deal, HALF, Round};
use crate::game::target::{VISIBLE, tumour_pixels};
use crate::gan::preset::ScanSpec;
use crate::slice::{LabelledSlice, Slice};

/// One scan of a game. Nothing of this but the pixels reaches the document before the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its pixels.
    pub pixels: Arc<Slice>,
    /// What it is.
    pub kind: Kind,
    /// Its class as the data names it, if it is known.
    pub class: Option<String>,
    /// The class as an index of the generator's.
    index: Option<usize>,
}

/// A game that can be played.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The scans of each round, from left to right.
    pub rounds: Vec<Vec<Shown>>,
    /// Rounds before the clues.
    pub first: usize,
    /// Real scans that are not in the game.
    pub spare: Vec<usize>,
    /// Whether it shows several slices of the same head.
    pub same_heads: bool,
}

impl Table {
    /// The place of the real scan of a round.
    pub fn real(&self, round: usize) -> Option<usize> {
        self.rounds.get(round)?.iter().position(|shown| shown.kind == Kind::Real)
    }

    /// All scans in order, for the discriminator. None if it cannot judge one of them: it wants to know the class.
    pub fn subjects(&self) -> Option<Vec<LabelledSlice>> {
        let subject = |shown: &Shown| Some(LabelledSlice { class: shown.index?, slice: Slice::clone(&shown.pixels) });
        self.rounds.iter().flatten().map(subject).collect()
    }

    /// Where the scans of a round begin in a list of all scans.
    pub fn start(&self, round: usize) -> usize {
        self.rounds.iter().take(round).map(Vec::len).sum()
    }
}

/// What has to be generated for these cards, in their order.
pub fn specs(cards: impl Iterator<Item = Card>) -> Vec<ScanSpec> {
    let spec = |card| match card {
        Card::Fake { seed, class } => Some(ScanSpec { seed, class, toward: None }),
        Card::Real(_) => None,
    };
    cards.filter_map(spec).collect()
}

/// Lays a game out. `fakes` are the scans of [`specs`]; none if one is missing.
pub fn lay(deal: &Deal, reals: &Reals, fakes: &[Arc<Slice>], model: &ModelInfo) -> Option<Table> {
    let mut fakes = fakes.iter();
    let mut rounds = Vec::with_capacity(deal.rounds.len());
    for Round { cards } in &deal.rounds {
        rounds.push(cards.iter().map(|&card| turn(card, reals, &mut fakes, model)).collect::<Option<Vec<_>>>()?);
    }
    Some(Table { rounds, first: deal.first, spare: deal.spare.clone(), same_heads: deal.same_heads })
}

/// Lays out a game in which tumours are sought: fakes without one are passed over for the spare ones at the end.
pub fn lay_tumours(cards: &[Card], reals: &Reals, fakes: &[Arc<Slice>], model: &ModelInfo) -> Option<Table> {
    let mut fakes = fakes.iter();
    let shown = cards.iter().map(|&card| turn(card, reals, &mut fakes, model)).collect::<Option<Vec<_>>>()?;
    let can_be_found = |shown: &Shown| tumour_pixels(&shown.pixels.mask) >= VISIBLE;
    let (dealt, spare) = shown.split_at(HALF.min(shown.len()));
    let mut spare = spare.iter().filter(|shown| can_be_found(shown));
    let rounds: Vec<Vec<Shown>> = dealt
        .iter()
        .filter_map(|shown| if can_be_found(shown) { Some(shown) } else { spare.next() })
        .map(|shown| vec![shown.clone()])
        .collect();
    (!rounds.is_empty()).then(|| Table { first: rounds.len(), rounds, spare: Vec::new(), same_heads: false })
}

fn turn<'a>(
    card: Card,
    reals: &Reals,
    fakes: &mut impl Iterator<Item = &'a Arc<Slice>>,
    model: &ModelInfo,
) -> Option<Shown> {
    match card {
        Card::Real(place) => {
            let class = reals.classes.get(place)?.clone();
            let index = model.classes.iter().position(|known| Some(known) == class.as_ref());
            Some(Shown { pixels: reals.pixels.get(place)?.clone(), kind: Kind::Real, class, index })
        }
        Card::Fake { class, .. } => Some(Shown {
            pixels: fakes.next()?.clone(),
            kind: Kind::Fake,
            class: model.classes.get(class).cloned(),
            index: Some(class),
        }),
    }
}
