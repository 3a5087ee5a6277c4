//! JPEG: lossy with 8 or 12 bits, and lossless. ITU-T T.81.

use jpeg_decoder::{Decoder, Error, PixelFormat, UnsupportedFeature};
use openreadout_codecs::{CodecError, jpeg_decode_limited};

use super::DAMAGED;
use super::frames::Shape;
use crate::slices::open::Refusal;

/// Scans within a frame of one colour: there is one, but the bytes of another marker can look like it. The decoder works
/// through all pixels for each, however few bytes it has.
const MAX_SCANS: usize = 4;
const SCAN: [u8; 2] = [0xFF, 0xDA];

/// Hands on the numbers of a frame.
pub(super) fn each(bytes: &[u8], shape: &Shape, take: impl FnMut(i64)) -> Result<(), Refusal> {
    let mut decoder = Decoder::new(bytes);
    // Before a byte is set aside, as the picture within may be larger than the file says.
    match decoder.read_info() {
        Err(Error::Unsupported(UnsupportedFeature::SamplePrecision(12))) => return twelve(bytes, shape, take),
        read => read.map_err(broken)?,
    }
    let info = decoder.info().ok_or(DAMAGED)?;
    if (usize::from(info.width), usize::from(info.height)) != (shape.columns, shape.rows) {
        return Err(DAMAGED);
    }
    let wide = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::L16 => 2,
        _ => return Err(Refusal::Colour),
    };
    decoder.set_max_decoding_buffer_size(shape.pixels() * 2);
    let bytes = decoder.decode().map_err(broken)?;
    if bytes.len() != shape.pixels() * wide {
        return Err(DAMAGED);
    }
    let number = |bytes: &[u8]| match bytes {
        [low, high] => u16::from_ne_bytes([*low, *high]).into(),
        _ => bytes.first().map_or(0, |byte| u32::from(*byte)),
    };
    bytes.chunks_exact(wide).map(|bytes| shape.counted(number(bytes))).for_each(take);
    Ok(())
}

fn broken(error: Error) -> Refusal {
    match error {
        Error::Unsupported(_) => Refusal::Coding,
        _ => DAMAGED,
    }
}

/// The extended process with 12 bits, which [`jpeg_decoder`] does not know.
fn twelve(bytes: &[u8], shape: &Shape, take: impl FnMut(i64)) -> Result<(), Refusal> {
    if bytes.windows(2).filter(|pair| **pair == SCAN).count() > MAX_SCANS {
        return Err(Refusal::Coding);
    }
    let picture = jpeg_decode_limited(bytes, shape.pixels() * 2).map_err(|error| match error {
        CodecError::Unsupported { .. } => Refusal::Coding,
        _ => DAMAGED,
    })?;
    if (picture.width as usize, picture.height as usize) != (shape.columns, shape.rows) || picture.channels != 1 {
        return Err(DAMAGED);
    }
    let number = |two: &[u8; 2]| shape.counted(u16::from_le_bytes(*two).into());
    picture.data.as_chunks().0.iter().map(number).for_each(take);
    Ok(())
}
