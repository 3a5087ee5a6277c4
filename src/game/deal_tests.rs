use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// People with this many slices each; classes in turn by person.
fn people(count: u32, slices: usize) -> Vec<RealSlice> {
    let all = (0..count)
        .flat_map(|patient| std::iter::repeat_n(RealSlice { class: Some(patient as usize % 3), patient }, slices));
    all.collect()
}

fn dealt(form: Form, seed: u32, reals: &[RealSlice]) -> Deal {
    deal(form, seed, reals, 3).expect("enough scans")
}

fn classes(cards: &[Card], reals: &[RealSlice], real: bool) -> Vec<usize> {
    let mut found: Vec<usize> = cards
        .iter()
        .filter(|card| card.is_real() == real)
        .filter_map(|card| match *card {
            Card::Real(index) => reals[index].class,
            Card::Fake { class, .. } => Some(class),
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn every_ten_is_half_real_and_nothing_comes_twice() {
    let reals = people(40, 4);
    for seed in 0..200 {
        let game = dealt(Form::Single, seed, &reals);
        assert_eq!((game.rounds.len(), game.first), (20, 10));
        let cards: Vec<Card> = game.cards().collect();
        for ten in cards.chunks(10) {
            assert_eq!(ten.iter().filter(|card| card.is_real()).count(), 5);
            assert_eq!(classes(ten, &reals, true), classes(ten, &reals, false), "the class tells nothing");
        }
        assert_eq!(cards.iter().collect::<BTreeSet<_>>().len(), 20);
        assert!(!game.same_heads);
        assert_eq!(game.spare.len(), EXAMPLES);
        assert!(game.spare.iter().all(|&index| !cards.contains(&Card::Real(index))));
    }
}

#[test]
fn the_same_seed_deals_the_same_game_and_another_another() {
    let reals = people(40, 4);
    assert_eq!(dealt(Form::Single, 7, &reals), dealt(Form::Single, 7, &reals));
    assert_ne!(dealt(Form::Single, 7, &reals), dealt(Form::Single, 8, &reals));
    let shown = |form| dealt(form, 7, &reals).cards().collect::<Vec<_>>();
    assert_ne!(shown(Form::Single), shown(Form::Pairs)[..20]);
}

#[test]
fn no_round_is_real_more_often_than_another() {
    let reals = people(40, 1);
    let games = 2000;
    let mut real = [0; 20];
    for seed in 0..games {
        for (count, card) in real.iter_mut().zip(dealt(Form::Single, seed, &reals).cards()) {
            *count += usize::from(card.is_real());
        }
    }
    // Four standard deviations around half.
    assert!(real.iter().all(|count| (911..1089).contains(count)), "{real:?}");
}

#[test]
fn the_round_before_says_little_about_the_next() {
    let reals = people(40, 1);
    let mut same = 0;
    for seed in 0..2000 {
        let cards: Vec<Card> = dealt(Form::Single, seed, &reals).cards().take(2).collect();
        same += usize::from(cards[0].is_real() == cards[1].is_real());
    }
    // Five of each: four of the nine others are alike.
    assert!((800..978).contains(&same), "{same}");
}

#[test]
fn of_a_pair_one_is_real_and_as_often_on_either_side() {
    let reals = people(40, 2);
    let mut right = 0;
    for seed in 0..200 {
        let game = dealt(Form::Pairs, seed, &reals);
        assert_eq!((game.rounds.len(), game.first), (20, 10));
        for ten in game.rounds.chunks(10) {
            let ten_right = ten.iter().filter(|round| round.cards[1].is_real()).count();
            assert_eq!(ten_right, 5);
            assert!(ten.iter().all(|round| round.cards.len() == 2));
            assert!(ten.iter().all(|round| round.cards[0].is_real() != round.cards[1].is_real()));
            for round in ten {
                assert_eq!(classes(&round.cards, &reals, true), classes(&round.cards, &reals, false));
            }
        }
        right += usize::from(game.rounds[0].cards[1].is_real());
        assert_eq!(game.cards().collect::<BTreeSet<_>>().len(), 40);
    }
    assert!((65..135).contains(&right), "{right}");
}

#[test]
fn few_people_are_said_to_be_few_and_neighbours_are_kept_apart() {
    // Two people, ten slices each: the smallest set that the site builds by itself.
    let reals = people(2, 10);
    for seed in 0..100 {
        let game = dealt(Form::Single, seed, &reals);
        assert_eq!(game.rounds.len(), 20);
        assert!(game.same_heads);
        let shown: BTreeSet<usize> = game
            .cards()
            .filter_map(|card| match card {
                Card::Real(index) => Some(index),
                Card::Fake { .. } => None,
            })
            .collect();
        assert_eq!(shown.len(), 10);
        let mut heads = BTreeMap::new();
        for index in &shown {
            *heads.entry(reals[*index].patient).or_insert(0) += 1;
        }
        assert_eq!(heads.len(), 2, "both people take part: {heads:?}");
    }
    let sparse = people(2, 30);
    let game = dealt(Form::Single, 3, &sparse);
    let mut shown: Vec<usize> =
        game.cards().filter_map(|card| if let Card::Real(index) = card { Some(index) } else { None }).collect();
    shown.sort_unstable();
    assert!(shown.windows(2).all(|two| two[1] - two[0] > 1), "no neighbours: {shown:?}");
}

#[test]
fn a_short_list_gives_one_half_and_a_shorter_one_nothing() {
    let game = dealt(Form::Single, 1, &people(5, 1));
    assert_eq!((game.rounds.len(), game.first, game.second()), (10, 10, 0));
    assert!(game.spare.is_empty());
    let pairs = dealt(Form::Pairs, 1, &people(7, 1));
    assert_eq!((pairs.rounds.len(), pairs.second()), (7, 0));
    assert_eq!(dealt(Form::Pairs, 1, &people(20, 1)).second(), 10);
    assert_eq!(deal(Form::Single, 1, &people(4, 1), 3), Err(TooFew { found: 4 }));
    assert_eq!(deal(Form::Single, 1, &[], 3), Err(TooFew { found: 0 }));
    assert!(deal(Form::Single, 1, &people(20, 1), 0).is_err());
}

#[test]
fn unknown_classes_give_fakes_of_every_class() {
    let own: Vec<RealSlice> = (0..5).map(|patient| RealSlice { class: None, patient }).collect();
    let cards: Vec<Card> = dealt(Form::Single, 5, &own).cards().collect();
    let made = classes(&cards, &own, false);
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 3);
    // A class that the generator does not know is as good as unknown.
    let strange: Vec<RealSlice> = (0..10).map(|patient| RealSlice { class: Some(9), patient }).collect();
    assert!(dealt(Form::Pairs, 5, &strange).cards().all(|card| match card {
        Card::Fake { class, .. } => class < 3,
        Card::Real(_) => true,
    }));
}

#[test]
fn tumours_are_sought_in_both_kinds() {
    let reals = people(20, 2);
    let cards = deal_tumours(9, &reals, |index| index % 2 == 0, 3);
    assert_eq!(cards.len(), 20);
    assert_eq!(cards[..10].iter().filter(|card| card.is_real()).count(), 5);
    assert!(cards.iter().all(|card| !matches!(card, Card::Real(index) if index % 2 == 1)));
    assert!(cards[10..].iter().all(|card| !card.is_real()));
    assert_eq!(cards.iter().collect::<BTreeSet<_>>().len(), 20);
    // Without real scans, generated ones only.
    let made = deal_tumours(9, &[], |_| true, 3);
    assert_eq!(made.len(), 20);
    assert!(made.iter().all(|card| !card.is_real()));
}
