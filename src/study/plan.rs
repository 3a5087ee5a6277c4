//! Which pictures are shown, and in which order.

use std::collections::HashMap;

use super::settings::{StudyFormat, StudySettings};
use crate::splitmix::SplitMix;

/// A picture: whether it was generated, and its index among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedPicture {
    /// Whether it was generated.
    pub generated: bool,
    /// Its index.
    pub index: usize,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCase {
    /// The right answer: for one picture, whether it was generated; for two, whether the right one is real.
    pub truth: bool,
    /// Its picture, or the left and the right one.
    pub pictures: Vec<PlannedPicture>,
}

/// The plan of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyPlan {
    /// The cases. The first half is shown before the clues to every second reader, the second half to the others.
    pub cases: Vec<PlannedCase>,
    /// Indices of real and of generated examples, which are in no case.
    pub examples: [Vec<usize>; 2],
}

/// A folder has too few pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{found} pictures, and the study needs {needed}")]
pub struct TooFewPictures {
    /// Whether it is the folder of generated pictures.
    pub generated: bool,
    /// Pictures that there are.
    pub found: usize,
    /// Pictures that are needed.
    pub needed: usize,
}

/// Plans a study. `groups` holds for each real and each generated picture the number of its volume or person: pictures of the
/// same one resemble each other, so different ones come first. Each half has equally many of both answers.
///
/// # Errors
/// If there are too few pictures of a kind.
pub fn plan(settings: &StudySettings, groups: [&[usize]; 2]) -> Result<StudyPlan, TooFewPictures> {
    let mut stream = SplitMix::new(u64::from(settings.seed));
    let needed = settings.needed();
    let mut drawn = [Vec::new(), Vec::new()];
    for (kind, groups) in groups.into_iter().enumerate() {
        if groups.len() < needed {
            return Err(TooFewPictures { generated: kind == 1, found: groups.len(), needed });
        }
        drawn[kind] = draw(groups, needed, &mut stream);
    }
    let examples = drawn.each_mut().map(|drawn| drawn.split_off(needed - settings.examples()));
    let [mut reals, mut fakes] = drawn;
    let half = settings.cases / 2;
    let mut cases = Vec::with_capacity(settings.cases);
    for _ in 0..2 {
        let mut truths: Vec<bool> = (0..half).map(|index| index % 2 == 1).collect();
        stream.shuffle(&mut truths);
        for truth in truths {
            let real = |reals: &mut Vec<usize>| Some(PlannedPicture { generated: false, index: reals.pop()? });
            let fake = |fakes: &mut Vec<usize>| Some(PlannedPicture { generated: true, index: fakes.pop()? });
            let pictures = match (settings.format, truth) {
                (StudyFormat::Single, false) => vec![real(&mut reals)],
                (StudyFormat::Single, true) => vec![fake(&mut fakes)],
                (StudyFormat::Pairs, false) => vec![real(&mut reals), fake(&mut fakes)],
                (StudyFormat::Pairs, true) => vec![fake(&mut fakes), real(&mut reals)],
            };
            cases.push(PlannedCase { truth, pictures: pictures.into_iter().flatten().collect() });
        }
    }
    Ok(StudyPlan { cases, examples })
}

/// `count` random indices, of as many different groups as possible, in random order.
fn draw(groups: &[usize], count: usize, stream: &mut SplitMix) -> Vec<usize> {
    let mut all: Vec<usize> = (0..groups.len()).collect();
    stream.shuffle(&mut all);
    let mut seen = HashMap::<usize, usize>::new();
    let mut turns: Vec<(usize, usize)> = Vec::with_capacity(all.len());
    for index in all {
        let turn = seen.entry(groups[index]).or_default();
        turns.push((*turn, index));
        *turn += 1;
    }
    turns.sort_by_key(|(turn, _)| *turn);
    let mut drawn: Vec<usize> = turns.into_iter().take(count).map(|(_, index)| index).collect();
    stream.shuffle(&mut drawn);
    drawn
}

