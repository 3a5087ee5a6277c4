use std::collections::BTreeSet;

use super::*;

/// `slices` slices of each of `count` people; the class is the person's number modulo 3.
fn people(count: u32, slices: usize) -> Vec<RealSliceInfo> {
    let all = (0..count)
        .flat_map(|patient| std::iter::repeat_n(RealSliceInfo { class: Some(patient as usize % 3), patient }, slices));
    all.collect()
}

fn planned(form: RoundFormat, seed: u32, reals: &[RealSliceInfo]) -> QuizPlan {
    plan_quiz(form, ROUNDS_PER_HALF, seed, reals, 3).expect("enough scans")
}

fn classes(items: &[QuizItem], reals: &[RealSliceInfo], real: bool) -> Vec<usize> {
    let mut found: Vec<usize> = items
        .iter()
        .filter(|item| item.is_real() == real)
        .filter_map(|item| match *item {
            QuizItem::Real(index) => reals[index].class,
            QuizItem::Fake { class, .. } => Some(class),
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn every_ten_is_half_real_and_nothing_comes_twice() {
    let reals = people(40, 4);
    for seed in 0..200 {
        let game = planned(RoundFormat::Single, seed, &reals);
        assert_eq!((game.rounds.len(), game.first), (20, 10));
        let items: Vec<QuizItem> = game.items().collect();
        for ten in items.chunks(10) {
            assert_eq!(ten.iter().filter(|item| item.is_real()).count(), 5);
            assert_eq!(classes(ten, &reals, true), classes(ten, &reals, false), "the class tells nothing");
        }
        assert_eq!(items.iter().collect::<BTreeSet<_>>().len(), 20);
        assert!(!game.short);
        assert_eq!(game.unused.len(), EXAMPLES);
        assert!(game.unused.iter().all(|&index| !items.contains(&QuizItem::Real(index))));
    }
}

#[test]
fn the_same_seed_deals_the_same_game_and_another_another() {
    let reals = people(40, 4);
    assert_eq!(planned(RoundFormat::Single, 7, &reals), planned(RoundFormat::Single, 7, &reals));
    assert_ne!(planned(RoundFormat::Single, 7, &reals), planned(RoundFormat::Single, 8, &reals));
    let shown = |form| planned(form, 7, &reals).items().collect::<Vec<_>>();
    assert_ne!(shown(RoundFormat::Single), shown(RoundFormat::Pairs)[..20]);
}

#[test]
fn no_round_is_real_more_often_than_another() {
    let reals = people(40, 1);
    let games = 2000;
    let mut real = [0; 20];
    for seed in 0..games {
        for (count, item) in real.iter_mut().zip(planned(RoundFormat::Single, seed, &reals).items()) {
            *count += usize::from(item.is_real());
        }
    }
    // Four standard deviations around one half.
    assert!(real.iter().all(|count| (911..1089).contains(count)), "{real:?}");
}

#[test]
fn the_round_before_says_little_about_the_next() {
    let reals = people(40, 1);
    let mut same = 0;
    for seed in 0..2000 {
        let items: Vec<QuizItem> = planned(RoundFormat::Single, seed, &reals).items().take(2).collect();
        same += usize::from(items[0].is_real() == items[1].is_real());
    }
    // Of five real and five fake scans: four of the nine others are of the same kind.
    assert!((800..978).contains(&same), "{same}");
}

#[test]
fn of_a_pair_one_is_real_and_as_often_on_either_side() {
    let reals = people(40, 2);
    let mut right = 0;
    for seed in 0..200 {
        let game = planned(RoundFormat::Pairs, seed, &reals);
        assert_eq!((game.rounds.len(), game.first), (20, 10));
        for ten in game.rounds.chunks(10) {
            let ten_right = ten.iter().filter(|round| round.items[1].is_real()).count();
            assert_eq!(ten_right, 5);
            assert!(ten.iter().all(|round| round.items.len() == 2));
            assert!(ten.iter().all(|round| round.items[0].is_real() != round.items[1].is_real()));
            for round in ten {
                assert_eq!(classes(&round.items, &reals, true), classes(&round.items, &reals, false));
            }
        }
        right += usize::from(game.rounds[0].items[1].is_real());
        assert_eq!(game.items().collect::<BTreeSet<_>>().len(), 40);
    }
    assert!((65..135).contains(&right), "{right}");
}

/// The people on the real scans of a game, in order, each as often as shown.
fn shown_people(game: &QuizPlan, reals: &[RealSliceInfo]) -> Vec<u32> {
    let person = |item| if let QuizItem::Real(index) = item { Some(reals[index].patient) } else { None };
    game.items().filter_map(person).collect()
}

#[test]
fn nobody_is_shown_twice_in_a_game() {
    // Two people with nine slices: the pack that a build makes without a data set.
    let of = |patient, count| std::iter::repeat_n(RealSliceInfo { class: None, patient }, count);
    let smallest: Vec<RealSliceInfo> = of(0, 7).chain(of(1, 2)).collect();
    let mut seen = BTreeSet::new();
    for seed in 0..200 {
        for (form, rounds) in [(RoundFormat::Single, 4), (RoundFormat::Pairs, 2)] {
            let game = planned(form, seed, &smallest);
            assert_eq!((game.rounds.len(), game.first, game.short), (rounds, rounds, true));
            let mut people = shown_people(&game, &smallest);
            people.sort_unstable();
            assert_eq!(people, [0, 1]);
            seen.extend(game.items().filter(|item| item.is_real()));
        }
    }
    assert_eq!(seen.len(), 9, "other games show other slices of these people");
    for count in 2..30 {
        let reals = people(count, 3);
        for form in [RoundFormat::Single, RoundFormat::Pairs] {
            let game = planned(form, count, &reals);
            let shown = shown_people(&game, &reals);
            assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), shown.len(), "{count} people, {form:?}");
            let others = game.unused.iter().map(|&index| reals[index].patient);
            assert!(others.into_iter().all(|person| !shown.contains(&person)), "examples are of other people");
        }
    }
}

#[test]
fn a_short_list_gives_fewer_rounds_and_a_second_half_if_possible() {
    let halves = |form, count| {
        let game = planned(form, 1, &people(count, 1));
        (game.first, game.second())
    };
    let single =
        [(2, (4, 0)), (3, (6, 0)), (4, (4, 4)), (5, (4, 4)), (6, (6, 6)), (9, (8, 8)), (10, (10, 10)), (40, (10, 10))];
    for (count, expected) in single {
        assert_eq!(halves(RoundFormat::Single, count), expected, "{count} people");
    }
    for (count, expected) in
        [(2, (2, 0)), (3, (3, 0)), (4, (2, 2)), (5, (2, 2)), (7, (3, 3)), (19, (9, 9)), (20, (10, 10))]
    {
        assert_eq!(halves(RoundFormat::Pairs, count), expected, "{count} people");
    }
    assert_eq!(plan_quiz(RoundFormat::Single, ROUNDS_PER_HALF, 1, &people(1, 9), 3), Err(TooFewPeople { found: 1 }));
    assert_eq!(plan_quiz(RoundFormat::Single, ROUNDS_PER_HALF, 1, &[], 3), Err(TooFewPeople { found: 0 }));
    assert!(plan_quiz(RoundFormat::Single, ROUNDS_PER_HALF, 1, &people(20, 1), 0).is_err());
}

#[test]
fn unknown_classes_give_fakes_of_every_class() {
    let own: Vec<RealSliceInfo> = (0..6).map(|patient| RealSliceInfo { class: None, patient }).collect();
    let items: Vec<QuizItem> = planned(RoundFormat::Single, 5, &own).items().collect();
    let made = classes(&items, &own, false);
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 3);
    // A class that the generator does not have counts as unknown.
    let strange: Vec<RealSliceInfo> = (0..10).map(|patient| RealSliceInfo { class: Some(9), patient }).collect();
    assert!(planned(RoundFormat::Pairs, 5, &strange).items().all(|item| match item {
        QuizItem::Fake { class, .. } => class < 3,
        QuizItem::Real(_) => true,
    }));
}

