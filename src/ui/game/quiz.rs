//! A game that is ready to play: all its scans with their pixels.

use std::sync::Arc;

use super::real_set::RealSet;
use crate::engine::making::protocol::ModelInfo;
use crate::game::answers::Authenticity;
use crate::game::class_code::Choice;
use crate::game::localisation::{MIN_TUMOUR_PIXELS, tumour_pixels};
use crate::game::quiz::{PlannedRound, QuizItem, QuizPlan};
use crate::game::settings::GameMode;
use crate::gan::preset::ScanSpec;
use crate::slice::{LabelledSlice, Slice};

/// One scan of a game. Only its pixels reach the document before the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct QuizScan {
    /// Its pixels.
    pub pixels: Arc<Slice>,
    /// Whether it is real.
    pub kind: Authenticity,
    /// Name of its class, if known.
    pub class: Option<String>,
    /// Index of its class in the generator, if known.
    index: Option<usize>,
}

/// A game that is ready to play.
#[derive(Debug, Clone, PartialEq)]
pub struct Quiz {
    /// The scans of each round, from left to right.
    pub rounds: Vec<Vec<QuizScan>>,
    /// Rounds before the clues.
    pub first: usize,
    /// Indices of real scans that are in no round.
    pub unused: Vec<usize>,
    /// People on all real scans that the game could choose from.
    pub people: usize,
}

impl Quiz {
    /// Index of the real scan within a round.
    pub fn real(&self, round: usize) -> Option<usize> {
        self.rounds.get(round)?.iter().position(|shown| shown.kind == Authenticity::Real)
    }

    /// The right choice of each round, for a class game of this mode.
    pub fn key(&self, mode: GameMode) -> Vec<Choice> {
        let right = |round| match (mode, self.real(round)) {
            (GameMode::Tumour, _) => Choice::First,
            (GameMode::Single, None) => Choice::Second,
            (_, real) => Choice::of(real),
        };
        (0..self.rounds.len()).map(right).collect()
    }

    /// The scan of a round that the feedback explains, with its index: of a pair, the fake.
    pub fn explained(&self, round: usize) -> Option<(usize, &QuizScan)> {
        let shown = self.rounds.get(round)?;
        shown.iter().enumerate().find(|(_, scan)| shown.len() == 1 || scan.kind == Authenticity::Fake)
    }

    /// Whether the class of every scan is known.
    pub fn has_known_classes(&self) -> bool {
        self.rounds.iter().flatten().all(|shown| shown.index.is_some())
    }

    /// All scans in order, for the discriminator. `None` if the class of one is unknown: the discriminator needs it.
    pub fn labelled_slices(&self) -> Option<Vec<LabelledSlice>> {
        let labelled =
            |shown: &QuizScan| Some(LabelledSlice { class: shown.index?, slice: Slice::clone(&shown.pixels) });
        self.rounds.iter().flatten().map(labelled).collect()
    }

    /// Index of the first scan of a round in the list of all scans.
    pub fn start(&self, round: usize) -> usize {
        self.rounds.iter().take(round).map(Vec::len).sum()
    }
}

/// What the generator has to make for these items, in order.
pub fn generated_specs(items: impl Iterator<Item = QuizItem>) -> Vec<ScanSpec> {
    let spec = |item| match item {
        QuizItem::Fake { seed, class } => Some(ScanSpec { seed, class, toward: None }),
        QuizItem::Real(_) => None,
    };
    items.filter_map(spec).collect()
}

/// Builds a quiz. `fakes` are the scans of [`generated_specs`]. `None` if one is missing.
pub fn build_quiz(plan: &QuizPlan, reals: &RealSet, fakes: &[Arc<Slice>], model: &ModelInfo) -> Option<Quiz> {
    let mut fakes = fakes.iter();
    let mut rounds = Vec::with_capacity(plan.rounds.len());
    for PlannedRound { items } in &plan.rounds {
        rounds.push(items.iter().map(|&item| build_scan(item, reals, &mut fakes, model)).collect::<Option<Vec<_>>>()?);
    }
    Some(Quiz { rounds, first: plan.first, unused: plan.unused.clone(), people: reals.count_people() })
}

/// Builds a quiz of finding the tumour in `rounds` rounds. Fakes without a visible tumour are replaced by the extra ones at the end.
pub fn build_tumour_quiz(
    items: &[QuizItem],
    rounds: usize,
    reals: &RealSet,
    fakes: &[Arc<Slice>],
    model: &ModelInfo,
) -> Option<Quiz> {
    let mut fakes = fakes.iter();
    let shown = items.iter().map(|&item| build_scan(item, reals, &mut fakes, model)).collect::<Option<Vec<_>>>()?;
    let can_be_found = |shown: &QuizScan| tumour_pixels(&shown.pixels.mask) >= MIN_TUMOUR_PIXELS;
    let (first, unused) = shown.split_at(rounds.min(shown.len()));
    let mut unused = unused.iter().filter(|shown| can_be_found(shown));
    let rounds: Vec<Vec<QuizScan>> = first
        .iter()
        .filter_map(|shown| if can_be_found(shown) { Some(shown) } else { unused.next() })
        .map(|shown| vec![shown.clone()])
        .collect();
    let people = reals.count_people();
    (!rounds.is_empty()).then(|| Quiz { first: rounds.len(), rounds, unused: Vec::new(), people })
}

fn build_scan<'a>(
    item: QuizItem,
    reals: &RealSet,
    fakes: &mut impl Iterator<Item = &'a Arc<Slice>>,
    model: &ModelInfo,
) -> Option<QuizScan> {
    match item {
        QuizItem::Real(place) => {
            let class = reals.classes.get(place)?.clone();
            let index = model.classes.iter().position(|known| Some(known) == class.as_ref());
            Some(QuizScan { pixels: reals.pixels.get(place)?.clone(), kind: Authenticity::Real, class, index })
        }
        QuizItem::Fake { class, .. } => Some(QuizScan {
            pixels: fakes.next()?.clone(),
            kind: Authenticity::Fake,
            class: model.classes.get(class).cloned(),
            index: Some(class),
        }),
    }
}
