//! What is read of a stranger's files, and no more.

/// Files in one go, and entries of one ZIP file.
pub const MAX_FILES: usize = 2000;
/// Bytes of one file, also of what a compressed file unpacks into.
pub const MAX_BYTES: usize = 64 << 20;
/// Most bytes that a packed one can become, by the nature of the format: what claims more is not believed.
pub const MAX_RATIO: usize = 1032;
/// Pixels along a side of a picture, or samples along a side of a volume.
pub const MAX_SIDE: usize = 4096;
/// Samples of a volume, or of all frames of a file together.
pub const MAX_SAMPLES: usize = 16 << 20;
/// Slices kept to learn from, and slices of one volume.
pub const MAX_SLICES: usize = 512;
/// Slices read in one go, for the visitor to choose [`MAX_SLICES`] from: volumes have many at their ends that nobody
/// wants.
pub const MAX_READ: usize = 4 * MAX_SLICES;
/// Side that what is read is shrunk to, in pixels: learning never takes more than a quarter of this.
pub const KEPT_SIDE: usize = 256;
/// Pixels along a side below which nothing of a head can be seen.
pub const MIN_SIDE: usize = 8;
/// Milliseconds within which a file must have been read.
pub const MAX_MILLIS: u32 = 15_000;
