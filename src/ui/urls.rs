//! URLs relative to the document's base. Those of weights and scans are in [`models`](super::logic::models).

/// Script of the workers that train, run the lab and measure, on both devices.
pub const ENGINE_GPU: &str = "engine-gpu_loader.js";

/// The feature network of a training's judge.
pub const JUDGE: &str = "weights/judge/efficientnet-lite1.safetensors";

/// The network in whose features a measurement compares pictures.
pub const FEATURES: &str = "weights/features/efficientnet-lite0.safetensors";

/// Makes a relative URL absolute. Workers would resolve it against their own script.
pub fn absolute(relative: &str) -> String {
    let base = leptos::prelude::document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(relative, &base).map_or_else(|_| relative.to_owned(), |url| url.href())
}
