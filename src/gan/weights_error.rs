//! Limits on weights files, and why a file is refused.

use thiserror::Error;

/// Largest file, in bytes. The largest preset has 3.5 MB.
pub const MAX_FILE: usize = 64 << 20;
/// Largest header, in bytes.
pub const MAX_HEADER: usize = 1 << 20;
/// Largest magnitude of a weight; trained ones stay below 100.
pub const MAX_MAGNITUDE: f32 = 1e4;

/// Why a file is not usable.
#[derive(Debug, Error, PartialEq)]
pub enum WeightsError {
    /// Too large.
    #[error("the file has {0} bytes; weights files have at most {MAX_FILE}. Is it the right file?")]
    TooLarge(usize),
    /// Empty or a few bytes.
    #[error("the file ends after {0} bytes, before its header. Fetch it again")]
    TooShort(usize),
    /// A web page, as servers send for a missing file.
    #[error("this is a web page, not a weights file. Check the address")]
    WebPage,
    /// A header length beyond reason.
    #[error("the header claims {0} bytes, more than a weights file has. It is damaged or not safetensors")]
    HeaderTooLarge(u64),
    /// Not safetensors, or damaged.
    #[error("the file is not readable as safetensors ({0}). Fetch it again")]
    Damaged(String),
    /// Readable, but of another program.
    #[error("these are not weights of hersenscan: the metadata has no `format`")]
    NotOurs,
    /// A field of the metadata.
    #[error("the metadata field `{field}` is missing or not known here (found `{found}`)")]
    Field {
        /// Its name.
        field: &'static str,
        /// Start of what stands there.
        found: String,
    },
    /// The other network.
    #[error("this file holds a {found}, but a {wanted} is needed")]
    Network {
        /// What the file says.
        found: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
    /// A tensor is not there.
    #[error("the tensor `{0}` is missing for this preset")]
    Missing(String),
    /// A tensor too many.
    #[error("the tensor `{0}` does not belong to this preset")]
    Unexpected(String),
    /// A tensor of another shape.
    #[error("the tensor `{name}` has shape {found:?}, but this preset has {wanted:?}")]
    Shape {
        /// Its name.
        name: String,
        /// In the file.
        found: Vec<usize>,
        /// In the network.
        wanted: Vec<usize>,
    },
    /// A tensor of another type.
    #[error("the tensor `{name}` has type {found}; only F16 and F32 are read")]
    Dtype {
        /// Its name.
        name: String,
        /// In the file.
        found: String,
    },
    /// NaN or infinite.
    #[error("the tensor `{0}` has values that are not finite numbers: training went wrong or the file is damaged")]
    NotFinite(String),
    /// Absurdly large.
    #[error("the tensor `{0}` has values beyond {MAX_MAGNITUDE}: training went wrong or the file is damaged")]
    Magnitude(String),
    /// Cannot be written.
    #[error("the weights could not be put into a file: {0}")]
    Write(String),
}
