//! Checks the tags of a TIFF file. The decoder reserves memory for as many numbers as a tag claims to have.

use crate::slices::decoded::{Format, Refusal};
use crate::slices::limits::MAX_SIDE;

const DAMAGED: Refusal = Refusal::Damaged(Format::Tiff);

/// Most numbers of one tag that describes pixels. Programs write up to one for each row and each of three colours.
const MAX_NUMBERS: usize = 16 * MAX_SIDE;
/// Tags that describe pixels. Other tags are metadata, which the decoder skips.
const PIXEL_TAGS: std::ops::RangeInclusive<u16> = 254..=532;
const IMAGE_WIDTH: u16 = 256;
const IMAGE_LENGTH: u16 = 257;
/// Field type of 16-bit numbers.
const SHORT: u16 = 3;

/// Checks the first directory.
///
/// # Errors
/// If the directory is damaged, a tag has too many numbers, or a side is longer than [`MAX_SIDE`].
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let big_endian = bytes.starts_with(b"MM");
    let short = |at: usize| {
        let pair: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number = if big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
        usize::try_from(number).ok()
    };
    let directory = long(4).ok_or(DAMAGED)?;
    for index in 0..usize::from(short(directory).ok_or(DAMAGED)?) {
        let entry = directory.checked_add(2 + 12 * index).ok_or(DAMAGED)?;
        let (Some(tag), Some(field_type), Some(count)) = (short(entry), short(entry + 2), long(entry + 4)) else {
            return Err(DAMAGED);
        };
        if !PIXEL_TAGS.contains(&tag) {
            continue;
        }
        if count > MAX_NUMBERS {
            return Err(DAMAGED);
        }
        let value = if field_type == SHORT { short(entry + 8).map(usize::from) } else { long(entry + 8) };
        if matches!(tag, IMAGE_WIDTH | IMAGE_LENGTH) && value.ok_or(DAMAGED)? > MAX_SIDE {
            return Err(Refusal::TooManyPixels);
        }
    }
    Ok(())
}
