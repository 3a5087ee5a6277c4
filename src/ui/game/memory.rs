//! Answers of the games that were played in this tab, so that back and forward return to the round that was left.

use leptos::prelude::*;

use super::state::RoundAnswer;
use crate::game::progress::GameScreen;
use crate::game::settings::GameSettings;
use crate::ui::logic::models::Modality;

/// Games that are remembered; the oldest is forgotten first.
const KEPT: usize = 20;

/// What decides which scans a game shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GameKey {
    /// Seed, mode and level.
    pub settings: GameSettings,
    /// Modality of the scans.
    pub modality: Modality,
    /// Side of the generator's scans in pixels.
    pub size: usize,
}

/// Answers and screen of earlier games.
#[derive(Debug, Clone, Copy)]
pub struct GameMemory(StoredValue<Vec<(GameKey, Vec<RoundAnswer>, GameScreen)>>);

impl GameMemory {
    /// Provides it as a context of the page, because the view of the game comes and goes.
    pub fn provide() {
        provide_context(Self(StoredValue::new(Vec::new())));
    }

    /// The memory of the page, or an empty one.
    pub fn open() -> Self {
        use_context().unwrap_or_else(|| Self(StoredValue::new(Vec::new())))
    }

    /// Stores the answers and the screen of a game, in place of earlier ones.
    pub fn keep(self, key: GameKey, answers: Vec<RoundAnswer>, screen: GameScreen) {
        self.forget(key);
        self.0.update_value(|games| {
            games.push((key, answers, screen));
            if games.len() > KEPT {
                games.remove(0);
            }
        });
    }

    /// Forgets a game, so that it starts from its first round.
    pub fn forget(self, key: GameKey) {
        self.0.update_value(|games| games.retain(|(of, ..)| *of != key));
    }

    /// The answers and the screen at which a game was left.
    pub fn recall(self, key: GameKey) -> Option<(Vec<RoundAnswer>, GameScreen)> {
        self.0.with_value(|games| {
            let found = games.iter().find(|(of, ..)| *of == key)?;
            Some((found.1.clone(), found.2))
        })
    }
}
