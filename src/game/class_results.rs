//! The results of a class: reads the codes of all pupils and adds up their answers.

use super::answers::{Answer, Authenticity, Proportion, Tally};
use super::class_code::{Choice, ClassCode, CodeError, FINGERPRINTS, MAX_ROUNDS};
use super::settings::{GameMode, GameSettings};
use crate::splitmix::SplitMix;

/// A class game, as far as its codes need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassGame {
    /// What is played.
    pub mode: GameMode,
    /// Rounds in the first half.
    pub first: usize,
    /// The right choice of each round.
    pub key: Vec<Choice>,
    /// Fingerprint of the game, below [`FINGERPRINTS`]: the same for all who opened the same link, most likely another for
    /// other games.
    pub fingerprint: u16,
}

impl ClassGame {
    /// A game with these settings, whose scans come from the generator named `model` of this `size` in pixels. The key has at
    /// most [`MAX_ROUNDS`] rounds.
    pub fn new(settings: &GameSettings, model: &str, size: usize, first: usize, key: Vec<Choice>) -> Self {
        let mut text = format!("{model} {size}");
        for (name, value) in settings.written() {
            text.push_str(&format!(" {name}={}", value.unwrap_or_default()));
        }
        // In a tumour game, the device can influence which scans are shown, so the key is not part of the fingerprint. In
        // other games the order follows from the link.
        if settings.mode != GameMode::Tumour {
            text.extend(key.iter().map(|choice| if *choice == Choice::First { '1' } else { '2' }));
        }
        let hash = text.bytes().fold(0, |state, byte| SplitMix::new(state ^ u64::from(byte)).bits());
        Self { mode: settings.mode, first, key, fingerprint: (hash % u64::from(FINGERPRINTS)) as u16 }
    }

    /// Number of rounds.
    pub fn rounds(&self) -> usize {
        self.key.len().min(MAX_ROUNDS)
    }

    /// The code of these answers. `tag_seed` is a random number of the tab; it decides the tag, which differs from game to
    /// game.
    pub fn code(&self, answers: &[Choice], tag_seed: u64) -> String {
        let tag = (SplitMix::new(tag_seed ^ u64::from(self.fingerprint)).bits() >> 40) as u16;
        ClassCode { answers: answers.iter().copied().take(self.rounds()).collect(), fingerprint: self.fingerprint, tag }
            .encode()
    }

