//! Decodes frames of high-throughput JPEG 2000 (ITU-T T.814), which the decoder of JPEG 2000 cannot.

use dicom_toolkit_jpeg2000::{DecodeSettings, Image, RawBitmap};

use super::layout::PixelLayout;
use super::{DAMAGED, jpeg2000};
use crate::slices::decoded::Refusal;

/// Where the components begin in a codestream, and how many bytes there are for each: depth, and distances across and down.
const COMPONENTS: usize = 42;
const COMPONENT_BYTES: usize = 3;
/// The bit of a depth that marks signed samples.
const SIGNED: u8 = 0x80;
/// Most bits of a sample, less one.
const MAX_DEPTH: u8 = 15;

/// Calls `on_value` with the stored value of each pixel of a frame.
pub(super) fn for_each_value(bytes: &[u8], layout: &PixelLayout, on_value: impl FnMut(i64)) -> Result<(), Refusal> {
    let depth = check(bytes, layout)?;
    let image = decode(bytes, layout)?;
    // The decoder takes all samples for unsigned, and adds half of their range.
    let half = (depth & SIGNED != 0).then(|| 1_i64 << (depth & !SIGNED));
    let value = |bytes: &[u8]| {
        let bits = bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
        half.map_or_else(|| layout.value_of_bits(bits), |half| i64::from(bits) - half)
    };
    image.data.chunks_exact(image.bytes_per_sample.into()).map(value).for_each(on_value);
    Ok(())
}

/// The colours of a frame, with 8 bits. The channels follow each other for each pixel.
pub(super) fn colours(bytes: &[u8], layout: &PixelLayout) -> Result<Vec<u8>, Refusal> {
    check(bytes, layout)?;
    let image = decode(bytes, layout)?;
    if image.bytes_per_sample == 1 { Ok(image.data) } else { Err(Refusal::Colour) }
}

fn decode(bytes: &[u8], layout: &PixelLayout) -> Result<RawBitmap, Refusal> {
    let image = Image::new(bytes, &DecodeSettings::default()).map_err(|_| DAMAGED)?;
    layout.check_size(image.width(), image.height())?;
    let decoded = image.decode_native().map_err(|_| DAMAGED)?;
    let wanted = layout.pixels() * layout.channels * usize::from(decoded.bytes_per_sample);
    if decoded.data.len() == wanted { Ok(decoded) } else { Err(DAMAGED) }
}

/// Refuses what the decoder would take too much memory for, or panic at. Returns the depth of the first component.
fn check(bytes: &[u8], layout: &PixelLayout) -> Result<u8, Refusal> {
    jpeg2000::check(bytes, layout)?;
    let components = bytes.get(COMPONENTS..).unwrap_or_default().as_chunks::<COMPONENT_BYTES>().0;
    let components = components.get(..layout.channels).ok_or(DAMAGED)?;
    let fits = |&[depth, across, down]: &[u8; 3]| depth & !SIGNED <= MAX_DEPTH && (across, down) == (1, 1);
    components.first().filter(|_| components.iter().all(fits)).map(|[depth, ..]| *depth).ok_or(DAMAGED)
}
