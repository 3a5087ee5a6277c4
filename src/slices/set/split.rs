//! Which slices are held out, to watch learning with.
//!
//! Neighbouring slices resemble each other, so a head is either learned from or held out. Where nothing says which slices
//! are of one head, rows of neighbours take its place: files in a folder mostly lie in the order of the heads.

use std::collections::BTreeMap;

use crate::game::shuffle::SplitMix;

/// Fewest slices of which some can be spared.
pub const ENOUGH: usize = 24;
/// Part that is held out.
const PART: f32 = 0.12;
/// Fewest and most that are held out.
const LIMITS: (usize, usize) = (4, 64);
/// Of all slices, at most one of this many is held out.
const MOST: usize = 3;
/// Slices in a row that stand for a head.
const ROW: usize = 8;
/// The choice is the same every time.
const SEED: u64 = 12;

/// How it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whole heads: the two parts share nobody.
    Heads,
    /// Rows of neighbours: the two parts may share somebody.
    Rows,
    /// Nothing is held out: there are fewer than [`ENOUGH`].
    Nothing,
}

/// For each slice, given by whose it is, whether it is held out. Slices without an owner come in the order of their files.
pub fn split(people: &[Option<u64>]) -> (Vec<bool>, By) {
    let count = people.len();
    let mut held = vec![false; count];
    if count < ENOUGH {
        return (held, By::Nothing);
    }
    let target = ((count as f32 * PART).round() as usize).clamp(LIMITS.0, LIMITS.1);
    let most = (count / MOST).min(LIMITS.1);
    if let Some(heads) = heads(people) {
        let chosen = whole(&heads, target, most);
        if !chosen.is_empty() {
            chosen.iter().flat_map(|&head| &heads[head]).for_each(|&slice| held[slice] = true);
            return (held, By::Heads);
        }
    }
    let rows = target.div_ceil(ROW);
    let each = target.div_ceil(rows);
    for row in 0..rows {
        // The rows lie evenly: in the middle of as many equal parts.
        let start = (2 * row + 1) * count / (2 * rows) - each / 2;
        held[start..(start + each).min(count)].fill(true);
    }
    (held, By::Rows)
}

/// The slices of each person, if every slice has one and there are two or more.
fn heads(people: &[Option<u64>]) -> Option<Vec<Vec<usize>>> {
    let mut heads: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (slice, person) in people.iter().enumerate() {
        heads.entry((*person)?).or_default().push(slice);
    }
    let mut heads: Vec<_> = heads.into_values().collect();
    // Not in the order of their numbers, which mean nothing.
    heads.sort();
    (heads.len() > 1).then_some(heads)
}

/// Heads that have about `target` slices together and at most `most`; the smallest if all others are too large, and none if
/// that is as well.
fn whole(heads: &[Vec<usize>], target: usize, most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..heads.len()).collect();
    SplitMix::new(SEED).shuffle(&mut order);
    let mut chosen = Vec::new();
    let mut held = 0;
    for head in order {
        let size = heads[head].len();
        if held + size <= target + target / 2 && held < target {
            held += size;
            chosen.push(head);
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
    fn nobody_is_on_both_sides() {
        for (heads, each) in [(10, 12), (40, 3), (3, 10), (25, 20)] {
            let people: Vec<_> = (0..heads * each).map(|slice| Some((slice / each) as u64)).collect();
            let (held, by) = split(&people);
            assert_eq!(by, By::Heads);
            let out = |head: usize| count(&held[head * each..(head + 1) * each]);
            assert!((0..heads).all(|head| [0, each].contains(&out(head))), "{heads} heads of {each}");
            let part = count(&held) as f32 / held.len() as f32;
            assert!((0.05..=0.34).contains(&part) && (4..=64).contains(&count(&held)), "{heads} of {each}: {part}");
        }
    }

    #[test]
    fn without_heads_rows_of_neighbours_are_held_out() {
        for slices in [24, 100, 200, 512] {
            let (held, by) = split(&vec![None; slices]);
            assert_eq!(by, By::Rows);
            let turns = held.windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert!(turns <= 2 * count(&held).div_ceil(4), "{slices}: {turns} turns");
            assert!((4..=64).contains(&count(&held)) && count(&held) * 3 <= slices, "{slices}: {}", count(&held));
        }
        assert_eq!(count(&split(&[None; 200]).0), 24);
    }

    #[test]
    fn one_head_or_two_large_ones_are_cut_in_rows() {
        assert_eq!(split(&[Some(1); 90]).1, By::Rows);
        let two: Vec<_> = (0..120).map(|slice| Some(slice / 60)).collect();
        assert_eq!(split(&two).1, By::Rows);
    }

    #[test]
    fn few_slices_are_all_learned_from() {
        assert_eq!(split(&[None; 23]), (vec![false; 23], By::Nothing));
        assert_eq!(split(&[]).1, By::Nothing);
    }
}