    /// Reads codes, one a line, in any order. Empty lines are skipped.
    pub fn read(&self, text: &str) -> ClassReading {
        let mut reading = ClassReading::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line_number = index + 1;
            match self.read_line(line, &reading.pupils) {
                Ok((code, answers)) => reading.pupils.push(Pupil { line: line_number, code, answers }),
                Err(problem) => reading.problems.push((line_number, problem)),
            }
        }
        reading
    }

    fn read_line(&self, line: &str, before: &[Pupil]) -> Result<(String, Vec<Choice>), LineProblem> {
        let code = ClassCode::decode(line).map_err(LineProblem::Code)?;
        let after = code.answers.get(self.rounds()..).unwrap_or_default();
        if code.fingerprint != self.fingerprint || after.iter().any(|choice| *choice != Choice::Missed) {
            return Err(LineProblem::OtherGame);
        }
        let text = code.encode();
        match before.iter().find(|pupil| pupil.code == text) {
            Some(pupil) => Err(LineProblem::Double(pupil.line)),
            None => Ok((text, code.answers.into_iter().take(self.rounds()).collect())),
        }
    }

    /// Number of right answers among these rounds of a pupil.
    pub fn right(&self, answers: &[Choice], rounds: std::ops::Range<usize>) -> usize {
        rounds.filter(|&round| answers.get(round).is_some_and(|given| self.key.get(round) == Some(given))).count()
    }

    /// Adds up the answers of all pupils.
    pub fn summarise(&self, pupils: &[Pupil]) -> ClassSummary {
        let (rounds, first) = (self.rounds(), self.first.min(self.rounds()));
        let mut scores = vec![0; rounds + 1];
        for pupil in pupils {
            scores[self.right(&pupil.answers, 0..rounds)] += 1;
        }
        let half = |range: std::ops::Range<usize>| {
            let part = pupils.iter().map(|pupil| self.right(&pupil.answers, range.clone())).sum();
            Proportion { part, whole: pupils.len() * range.len() }
        };
        let round = |round: usize| {
            let given =
                |choice: Choice| pupils.iter().filter(|pupil| pupil.answers.get(round) == Some(&choice)).count();
            let (right, missed) = (given(self.key[round]), given(Choice::Missed));
            RoundResult { round, right, missed, wrong: pupils.len() - right - missed }
        };
        ClassSummary {
            pupils: pupils.len(),
            right: half(0..rounds),
            halves: [half(0..first), half(first..rounds)],
            tally: (self.mode == GameMode::Single).then(|| Tally::of(&self.single_answers(pupils))),
            rounds: (0..rounds).map(round).collect(),
            scores,
        }
    }

    /// All answers to single scans.
    fn single_answers(&self, pupils: &[Pupil]) -> Vec<Answer> {
        let kind = |choice: Choice| match choice {
            Choice::First => Some(Authenticity::Real),
            Choice::Second => Some(Authenticity::Fake),
            Choice::Missed => None,
        };
        let of = |pupil: &Pupil| {
            let pairs = self.key.iter().copied().zip(pupil.answers.clone());
            pairs.filter_map(move |(key, said)| Some(Answer { truth: kind(key)?, said: kind(said) }))
        };
        pupils.iter().flat_map(of).collect()
    }

    /// All answers as CSV: a row with the right answers, then one row for each pupil. Answers are `real`, `fake`, `left`,
    /// `right`, `hit`, `beside` or `late`.
    pub fn csv(&self, pupils: &[Pupil]) -> String {
        let rounds = self.rounds();
        let word = |choice: &Choice| match (self.mode, choice) {
            (_, Choice::Missed) => "late",
            (GameMode::Single, Choice::First) => "real",
            (GameMode::Single, Choice::Second) => "fake",
            (GameMode::Pairs, Choice::First) => "left",
            (GameMode::Pairs, Choice::Second) => "right",
            (GameMode::Tumour, Choice::First) => "hit",
            (GameMode::Tumour, Choice::Second) => "beside",
        };
        let row = |code: &str, answers: &[Choice]| {
            let count = |range| self.right(answers, range);
            let counts = [count(0..rounds), count(0..self.first), count(self.first..rounds)];
            let words = answers.iter().take(rounds).map(word).collect::<Vec<_>>().join(",");
            format!("{code},{},{},{},{words}\r\n", counts[0], counts[1], counts[2])
        };
        let names = (1..=rounds).map(|round| format!("round_{round}")).collect::<Vec<_>>().join(",");
        let mut text = format!("code,right,right_first_half,right_second_half,{names}\r\n");
        text.push_str(&row("key", &self.key));
        pupils.iter().for_each(|pupil| text.push_str(&row(&pupil.code, &pupil.answers)));
        text
    }
}

/// A pupil's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pupil {
    /// Number of the line with the code, from 1.
    pub line: usize,
    /// The code, in groups of four.
    pub code: String,
    /// The answer to each round.
    pub answers: Vec<Choice>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineProblem {
    /// It is not a code.
    Code(CodeError),
    /// It is the code of another game.
    OtherGame,
    /// It is the same code as that in this earlier line.
    Double(usize),
}

/// What was read from the lines of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassReading {
    /// The pupils, in the order of the lines.
    pub pupils: Vec<Pupil>,
    /// Lines that were skipped, with their numbers from 1.
    pub problems: Vec<(usize, LineProblem)>,
}

/// The answers of a class, added up.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassSummary {
    /// Number of pupils.
    pub pupils: usize,
    /// For each number of right answers from 0 up, how many pupils have it.
    pub scores: Vec<usize>,
    /// Right answers of all pupils.
    pub right: Proportion,
    /// Right answers in the first and in the second half; the second has no answers if the game has one half.
    pub halves: [Proportion; 2],
    /// Fakes spotted and real scans doubted, in a game with one scan a round.
    pub tally: Option<Tally>,
    /// Each round.
    pub rounds: Vec<RoundResult>,
}

impl ClassSummary {
    /// The rounds that most pupils had wrong, hardest first, at most `count`. Rounds that all had right are left out.
    pub fn hardest(&self, count: usize) -> Vec<RoundResult> {
        let mut wrong: Vec<RoundResult> =
            self.rounds.iter().copied().filter(|round| round.right < self.pupils).collect();
        wrong.sort_by_key(|round| (round.right, round.round));
        wrong.truncate(count);
        wrong
    }
}

/// How a class answered a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundResult {
    /// Index of the round.
    pub round: usize,
    /// Pupils with the right answer.
    pub right: usize,
    /// Pupils with a wrong answer.
    pub wrong: usize,
    /// Pupils without an answer in time.
    pub missed: usize,
}

#[cfg(test)]
#[path = "class_results_tests.rs"]
mod tests;
