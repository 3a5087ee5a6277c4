//! Reads TIFF and BigTIFF files with grey pixels of any number type: whole numbers, signed or not, and floats.

use std::io::Cursor;

use ::tiff::decoder::{Decoder, DecodingResult, Limits};
use ::tiff::tags::Tag;
use ::tiff::{ColorType, TiffError};

use super::Pages;
use super::grey::GreyPixels;
use crate::slices::decoded::{Format, Refusal};
use crate::slices::limits::{MAX_FILE_BYTES, MAX_SAMPLES, MAX_SIDE};

const DAMAGED: Refusal = Refusal::Damaged(Format::Tiff);

/// Most numbers of one tag that describes pixels. Programs write up to one for each row and each of three colours.
const MAX_NUMBERS: usize = 16 * MAX_SIDE;
/// Tags that describe pixels. Other tags are metadata, which the decoder skips.
const PIXEL_TAGS: std::ops::RangeInclusive<u16> = 254..=532;
const IMAGE_WIDTH: u16 = 256;
const IMAGE_LENGTH: u16 = 257;
/// Field type of 16-bit numbers.
const SHORT: u16 = 3;

/// Most bytes of a value in a directory.
const MAX_VALUE_BYTES: usize = 8 * MAX_NUMBERS;
/// Most directories that are looked at.
const MAX_PAGES: usize = 4096;

/// The grey pages of a file that have the size of the first one. `None` if the first page is not grey with at least 8 bits.
///
/// # Errors
/// If the first page is damaged, or the pages are beyond a limit.
pub(super) fn grey_pages(bytes: &[u8]) -> Result<Option<Pages>, Refusal> {
    if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        check(bytes)?;
    }
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_FILE_BYTES;
    limits.intermediate_buffer_size = MAX_FILE_BYTES;
    limits.ifd_value_size = MAX_VALUE_BYTES;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(refusal)?.with_limits(limits);
    let size = decoder.dimensions().map_err(refusal)?;
    let (width, height) = (size.0 as usize, size.1 as usize);
    if width.max(height) > MAX_SIDE {
        return Err(Refusal::TooManyPixels);
    }
    let is_grey = |colour: ColorType| matches!(colour, ColorType::Gray(8..));
    if !is_grey(decoder.colortype().map_err(refusal)?) {
        return Ok(None);
    }
    let orientation = decoder.find_tag_unsigned(Tag::Orientation).ok().flatten().unwrap_or(1);
    let mut grey = page(decoder.read_image().map_err(refusal)?);
    // Later pages may be damaged or of another kind; they do not cost the first.
    for _ in 1..MAX_PAGES {
        if !decoder.more_images() || decoder.next_image().is_err() {
            break;
        }
        if decoder.dimensions().ok() != Some(size) || !decoder.colortype().is_ok_and(is_grey) {
            continue;
        }
        let Ok(next) = decoder.read_image() else { break };
        let samples = match (&mut grey, page(next)) {
            (GreyPixels::Bytes(all), GreyPixels::Bytes(next)) => {
                all.extend(next);
                all.len()
            }
            (GreyPixels::Floats(all), GreyPixels::Floats(next)) => {
                all.extend(next);
                all.len()
            }
            _ => continue,
        };
        if samples > MAX_SAMPLES {
            return Err(Refusal::TooManyPixels);
        }
    }
    let pixels = match &grey {
        GreyPixels::Bytes(pixels) => pixels.len(),
        GreyPixels::Floats(pixels) => pixels.len(),
    };
    if pixels == 0 || !pixels.is_multiple_of(width * height) {
        return Err(DAMAGED);
    }
    Ok(Some(Pages { width, height, grey, saturation: None, orientation }))
}

/// The pixels of one page.
fn page(decoded: DecodingResult) -> GreyPixels {
    use DecodingResult as D;
    GreyPixels::Floats(match decoded {
        D::U8(values) => return GreyPixels::Bytes(values),
        D::U16(values) => values.into_iter().map(f32::from).collect(),
        D::U32(values) => values.into_iter().map(|value| value as f32).collect(),
        D::U64(values) => values.into_iter().map(|value| value as f32).collect(),
        D::I8(values) => values.into_iter().map(f32::from).collect(),
        D::I16(values) => values.into_iter().map(f32::from).collect(),
        D::I32(values) => values.into_iter().map(|value| value as f32).collect(),
        D::I64(values) => values.into_iter().map(|value| value as f32).collect(),
        D::F16(values) => values.into_iter().map(f32::from).collect(),
        D::F32(values) => values,
        D::F64(values) => values.into_iter().map(|value| value as f32).collect(),
    })
}

fn refusal(error: TiffError) -> Refusal {
    match error {
        TiffError::LimitsExceeded => Refusal::TooManyPixels,
        TiffError::UnsupportedError(_) => Refusal::UnsupportedCoding,
        _ => DAMAGED,
    }
}

/// Checks the first directory of a classic TIFF file. The decoder reserves memory for as many numbers as a tag claims.
///
/// # Errors
/// If the directory is damaged, a tag has too many numbers, or a side is longer than [`MAX_SIDE`].
fn check(bytes: &[u8]) -> Result<(), Refusal> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::forge;

    #[test]
    fn tags_that_claim_too_many_numbers_are_refused() {
        let whole = forge::picture(image::ImageFormat::Tiff, 64, 48);
        assert_eq!(check(&whole), Ok(()));
        let page = u32::from_le_bytes(whole[4..8].try_into().unwrap()) as usize;
        let fields = usize::from(whole[page]);
        for field in 0..fields {
            let mut changed = whole.clone();
            let count = page + 2 + 12 * field + 4;
            changed[count..count + 4].copy_from_slice(&0x00FF_FFFF_u32.to_le_bytes());
            assert_eq!(grey_pages(&changed).err(), Some(DAMAGED), "field {field}");
        }
        assert_eq!(check(b"II*\0\xFF\xFF\xFF\xFF"), Err(DAMAGED));
        assert_eq!(check(b"MM\0*\0\0\0\x08\xFF\xFF"), Err(DAMAGED));
    }
}
