//! Addresses of the programs that the page starts, relative to the document's base. Those of weights and scans are in
//! [`models`](super::logic::models).

use crate::engine::shared::DeviceKind;

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
