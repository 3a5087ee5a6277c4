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
/// At most one in this many slices is held out; one in two if whole heads would otherwise give fewer than [`MIN_HELD_OUT`].
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
    /// By blocks of consecutive slices, because the heads are unknown: a person may be in both parts.
    Blocks,
    /// By blocks of consecutive slices, because no whole heads can be held out: people are in both parts.
    BlocksOfHeads,
    /// No slices are held out: there are fewer than [`MIN_TO_SPLIT`].
    NotSplit,
}

/// For each slice, given by its person and its class, whether it is held out. Slices must be in the order of their files.
///
/// At most half of a class is held out, so that there are as many slices of that class to learn from. If whole heads cannot
/// give [`MIN_HELD_OUT`] slices, blocks are held out instead: fewer slices would tell nothing.
pub fn split(slices: &[(Option<u64>, usize)]) -> (Vec<bool>, SplitBy) {
    let count = slices.len();
    let mut held = vec![false; count];
    if count < MIN_TO_SPLIT {
        return (held, SplitBy::NotSplit);
    }
    let target = ((count as f32 * FRACTION).round() as usize).clamp(LIMITS.0, LIMITS.1);
    let most = (count / MAX_FRACTION_INVERSE).min(LIMITS.1);
    let room = ClassRoom::new(slices.iter().map(|(_, class)| *class));
    if let Some(heads) = heads(slices) {
        let chosen = whole_heads(&heads, room.clone(), target, most);
        if !chosen.is_empty() {
            chosen.iter().flat_map(|&head| &heads[head].slices).for_each(|&slice| held[slice] = true);
            return (held, SplitBy::Heads);
        }
    }
    let by = if slices.iter().all(|(person, _)| person.is_some()) { SplitBy::BlocksOfHeads } else { SplitBy::Blocks };
    let classes: Vec<usize> = slices.iter().map(|(_, class)| *class).collect();
    let chosen = blocks(&classes, room, target);
    // Classes of one or two slices have too little room: then the classes are ignored.
    let chosen =
        if chosen.len() < MIN_HELD_OUT { blocks(&vec![0; count], ClassRoom(vec![count]), target) } else { chosen };
    chosen.into_iter().for_each(|slice| held[slice] = true);
    (held, by)
}

/// How many more slices of each class may be held out.
#[derive(Debug, Clone)]
struct ClassRoom(Vec<usize>);

impl ClassRoom {
    fn new(classes: impl Iterator<Item = usize>) -> Self {
        let mut counts = Vec::new();
        for class in classes {
            counts.resize(counts.len().max(class + 1), 0);
            counts[class] += 1;
        }
        Self(counts.into_iter().map(|count: usize| count / 2).collect())
    }

    /// Whether there is room for slices of all these classes, which is then taken.
    fn take(&mut self, classes: &[usize]) -> bool {
        let mut left = self.0.clone();
        for &class in classes {
            match left[class].checked_sub(1) {
                Some(fewer) => left[class] = fewer,
                None => return false,
            }
        }
        self.0 = left;
        true
    }
}

/// Slices in blocks, each in the middle of one of as many equal parts. A block goes on after slices whose class has no room.
fn blocks(classes: &[usize], mut room: ClassRoom, target: usize) -> Vec<usize> {
    let count = classes.len();
    let blocks = target.div_ceil(BLOCK);
    let each = target.div_ceil(blocks);
    let mut chosen = Vec::new();
    for block in 0..blocks {
        let start = (2 * block + 1) * count / (2 * blocks) - each / 2;
        let end = (block + 1) * count / blocks;
        chosen.extend(
            (start..end.max(start + each).min(count)).filter(|&slice| room.take(&classes[slice..=slice])).take(each),
        );
    }
    chosen
}

/// A head: the indices of its slices, and their classes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct HeadSlices {
    slices: Vec<usize>,
    classes: Vec<usize>,
}

/// The slices of each person. `None` if a person is unknown or there is only one.
fn heads(slices: &[(Option<u64>, usize)]) -> Option<Vec<HeadSlices>> {
    let mut heads: BTreeMap<u64, HeadSlices> = BTreeMap::new();
    for (slice, (person, class)) in slices.iter().enumerate() {
        let head = heads.entry((*person)?).or_default();
        head.slices.push(slice);
        head.classes.push(*class);
    }
    let mut heads: Vec<_> = heads.into_values().collect();
    // The persons are hashes, so they are sorted by their first slice.
    heads.sort();
    (heads.len() > 1).then_some(heads)
}

