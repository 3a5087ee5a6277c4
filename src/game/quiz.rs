//! Plans a game from a seed: which scans, in which order.
//!
//! Half of the scans are real, the order is random and no person comes twice. Fakes get the classes of the real scans in
//! the same half, so that the class does not give the answer away.

use std::collections::BTreeSet;

use crate::splitmix::SplitMix;

/// Rounds in one half of a game, unless a teacher chose another number.
pub const ROUNDS_PER_HALF: usize = 10;
/// Fewest people on the real scans for a game.
pub const MIN_PEOPLE: usize = 2;
/// Fewest people for a game of two halves: two for each. With one real and one generated scan in a half, the second answer
/// would follow from the first. With fewer than [`ROUNDS_PER_HALF`] real scans a half has fewer rounds.
pub const MIN_FOR_TWO_HALVES: usize = 4;
/// Real scans kept out of the game as examples, if there are enough.
pub const EXAMPLES: usize = 5;

/// How many scans a round shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundFormat {
    /// One scan: is it real?
    Single,
    /// Two scans: which one is real?
    Pairs,
}

/// What the plan needs to know about a real scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RealSliceInfo {
    /// Index of its class in the generator, if known.
    pub class: Option<usize>,
    /// The person. Slices of one person are listed in anatomical order.
    pub patient: u32,
}

/// One scan of a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuizItem {
    /// A real scan, by its index.
    Real(usize),
    /// A scan to generate.
    Fake {
        /// Seed of its latent.
        seed: u32,
        /// Index of its class in the generator.
        class: usize,
    },
}

impl QuizItem {
    /// Whether the scan is real.
    pub fn is_real(self) -> bool {
        matches!(self, QuizItem::Real(_))
    }
}

/// A planned round: one scan, or two of which one is real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRound {
    /// The scans, from left to right.
    pub items: Vec<QuizItem>,
}

/// A planned game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizPlan {
    /// All rounds; the clues come after the first half.
    pub rounds: Vec<PlannedRound>,
    /// Number of rounds in the first half.
    pub first: usize,
    /// Indices of real scans that are in no round, of people who are in no round either, as examples for the clues.
    pub unused: Vec<usize>,
    /// Whether there are too few people for the requested number of rounds.
    pub short: bool,
}

impl QuizPlan {
    /// Number of rounds after the clues.
    pub fn second(&self) -> usize {
        self.rounds.len() - self.first
    }

    /// All scans, in the order of the game.
    pub fn items(&self) -> impl Iterator<Item = QuizItem> + '_ {
        self.rounds.iter().flat_map(|round| round.items.iter().copied())
    }
}

/// Too few people on the real scans for a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("real scans of {found} people are too few for a game: {MIN_PEOPLE} people are needed")]
pub struct TooFewPeople {
    /// How many there are.
    pub found: usize,
}

/// Number of people on these scans.
pub fn count_people(reals: &[RealSliceInfo]) -> usize {
    reals.iter().map(|slice| slice.patient).collect::<BTreeSet<_>>().len()
}

/// Plans a game of two halves of `rounds` rounds, of real and generated scans, for a generator with `classes` classes. With one
/// scan a round, `rounds` is even. Every person is shown once at most,
/// so few people make a short game, and very few one without a second half.
///
/// # Errors
/// [`TooFewPeople`] if there are fewer than [`MIN_PEOPLE`] people, or the generator has no class.
pub fn plan_quiz(
    form: RoundFormat,
    rounds: usize,
    seed: u32,
    reals: &[RealSliceInfo],
    classes: usize,
) -> Result<QuizPlan, TooFewPeople> {
    let people = count_people(reals);
    if people < MIN_PEOPLE || classes == 0 {
        return Err(TooFewPeople { found: if classes == 0 { 0 } else { people } });
    }
    let mut rng = SplitMix::new(u64::from(seed) << 1 | u64::from(form == RoundFormat::Pairs));
    let half = match form {
        RoundFormat::Single => rounds / 2,
        RoundFormat::Pairs => rounds,
    };
    let halves = if people >= MIN_FOR_TWO_HALVES { vec![half.min(people / 2); 2] } else { vec![half.min(people)] };
    let wanted = halves.iter().sum::<usize>();
    let mut chosen = select_people(reals, wanted + EXAMPLES, &mut rng);
    let unused = chosen.split_off(wanted);
    let mut fakes = SeedSequence::new(&mut rng);
    let asked = 2 * rounds;
    let mut rounds = Vec::new();
    let mut firsts = Vec::new();
    let mut left = chosen.as_slice();
    for count in halves {
        let (real, rest) = left.split_at(count);
        left = rest;
        let planned = match form {
            RoundFormat::Single => plan_single_rounds(real, reals, classes, &mut fakes, &mut rng),
            RoundFormat::Pairs => plan_pair_rounds(real, reals, classes, &mut fakes, &mut rng),
        };
        firsts.push(planned.len());
        rounds.extend(planned);
    }
    let short = rounds.len() < asked;
    Ok(QuizPlan { rounds, first: firsts.first().copied().unwrap_or_default(), unused, short })
}

