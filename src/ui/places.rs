//! Addresses of what the page fetches, relative to the document's base, in one place.

use crate::engine::protocol::DeviceKind;

/// The weights that the engines load.
pub const WEIGHTS: &str = "weights/t1ce-s64.safetensors";

/// The discriminator that was trained against them.
pub const DISCRIMINATOR: &str = "weights/t1ce-s64.discriminator.safetensors";

/// A smaller pair of the same data, to start a training of 32 pixels from: generator and discriminator.
pub const SMALL: [&str; 2] = ["weights/t1ce-s32.safetensors", "weights/t1ce-s32.discriminator.safetensors"];

/// A stage of a training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Thousands of real slices that the discriminator had been shown.
    pub kimg: f32,
    /// Side of its scans in pixels.
    pub size: usize,
    /// Its weights.
    pub weights: &'static str,
}

/// Stages of one training, earliest first: a shorter one than that of [`WEIGHTS`], with the same network and data. The same
/// latent is the same head in all of them, but another in [`WEIGHTS`].
pub const STAGES: &[Stage] = &[
    Stage { kimg: 0.0, size: 32, weights: "weights/stages/t1ce-00000.safetensors" },
    Stage { kimg: 0.3, size: 32, weights: "weights/stages/t1ce-00300.safetensors" },
    Stage { kimg: 2.0, size: 32, weights: "weights/stages/t1ce-02000.safetensors" },
    Stage { kimg: 12.0, size: 64, weights: "weights/stages/t1ce-12000.safetensors" },
    Stage { kimg: 16.0, size: 64, weights: "weights/stages/t1ce-16000.safetensors" },
];

/// The script that starts the engine worker for a device.
pub fn engine_script(device: DeviceKind) -> &'static str {
    match device {
        DeviceKind::Cpu => "engine_loader.js",
        DeviceKind::Gpu => "engine-gpu_loader.js",
    }
}

/// The script of the worker that trains, on either device.
pub const TRAINER: &str = "engine-gpu_loader.js";

/// The script of the worker that opens strangers' files.
pub const READER: &str = "reader_loader.js";

/// Makes a relative address absolute. Workers resolve addresses against their own script, so the page does it.
pub fn absolute(relative: &str) -> String {
    let base = leptos::prelude::document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(relative, &base).map_or_else(|_| relative.to_owned(), |url| url.href())
}
