//! Addresses of what the page fetches, relative to the document's base, in one place.

use crate::engine::protocol::DeviceKind;

/// The weights that the engines load.
pub const WEIGHTS: &str = "weights/t1ce-s64.safetensors";

/// The discriminator that was trained against them.
pub const DISCRIMINATOR: &str = "weights/t1ce-s64.discriminator.safetensors";

/// An earlier stage of the generator's training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Thousands of real slices that its discriminator had been shown.
    pub kimg: f32,
    /// Its weights.
    pub weights: &'static str,
}

/// Earlier stages of the training of [`WEIGHTS`], earliest first.
pub const STAGES: &[Stage] = &[];

/// The script that starts the engine worker for a device.
pub fn engine_script(device: DeviceKind) -> &'static str {
    match device {
        DeviceKind::Cpu => "engine_loader.js",
        DeviceKind::Gpu => "engine-gpu_loader.js",
    }
}

/// Makes a relative address absolute. Workers resolve addresses against their own script, so the page does it.
pub fn absolute(relative: &str) -> String {
    let base = leptos::prelude::document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(relative, &base).map_or_else(|_| relative.to_owned(), |url| url.href())
}
