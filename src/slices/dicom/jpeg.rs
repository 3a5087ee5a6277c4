//! Decodes JPEG frames (ITU-T T.81): baseline and extended with 8 or 12 bits, and lossless.

use jpeg_decoder::{ColorTransform, Decoder, Error, PixelFormat, UnsupportedFeature};
use openreadout_codecs::{CodecError, jpeg_decode_limited};

use super::DAMAGED;
use super::layout::PixelLayout;
use crate::slices::decoded::Refusal;

/// Most start-of-scan markers in a frame of one component. A valid frame has one, but other bytes may look like it. The
/// decoder processes all pixels for each, however few bytes follow.
const MAX_SCANS: usize = 4;
const START_OF_SCAN: [u8; 2] = [0xFF, 0xDA];

/// Calls `on_value` with the stored value of each pixel of a frame.
pub(super) fn for_each_value(bytes: &[u8], layout: &PixelLayout, on_value: impl FnMut(i64)) -> Result<(), Refusal> {
    let mut decoder = Decoder::new(bytes);
    // The frame may claim to be larger than the file says, so its size is checked before memory is reserved.
    match decoder.read_info() {
        Err(Error::Unsupported(UnsupportedFeature::SamplePrecision(12))) => {
            return for_each_value_12_bits(bytes, layout, on_value);
        }
        read => read.map_err(refusal)?,
    }
    let info = decoder.info().ok_or(DAMAGED)?;
    layout.check_size(info.width.into(), info.height.into())?;
    let sample_bytes = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::L16 => 2,
        _ => return Err(Refusal::Colour),
    };
    decoder.set_max_decoding_buffer_size(layout.pixels() * 2);
    let bytes = decoder.decode().map_err(refusal)?;
    if bytes.len() != layout.pixels() * sample_bytes {
        return Err(DAMAGED);
    }
    let bits = |bytes: &[u8]| match bytes {
        [low, high] => u16::from_ne_bytes([*low, *high]).into(),
        _ => bytes.first().map_or(0, |byte| u32::from(*byte)),
    };
    bytes.chunks_exact(sample_bytes).map(|bytes| layout.value_of_bits(bits(bytes))).for_each(on_value);
    Ok(())
}

/// The colours of a frame as they are in it: RGB or YCbCr.
pub(super) fn colours(bytes: &[u8], layout: &PixelLayout) -> Result<Vec<u8>, Refusal> {
    let mut decoder = Decoder::new(bytes);
    decoder.read_info().map_err(refusal)?;
    let info = decoder.info().ok_or(DAMAGED)?;
    layout.check_size(info.width.into(), info.height.into())?;
    if info.pixel_format != PixelFormat::RGB24 {
        return Err(Refusal::Colour);
    }
    // No change. `ColorTransform::None` panics.
    decoder.set_color_transform(ColorTransform::RGB);
    decoder.set_max_decoding_buffer_size(layout.pixels() * layout.channels);
    let bytes = decoder.decode().map_err(refusal)?;
    if bytes.len() == layout.pixels() * layout.channels { Ok(bytes) } else { Err(DAMAGED) }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Unsupported(_) => Refusal::UnsupportedCoding,
        _ => DAMAGED,
    }
}

/// Decodes the extended process with 12 bits, which [`jpeg_decoder`] does not support.
fn for_each_value_12_bits(bytes: &[u8], layout: &PixelLayout, on_value: impl FnMut(i64)) -> Result<(), Refusal> {
    if bytes.windows(2).filter(|pair| **pair == START_OF_SCAN).count() > MAX_SCANS {
        return Err(Refusal::UnsupportedCoding);
    }
    let image = jpeg_decode_limited(bytes, layout.pixels() * 2).map_err(|error| match error {
        CodecError::Unsupported { .. } => Refusal::UnsupportedCoding,
        _ => DAMAGED,
    })?;
    layout.check_size(image.width, image.height)?;
    if image.channels != 1 {
        return Err(DAMAGED);
    }
    let value = |sample: &[u8; 2]| layout.value_of_bits(u16::from_le_bytes(*sample).into());
    image.data.as_chunks().0.iter().map(value).for_each(on_value);
    Ok(())
}