/// Indices of heads that together have about `target` slices, at most `most`. If these are fewer than [`MIN_HELD_OUT`], more
/// heads, up to half of the slices. If all heads have too many, the smallest one that has room, unless it has more than `most`. None
/// if these are still fewer than [`MIN_HELD_OUT`].
fn whole_heads(heads: &[HeadSlices], mut room: ClassRoom, target: usize, most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..heads.len()).collect();
    SplitMix::new(SEED).shuffle(&mut order);
    let size = |head: usize| heads[head].slices.len();
    let mut chosen = Vec::new();
    let mut held = 0;
    let half = heads.iter().map(|head| head.slices.len()).sum::<usize>() / 2;
    for (enough, limit) in [(target, most.min(target + target / 2)), (MIN_HELD_OUT, half)] {
        for &head in &order {
            let fits = held < enough && held + size(head) <= limit && !chosen.contains(&head);
            if fits && room.take(&heads[head].classes) {
                held += size(head);
                chosen.push(head);
            }
        }
        if chosen.is_empty() {
            break;
        }
    }
    if chosen.is_empty() {
        let mut by_size: Vec<usize> = (0..heads.len()).filter(|&head| size(head) <= most).collect();
        by_size.sort_by_key(|&head| size(head));
        chosen.extend(by_size.into_iter().find(|&head| room.take(&heads[head].classes)));
    }
    let held: usize = chosen.iter().map(|&head| size(head)).sum();
    if held < MIN_HELD_OUT { Vec::new() } else { chosen }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits slices of one class.
    fn split_people(people: &[Option<u64>]) -> (Vec<bool>, SplitBy) {
        split(&people.iter().map(|person| (*person, 0)).collect::<Vec<_>>())
    }

    fn count(held: &[bool]) -> usize {
        held.iter().filter(|held| **held).count()
    }

    #[test]
    fn no_head_is_on_both_sides() {
        for (heads, each) in [(10, 12), (40, 3), (3, 10), (25, 20)] {
            let people: Vec<_> = (0..heads * each).map(|slice| Some((slice / each) as u64)).collect();
            let (held, by) = split_people(&people);
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
            let (held, by) = split_people(&vec![None; slices]);
            assert_eq!(by, SplitBy::Blocks);
            let turns = held.windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert!(turns <= 2 * count(&held).div_ceil(4), "{slices}: {turns} turns");
            assert!((4..=64).contains(&count(&held)) && count(&held) * 3 <= slices, "{slices}: {}", count(&held));
        }
        assert_eq!(count(&split_people(&[None; 200]).0), 24);
    }

    #[test]
    fn one_head_or_two_large_ones_are_split_by_blocks() {
        assert_eq!(split_people(&[Some(1); 90]).1, SplitBy::BlocksOfHeads);
        let two: Vec<_> = (0..120).map(|slice| Some(slice / 60)).collect();
        assert_eq!(split_people(&two).1, SplitBy::BlocksOfHeads);
    }

    /// Otherwise the check for copies would say that too few are held out.
    #[test]
    fn enough_are_held_out_to_look_for_copies() {
        for slices in MIN_TO_SPLIT..200 {
            for each in 1..=5 {
                let people: Vec<_> = (0..slices).map(|slice| Some((slice / each) as u64)).collect();
                let held = count(&split_people(&people).0);
                assert!((MIN_HELD_OUT..=slices / 2).contains(&held), "{slices} slices, {each} each: {held}");
            }
            assert!(count(&split_people(&vec![None; slices]).0) >= MIN_HELD_OUT, "{slices}");
        }
    }

    /// Sixty slices of two people, one of whom has seven: these seven alone are never held out, because they would be too few.
    #[test]
    fn sixty_slices_of_any_people_and_classes_are_split_so_that_copies_can_be_found() {
        for small in 1..=30 {
            for people in 2..=4 {
                for classes in 1..=4 {
                    let person = |slice: usize| if slice < small { 0 } else { 1 + slice as u64 % (people - 1) };
                    let class = |slice: usize| if slice < small { 0 } else { slice % classes };
                    let slices: Vec<_> = (0..60).map(|slice| (Some(person(slice)), class(slice))).collect();
                    let (held, by) = split(&slices);
                    let what = format!("{small} and {people} people, {classes} classes: {by:?}");
                    assert!((MIN_HELD_OUT..=30).contains(&count(&held)), "{what}, {}", count(&held));
                    let of = |class: usize, part: bool| {
                        slices.iter().zip(&held).filter(|(slice, held)| slice.1 == class && **held == part).count()
                    };
                    for class in 0..classes {
                        assert!(of(class, true) <= of(class, false), "{what}: {class}");
                    }
                }
            }
        }
        let seven: Vec<_> = (0..60).map(|slice| Some(u64::from(slice >= 7))).collect();
        let (held, by) = split_people(&seven);
        assert_eq!((count(&held), by), (8, SplitBy::BlocksOfHeads));
    }

    #[test]
    fn a_class_of_one_person_is_not_held_out_as_a_whole() {
        // The first person is the only one of the first class.
        let slices: Vec<_> = (0..60).map(|slice| (Some(slice as u64 / 10), usize::from(slice >= 10))).collect();
        let (held, by) = split(&slices);
        assert_eq!((by, held[..10].contains(&true)), (SplitBy::Heads, false));
        // Each class is one person: then blocks, and slices of every class are left to learn from.
        let slices: Vec<_> = (0..60).map(|slice| (Some(slice as u64 / 20), slice / 20)).collect();
        let (held, by) = split(&slices);
        assert_eq!(by, SplitBy::BlocksOfHeads);
        assert!((0..3).all(|class| count(&held[20 * class..20 * (class + 1)]) <= 10), "{held:?}");
    }

    #[test]
    fn few_slices_are_not_split() {
        assert_eq!(split_people(&[None; 23]), (vec![false; 23], SplitBy::NotSplit));
        assert_eq!(split_people(&[]).1, SplitBy::NotSplit);
    }
}
