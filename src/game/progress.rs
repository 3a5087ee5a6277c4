//! Where a player is in a game.

/// What the player sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameScreen {
    /// A round, answered or not.
    Round(usize),
    /// The result so far.
    Result,
    /// The clues, between the halves.
    Clues,
}

impl GameScreen {
    /// The screen after this one, in a game of `rounds` rounds with `first` in its first half, of which `answered` are
    /// answered. A round without an answer stays; the result comes after each half.
    pub fn next(self, answered: usize, first: usize, rounds: usize) -> Self {
        match self {
            GameScreen::Round(round) if round >= answered => self,
            GameScreen::Round(round) if round + 1 == first || round + 1 >= rounds => GameScreen::Result,
            GameScreen::Round(round) => GameScreen::Round(round + 1),
            GameScreen::Result if answered < rounds => GameScreen::Clues,
            GameScreen::Result => self,
            GameScreen::Clues => GameScreen::Round(answered),
        }
    }

    /// The screen to show: without an answer there is no result and there are no clues.
    pub fn visible(self, answered: usize) -> Self {
        if answered == 0 { GameScreen::Round(0) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_end_in_a_result() {
        let (first, rounds) = (2, 4);
        let mut screen = GameScreen::Round(0);
        let mut seen = vec![screen];
        let mut answered = 0;
        for _ in 0..8 {
            if let GameScreen::Round(round) = screen {
                answered = round + 1;
            }
            screen = screen.next(answered, first, rounds);
            seen.push(screen);
        }
        use GameScreen::{Clues, Result, Round};
        assert_eq!(seen, [Round(0), Round(1), Result, Clues, Round(2), Round(3), Result, Result, Result]);
    }

    #[test]
    fn a_round_without_an_answer_has_no_next() {
        assert_eq!(GameScreen::Round(0).next(0, 1, 1), GameScreen::Round(0));
        assert_eq!(GameScreen::Round(9).next(9, 10, 20), GameScreen::Round(9));
    }

    #[test]
    fn a_result_without_answers_is_never_shown() {
        for screen in [GameScreen::Result, GameScreen::Clues, GameScreen::Round(0)] {
            assert_eq!(screen.visible(0), GameScreen::Round(0));
            assert_eq!(screen.visible(1), screen);
        }
    }
}
