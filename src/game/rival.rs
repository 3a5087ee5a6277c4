//! The discriminator as a player: what it says of each round, from its logits.
//!
//! A logit alone means nothing (see [`crate::gan::logit_reference`]); a border between known real and known generated scans
//! makes it an answer. Of a pair, the higher logit is the answer and no border is needed.

use super::answers::{Answer, Kind, Share};

/// What it says of one scan. Exactly on the border it says nothing.
pub fn single(logit: f32, border: f32) -> Option<Kind> {
    match logit.partial_cmp(&border)? {
        std::cmp::Ordering::Greater => Some(Kind::Real),
        std::cmp::Ordering::Less => Some(Kind::Fake),
        std::cmp::Ordering::Equal => None,
    }
}

/// Which of two scans it calls real: 0 or 1. Of equal logits it calls neither.
pub fn pair(logits: [f32; 2]) -> Option<usize> {
    match logits[0].partial_cmp(&logits[1])? {
        std::cmp::Ordering::Greater => Some(0),
        std::cmp::Ordering::Less => Some(1),
        std::cmp::Ordering::Equal => None,
    }
}

/// Its answer to a round: `logits` of the cards from left to right, `real` the place of the real one, if there is one.
pub fn answer(logits: &[f32], real: Option<usize>, border: f32) -> Option<Answer> {
    match *logits {
        [logit] => Some(Answer { truth: Kind::of(real.is_some()), said: single(logit, border) }),
        [left, right] => {
            let place = real?;
            let said = pair([left, right]).map(|said| Kind::of(said == place));
            Some(Answer { truth: Kind::Real, said })
        }
        _ => None,
    }
}

/// How its score compares with a player's in the same rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has more right answers.
    Ahead,
    /// As many.
    Level,
    /// Fewer.
    Behind,
}

/// Compares right answers.
pub fn standing(rival: Share, player: Share) -> Standing {
    match rival.part.cmp(&player.part) {
        std::cmp::Ordering::Greater => Standing::Ahead,
        std::cmp::Ordering::Equal => Standing::Level,
        std::cmp::Ordering::Less => Standing::Behind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_the_border_is_real() {
        assert_eq!(single(1.0, 0.5), Some(Kind::Real));
        assert_eq!(single(-9.0, -8.0), Some(Kind::Fake));
        assert_eq!(single(0.5, 0.5), None);
        assert_eq!(single(f32::NAN, 0.5), None);
    }

    #[test]
    fn of_a_pair_the_higher_one_is_real() {
        assert_eq!(pair([2.0, 1.0]), Some(0));
        assert_eq!(pair([-2.0, -1.0]), Some(1));
        assert_eq!(pair([1.0, 1.0]), None);
        assert_eq!(pair([f32::NAN, 1.0]), None);
    }

    #[test]
    fn rounds_of_one_and_of_two_are_answered() {
        let one = answer(&[-3.0], None, -2.0).expect("an answer");
        assert!(one.is_right() && one.truth == Kind::Fake);
        let fooled = answer(&[-1.0], None, -2.0).expect("an answer");
        assert!(!fooled.is_right());
        let two = answer(&[1.0, 4.0], Some(1), 9.0).expect("an answer");
        assert!(two.is_right(), "the border does not matter in a pair");
        assert!(!answer(&[4.0, 1.0], Some(1), 0.0).expect("an answer").is_right());
        assert_eq!(answer(&[1.0, 1.0], Some(0), 0.0).expect("an answer").said, None);
        assert_eq!(answer(&[], Some(0), 0.0), None);
        assert_eq!(answer(&[1.0, 2.0], None, 0.0), None);
    }

    #[test]
    fn scores_are_compared() {
        let score = |part| Share { part, whole: 10 };
        assert_eq!(standing(score(9), score(6)), Standing::Ahead);
        assert_eq!(standing(score(6), score(6)), Standing::Level);
        assert_eq!(standing(score(5), score(6)), Standing::Behind);
    }
}
