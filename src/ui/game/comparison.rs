//! Real and generated scans with their feature values, to find clues for the scans of a game and to show as examples.

use std::sync::Arc;

use super::quiz::Quiz;
use super::real_set::RealSet;
use crate::engine::making::protocol::ModelInfo;
use crate::game::advice::{Advice, advise};
use crate::game::answers::Authenticity;
use crate::game::clue_places::{CluePlace, locate};
use crate::game::fairness;
use crate::game::features::{FeatureValues, ImageFeature, MIN_REFERENCE_IMAGES, tells_kinds_apart, typical};
use crate::game::quiz::QuizItem;
use crate::gan::preset::ScanSpec;
use crate::slice::Slice;
use crate::slices::air;
use crate::splitmix::SplitMix;

/// Scans of each kind that are measured in addition to those of the game.
const EXTRA: usize = 40;

/// Scans of one kind and their feature values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReferenceScans {
    /// The scans. The flag tells whether a scan can be an example.
    pub scans: Vec<(Arc<Slice>, bool)>,
    /// Feature values of each scan.
    pub values: Vec<FeatureValues>,
}

impl ReferenceScans {
    /// Adds a scan, unless it shows no head.
    pub fn add(&mut self, pixels: &Arc<Slice>, example: bool) {
        if let Some(values) = measure(pixels) {
            self.scans.push((pixels.clone(), example));
            self.values.push(values);
        }
    }

    /// Index of a typical example for a feature, except those in `taken`.
    pub fn example(&self, feature: ImageFeature, taken: &[usize]) -> Option<usize> {
        typical(&self.values, feature, |index| self.scans[index].1 && !taken.contains(&index))
    }
}

/// Reference scans of both kinds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeatureComparison {
    /// Real scans.
    pub real: ReferenceScans,
    /// Generated scans, at the difficulty of the game.
    pub fake: ReferenceScans,
    /// Real scans that wait to be measured.
    pub waiting: usize,
}

impl FeatureComparison {
    /// Whether a feature alone tells the kinds apart; see [`tells_kinds_apart`].
    pub fn gives_kind_away(&self, feature: ImageFeature) -> bool {
        tells_kinds_apart(&self.real.values, &self.fake.values, feature)
    }

    /// Indices in [`NAMES`](fairness::NAMES) of the numbers that tell the kinds apart; see [`fairness::compare`].
    pub fn telling_numbers(&self) -> Vec<usize> {
        let Some((first, _)) = self.real.scans.first() else { return Vec::new() };
        let shown = |known: &ReferenceScans| -> Vec<Vec<u8>> {
            known.scans.iter().map(|(scan, _)| air::clear(&scan.image, scan.size)).collect()
        };
        let compared = fairness::compare(&shown(&self.real), &shown(&self.fake), first.size);
        compared.iter().enumerate().filter(|(_, number)| number.gives_away).map(|(index, _)| index).collect()
    }

    /// Whether enough scans are measured to know which features tell the kinds apart.
    fn is_enough(&self) -> bool {
        let reals = self.waiting == 0 || self.real.values.len() >= MIN_REFERENCE_IMAGES;
        reals && self.fake.values.len() >= MIN_REFERENCE_IMAGES
    }

    /// Advice on a scan; see [`advise`]. None in the first moments of a game, when nothing is known of the features.
    pub fn advise(&self, pixels: &Slice, kind: Authenticity, earlier: &[Advice]) -> Advice {
        if !self.is_enough() {
            return Advice::Nothing;
        }
        let (own, other) = match kind {
            Authenticity::Real => (&self.real, &self.fake),
            Authenticity::Fake => (&self.fake, &self.real),
        };
        advise(measure(pixels).as_ref(), &own.values, &other.values, earlier)
    }
}

/// Where the feature of an advice shows in a scan. A tip has no direction; its place is where the feature is strongest.
pub fn locate_advice(pixels: &Slice, advice: Advice) -> Vec<CluePlace> {
    let (feature, more) = match advice {
        Advice::Clue(clue) => (clue.feature, clue.more),
        Advice::Tip(feature) => (feature, true),
        Advice::Nothing => return Vec::new(),
    };
    locate(&air::clear(&pixels.image, pixels.size), pixels.size, feature, more)
}

/// Measures what is visible: the scan with its air cleared.
fn measure(pixels: &Slice) -> Option<FeatureValues> {
    FeatureValues::measure(&air::clear(&pixels.image, pixels.size), pixels.size)
}

/// At most [`EXTRA`] real scans to measure, each with whether it can be an example. Scans of the game are measured too, because
/// a visitor's set may have no others. Only scans of the first half can then be examples, because they were shown before the
/// clues.
pub fn reals_to_measure(reals: &RealSet, quiz: &Quiz) -> Vec<(Arc<Slice>, bool)> {
    let shown: Vec<&Arc<Slice>> = quiz.rounds.iter().flatten().map(|shown| &shown.pixels).collect();
    let in_game = |pixels: &Arc<Slice>| shown.iter().any(|other| Arc::ptr_eq(other, pixels));
    let second: Vec<&Arc<Slice>> = quiz.rounds.iter().skip(quiz.first).flatten().map(|shown| &shown.pixels).collect();
    let is_in_second_half = |pixels: &Arc<Slice>| second.iter().any(|other| Arc::ptr_eq(other, pixels));
    let others = reals.pixels.iter().any(|pixels| !in_game(pixels));
    let is_example = |pixels: &Arc<Slice>| if others { !in_game(pixels) } else { !is_in_second_half(pixels) };
    let mut scans: Vec<(Arc<Slice>, bool)> =
        reals.pixels.iter().map(|pixels| (pixels.clone(), is_example(pixels))).collect();
    // Examples first, and among these the ones of people who are not in the game.
    let place = |pixels: &Arc<Slice>| reals.pixels.iter().position(|other| Arc::ptr_eq(other, pixels));
    scans.sort_by_key(|(pixels, example)| (!example, !place(pixels).is_some_and(|at| quiz.unused.contains(&at))));
    scans.truncate(EXTRA);
    scans
}

/// Fakes to measure: other seeds than in the game, the same mix of classes.
pub fn fakes_to_measure(seed: u32, items: &[QuizItem], model: &ModelInfo) -> Vec<ScanSpec> {
    let mut chance = SplitMix::new(u64::from(seed) ^ 0x6d61_726b_0000_0000);
    let (mut used, mut classes) = (Vec::new(), Vec::new());
    for item in items {
        if let QuizItem::Fake { seed, class } = *item {
            used.push(seed);
            classes.push(class);
        }
    }
    let class_at =
        |at: usize| classes.get(at % classes.len().max(1)).copied().unwrap_or(at % model.classes.len().max(1));
    let seeds = std::iter::repeat_with(|| (chance.bits() >> 32) as u32).filter(|seed| !used.contains(seed));
    seeds.take(EXTRA).enumerate().map(|(at, seed)| ScanSpec { seed, class: class_at(at), toward: None }).collect()
}
