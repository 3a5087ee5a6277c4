//! Answers, and what they add up to.

/// What a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of a person.
    Real,
    /// Made by the generator.
    Fake,
}

impl Kind {
    /// From whether it is real.
    pub fn of(real: bool) -> Self {
        if real { Kind::Real } else { Kind::Fake }
    }

    /// The other one.
    pub fn other(self) -> Self {
        Self::of(self == Kind::Fake)
    }
}

/// One answer about one scan. No answer in time is no right answer, and doubts or spots nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What it is.
    pub truth: Kind,
    /// What was said of it.
    pub said: Option<Kind>,
}

impl Answer {
    /// Whether it was right.
    pub fn is_right(self) -> bool {
        self.said == Some(self.truth)
    }
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: usize,
    /// The whole.
    pub whole: usize,
}

impl Share {
    /// Of these, those for which it holds.
    pub fn of<T>(all: impl IntoIterator<Item = T>, holds: impl Fn(T) -> bool) -> Self {
        all.into_iter().fold(Self::default(), |share, one| Self {
            part: share.part + usize::from(holds(one)),
            whole: share.whole + 1,
        })
    }

    /// The part of 1, or 0 of nothing.
    pub fn fraction(self) -> f64 {
        if self.whole == 0 { 0.0 } else { self.part as f64 / self.whole as f64 }
    }
}

/// What answers add up to. Fakes spotted and real scans doubted stand apart: who calls everything fake spots every fake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Right answers.
    pub right: Share,
    /// Fakes that were called fake.
    pub spotted: Share,
    /// Real scans that were called fake.
    pub doubted: Share,
}

impl Tally {
    /// Adds up.
    pub fn of(answers: &[Answer]) -> Self {
        let called_fake = |kind| {
            let those = answers.iter().filter(move |answer| answer.truth == kind);
            Share::of(those, |answer| answer.said == Some(Kind::Fake))
        };
        Self {
            right: Share::of(answers, |answer| answer.is_right()),
            spotted: called_fake(Kind::Fake),
            doubted: called_fake(Kind::Real),
        }
    }

    /// Wrong answers, and those that did not come in time.
    pub fn wrong(&self) -> usize {
        self.right.whole - self.right.part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(text: &str) -> Vec<Answer> {
        let kind = |letter| match letter {
            'r' => Some(Kind::Real),
            'f' => Some(Kind::Fake),
            _ => None,
        };
        let pairs: Vec<char> = text.chars().filter(|letter| *letter != ' ').collect();
        pairs.chunks(2).map(|pair| Answer { truth: kind(pair[0]).expect("a kind"), said: kind(pair[1]) }).collect()
    }

    #[test]
    fn right_spotted_and_doubted_are_counted_apart() {
        let tally = Tally::of(&answers("rr rf rf ff fr ff ff"));
        assert_eq!(tally.right, Share { part: 4, whole: 7 });
        assert_eq!(tally.spotted, Share { part: 3, whole: 4 });
        assert_eq!(tally.doubted, Share { part: 2, whole: 3 });
        assert_eq!(tally.wrong(), 3);
    }

    #[test]
    fn who_calls_everything_fake_is_seen_through() {
        let tally = Tally::of(&answers("rf rf ff ff"));
        assert_eq!(tally.right.fraction(), 0.5);
        assert_eq!((tally.spotted.fraction(), tally.doubted.fraction()), (1.0, 1.0));
    }

    #[test]
    fn too_late_is_wrong_but_no_doubt() {
        let tally = Tally::of(&answers("r- f-"));
        assert_eq!(tally.right, Share { part: 0, whole: 2 });
        assert_eq!((tally.spotted.part, tally.doubted.part), (0, 0));
    }

    #[test]
    fn nothing_adds_up_to_nothing() {
        assert_eq!(Tally::of(&[]), Tally::default());
        assert_eq!(Share::default().fraction(), 0.0);
    }
}
