//! The fields of a TIFF file: the decoder sets aside room for as many numbers as a field claims.

use crate::slices::limits::MAX_SIDE;
use crate::slices::open::{Format, Refusal};

const DAMAGED: Refusal = Refusal::Damaged(Format::Tiff);

/// Numbers of one field that tells of the picture: one for each row, and for each of three colours, is the most that
/// programs write.
const MAX_NUMBERS: usize = 16 * MAX_SIDE;
/// Fields that tell of the picture; those beyond are of cameras and programs, and are not read.
const OF_PICTURE: std::ops::RangeInclusive<u16> = 254..=532;
const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;

/// Refuses a file whose first page claims more than it can hold.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let big_endian = bytes.starts_with(b"MM");
    let two = |at: usize| {
        let pair: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let four = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number = if big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
        usize::try_from(number).ok()
    };
    let page = four(4).ok_or(DAMAGED)?;
    for index in 0..usize::from(two(page).ok_or(DAMAGED)?) {
        let field = page.checked_add(2 + 12 * index).ok_or(DAMAGED)?;
        let (Some(tag), Some(kind), Some(count)) = (two(field), two(field + 2), four(field + 4)) else {
            return Err(DAMAGED);
        };
        if !OF_PICTURE.contains(&tag) {
            continue;
        }
        if count > MAX_NUMBERS {
            return Err(DAMAGED);
        }
        // In two bytes or in four.
        let side = if kind == 3 { two(field + 8).map(usize::from) } else { four(field + 8) };
        if matches!(tag, WIDTH | HEIGHT) && side.ok_or(DAMAGED)? > MAX_SIDE {
            return Err(Refusal::TooBig);
        }
    }
    Ok(())
}
