//! Grey pictures that were written as colours, as programs that capture a screen do.

use std::borrow::Cow;

use super::attributes::Attributes;
use super::layout::PixelLayout;
use super::tags;
use super::transfer_syntax::PixelEncoding;
use crate::slices::decoded::Refusal;

/// Channels of RGB.
const CHANNELS: usize = 3;

/// The pixel data with one channel: as it is, or the first channel of colours whose three channels are equal.
///
/// # Errors
/// [`Refusal::Colour`] if the channels differ, or the colours are not RGB with 8 bits and without compression.
pub(super) fn one_channel<'a>(
    file: &Attributes,
    layout: &PixelLayout,
    encoding: PixelEncoding,
    pixel_data: &'a [u8],
) -> Result<Cow<'a, [u8]>, Refusal> {
    let samples = file.unsigned(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
    let kind = file.text(tags::PHOTOMETRIC_INTERPRETATION);
    if kind.as_ref().is_none_or(|kind| kind.starts_with("MONOCHROME")) && samples == 1 {
        return Ok(Cow::Borrowed(pixel_data));
    }
    let plain = encoding == PixelEncoding::Native && (layout.bytes, layout.stored) == (1, 8);
    if !plain || kind.as_deref() != Some("RGB") || samples != CHANNELS {
        return Err(Refusal::Colour);
    }
    let pixels = layout.pixels();
    let pixel_data = pixel_data.get(..CHANNELS * pixels * layout.frames).ok_or(Refusal::Colour)?;
    let planes = file.unsigned(tags::PLANAR_CONFIGURATION) == Some(1);
    // The channels follow each other for each pixel, or for each frame.
    let together = if planes { pixels } else { 1 };
    let mut found = Vec::with_capacity(pixels * layout.frames);
    for group in pixel_data.chunks_exact(CHANNELS * together) {
        let (first, others) = group.split_at(together);
        if others.chunks_exact(together).any(|channel| channel != first) {
            return Err(Refusal::Colour);
        }
        found.extend_from_slice(first);
    }
    Ok(Cow::Owned(found))
}
