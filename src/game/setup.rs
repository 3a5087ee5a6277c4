//! Which game: what an address says of it, so that a teacher can give a whole class the same one.

use super::level::Level;

/// What is played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One scan: real or fake?
    #[default]
    Single,
    /// Two scans: which one is real?
    Pairs,
    /// One scan: where is the tumour?
    Tumour,
}

impl Mode {
    /// All, in the order of the chooser.
    pub const ALL: [Mode; 3] = [Mode::Single, Mode::Pairs, Mode::Tumour];

    /// Its name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Mode::Single => "single",
            Mode::Pairs => "pairs",
            Mode::Tumour => "tumour",
        }
    }

    /// The mode of this name.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.slug() == slug)
    }
}

/// All that decides which scans a game shows, given the same real scans and the same generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// Seed of the game.
    pub seed: u32,
    /// What is played.
    pub mode: Mode,
    /// How hard the fakes are.
    pub level: Level,
}

impl Setup {
    /// Names in the address.
    pub const NAMES: [&'static str; 3] = ["game", "mode", "level"];

    /// Reads what an address says by name; what it does not say, or says wrongly, is as in a first game with this seed.
    pub fn read<'a>(get: impl Fn(&'static str) -> Option<&'a str>, seed: u32) -> Self {
        let [game, mode, level] = Self::NAMES.map(get);
        Self {
            seed: game.and_then(|game| game.parse().ok()).unwrap_or(seed),
            mode: mode.and_then(Mode::named).unwrap_or_default(),
            level: level.and_then(Level::named).unwrap_or_default(),
        }
    }

    /// What an address has to say, by name; nothing of what is as in a first game.
    pub fn written(&self) -> [(&'static str, Option<String>); 3] {
        let [game, mode, level] = Self::NAMES;
        let unusual = |usual: bool, slug: &str| (!usual).then(|| slug.to_owned());
        [
            (game, Some(self.seed.to_string())),
            (mode, unusual(self.mode == Mode::default(), self.mode.slug())),
            (level, unusual(self.level == Level::default(), self.level.slug())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Setup {
        Setup::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value), 5)
    }

    #[test]
    fn an_address_brings_the_game_back() {
        let setup = Setup { seed: 4_000_000_000, mode: Mode::Pairs, level: Level::Easy };
        let written = setup.written();
        let pairs: Vec<(&str, &str)> =
            written.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        assert_eq!(pairs, [("game", "4000000000"), ("mode", "pairs"), ("level", "easy")]);
        assert_eq!(read(&pairs), setup);
    }

    #[test]
    fn a_first_game_says_its_seed_only() {
        let first = read(&[]);
        assert_eq!(first, Setup { seed: 5, mode: Mode::Single, level: Level::Hard });
        assert_eq!(first.written().map(|(_, value)| value), [Some("5".to_owned()), None, None]);
    }

    #[test]
    fn nonsense_is_as_if_nothing_was_said() {
        let wrong = read(&[("game", "-1"), ("mode", "chess"), ("level", "")]);
        assert_eq!(wrong, read(&[]));
    }
}
