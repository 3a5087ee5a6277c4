//! Difficulty of a game: how long the generator of its fakes had been trained.

/// A difficulty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Difficulty {
    /// Fakes from an early training stage.
    Easy,
    /// Fakes from a middle stage.
    Normal,
    /// Fakes from the shipped generator. The default, because the result then describes that generator, and no other weights
    /// must be fetched.
    #[default]
    Hard,
}

impl Difficulty {
    /// All difficulties, easiest first.
    pub const ALL: [Difficulty; 3] = [Difficulty::Easy, Difficulty::Normal, Difficulty::Hard];

    /// Name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Difficulty::Easy => "easy",
            Difficulty::Normal => "normal",
            Difficulty::Hard => "hard",
        }
    }

    /// The difficulty with this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.slug() == slug)
    }

    /// Index of the training stage that makes the fakes, of `stages` usable stages (earliest first). `None` means the
    /// shipped generator, which is not in that list.
    ///
    /// # Errors
    /// [`DifficultyUnavailable`] if there are too few stages.
    pub fn stage_index(self, stages: usize) -> Result<Option<usize>, DifficultyUnavailable> {
        match self {
            Difficulty::Hard => Ok(None),
            // The first stages give blurs that nobody takes for a scan: use a later one if possible.
            Difficulty::Easy if stages > 0 => Ok(Some(stages / 4)),
            Difficulty::Normal if stages > 1 => Ok(Some((stages / 2).max(stages / 4 + 1))),
            _ => Err(DifficultyUnavailable),
        }
    }
}

/// There are too few training stages for a difficulty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifficultyUnavailable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_easier_difficulty_uses_an_earlier_stage() {
        for stages in 2..20 {
            let easy = Difficulty::Easy.stage_index(stages).expect("offered").expect("a stage");
            let normal = Difficulty::Normal.stage_index(stages).expect("offered").expect("a stage");
            assert!(easy < normal && normal < stages, "{stages}: {easy}, {normal}");
            assert_eq!(Difficulty::Hard.stage_index(stages), Ok(None));
        }
    }

    #[test]
    fn a_difficulty_without_a_stage_is_unavailable() {
        assert_eq!(Difficulty::Easy.stage_index(0), Err(DifficultyUnavailable));
        assert_eq!(Difficulty::Normal.stage_index(1), Err(DifficultyUnavailable));
        assert_eq!(Difficulty::Easy.stage_index(1), Ok(Some(0)));
        assert_eq!(Difficulty::Hard.stage_index(0), Ok(None));
    }

    #[test]
    fn every_name_can_be_parsed() {
        assert!(Difficulty::ALL.into_iter().all(|level| Difficulty::from_slug(level.slug()) == Some(level)));
        assert_eq!(Difficulty::from_slug("impossible"), None);
    }
}
