use std::collections::BTreeSet;

use super::*;
use crate::splitmix::SplitMix;

fn random(rounds: usize, rng: &mut SplitMix) -> ClassCode {
    let answers = (0..rounds).map(|_| Choice::from_digit(rng.below(3) as u64)).collect();
    ClassCode {
        answers,
        fingerprint: rng.below(usize::from(FINGERPRINTS)) as u16,
        tag: rng.below(usize::from(TAGS)) as u16,
    }
}

/// The characters of a code without dashes.
fn characters(code: &str) -> Vec<char> {
    code.chars().filter(|character| *character != '-').collect()
}

fn text(characters: &[char]) -> String {
    characters.iter().collect()
}

#[test]
fn games_of_every_length_come_back() {
    let mut rng = SplitMix::new(1);
    for rounds in 0..=MAX_ROUNDS {
        for _ in 0..50 {
            let code = random(rounds, &mut rng);
            let mut back = ClassCode::decode(&code.encode()).expect("a code");
            assert!(back.answers.split_off(rounds).iter().all(|choice| *choice == Choice::Missed));
            assert_eq!(back, code);
        }
    }
    // The largest value of all.
    let last = ClassCode { answers: vec![Choice::Second; MAX_ROUNDS], fingerprint: FINGERPRINTS - 1, tag: TAGS - 1 };
    assert_eq!(ClassCode::decode(&last.encode()), Ok(last));
}

#[test]
fn a_code_has_three_groups_of_four_unambiguous_characters() {
    let mut rng = SplitMix::new(2);
    for _ in 0..500 {
        let code = random(MAX_ROUNDS, &mut rng).encode();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4], "{code}");
        assert!(!code.contains(['0', 'O', '1', 'I']), "{code}");
    }
    assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), 32);
}

#[test]
fn every_wrong_character_is_found() {
    let mut rng = SplitMix::new(3);
    for _ in 0..200 {
        let code = characters(&random(MAX_ROUNDS, &mut rng).encode());
        for place in 0..LENGTH {
            for &other in ALPHABET.iter() {
                let mut wrong = code.clone();
                wrong[place] = char::from(other);
                if wrong != code {
                    assert_eq!(ClassCode::decode(&text(&wrong)), Err(CodeError::Check), "{wrong:?} for {code:?}");
                }
            }
        }
    }
}

#[test]
fn every_swap_of_two_characters_is_found() {
    let mut rng = SplitMix::new(4);
    for _ in 0..500 {
        let code = characters(&random(MAX_ROUNDS, &mut rng).encode());
        for first in 0..LENGTH {
            for second in first + 1..LENGTH {
                let mut wrong = code.clone();
                wrong.swap(first, second);
                if wrong != code {
                    assert_eq!(ClassCode::decode(&text(&wrong)), Err(CodeError::Check), "{wrong:?} for {code:?}");
                }
            }
        }
    }
}

#[test]
fn every_pair_of_wrong_characters_is_found() {
    let mut rng = SplitMix::new(5);
    let code = characters(&random(MAX_ROUNDS, &mut rng).encode());
    for first in 0..LENGTH {
        for second in first + 1..LENGTH {
            for _ in 0..200 {
                let mut wrong = code.clone();
                wrong[first] = char::from(ALPHABET[rng.below(32)]);
                wrong[second] = char::from(ALPHABET[rng.below(32)]);
                assert!(wrong == code || ClassCode::decode(&text(&wrong)).is_err(), "{wrong:?} for {code:?}");
            }
        }
    }
}

#[test]
fn few_random_texts_pass_the_check() {
    let mut rng = SplitMix::new(6);
    let random = |_| text(&(0..LENGTH).map(|_| char::from(ALPHABET[rng.below(32)])).collect::<Vec<_>>());
    let passed = (0..50_000).map(random).filter(|text| ClassCode::decode(text).is_ok()).count();
    // One in 1,024, less the values that are too large; 49 expected at most.
    assert!((15..80).contains(&passed), "{passed}");
}

#[test]
fn a_code_may_be_typed_in_lower_case_and_with_any_separators() {
    let code = random(MAX_ROUNDS, &mut SplitMix::new(7));
    let plain = text(&characters(&code.encode()));
    let (a, b) = plain.split_at(5);
    for typed in [
        plain.to_lowercase(),
        format!("  {a} {b}\t"),
        format!("{a}–{b}"),
        format!("{a}. {b}."),
        format!("{a}\u{a0}{b}"),
    ] {
        assert_eq!(ClassCode::decode(&typed).as_ref(), Ok(&code), "{typed:?}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let code = random(MAX_ROUNDS, &mut SplitMix::new(8)).encode();
    assert_eq!(ClassCode::decode(""), Err(CodeError::Length(0)));
    assert_eq!(ClassCode::decode(&code[1..]), Err(CodeError::Length(11)));
    assert_eq!(ClassCode::decode(&format!("{code}A")), Err(CodeError::Length(13)));
    assert_eq!(ClassCode::decode("O234-5678-9ABC"), Err(CodeError::Character('O')));
    assert_eq!(ClassCode::decode("é234"), Err(CodeError::Character('é')));
    assert_eq!(ClassCode::decode(&"7".repeat(LENGTH)), Err(CodeError::Check));
}

/// The field, checked against its definition.
#[test]
fn the_powers_of_two_are_all_numbers_but_zero() {
    let powers: BTreeSet<u8> = (0..31).map(power).collect();
    assert_eq!(powers, (1..32).collect());
    for a in 0..32 {
        for b in 1..32 {
            assert_eq!(multiply(divide(a, b), b), a);
        }
    }
}
