//! Chooses the held-out slices of a training set.
//!
//! Neighbouring slices of a head are similar, so all slices of a head are on one side of the split. If the heads are
//! unknown, blocks of consecutive slices are held out: files are mostly sorted by head.

use std::collections::BTreeMap;

use crate::slice::MIN_HELD_OUT;
use crate::splitmix::SplitMix;

/// Fewest slices of which some are held out.
pub const MIN_TO_SPLIT: usize = 24;
/// Fraction of the slices that is held out.
const FRACTION: f32 = 0.12;
/// Fewest and most slices to hold out.
const LIMITS: (usize, usize) = (MIN_HELD_OUT, 64);
/// At most one of this many slices is held out, or one of two if whole heads would not give [`MIN_HELD_OUT`] otherwise.
const MAX_FRACTION_INVERSE: usize = 3;
/// Consecutive slices in a held-out block.
const BLOCK: usize = 8;
/// Seed of the choice, so that it is reproducible.
const SEED: u64 = 12;

/// How the held-out slices were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitBy {
    /// By head: no person is in both parts.
    Heads,
    /// By blocks of consecutive slices: a person may be in both parts.
    Blocks,
    /// No slices are held out: there are fewer than [`MIN_TO_SPLIT`].
    NotSplit,
}

/// For each slice, given by its person, whether it is held out. Slices must be in the order of their files.
pub fn split(people: &[Option<u64>]) -> (Vec<bool>, SplitBy) {
    let count = people.len();
    let mut held = vec![false; count];
    if count < MIN_TO_SPLIT {
        return (held, SplitBy::NotSplit);
    }
    let target = ((count as f32 * FRACTION).round() as usize).clamp(LIMITS.0, LIMITS.1);
    let most = (count / MAX_FRACTION_INVERSE).min(LIMITS.1);
    if let Some(heads) = heads(people) {
        let chosen = whole_heads(&heads, target, most);
        if !chosen.is_empty() {
            chosen.iter().flat_map(|&head| &heads[head]).for_each(|&slice| held[slice] = true);
            return (held, SplitBy::Heads);
        }
    }
    let blocks = target.div_ceil(BLOCK);
    let each = target.div_ceil(blocks);
    for block in 0..blocks {
        // Each block is in the middle of one of as many equal parts.
        let start = (2 * block + 1) * count / (2 * blocks) - each / 2;
        held[start..(start + each).min(count)].fill(true);
    }
    (held, SplitBy::Blocks)
}

/// The slices of each person. `None` if a person is unknown or there is only one.
fn heads(people: &[Option<u64>]) -> Option<Vec<Vec<usize>>> {
    let mut heads: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (slice, person) in people.iter().enumerate() {
        heads.entry((*person)?).or_default().push(slice);
    }
    let mut heads: Vec<_> = heads.into_values().collect();
    // The persons are hashes, so they are sorted by their first slice.
    heads.sort();
    (heads.len() > 1).then_some(heads)
}

/// Indices of heads that together have about `target` slices, at most `most`. If these are fewer than [`MIN_HELD_OUT`], more
/// heads, up to half of the slices. If all heads have too many, the smallest one, unless it has more than `most`.
fn whole_heads(heads: &[Vec<usize>], target: usize, most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..heads.len()).collect();
    SplitMix::new(SEED).shuffle(&mut order);
    let mut chosen = Vec::new();
    let mut held = 0;
    let half = heads.iter().map(Vec::len).sum::<usize>() / 2;
    for (enough, limit) in [(target, most.min(target + target / 2)), (MIN_HELD_OUT, half)] {
        for &head in &order {
            let size = heads[head].len();
            if held < enough && held + size <= limit && !chosen.contains(&head) {
                held += size;
                chosen.push(head);
            }
        }
        if chosen.is_empty() {
            break;
        }
    }
    if chosen.is_empty() {
        chosen.extend((0..heads.len()).min_by_key(|&head| heads[head].len()).filter(|&head| heads[head].len() <= most));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(held: &[bool]) -> usize {
        held.iter().filter(|held| **held).count()
    }

    #[test]
    fn no_head_is_on_both_sides() {
        for (heads, each) in [(10, 12), (40, 3), (3, 10), (25, 20)] {
            let people: Vec<_> = (0..heads * each).map(|slice| Some((slice / each) as u64)).collect();
            let (held, by) = split(&people);
            assert_eq!(by, SplitBy::Heads);
            let out = |head: usize| count(&held[head * each..(head + 1) * each]);
            assert!((0..heads).all(|head| [0, each].contains(&out(head))), "{heads} heads of {each}");
            let part = count(&held) as f32 / held.len() as f32;
            assert!((0.05..=0.34).contains(&part) && (4..=64).contains(&count(&held)), "{heads} of {each}: {part}");
        }
    }

    #[test]
    fn without_heads_blocks_are_held_out() {
        for slices in [24, 100, 200, 512] {
            let (held, by) = split(&vec![None; slices]);
            assert_eq!(by, SplitBy::Blocks);
            let turns = held.windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert!(turns <= 2 * count(&held).div_ceil(4), "{slices}: {turns} turns");
            assert!((4..=64).contains(&count(&held)) && count(&held) * 3 <= slices, "{slices}: {}", count(&held));
        }
        assert_eq!(count(&split(&[None; 200]).0), 24);
    }

    #[test]
    fn one_head_or_two_large_ones_are_split_by_blocks() {
        assert_eq!(split(&[Some(1); 90]).1, SplitBy::Blocks);
        let two: Vec<_> = (0..120).map(|slice| Some(slice / 60)).collect();
        assert_eq!(split(&two).1, SplitBy::Blocks);
    }

    /// Otherwise the check for copies would say that too few are held out.
    #[test]
    fn enough_are_held_out_to_look_for_copies() {
        for slices in MIN_TO_SPLIT..200 {
            for each in 1..=5 {
                let people: Vec<_> = (0..slices).map(|slice| Some((slice / each) as u64)).collect();
                let held = count(&split(&people).0);
                assert!((MIN_HELD_OUT..=slices / 2).contains(&held), "{slices} slices, {each} each: {held}");
            }
            assert!(count(&split(&vec![None; slices]).0) >= MIN_HELD_OUT, "{slices}");
        }
    }

    #[test]
    fn few_slices_are_not_split() {
        assert_eq!(split(&[None; 23]), (vec![false; 23], SplitBy::NotSplit));
        assert_eq!(split(&[]).1, SplitBy::NotSplit);
    }
}
