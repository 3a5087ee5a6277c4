//! Grey pictures that were written as colours, as programs that capture a screen do.

use std::borrow::Cow;

use super::attributes::Attributes;
use super::layout::{COLOUR_CHANNELS, PixelLayout};
use super::tags;
use crate::slices::decoded::Refusal;

/// The value of both colour channels of YCbCr where there is no colour.
const NO_COLOUR: u8 = 128;
/// Largest difference from [`NO_COLOUR`], or between channels, that encoders make by rounding.
const ROUNDING: u8 = 2;
/// Photometric interpretation of colours whose pixels share their colour channels in pairs, if they are not compressed.
const PAIRS: &str = "YBR_FULL_422";

/// The uncompressed pixel data with one channel: as it is, or the grey of colours.
///
/// # Errors
/// [`Refusal::Colour`] if there is a colour, or too few bytes.
pub(super) fn one_channel<'a>(
    file: &Attributes,
    layout: &PixelLayout,
    pixel_data: &'a [u8],
) -> Result<Cow<'a, [u8]>, Refusal> {
    if layout.channels == 1 {
        return Ok(Cow::Borrowed(pixel_data));
    }
    if file.text(tags::PHOTOMETRIC_INTERPRETATION).as_deref() == Some(PAIRS) {
        return grey_of_pairs(layout, pixel_data).map(Cow::Owned);
    }
    let pixels = layout.pixels();
    let pixel_data = pixel_data.get(..COLOUR_CHANNELS * pixels * layout.frames).ok_or(Refusal::Colour)?;
    // The channels follow each other for each pixel, or for each frame.
    let planes = file.unsigned(tags::PLANAR_CONFIGURATION) == Some(1);
    let together = if planes { pixels } else { 1 };
    let mut found = Vec::with_capacity(pixels * layout.frames);
    for frame in pixel_data.chunks_exact(COLOUR_CHANNELS * pixels) {
        let channel =
            |index: usize| frame.chunks_exact(together).skip(index).step_by(COLOUR_CHANNELS).flatten().copied();
        found.extend(grey(channel(0), channel(1), channel(2), 0).ok_or(Refusal::Colour)?);
    }
    Ok(Cow::Owned(found))
}

/// The grey of decoded pixels, whose channels follow each other for each pixel.
pub(super) fn grey_of_pixels(pixels: &[u8]) -> Result<Vec<u8>, Refusal> {
    let channel = |index: usize| pixels.iter().skip(index).step_by(COLOUR_CHANNELS).copied();
    grey(channel(0), channel(1), channel(2), ROUNDING).ok_or(Refusal::Colour)
}

/// The first channel, if all three differ by at most `slack`, as in grey RGB, or the two others are without colour, as in grey YCbCr.
/// The file does not always say rightly which of the two it has.
fn grey(
    first: impl Iterator<Item = u8> + Clone,
    second: impl Iterator<Item = u8> + Clone,
    third: impl Iterator<Item = u8> + Clone,
    slack: u8,
) -> Option<Vec<u8>> {
    let others = || second.clone().zip(third.clone());
    let near = |pair: (u8, u8), value: u8| pair.0.abs_diff(value).max(pair.1.abs_diff(value)) <= slack;
    let equal = first.clone().zip(others()).all(|(first, others)| near(others, first));
    (equal || others().all(|pair| near(pair, NO_COLOUR))).then(|| first.collect())
}

/// The grey of pixels in pairs: the brightness of both, then their colour.
fn grey_of_pairs(layout: &PixelLayout, pixel_data: &[u8]) -> Result<Vec<u8>, Refusal> {
    let pairs = pixel_data.get(..2 * layout.pixels() * layout.frames).ok_or(Refusal::Colour)?.as_chunks::<4>().0;
    let grey =
        |[first, second, blue, red]: &[u8; 4]| (*blue == NO_COLOUR && *red == NO_COLOUR).then_some([*first, *second]);
    let found: Option<Vec<[u8; 2]>> = pairs.iter().map(grey).collect();
    found
        .map(|pairs| pairs.concat())
        .filter(|found| found.len() == layout.pixels() * layout.frames)
        .ok_or(Refusal::Colour)
}
