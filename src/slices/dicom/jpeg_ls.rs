//! Decodes JPEG-LS frames (ITU-T T.87), lossless and near-lossless.

use openreadout_codecs::{CodecError, jpegls_decode_limited};

use super::DAMAGED;
use super::layout::PixelLayout;
use crate::slices::decoded::Refusal;

/// Calls `on_value` with the stored value of each pixel of a frame.
pub(super) fn for_each_value(bytes: &[u8], layout: &PixelLayout, on_value: impl FnMut(i64)) -> Result<(), Refusal> {
    // The decoder reads the size in the frame, and refuses a larger one before it reserves memory.
    let image = jpegls_decode_limited(bytes, layout.pixels() * 2).map_err(|error| match error {
        CodecError::Unsupported { .. } => Refusal::Colour,
        _ => DAMAGED,
    })?;
    layout.check_size(image.width, image.height)?;
    if image.bits_per_sample == 8 {
        image.data.iter().map(|sample| layout.value_of_bits(u32::from(*sample))).for_each(on_value);
    } else {
        let value = |sample: &[u8; 2]| layout.value_of_bits(u16::from_le_bytes(*sample).into());
        image.data.as_chunks().0.iter().map(value).for_each(on_value);
    }
    Ok(())
}
