//! Decodes the frames of the pixel data to stored values.

use std::borrow::Cow;

use super::layout::PixelLayout;
use super::transfer_syntax::PixelEncoding;
use super::{DAMAGED, colour, elements, htj2k, jpeg, jpeg_ls, jpeg2000, rle};
use crate::slices::decoded::Refusal;

/// Most bytes that may be missing after the last pixel, as some programs count or cut wrongly. The last pixel is repeated.
const MAX_MISSING: usize = 8;

/// Calls `on_value` with the stored value of each pixel, frame by frame, row by row.
pub(super) fn for_each_value(
    layout: PixelLayout,
    encoding: PixelEncoding,
    bytes: &[u8],
    mut on_value: impl FnMut(i64),
) -> Result<(), Refusal> {
    if encoding == PixelEncoding::Native {
        let wanted = layout.pixels() * layout.frames * layout.bytes;
        let bytes = bytes.get(..wanted.min(bytes.len())).unwrap_or_default();
        let (missing, whole) = (wanted - bytes.len(), bytes.chunks_exact(layout.bytes));
        let last = whole.clone().next_back().filter(|_| missing <= MAX_MISSING).ok_or(DAMAGED)?;
        let ends = std::iter::repeat_n(last, missing.div_ceil(layout.bytes));
        whole.chain(ends).for_each(|bytes| on_value(layout.value(bytes)));
        return Ok(());
    }
    for frame in frames(&elements::fragments(bytes).ok_or(DAMAGED)?, layout.frames)? {
        if layout.channels > 1 {
            let grey = colour::grey_of_pixels(&colours(&layout, encoding, &frame)?)?;
            grey.into_iter().for_each(|byte| on_value(layout.value_of_bits(byte.into())));
            continue;
        }
        match encoding {
            PixelEncoding::Rle => {
                // The most significant byte comes first, whatever the byte order of the file.
                let bytes = rle::unpack(&frame, layout.pixels(), layout.bytes).ok_or(DAMAGED)?;
                let layout = PixelLayout { big_endian: true, ..layout };
                bytes.chunks_exact(layout.bytes).for_each(|bytes| on_value(layout.value(bytes)));
            }
            PixelEncoding::Jpeg => jpeg::for_each_value(&frame, &layout, &mut on_value)?,
            PixelEncoding::JpegLs => jpeg_ls::for_each_value(&frame, &layout, &mut on_value)?,
            PixelEncoding::Jpeg2000 => jpeg2000::for_each_value(&frame, &layout, &mut on_value)?,
            _ => htj2k::for_each_value(&frame, &layout, &mut on_value)?,
        }
    }
    Ok(())
}

/// The pixels of a frame with colours of 8 bits. The channels follow each other for each pixel.
fn colours(layout: &PixelLayout, encoding: PixelEncoding, frame: &[u8]) -> Result<Vec<u8>, Refusal> {
    match encoding {
        // A segment is a channel here.
        PixelEncoding::Rle => rle::unpack(frame, layout.pixels(), layout.channels).ok_or(DAMAGED),
        PixelEncoding::Jpeg => jpeg::colours(frame, layout),
        PixelEncoding::Jpeg2000 => jpeg2000::colours(frame, layout),
        PixelEncoding::HighThroughputJpeg2000 => htj2k::colours(frame, layout),
        // The decoder reads one channel.
        _ => Err(Refusal::Colour),
    }
}

/// The encoded bytes of each frame. A frame has one fragment, or several if their first bytes show where frames start.
fn frames<'a>(fragments: &[&'a [u8]], count: usize) -> Result<Vec<Cow<'a, [u8]>>, Refusal> {
    if fragments.len() == count {
        return Ok(fragments.iter().map(|fragment| Cow::Borrowed(*fragment)).collect());
    }
    let mut joined: Vec<Vec<u8>> = Vec::new();
    for fragment in fragments {
        // Start of a JPEG image, start of a JPEG 2000 codestream.
        let starts = fragment.starts_with(&[0xFF, 0xD8]) || fragment.starts_with(&[0xFF, 0x4F]);
        match joined.last_mut() {
            Some(frame) if count == 1 || !starts => frame.extend_from_slice(fragment),
            _ => joined.push(fragment.to_vec()),
        }
    }
    if joined.len() != count {
        return Err(DAMAGED);
    }
    Ok(joined.into_iter().map(Cow::Owned).collect())
}

#[cfg(test)]
mod tests;