/// Plans a game of finding the tumour in `rounds` rounds: half of the scans are real if there are enough people. `visible` tells whether a real scan has
/// a tumour mask. Returns more fakes than needed, because the generator may draw no tumour in some.
pub fn plan_tumour_quiz(
    rounds: usize,
    seed: u32,
    reals: &[RealSliceInfo],
    visible: impl Fn(usize) -> bool,
    classes: usize,
) -> Vec<QuizItem> {
    let mut rng = SplitMix::new(u64::from(seed) ^ 0x7465_6b65_6e00_0000);
    let shown: Vec<usize> = (0..reals.len()).filter(|&index| visible(index)).collect();
    let seen: Vec<RealSliceInfo> = shown.iter().map(|&index| reals[index]).collect();
    let real: Vec<usize> = select_people(&seen, rounds / 2, &mut rng).into_iter().map(|index| shown[index]).collect();
    let mut seeds = SeedSequence::new(&mut rng);
    let fakes = 2 * rounds - real.len();
    let made = matching_classes(&real, reals, classes, fakes, &mut rng);
    let mut items: Vec<QuizItem> = real.into_iter().map(QuizItem::Real).collect();
    items.extend(made.into_iter().map(|class| QuizItem::Fake { seed: seeds.next(), class }));
    // The extra fakes stay at the end.
    let shuffled = rounds.min(items.len());
    rng.shuffle(&mut items[..shuffled]);
    items
}

fn plan_single_rounds(
    real: &[usize],
    reals: &[RealSliceInfo],
    classes: usize,
    seeds: &mut SeedSequence,
    rng: &mut SplitMix,
) -> Vec<PlannedRound> {
    let made = matching_classes(real, reals, classes, real.len(), rng);
    let mut items: Vec<QuizItem> = real.iter().map(|&index| QuizItem::Real(index)).collect();
    items.extend(made.into_iter().map(|class| QuizItem::Fake { seed: seeds.next(), class }));
    rng.shuffle(&mut items);
    items.into_iter().map(|item| PlannedRound { items: vec![item] }).collect()
}

fn plan_pair_rounds(
    real: &[usize],
    reals: &[RealSliceInfo],
    classes: usize,
    seeds: &mut SeedSequence,
    rng: &mut SplitMix,
) -> Vec<PlannedRound> {
    // Equally often left and right; for an odd number, a coin decides which side gets one more.
    let mut right: Vec<bool> = (0..real.len()).map(|index| index % 2 == 0).collect();
    if rng.coin() {
        right.iter_mut().for_each(|side| *side = !*side);
    }
    rng.shuffle(&mut right);
    let rounds = real.iter().zip(right).map(|(&index, right)| {
        // The same class for both, so that the class is not the difference.
        let class = reals[index].class.filter(|&class| class < classes).unwrap_or_else(|| rng.below(classes));
        let mut items = vec![QuizItem::Real(index), QuizItem::Fake { seed: seeds.next(), class }];
        if right {
            items.swap(0, 1);
        }
        PlannedRound { items }
    });
    rounds.collect()
}

/// Classes for `count` fakes: in the mix of these real scans, or all classes in turn if theirs are unknown.
fn matching_classes(
    real: &[usize],
    reals: &[RealSliceInfo],
    classes: usize,
    count: usize,
    rng: &mut SplitMix,
) -> Vec<usize> {
    let mut known: Vec<usize> = real.iter().filter_map(|&index| reals[index].class).filter(|&c| c < classes).collect();
    if known.is_empty() {
        let first = rng.below(classes);
        known = (0..classes).map(|class| (class + first) % classes).collect();
    }
    let mut made: Vec<usize> = known.into_iter().cycle().take(count).collect();
    rng.shuffle(&mut made);
    made
}

/// One real scan of each of `count` people, or of all people if there are fewer, in random order.
fn select_people(reals: &[RealSliceInfo], count: usize, rng: &mut SplitMix) -> Vec<usize> {
    let mut people: Vec<(u32, Vec<usize>)> = Vec::new();
    for (index, slice) in reals.iter().enumerate() {
        match people.iter_mut().find(|(patient, _)| *patient == slice.patient) {
            Some((_, slices)) => slices.push(index),
            None => people.push((slice.patient, vec![index])),
        }
    }
    rng.shuffle(&mut people);
    people.truncate(count);
    people.into_iter().map(|(_, slices)| slices[rng.below(slices.len())]).collect()
}

/// Consecutive seeds, so that no seed comes twice.
struct SeedSequence {
    first: u32,
    given: u32,
}

impl SeedSequence {
    fn new(rng: &mut SplitMix) -> Self {
        Self { first: (rng.bits() >> 32) as u32, given: 0 }
    }

    fn next(&mut self) -> u32 {
        let seed = self.first.wrapping_add(self.given);
        self.given += 1;
        seed
    }
}

#[cfg(test)]
#[path = "quiz_tests.rs"]
mod tests;
