//! What the protocols of the engine workers (making, training, lab and measuring) have in common.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Where an engine gets a file from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "kebab-case")]
pub enum Source {
    /// This site.
    Address {
        /// The absolute address.
        address: String,
    },
    /// The visitor.
    Bytes {
        /// The content of the file.
        bytes: ByteBuf,
    },
}

/// Where tensors are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// The graphics card, through WebGPU.
    Gpu,
    /// The processor, in WebAssembly.
    Cpu,
}

/// A device and the result of its test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Where it computes.
    pub kind: DeviceKind,
    /// Name of the adapter. Empty for the processor.
    pub adapter: String,
    /// Whether the adapter is software that imitates a graphics card.
    pub software: bool,
    /// Milliseconds for one scan, measured after warming up.
    pub millis_per_scan: f64,
    /// Largest difference from the stored answer of the self-test, in steps of 1/255.
    pub worst_step: f32,
}

/// A step of loading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadStage {
    /// The weights are being fetched.
    Weights,
    /// The device is being opened.
    Device,
    /// The self-test runs. A graphics card compiles its programs here.
    SelfTest,
}

/// Why an engine failed, in terms that a visitor can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The weights could not be fetched: offline, 404, or a server error.
    WeightsMissing,
    /// The file is not a usable weights file: truncated, HTML, wrong shapes, or NaN.
    WeightsBroken,
    /// The feature network of a training's judge could not be fetched, or is damaged.
    JudgeMissing,
    /// The browser has no WebGPU adapter.
    NoGpu,
    /// The device computes wrong numbers.
    SelfTest,
    /// The graphics card went away, or ran out of memory.
    DeviceLost,
    /// The engine does not accept this request.
    BadRequest,
}
