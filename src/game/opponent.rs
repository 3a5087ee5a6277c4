//! The discriminator as an opponent: its answer to a round, from its logits.
//!
//! A single logit has no absolute meaning (see [`crate::gan::logit_reference`]); a threshold between known real and known
//! generated scans turns it into an answer. Of a pair, the scan with the higher logit is called real.

use super::answers::{Answer, Authenticity, Proportion};

/// The answer to one scan: real above the threshold, fake below, none exactly on it.
pub fn judge_scan(logit: f32, threshold: f32) -> Option<Authenticity> {
    match logit.partial_cmp(&threshold)? {
        std::cmp::Ordering::Greater => Some(Authenticity::Real),
        std::cmp::Ordering::Less => Some(Authenticity::Fake),
        std::cmp::Ordering::Equal => None,
    }
}

/// Index of the scan that is called real, 0 or 1; none for equal logits.
pub fn judge_pair(logits: [f32; 2]) -> Option<usize> {
    match logits[0].partial_cmp(&logits[1])? {
        std::cmp::Ordering::Greater => Some(0),
        std::cmp::Ordering::Less => Some(1),
        std::cmp::Ordering::Equal => None,
    }
}

/// The answer to a round: `logits` from left to right, and the index of the real scan, if there is one.
pub fn judge_round(logits: &[f32], real: Option<usize>, threshold: f32) -> Option<Answer> {
    match *logits {
        [logit] => Some(Answer { truth: Authenticity::of(real.is_some()), said: judge_scan(logit, threshold) }),
        [left, right] => {
            let place = real?;
            let said = judge_pair([left, right]).map(|said| Authenticity::of(said == place));
            Some(Answer { truth: Authenticity::Real, said })
        }
        _ => None,
    }
}

/// The opponent's score compared with the player's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The opponent has more correct answers.
    Ahead,
    /// Both have the same number.
    Tied,
    /// The opponent has fewer.
    Behind,
}

/// Compares the numbers of correct answers.
pub fn compare(opponent: Proportion, player: Proportion) -> Standing {
    match opponent.part.cmp(&player.part) {
        std::cmp::Ordering::Greater => Standing::Ahead,
        std::cmp::Ordering::Equal => Standing::Tied,
        std::cmp::Ordering::Less => Standing::Behind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logit_above_the_threshold_is_real() {
        assert_eq!(judge_scan(1.0, 0.5), Some(Authenticity::Real));
        assert_eq!(judge_scan(-9.0, -8.0), Some(Authenticity::Fake));
        assert_eq!(judge_scan(0.5, 0.5), None);
        assert_eq!(judge_scan(f32::NAN, 0.5), None);
    }

    #[test]
    fn of_a_pair_the_higher_logit_is_real() {
        assert_eq!(judge_pair([2.0, 1.0]), Some(0));
        assert_eq!(judge_pair([-2.0, -1.0]), Some(1));
        assert_eq!(judge_pair([1.0, 1.0]), None);
        assert_eq!(judge_pair([f32::NAN, 1.0]), None);
    }

    #[test]
    fn rounds_of_one_scan_and_of_two_are_answered() {
        let one = judge_round(&[-3.0], None, -2.0).expect("an answer");
        assert!(one.is_right() && one.truth == Authenticity::Fake);
        let fooled = judge_round(&[-1.0], None, -2.0).expect("an answer");
        assert!(!fooled.is_right());
        let two = judge_round(&[1.0, 4.0], Some(1), 9.0).expect("an answer");
        assert!(two.is_right(), "the border does not matter in a pair");
        assert!(!judge_round(&[4.0, 1.0], Some(1), 0.0).expect("an answer").is_right());
        assert_eq!(judge_round(&[1.0, 1.0], Some(0), 0.0).expect("an answer").said, None);
        assert_eq!(judge_round(&[], Some(0), 0.0), None);
        assert_eq!(judge_round(&[1.0, 2.0], None, 0.0), None);
    }

    #[test]
    fn scores_are_compared() {
        let score = |part| Proportion { part, whole: 10 };
        assert_eq!(compare(score(9), score(6)), Standing::Ahead);
        assert_eq!(compare(score(6), score(6)), Standing::Tied);
        assert_eq!(compare(score(5), score(6)), Standing::Behind);
    }
}
