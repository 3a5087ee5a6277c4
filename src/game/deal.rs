//! A whole game from a seed: which scans, in which order.
//!
//! Half of what is shown is real, the order is chance, and no scan comes twice. Fakes get the classes that the real scans
//! of the same half have, so that the kind of tumour tells nothing.

use super::shuffle::SplitMix;

/// Rounds in one half of a game.
pub const HALF: usize = 10;
/// Fewest real scans that a game can be dealt from.
pub const FEWEST: usize = 5;
/// Pairs of examples that are kept out of the game where there is enough.
pub const EXAMPLES: usize = 5;

/// How many scans a round shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One: is it real?
    Single,
    /// Two: which one is real?
    Pairs,
}

/// What a game must know of a real scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RealSlice {
    /// Index of its class in the generator, if it is known.
    pub class: Option<usize>,
    /// Whose head it is: slices of one person lie in the list in the order in which they lie in the head.
    pub patient: u32,
}

/// One scan of a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Card {
    /// A real scan, by its place in the list.
    Real(usize),
    /// A scan to be generated.
    Fake {
        /// Seed of its latent.
        seed: u32,
        /// Index of its class in the generator.
        class: usize,
    },
}

impl Card {
    /// Whether it is a real scan.
    pub fn is_real(self) -> bool {
        matches!(self, Card::Real(_))
    }
}

/// What a round shows: one scan, or two of which one is real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The scans, from left to right.
    pub cards: Vec<Card>,
}

/// A game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// All rounds; the first half comes before the clues.
    pub rounds: Vec<Round>,
    /// Rounds of the first half.
    pub first: usize,
    /// Real scans that the game does not show, for the clues. Empty if there are none left.
    pub spare: Vec<usize>,
    /// Whether it shows several slices of the same head, for want of people.
    pub same_heads: bool,
}

impl Deal {
    /// Rounds after the clues.
    pub fn second(&self) -> usize {
        self.rounds.len() - self.first
    }

    /// Every card, in the order of the game.
    pub fn cards(&self) -> impl Iterator<Item = Card> + '_ {
        self.rounds.iter().flat_map(|round| round.cards.iter().copied())
    }
}

/// There are too few real scans for a game in which chance decides little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{found} real scans are too few for a game of {HALF} rounds: {FEWEST} are needed")]
pub struct TooFew {
    /// How many there are.
    pub found: usize,
}

/// Deals a game of real and generated scans. A short list gives a game without a second half, and of pairs fewer rounds.
///
/// # Errors
/// If there are fewer than [`FEWEST`] real scans, or the generator knows no class.
pub fn deal(form: Form, seed: u32, reals: &[RealSlice], classes: usize) -> Result<Deal, TooFew> {
    if reals.len() < FEWEST || classes == 0 {
        return Err(TooFew { found: if classes == 0 { 0 } else { reals.len() } });
    }
    let mut chance = SplitMix::new(u64::from(seed) << 1 | u64::from(form == Form::Pairs));
    let half = match form {
        Form::Single => HALF / 2,
        Form::Pairs => HALF,
    };
    let halves = if reals.len() >= 2 * half { vec![half; 2] } else { vec![half.min(reals.len())] };
    let wanted = halves.iter().sum::<usize>();
    let mut chosen = apart(reals, (wanted + EXAMPLES).min(reals.len()), &mut chance);
    let spare = chosen.split_off(wanted);
    let mut fakes = Seeds::new(&mut chance);
    let mut rounds = Vec::new();
    let mut firsts = Vec::new();
    let mut left = chosen.as_slice();
    for count in halves {
        let (real, rest) = left.split_at(count);
        left = rest;
        let dealt = match form {
            Form::Single => single(real, reals, classes, &mut fakes, &mut chance),
            Form::Pairs => pairs(real, reals, classes, &mut fakes, &mut chance),
        };
        firsts.push(dealt.len());
        rounds.extend(dealt);
    }
    let mut heads: Vec<u32> = chosen.iter().map(|&index| reals[index].patient).collect();
    heads.sort_unstable();
    let same_heads = heads.windows(2).any(|two| two[0] == two[1]);
    Ok(Deal { rounds, first: firsts.first().copied().unwrap_or_default(), spare, same_heads })
}

