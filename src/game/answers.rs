//! Answers of a player and their totals.

/// Whether a scan shows a person or was generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authenticity {
    /// Acquired from a person.
    Real,
    /// Made by the generator.
    Fake,
}

impl Authenticity {
    /// [`Self::Real`] for true, [`Self::Fake`] for false.
    pub fn of(real: bool) -> Self {
        if real { Authenticity::Real } else { Authenticity::Fake }
    }

    /// The opposite.
    pub fn other(self) -> Self {
        Self::of(self == Authenticity::Fake)
    }
}

/// One answer about one scan. A missing answer (time ran out) counts as wrong, and as neither "fake" nor "real".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What the scan is.
    pub truth: Authenticity,
    /// What the player said; `None` if time ran out.
    pub said: Option<Authenticity>,
}

impl Answer {
    /// Whether the answer is correct.
    pub fn is_right(self) -> bool {
        self.said == Some(self.truth)
    }
}

/// A proportion as two counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proportion {
    /// How many of the whole have the property.
    pub part: usize,
    /// How many there are.
    pub whole: usize,
}

impl Proportion {
    /// Counts the items for which `holds` is true.
    pub fn of<T>(all: impl IntoIterator<Item = T>, holds: impl Fn(T) -> bool) -> Self {
        all.into_iter().fold(Self::default(), |share, one| Self {
            part: share.part + usize::from(holds(one)),
            whole: share.whole + 1,
        })
    }

    /// `part / whole`, from 0 to 1; 0 if `whole` is 0.
    pub fn fraction(self) -> f64 {
        if self.whole == 0 { 0.0 } else { self.part as f64 / self.whole as f64 }
    }
}

/// Totals of a list of answers. Fakes called fake and real scans called fake are counted separately: a player who calls
/// everything fake detects every fake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Correct answers.
    pub right: Proportion,
    /// Fakes that were called fake.
    pub fakes_detected: Proportion,
    /// Real scans that were called fake.
    pub reals_rejected: Proportion,
}

impl Tally {
    /// Counts a list of answers.
    pub fn of(answers: &[Answer]) -> Self {
        let called_fake = |kind| {
            let those = answers.iter().filter(move |answer| answer.truth == kind);
            Proportion::of(those, |answer| answer.said == Some(Authenticity::Fake))
        };
        Self {
            right: Proportion::of(answers, |answer| answer.is_right()),
            fakes_detected: called_fake(Authenticity::Fake),
            reals_rejected: called_fake(Authenticity::Real),
        }
    }

    /// Number of wrong and missing answers.
    pub fn wrong(&self) -> usize {
        self.right.whole - self.right.part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(text: &str) -> Vec<Answer> {
        let kind = |letter| match letter {
            'r' => Some(Authenticity::Real),
            'f' => Some(Authenticity::Fake),
            _ => None,
        };
        let pairs: Vec<char> = text.chars().filter(|letter| *letter != ' ').collect();
        pairs.chunks(2).map(|pair| Answer { truth: kind(pair[0]).expect("a kind"), said: kind(pair[1]) }).collect()
    }

    #[test]
    fn correct_answers_and_both_kinds_called_fake_are_counted() {
        let tally = Tally::of(&answers("rr rf rf ff fr ff ff"));
        assert_eq!(tally.right, Proportion { part: 4, whole: 7 });
        assert_eq!(tally.fakes_detected, Proportion { part: 3, whole: 4 });
        assert_eq!(tally.reals_rejected, Proportion { part: 2, whole: 3 });
        assert_eq!(tally.wrong(), 3);
    }

    #[test]
    fn calling_everything_fake_shows_in_the_counts() {
        let tally = Tally::of(&answers("rf rf ff ff"));
        assert_eq!(tally.right.fraction(), 0.5);
        assert_eq!((tally.fakes_detected.fraction(), tally.reals_rejected.fraction()), (1.0, 1.0));
    }

    #[test]
    fn a_missing_answer_is_wrong_and_calls_nothing_fake() {
        let tally = Tally::of(&answers("r- f-"));
        assert_eq!(tally.right, Proportion { part: 0, whole: 2 });
        assert_eq!((tally.fakes_detected.part, tally.reals_rejected.part), (0, 0));
    }

    #[test]
    fn no_answers_give_zeros() {
        assert_eq!(Tally::of(&[]), Tally::default());
        assert_eq!(Proportion::default().fraction(), 0.0);
    }
}
