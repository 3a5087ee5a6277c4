//! Which persons are kept aside for validation.
//!
//! The choice depends only on the person's name, not on the order of the slices or a random seed. It stays the same when a folder
//! grows, so that runs can be compared.

use sha2::{Digest, Sha256};

/// On average, one of this many persons is drawn.
const ONE_IN: u64 = 10;

/// Whether the first 8 bytes of the SHA-256 of the person's name, as a big-endian number, are divisible by [`ONE_IN`].
pub fn is_drawn(person: &str) -> bool {
    let hash = Sha256::digest(person.as_bytes());
    let number = hash.iter().take(8).fold(0u64, |number, &byte| number << 8 | u64::from(byte));
    number.is_multiple_of(ONE_IN)
}
