//! Whether a JPEG file is complete. The decoder fills a missing part with grey and reports no error.

use image::DynamicImage;

use crate::slices::decoded::{Format, Refusal};

/// Markers of JPEG (ITU-T T.81, table B.1).
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];

/// Bytes that are put in place of a missing end. They decode to different pixels.
const FILLS: [&[u8]; 2] = [&[0x5A; 64], &[0xA3; 64]];

/// Decodes a JPEG file. The end marker may be missing if all pixels are there: then it makes no difference which bytes follow
/// them.
///
/// # Errors
/// Those of `decode`, and [`Refusal::Damaged`] if the file ends before the last pixel.
pub(super) fn decode_whole(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<DynamicImage, Refusal>,
) -> Result<DynamicImage, Refusal> {
    if has_end(bytes) {
        return decode(bytes);
    }
    // A download that broke off may have its full length, with zeros at the end.
    let length = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let ended = |fill: &[u8]| decode(&[&bytes[..length], fill, &END_OF_IMAGE].concat());
    let picture = ended(&[])?;
    for fill in FILLS {
        if ended(fill).as_ref() != Ok(&picture) {
            return Err(Refusal::Damaged(Format::Jpeg));
        }
    }
    Ok(picture)
}

/// Whether there is an end marker after the first scan has begun. Segments before it may hold a small picture with an end of
/// its own. Within a scan, a byte 0xFF is always followed by another byte than that of the end.
fn has_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        match *marker {
            START_OF_SCAN => break,
            // A fill byte.
            0xFF => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    bytes.get(at..).is_some_and(|rest| rest.windows(2).any(|pair| pair == END_OF_IMAGE))
}
