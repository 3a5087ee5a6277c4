//! A slice with its mask and class, as bytes: what the networks learn from and what the discriminator judges.

use serde::{Deserialize, Serialize};

/// One slice: `side * side` bytes of scan and as many of mask, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Index of its class.
    pub class: usize,
    /// The scan, 0 black (air) to 255.
    #[serde(with = "serde_bytes")]
    pub image: Vec<u8>,
    /// The tumour, 0 or 255, softer at the edge.
    #[serde(with = "serde_bytes")]
    pub mask: Vec<u8>,
}

impl Example {
    /// Whether both parts have `side * side` bytes.
    pub fn fits(&self, side: usize) -> bool {
        [&self.image, &self.mask].iter().all(|part| part.len() == side * side)
    }
}
