//! Size and number format of the pixels: the Image Pixel module (PS3.3 C.7.6.3).

use super::attributes::Attributes;
use super::transfer_syntax::{PixelEncoding, TransferSyntax};
use super::{DAMAGED, tags};
use crate::slices::decoded::Refusal;
use crate::slices::limits::{MAX_SAMPLES, MAX_SIDE, MIN_SIDE};

/// Channels of a colour.
pub(super) const COLOUR_CHANNELS: usize = 3;

/// Size and number format of the pixels, within the limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct PixelLayout {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) frames: usize,
    /// Channels of one pixel: 1, or [`COLOUR_CHANNELS`].
    pub(super) channels: usize,
    /// Bytes of one channel of a pixel: 1, 2 or 4.
    pub(super) bytes: usize,
    /// Number of significant bits.
    pub(super) stored: u32,
    /// Number of unused bits below the significant ones.
    pub(super) unused_low: u32,
    pub(super) signed: bool,
    pub(super) big_endian: bool,
}

impl PixelLayout {
    /// The layout that the file gives.
    ///
    /// # Errors
    /// If an attribute is missing or contradicts another, or a limit is exceeded.
    pub(super) fn of(file: &Attributes, syntax: TransferSyntax) -> Result<Self, Refusal> {
        let columns = file.unsigned(tags::COLUMNS).ok_or(DAMAGED)?;
        let rows = file.unsigned(tags::ROWS).ok_or(DAMAGED)?;
        let frames = match file.text(tags::NUMBER_OF_FRAMES) {
            Some(text) => text.parse().map_err(|_| DAMAGED)?,
            None => 1_usize,
        };
        let samples = [columns, rows, frames].iter().try_fold(1_usize, |product, side| product.checked_mul(*side));
        if columns.max(rows) > MAX_SIDE || samples.is_none_or(|samples| samples > MAX_SAMPLES) {
            return Err(Refusal::TooManyPixels);
        }
        if columns.min(rows) < MIN_SIDE {
            return Err(Refusal::TooSmall);
        }
        if frames == 0 {
            return Err(DAMAGED);
        }
        let channels = channels(file)?;
        let allocated = file.unsigned(tags::BITS_ALLOCATED).ok_or(DAMAGED)?;
        let bytes = match (allocated, syntax.pixels) {
            (8, _) => 1,
            _ if channels > 1 => return Err(Refusal::Colour),
            (16, _) => 2,
            (32, PixelEncoding::Native) => 4,
            _ => return Err(Refusal::UnsupportedCoding),
        };
        let stored = file.unsigned(tags::BITS_STORED).unwrap_or(allocated);
        if !(1..=allocated).contains(&stored) {
            return Err(DAMAGED);
        }
        // The current standard allows only `stored - 1`. Old files may use higher bits.
        let high_bit = file.unsigned(tags::HIGH_BIT).unwrap_or(stored - 1);
        let unused_low = high_bit.saturating_add(1).checked_sub(stored).ok_or(DAMAGED)?;
        if unused_low + stored > allocated {
            return Err(DAMAGED);
        }
        let signed = file.unsigned(tags::PIXEL_REPRESENTATION) == Some(1);
        let big_endian = syntax.encoding.big_endian;
        let (stored, unused_low) = (stored as u32, unused_low as u32);
        Ok(Self { columns, rows, frames, channels, bytes, stored, unused_low, signed, big_endian })
    }

    /// Refuses a decoded frame of another size than the file says.
    pub(super) fn check_size(&self, columns: u32, rows: u32) -> Result<(), Refusal> {
        if (columns as usize, rows as usize) == (self.columns, self.rows) { Ok(()) } else { Err(DAMAGED) }
    }

    /// Pixels of one frame.
    pub(super) fn pixels(&self) -> usize {
        self.columns * self.rows
    }

    /// The stored value in these bytes, as many as [`PixelLayout::bytes`].
    pub(super) fn value(&self, bytes: &[u8]) -> i64 {
        let append = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        let bits = if self.big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) };
        self.value_of_bits(bits >> self.unused_low)
    }

    /// The stored value with these significant bits.
    pub(super) fn value_of_bits(&self, bits: u32) -> i64 {
        let bits = i64::from(bits) & ((1 << self.stored) - 1);
        if self.signed && bits >> (self.stored - 1) == 1 { bits - (1 << self.stored) } else { bits }
    }
}

/// How many channels the pixels of a file have: 1 or [`COLOUR_CHANNELS`].
///
/// # Errors
/// [`Refusal::Colour`] if it is another number, or the file contradicts itself.
fn channels(file: &Attributes) -> Result<usize, Refusal> {
    let kind = file.text(tags::PHOTOMETRIC_INTERPRETATION);
    let grey = kind.as_ref().is_none_or(|kind| kind.starts_with("MONOCHROME"));
    let colours = kind.is_some_and(|kind| kind == "RGB" || kind.starts_with("YBR_"));
    match file.unsigned(tags::SAMPLES_PER_PIXEL).unwrap_or(1) {
        1 if grey => Ok(1),
        COLOUR_CHANNELS if colours => Ok(COLOUR_CHANNELS),
        _ => Err(Refusal::Colour),
    }
}
