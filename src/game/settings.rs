//! Settings of a game in the address, so that a teacher can give a whole class the same game.

use super::difficulty::Difficulty;

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

/// Everything that decides which scans a game shows, given the same real scans and the same generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GameSettings {
    /// Seed of the game.
    pub seed: u32,
    /// What is played.
    pub mode: GameMode,
    /// How hard the fakes are to recognise.
    pub level: Difficulty,
}

impl GameSettings {
    /// Names of the parameters in the address.
    pub const NAMES: [&'static str; 3] = ["game", "mode", "level"];

    /// Reads the parameters through `get`. Missing and invalid ones get their default; the default seed is `seed`.
    pub fn read<'a>(get: impl Fn(&'static str) -> Option<&'a str>, seed: u32) -> Self {
        let [game, mode, level] = Self::NAMES.map(get);
        Self {
            seed: game.and_then(|game| game.parse().ok()).unwrap_or(seed),
            mode: mode.and_then(GameMode::from_slug).unwrap_or_default(),
            level: level.and_then(Difficulty::from_slug).unwrap_or_default(),
        }
    }

    /// The parameters to write into an address; `None` for defaults.
    pub fn written(&self) -> [(&'static str, Option<String>); 3] {
        let [game, mode, level] = Self::NAMES;
        let unusual = |typical: bool, slug: &str| (!typical).then(|| slug.to_owned());
        [
            (game, Some(self.seed.to_string())),
            (mode, unusual(self.mode == GameMode::default(), self.mode.slug())),
            (level, unusual(self.level == Difficulty::default(), self.level.slug())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> GameSettings {
        GameSettings::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value), 5)
    }

    #[test]
    fn an_address_restores_the_game() {
        let setup = GameSettings { seed: 4_000_000_000, mode: GameMode::Pairs, level: Difficulty::Easy };
        let written = setup.written();
        let pairs: Vec<(&str, &str)> =
            written.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        assert_eq!(pairs, [("game", "4000000000"), ("mode", "pairs"), ("level", "easy")]);
        assert_eq!(read(&pairs), setup);
    }

    #[test]
    fn a_default_game_writes_its_seed_only() {
        let first = read(&[]);
        assert_eq!(first, GameSettings { seed: 5, mode: GameMode::Single, level: Difficulty::Hard });
        assert_eq!(first.written().map(|(_, value)| value), [Some("5".to_owned()), None, None]);
    }

    #[test]
    fn invalid_parameters_count_as_missing() {
        let wrong = read(&[("game", "-1"), ("mode", "chess"), ("level", "")]);
        assert_eq!(wrong, read(&[]));
    }
}