#[test]
fn tumours_are_sought_in_both_kinds() {
    let reals = people(20, 2);
    let items = plan_tumour_quiz(ROUNDS_PER_HALF, 9, &reals, |index| index % 2 == 0, 3);
    assert_eq!(items.len(), 20);
    assert_eq!(items[..10].iter().filter(|item| item.is_real()).count(), 5);
    assert!(items.iter().all(|item| !matches!(item, QuizItem::Real(index) if index % 2 == 1)));
    assert!(items[10..].iter().all(|item| !item.is_real()));
    assert_eq!(items.iter().collect::<BTreeSet<_>>().len(), 20);
    let few = people(2, 9);
    let shown = plan_tumour_quiz(ROUNDS_PER_HALF, 9, &few, |_| true, 3);
    assert_eq!(shown[..10].iter().filter(|item| item.is_real()).count(), 2, "nobody twice");
    assert_eq!(shown.len(), 20);
    // Without real scans, all are generated.
    let made = plan_tumour_quiz(ROUNDS_PER_HALF, 9, &[], |_| true, 3);
    assert_eq!(made.len(), 20);
    assert!(made.iter().all(|item| !item.is_real()));
}

#[test]
fn a_teacher_can_ask_for_fewer_rounds() {
    let reals = people(40, 2);
    for half in [4, 6] {
        for form in [RoundFormat::Single, RoundFormat::Pairs] {
            let game = plan_quiz(form, half, 3, &reals, 3).expect("enough scans");
            assert_eq!((game.first, game.second(), game.short), (half, half, false));
            for rounds in game.rounds.chunks(half) {
                let real = rounds.iter().filter(|round| round.items[0].is_real()).count();
                assert_eq!(real, half / 2, "half of the scans, or half of the left scans, are real");
            }
        }
        let sought = plan_tumour_quiz(half, 3, &reals, |_| true, 3);
        assert_eq!(sought.len(), 2 * half);
        assert_eq!(sought[..half].iter().filter(|item| item.is_real()).count(), half / 2);
    }
    assert!(plan_quiz(RoundFormat::Pairs, 6, 3, &people(11, 1), 3).expect("enough scans").short);
}
