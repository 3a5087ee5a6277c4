//! Limits of weights files, and the errors of reading them.

use thiserror::Error;

/// Largest file in bytes. The largest preset takes 3.5 MB.
pub const MAX_FILE: usize = 64 << 20;
/// Largest header in bytes.
pub const MAX_HEADER: usize = 1 << 20;
/// Largest absolute value of a weight. Trained weights stay below 100.
pub const MAX_MAGNITUDE: f32 = 1e4;

/// Why a weights file cannot be used or written.
#[derive(Debug, Error, PartialEq)]
pub enum WeightsError {
    /// Larger than [`MAX_FILE`].
    #[error("the file has {0} bytes; weights files have at most {MAX_FILE}. Is it the right file?")]
    TooLarge(usize),
    /// Shorter than the length field of the header.
    #[error("the file ends after {0} bytes, before its header. Fetch it again")]
    TooShort(usize),
    /// An HTML page, which some servers send for a missing file.
    #[error("this is a web page, not a weights file. Check the address")]
    WebPage,
    /// A header larger than [`MAX_HEADER`].
    #[error("the header claims {0} bytes, more than a weights file has. It is damaged or not safetensors")]
    HeaderTooLarge(u64),
    /// Not a safetensors file, or damaged.
    #[error("the file is not readable as safetensors ({0}). Fetch it again")]
    Damaged(String),
    /// A safetensors file of another program.
    #[error("these are not weights of hersenscan: the metadata has no `format`")]
    NotOurs,
    /// A metadata field is missing or has an unknown value.
    #[error("the metadata field `{field}` is missing or has an unknown value (`{found}`)")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// Start of its value.
        found: String,
    },
    /// The file holds the other network.
    #[error("this file holds a {found}, but a {wanted} is needed")]
    Network {
        /// The network in the file.
        found: &'static str,
        /// The required network.
        wanted: &'static str,
    },
    /// A tensor is missing.
    #[error("the tensor `{0}` is missing for this preset")]
    Missing(String),
    /// A tensor that the network does not have.
    #[error("the tensor `{0}` does not belong to this preset")]
    Unexpected(String),
    /// A tensor has the wrong shape.
    #[error("the tensor `{name}` has shape {found:?}, but this preset has {wanted:?}")]
    Shape {
        /// Its name.
        name: String,
        /// Shape in the file.
        found: Vec<usize>,
        /// Shape in the network.
        wanted: Vec<usize>,
    },
    /// A tensor has an unsupported type.
    #[error("the tensor `{name}` has type {found}; only F16 and F32 are read")]
    Dtype {
        /// Its name.
        name: String,
        /// Type in the file.
        found: String,
    },
    /// A value is NaN or infinite.
    #[error("the tensor `{0}` has values that are not finite numbers: the training diverged or the file is damaged")]
    NotFinite(String),
    /// A value is larger than [`MAX_MAGNITUDE`].
    #[error("the tensor `{0}` has values larger than {MAX_MAGNITUDE}: the training diverged or the file is damaged")]
    Magnitude(String),
    /// The file could not be encoded.
    #[error("the weights could not be written: {0}")]
    Write(String),
}