/// Scans to find a tumour in: half real where there are real ones, the rest generated. `visible` says of each real scan
/// whether a tumour is drawn in it. More fakes than needed: one in which the generator drew none can be passed over.
pub fn deal_tumours(seed: u32, reals: &[RealSlice], visible: impl Fn(usize) -> bool, classes: usize) -> Vec<Card> {
    let mut chance = SplitMix::new(u64::from(seed) ^ 0x7465_6b65_6e00_0000);
    let shown: Vec<usize> = (0..reals.len()).filter(|&index| visible(index)).collect();
    let seen: Vec<RealSlice> = shown.iter().map(|&index| reals[index]).collect();
    let real: Vec<usize> =
        apart(&seen, (HALF / 2).min(seen.len()), &mut chance).into_iter().map(|index| shown[index]).collect();
    let mut seeds = Seeds::new(&mut chance);
    let fakes = 2 * HALF - real.len();
    let made = mix(&real, reals, classes, fakes, &mut chance);
    let mut cards: Vec<Card> = real.into_iter().map(Card::Real).collect();
    cards.extend(made.into_iter().map(|class| Card::Fake { seed: seeds.next(), class }));
    // The spare fakes stay behind, out of the shuffle.
    let shuffled = HALF.min(cards.len());
    chance.shuffle(&mut cards[..shuffled]);
    cards
}

fn single(real: &[usize], reals: &[RealSlice], classes: usize, seeds: &mut Seeds, chance: &mut SplitMix) -> Vec<Round> {
    let made = mix(real, reals, classes, real.len(), chance);
    let mut cards: Vec<Card> = real.iter().map(|&index| Card::Real(index)).collect();
    cards.extend(made.into_iter().map(|class| Card::Fake { seed: seeds.next(), class }));
    chance.shuffle(&mut cards);
    cards.into_iter().map(|card| Round { cards: vec![card] }).collect()
}

fn pairs(real: &[usize], reals: &[RealSlice], classes: usize, seeds: &mut Seeds, chance: &mut SplitMix) -> Vec<Round> {
    // As many to the left as to the right; of an odd number, one side gets one more by a coin.
    let mut right: Vec<bool> = (0..real.len()).map(|index| index % 2 == 0).collect();
    if chance.coin() {
        right.iter_mut().for_each(|side| *side = !*side);
    }
    chance.shuffle(&mut right);
    let rounds = real.iter().zip(right).map(|(&index, right)| {
        // The same kind of tumour, or the kind would be the difference.
        let class = reals[index].class.filter(|&class| class < classes).unwrap_or_else(|| chance.below(classes));
        let mut cards = vec![Card::Real(index), Card::Fake { seed: seeds.next(), class }];
        if right {
            cards.swap(0, 1);
        }
        Round { cards }
    });
    rounds.collect()
}

/// Classes for `count` fakes, in the mix of these real scans; all classes in turn where theirs are unknown.
fn mix(real: &[usize], reals: &[RealSlice], classes: usize, count: usize, chance: &mut SplitMix) -> Vec<usize> {
    let mut known: Vec<usize> = real.iter().filter_map(|&index| reals[index].class).filter(|&c| c < classes).collect();
    if known.is_empty() {
        let first = chance.below(classes);
        known = (0..classes).map(|class| (class + first) % classes).collect();
    }
    let mut made: Vec<usize> = known.into_iter().cycle().take(count).collect();
    chance.shuffle(&mut made);
    made
}

/// `count` real scans in an order of chance: of as many people as there are, and of one person as far apart as can be, since
/// neighbouring slices look alike.
fn apart(reals: &[RealSlice], count: usize, chance: &mut SplitMix) -> Vec<usize> {
    let mut people: Vec<(u32, Vec<usize>)> = Vec::new();
    for (index, slice) in reals.iter().enumerate() {
        match people.iter_mut().find(|(patient, _)| *patient == slice.patient) {
            Some((_, slices)) => slices.push(index),
            None => people.push((slice.patient, vec![index])),
        }
    }
    chance.shuffle(&mut people);
    let mut quota = vec![0; people.len()];
    let mut left = count.min(reals.len());
    while left > 0 {
        for (quota, (_, slices)) in quota.iter_mut().zip(&people) {
            if left > 0 && *quota < slices.len() {
                *quota += 1;
                left -= 1;
            }
        }
    }
    let mut chosen = Vec::with_capacity(count);
    for (quota, (_, slices)) in quota.into_iter().zip(people) {
        // Equal stretches of the head, and one place for all stretches: never two neighbours where there is room.
        let at = chance.below(1000) as f64 / 1000.0;
        let stretch = slices.len() as f64 / quota.max(1) as f64;
        chosen.extend((0..quota).map(|part| slices[(((part as f64 + at) * stretch) as usize).min(slices.len() - 1)]));
    }
    chance.shuffle(&mut chosen);
    chosen
}

/// Seeds of which none comes twice.
struct Seeds {
    first: u32,
    given: u32,
}

impl Seeds {
    fn new(chance: &mut SplitMix) -> Self {
        Self { first: (chance.bits() >> 32) as u32, given: 0 }
    }

    fn next(&mut self) -> u32 {
        let seed = self.first.wrapping_add(self.given);
        self.given += 1;
        seed
    }
}

#[cfg(test)]
#[path = "deal_tests.rs"]
mod tests;