/// The order in which a reader, from 1, sees the cases. All readers see the same cases, each in an order of their own. With
/// clues, readers with an even number see the second half first, so that the halves differ by the clues alone.
pub fn order(settings: &StudySettings, reader: usize) -> Vec<usize> {
    let mut stream = SplitMix::new(u64::from(settings.seed) << 32 | reader as u64);
    let mut cases: Vec<usize> = (0..settings.cases).collect();
    if settings.clues {
        let half = settings.cases / 2;
        if reader.is_multiple_of(2) {
            cases.rotate_left(half);
        }
        let (first, second) = cases.split_at_mut(half);
        stream.shuffle(first);
        stream.shuffle(second);
    } else {
        stream.shuffle(&mut cases);
    }
    cases
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const ALONE: [usize; 60] = {
        let mut groups = [0; 60];
        let mut index = 0;
        while index < 60 {
            groups[index] = index;
            index += 1;
        }
        groups
    };

    fn settings(format: StudyFormat, clues: bool) -> StudySettings {
        StudySettings { format, clues, cases: 20, ..StudySettings::default() }
    }

    #[test]
    fn both_halves_are_balanced_and_no_picture_is_shown_twice() {
        for (format, clues) in [(StudyFormat::Single, true), (StudyFormat::Pairs, true), (StudyFormat::Pairs, false)] {
            let settings = settings(format, clues);
            let plan = plan(&settings, [&ALONE, &ALONE]).unwrap();
            for half in plan.cases.chunks(10) {
                assert_eq!(half.iter().filter(|case| case.truth).count(), 5);
            }
            let mut seen = HashSet::new();
            for case in &plan.cases {
                assert_eq!(case.pictures.len(), settings.pictures());
                let real = case.pictures.iter().position(|picture| !picture.generated);
                match format {
                    StudyFormat::Single => assert_eq!(case.truth, case.pictures[0].generated),
                    StudyFormat::Pairs => assert_eq!(real, Some(usize::from(case.truth))),
                }
                assert!(case.pictures.iter().all(|picture| seen.insert((picture.generated, picture.index))));
            }
            let [reals, fakes] = &plan.examples;
            assert_eq!((reals.len(), fakes.len()), (settings.examples(), settings.examples()));
            assert!(reals.iter().all(|index| seen.insert((false, *index))));
            assert!(fakes.iter().all(|index| seen.insert((true, *index))));
        }
    }

    #[test]
    fn the_seed_decides() {
        let first = settings(StudyFormat::Single, false);
        let other = StudySettings { seed: 2, ..first };
        assert_eq!(plan(&first, [&ALONE, &ALONE]), plan(&first, [&ALONE, &ALONE]));
        assert_ne!(plan(&first, [&ALONE, &ALONE]), plan(&other, [&ALONE, &ALONE]));
    }

    #[test]
    fn slices_of_different_volumes_come_first() {
        // Ten volumes of six slices: ten cases of each kind take one of each.
        let volumes: Vec<usize> = (0..60).map(|index| index / 6).collect();
        let plan = plan(&settings(StudyFormat::Single, false), [&volumes, &ALONE]).unwrap();
        let reals = plan.cases.iter().filter(|case| !case.truth).map(|case| case.pictures[0].index / 6);
        assert_eq!(reals.collect::<HashSet<_>>().len(), 10);
    }

    #[test]
    fn too_few_pictures_are_named() {
        let wanted = settings(StudyFormat::Single, true);
        let got = plan(&wanted, [&ALONE, &ALONE[..13]]);
        assert_eq!(got, Err(TooFewPictures { generated: true, found: 13, needed: 14 }));
    }

    #[test]
    fn readers_have_orders_of_their_own_and_change_halves() {
        let clues = settings(StudyFormat::Single, true);
        let halves = |reader: usize| -> Vec<bool> { order(&clues, reader).iter().map(|case| *case >= 10).collect() };
        assert!(halves(1)[..10].iter().all(|second| !second) && halves(2)[..10].iter().all(|second| *second));
        assert_ne!(order(&clues, 1), order(&clues, 3));
        let mut all = order(&settings(StudyFormat::Single, false), 7);
        all.sort_unstable();
        assert_eq!(all, (0..20).collect::<Vec<_>>());
    }
}
