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
const PIXEL_TAGS: std::ops::RangeInclusive<usize> = 254..=532;
const IMAGE_WIDTH: usize = 256;
const IMAGE_LENGTH: usize = 257;
/// Field types of numbers of 16 and of 64 bits.
const SHORT: usize = 3;
const LONG8: usize = 16;
/// Second number of a BigTIFF file. A classic one has 42.
const BIG_TIFF: usize = 43;

/// Most bytes of a value in a directory.
const MAX_VALUE_BYTES: usize = 8 * MAX_NUMBERS;
/// Most directories that are looked at.
const MAX_PAGES: usize = 4096;

/// The grey pages of a file that have the size of the first one. `None` if the first page is not grey with at least 8 bits.
///
/// # Errors
/// If the first page is damaged, or the pages are beyond a limit.
pub(super) fn grey_pages(bytes: &[u8]) -> Result<Option<Pages>, Refusal> {
    check(bytes)?;
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

/// Checks the first directory, of TIFF or BigTIFF. The decoder reserves memory for as many numbers as a tag claims, before it takes
/// limits.
///
/// # Errors
/// If the directory is damaged, a tag has too many numbers, or a side is longer than [`MAX_SIDE`].
fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let big_endian = bytes.starts_with(b"MM");
    let number = |at: usize, width: usize| {
        let bytes = bytes.get(at..at.checked_add(width)?)?;
        let append = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        let number = if big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) };
        usize::try_from(number).ok()
    };
    // Bytes of an offset and of a count of numbers, and of a count of entries.
    let (wide, entries_width) = if number(2, 2) == Some(BIG_TIFF) { (8, 8) } else { (4, 2) };
    let directory = number(wide, wide).ok_or(DAMAGED)?;
    let entries = number(directory, entries_width).ok_or(DAMAGED)?;
    let mut entry = directory + entries_width;
    for _ in 0..entries {
        let (Some(tag), Some(field_type), Some(count)) =
            (number(entry, 2), number(entry + 2, 2), number(entry + 4, wide))
        else {
            return Err(DAMAGED);
        };
        let value = entry + 4 + wide;
        entry = value + wide;
        if !PIXEL_TAGS.contains(&tag) {
            continue;
        }
        if count > MAX_NUMBERS {
            return Err(DAMAGED);
        }
        let width = match field_type {
            SHORT => 2,
            LONG8 => 8,
            _ => 4,
        };
        if matches!(tag, IMAGE_WIDTH | IMAGE_LENGTH) && number(value, width).ok_or(DAMAGED)? > MAX_SIDE {
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
        // The same in BigTIFF, whose entries have 20 bytes.
        let whole = forge::big_tiff(&forge::deep(64, 48), 64);
        assert_eq!(check(&whole), Ok(()));
        let page = u64::from_le_bytes(whole[8..16].try_into().unwrap()) as usize;
        for field in 0..usize::from(whole[page]) {
            for claim in [0x00FF_FFFF_u64, u64::MAX] {
                let mut changed = whole.clone();
                let count = page + 8 + 20 * field + 4;
                changed[count..count + 8].copy_from_slice(&claim.to_le_bytes());
                assert_eq!(grey_pages(&changed).err(), Some(DAMAGED), "BigTIFF, field {field}");
            }
        }
        assert_eq!(check(b"II+\0\x08\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), Err(DAMAGED));
        let many = [b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0".as_slice(), &[0xFF; 8]].concat();
        assert_eq!(check(&many), Err(DAMAGED));
        assert_eq!(check(b"II*\0\xFF\xFF\xFF\xFF"), Err(DAMAGED));
        assert_eq!(check(b"MM\0*\0\0\0\x08\xFF\xFF"), Err(DAMAGED));
    }
}
