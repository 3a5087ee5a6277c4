//! Limits on the files of visitors. A file beyond a limit is refused with a reason; the other files are still read.
//!
//! Each limit has a test that attacks it, in the module that enforces it.

pub use crate::slice::MAX_SLICES;

/// Most files in one upload, and most entries of one ZIP file.
pub const MAX_FILES: usize = 2000;
/// Most bytes of one file, before and after decompression: 64 MiB and a header, so that a volume of 256 x 256 x 256 floats
/// fits.
pub const MAX_FILE_BYTES: usize = (64 << 20) + (64 << 10);
/// Most bytes that all entries of a ZIP file may unpack into together.
pub const MAX_ZIP_BYTES: usize = 16 * MAX_FILE_BYTES;
/// Largest ratio of unpacked to packed bytes that DEFLATE can reach. A larger claim is false, and no memory is reserved
/// for it.
pub const MAX_INFLATE_RATIO: usize = 1032;
/// Longest side of a picture in pixels, or of a volume in samples.
pub const MAX_SIDE: usize = 4096;
/// Longest side in pixels of a photograph that is searched for QR codes. Decoding a photograph of 32 million pixels takes all
/// memory that a picture may take.
pub const MAX_PHOTO_SIDE: usize = 8192;
/// Most samples of a volume, or of all frames of a file together.
pub const MAX_SAMPLES: usize = 16 << 20;
/// Most slices that are read in one go. The visitor chooses [`MAX_SLICES`] of them; the first and last slices of a volume
/// are rarely wanted.
pub const MAX_SLICES_READ: usize = 4 * MAX_SLICES;
/// Longest side of a slice that is kept, in pixels. Larger slices are shrunk to it; training uses at most a quarter of it.
pub const MAX_KEPT_SIDE: usize = 256;
/// Shortest side of a picture in pixels. No head can be recognised in a smaller one.
pub const MIN_SIDE: usize = 8;
/// Milliseconds that reading one file may take.
pub const MAX_MILLIS: u32 = 15_000;
