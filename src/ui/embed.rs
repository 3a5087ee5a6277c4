//! Tells the page around a frame of this site what happens (`?embed=1`, `static/embedded.js`). Does nothing outside a frame.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// A message to the page around the frame. It says nothing about the visitor but their answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum EmbedMessage {
    /// The view is there.
    Ready {
        /// Its name in the address. Empty for the story.
        view: &'static str,
    },
    /// A round of the game is answered.
    Answered {
        /// The round, from 1.
        round: usize,
        /// Rounds until the next result.
        rounds: usize,
        /// Whether the answer was right.
        right: bool,
    },
    /// The game shows a result.
    Result {
        /// The kind of game, as in the address.
        mode: &'static str,
        /// Right answers.
        right: usize,
        /// Answers.
        rounds: usize,
    },
}

/// Sends a message. Fails silently: the page around the frame may not listen.
pub fn post_to_embedder(message: &EmbedMessage) {
    let listener = Reflect::get(&window(), &JsValue::from_str("tellEmbedder"));
    let Some(listener) = listener.ok().and_then(|found| found.dyn_into::<Function>().ok()) else { return };
    if let Ok(json) = serde_json::to_string(message) {
        let _ = listener.call1(&JsValue::NULL, &JsValue::from_str(&json));
    }
}
