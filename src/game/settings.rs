//! Settings of a game in the address, so that a teacher can give a whole class the same game.

use super::difficulty::Difficulty;
use super::quiz::ROUNDS_PER_HALF;

/// What is played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum GameMode {
    /// One scan: real or fake?
    #[default]
    Single,
    /// Two scans: which one is real?
    Pairs,
    /// One scan: where is the tumour?
    Tumour,
}

impl GameMode {
    /// All modes, in the order of the buttons.
    pub const ALL: [GameMode; 3] = [GameMode::Single, GameMode::Pairs, GameMode::Tumour];

    /// Name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            GameMode::Single => "single",
            GameMode::Pairs => "pairs",
            GameMode::Tumour => "tumour",
        }
    }

    /// The mode with this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.slug() == slug)
    }
}

/// Numbers of rounds in one half that a class game can have. Even, because half of the scans are real; two halves fit a
/// [`ClassCode`](super::class_code::ClassCode).
pub const CLASS_HALVES: [usize; 3] = [4, 6, 10];

/// What a teacher decides about a class game. A game with these rules ends in a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRules {
    /// Rounds in one half, one of [`CLASS_HALVES`].
    pub half: usize,
    /// Whether players get clues after each answer and between the halves.
    pub clues: bool,
}

impl Default for ClassRules {
    fn default() -> Self {
        Self { half: ROUNDS_PER_HALF, clues: true }
    }
}

/// Everything that decides which scans a game shows, given the same real scans and the same generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GameSettings {
    /// Seed of the game.
    pub seed: u32,
    /// What is played.
    pub mode: GameMode,
    /// How hard the fakes are to recognise.
    pub level: Difficulty,
    /// The rules of a class game; `None` for any other game.
    pub class: Option<ClassRules>,
}

impl GameSettings {
    /// Names of the parameters in the address.
    pub const NAMES: [&'static str; 5] = ["game", "mode", "level", "rounds", "clues"];

    /// Rounds in one half, if there are scans of enough people.
    pub fn half(&self) -> usize {
        self.class.map_or(ROUNDS_PER_HALF, |rules| rules.half)
    }

    /// Whether there are clues.
    pub fn has_clues(&self) -> bool {
        self.class.is_none_or(|rules| rules.clues)
    }

    /// Reads the parameters through `get`. Missing and invalid ones get their default; the default seed is `seed`.
    pub fn read<'a>(get: impl Fn(&'static str) -> Option<&'a str>, seed: u32) -> Self {
        let [game, mode, level, rounds, clues] = Self::NAMES.map(get);
        let half =
            |rounds: &str| rounds.parse().ok().filter(|half| CLASS_HALVES.contains(half)).unwrap_or(ROUNDS_PER_HALF);
        Self {
            seed: game.and_then(|game| game.parse().ok()).unwrap_or(seed),
            mode: mode.and_then(GameMode::from_slug).unwrap_or_default(),
            level: level.and_then(Difficulty::from_slug).unwrap_or_default(),
            class: rounds.map(|rounds| ClassRules { half: half(rounds), clues: clues != Some("no") }),
        }
    }

    /// The parameters to write into an address; `None` for defaults.
    pub fn written(&self) -> [(&'static str, Option<String>); 5] {
        let [game, mode, level, rounds, clues] = Self::NAMES;
        let unusual = |typical: bool, slug: &str| (!typical).then(|| slug.to_owned());
        [
            (game, Some(self.seed.to_string())),
            (mode, unusual(self.mode == GameMode::default(), self.mode.slug())),
            (level, unusual(self.level == Difficulty::default(), self.level.slug())),
            (rounds, self.class.map(|rules| rules.half.to_string())),
            (clues, unusual(self.has_clues(), "no")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::class_code::MAX_ROUNDS;

    fn read(pairs: &[(&str, &str)]) -> GameSettings {
        GameSettings::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value), 5)
    }

    #[test]
    fn an_address_restores_the_game() {
        let setup = GameSettings { seed: 4_000_000_000, mode: GameMode::Pairs, level: Difficulty::Easy, class: None };
        let written = setup.written();
        let pairs: Vec<(&str, &str)> =
            written.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        assert_eq!(pairs, [("game", "4000000000"), ("mode", "pairs"), ("level", "easy")]);
        assert_eq!(read(&pairs), setup);
    }

    #[test]
    fn a_default_game_writes_its_seed_only() {
        let first = read(&[]);
        assert_eq!(first, GameSettings { seed: 5, mode: GameMode::Single, level: Difficulty::Hard, class: None });
        assert_eq!(first.written().map(|(_, value)| value), [Some("5".to_owned()), None, None, None, None]);
    }

    #[test]
    fn a_number_of_rounds_makes_it_a_class_game() {
        let class = |pairs| read(pairs).class;
        assert_eq!(class(&[("clues", "no")]), None);
        assert_eq!(class(&[("rounds", "6")]), Some(ClassRules { half: 6, clues: true }));
        assert_eq!(class(&[("rounds", "many"), ("clues", "no")]), Some(ClassRules { half: 10, clues: false }));
        for half in CLASS_HALVES {
            for clues in [true, false] {
                let setup = GameSettings { class: Some(ClassRules { half, clues }), ..read(&[]) };
                let written = setup.written();
                let pairs: Vec<(&str, &str)> =
                    written.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
                assert_eq!(read(&pairs), setup);
            }
            assert!(half % 2 == 0 && 2 * half <= MAX_ROUNDS);
        }
    }

    #[test]
    fn invalid_parameters_count_as_missing() {
        let wrong = read(&[("game", "-1"), ("mode", "chess"), ("level", "")]);
        assert_eq!(wrong, read(&[]));
    }
}
