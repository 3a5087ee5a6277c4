//! How hard the fakes are: made after little training, after more, or by the generator as it is now.

/// A level of difficulty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Level {
    /// Fakes of an early stage of training.
    Easy,
    /// Fakes of a middle stage.
    Normal,
    /// Fakes of the generator that the site ships. Also where a first game starts: the result then says something about
    /// that generator, and nothing else has to be fetched.
    #[default]
    Hard,
}

impl Level {
    /// All, easiest first.
    pub const ALL: [Level; 3] = [Level::Easy, Level::Normal, Level::Hard];

    /// Its name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Level::Easy => "easy",
            Level::Normal => "normal",
            Level::Hard => "hard",
        }
    }

    /// The level of this name.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.slug() == slug)
    }

    /// Which of `stages` usable earlier stages (earliest first) this level takes its fakes from; none for the last one,
    /// which is not in that list. `Err` if there are too few to offer the level at all.
    pub fn stage(self, stages: usize) -> Result<Option<usize>, NotOffered> {
        match self {
            Level::Hard => Ok(None),
            // The very first stages are blurs, which nobody would take for a scan: a quarter along, if there is choice.
            Level::Easy if stages > 0 => Ok(Some(stages / 4)),
            Level::Normal if stages > 1 => Ok(Some((stages / 2).max(stages / 4 + 1))),
            _ => Err(NotOffered),
        }
    }
}

/// There are too few stages for a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOffered;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_easier_level_is_an_earlier_stage() {
        for stages in 2..20 {
            let easy = Level::Easy.stage(stages).expect("offered").expect("a stage");
            let normal = Level::Normal.stage(stages).expect("offered").expect("a stage");
            assert!(easy < normal && normal < stages, "{stages}: {easy}, {normal}");
            assert_eq!(Level::Hard.stage(stages), Ok(None));
        }
    }

    #[test]
    fn only_what_is_there_is_offered() {
        assert_eq!(Level::Easy.stage(0), Err(NotOffered));
        assert_eq!(Level::Normal.stage(1), Err(NotOffered));
        assert_eq!(Level::Easy.stage(1), Ok(Some(0)));
        assert_eq!(Level::Hard.stage(0), Ok(None));
    }

    #[test]
    fn names_lead_back() {
        assert!(Level::ALL.into_iter().all(|level| Level::named(level.slug()) == Some(level)));
        assert_eq!(Level::named("impossible"), None);
    }
}
