//! JPEG 2000: what a frame claims is looked at before the decoder sets aside room for it.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::DAMAGED;
use super::frames::Shape;
use crate::slices::open::Refusal;

/// Pixels of a frame: the decoder takes many times as many bytes.
const MAX_PIXELS: usize = 4 << 20;
/// Tiles of a frame; the decoder sets aside room for each before it looks at any.
const MAX_TILES: u64 = 1024;
/// Pixels of a block or a precinct, as a power of 2: encoders write them from 10 on. There is one for so many pixels.
const LEAST_AREA: u8 = 8;

/// Start of the file, and of the sizes, which come first.
const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
const STYLE: u8 = 0x52;
const STYLE_OF_ONE: u8 = 0x53;
const TILE: u8 = 0x90;
const TILE_PIXELS: u8 = 0x93;
const END: u8 = 0xD9;

/// Hands on the numbers of a frame.
pub(super) fn each(bytes: &[u8], shape: &Shape, take: impl FnMut(i64)) -> Result<(), Refusal> {
    check(bytes, shape)?;
    let image = Image::new(bytes, &DecodeSettings::default()).map_err(|_| DAMAGED)?;
    if (image.width() as usize, image.height() as usize) != (shape.columns, shape.rows) {
        return Err(DAMAGED);
    }
    if image.color_space().num_channels() != 1 || image.has_alpha() {
        return Err(Refusal::Colour);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| DAMAGED)?;
    let samples = decoded.components().first().ok_or(DAMAGED)?.samples();
    if samples.len() != shape.pixels() {
        return Err(DAMAGED);
    }
    // Some write numbers below 0 as such, others as the bits they have.
    let as_bits = shape.signed && samples.iter().all(|sample| *sample >= 0.0);
    let number = |sample: f32| {
        let number = sample.round() as i64;
        if as_bits { shape.counted(number as u32) } else { number }
    };
    samples.iter().map(|sample| number(*sample)).for_each(take);
    Ok(())
}

/// Refuses what would be more work than a picture of this shape can be.
fn check(bytes: &[u8], shape: &Shape) -> Result<(), Refusal> {
    let four = |at: usize| {
        let number: Option<[u8; 4]> = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        number.map(u32::from_be_bytes).ok_or(DAMAGED)
    };
    if !bytes.starts_with(&START) {
        return Err(DAMAGED);
    }
    if shape.pixels() > MAX_PIXELS {
        return Err(Refusal::TooBig);
    }
    let (right, bottom, left, top) = (four(8)?, four(12)?, four(16)?, four(20)?);
    let size = (right.checked_sub(left), bottom.checked_sub(top));
    if size != (u32::try_from(shape.columns).ok(), u32::try_from(shape.rows).ok()) {
        return Err(DAMAGED);
    }
    let tiles = |end: u32, start: u32, side: u32| {
        let length = end.checked_sub(start).filter(|_| side > 0).ok_or(DAMAGED)?;
        Ok(u64::from(length.div_ceil(side)))
    };
    if tiles(right, four(32)?, four(24)?)? * tiles(bottom, four(36)?, four(28)?)? > MAX_TILES {
        return Err(Refusal::Coding);
    }
    if bytes.get(40..42) != Some(&[0, 1]) {
        return Err(Refusal::Colour);
    }
    styles(bytes)
}

/// Looks at how finely the pixels are cut up, at the start and in every tile.
fn styles(bytes: &[u8]) -> Result<(), Refusal> {
    let mut at = 2;
    // Where the bytes of the present tile end.
    let mut tile_end = bytes.len();
    while let Some([0xFF, marker, rest @ ..]) = bytes.get(at..) {
        if matches!(*marker, END | TILE_PIXELS) {
            // On to the next tile.
            if *marker == END || tile_end <= at {
                break;
            }
            at = tile_end;
            continue;
        }
        let length = match rest {
            [high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => return Err(DAMAGED),
        };
        let segment = rest.get(2..length).ok_or(DAMAGED)?;
        match *marker {
            TILE => {
                let long = segment.get(2..6).and_then(|long| long.try_into().ok()).ok_or(DAMAGED)?;
                // A tile without a length is the last.
                tile_end = match u32::from_be_bytes(long) {
                    0 => bytes.len(),
                    long => at.saturating_add(long as usize),
                };
            }
            STYLE => cut(segment.first(), segment.get(5..))?,
            STYLE_OF_ONE => cut(segment.get(1), segment.get(2..))?,
            _ => {}
        }
        at += 2 + length;
    }
    Ok(())
}

/// Refuses blocks or precincts of a few pixels each.
fn cut(flags: Option<&u8>, style: Option<&[u8]>) -> Result<(), Refusal> {
    let (Some(flags), Some([_, wide, high, _, _, precincts @ ..])) = (flags, style) else { return Err(DAMAGED) };
    let small = |precinct: &u8| (precinct & 15) + (precinct >> 4) < LEAST_AREA;
    let blocks = (wide & 15) + 2 + (high & 15) + 2;
    if blocks < LEAST_AREA || (flags & 1 == 1 && precincts.iter().any(small)) {
        return Err(Refusal::Coding);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::sniff::forge::JPEG2000_HEAD;

    const SHAPE: Shape =
        Shape { columns: 32, rows: 32, frames: 1, bytes: 2, stored: 12, below: 0, signed: false, big_endian: false };

    fn bent(bend: impl FnOnce(&mut [u8])) -> Result<(), Refusal> {
        let mut bytes = JPEG2000_HEAD.to_vec();
        bend(&mut bytes);
        check(&bytes, &SHAPE)
    }

    /// Where the first marker of this kind is.
    fn marker(kind: u8) -> usize {
        JPEG2000_HEAD.windows(2).position(|pair| pair == [0xFF, kind]).unwrap()
    }

    #[test]
    fn a_good_frame_passes() {
        assert_eq!(bent(|_| {}), Ok(()));
    }

    #[test]
    fn a_frame_of_countless_tiles_is_refused() {
        assert_eq!(bent(|bytes| bytes[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1])), Ok(()), "1024 tiles");
        assert_eq!(bent(|bytes| bytes[24..32].fill(0)), Err(DAMAGED));
        let large = Shape { columns: 2048, rows: 2048, ..SHAPE };
        let mut bytes = JPEG2000_HEAD.to_vec();
        bytes[8..16].copy_from_slice(&[0, 0, 8, 0, 0, 0, 8, 0]);
        bytes[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(check(&bytes, &large), Err(Refusal::Coding));
    }

    #[test]
    fn sizes_that_are_not_those_of_the_file_are_refused() {
        assert_eq!(bent(|bytes| bytes[11] = 33), Err(DAMAGED));
        assert_eq!(bent(|bytes| bytes[16..20].fill(0xFF)), Err(DAMAGED));
        assert_eq!(check(JPEG2000_HEAD, &Shape { columns: 4096, rows: 4096, ..SHAPE }), Err(Refusal::TooBig));
        assert_eq!(bent(|bytes| bytes[41] = 3), Err(Refusal::Colour));
    }

    #[test]
    fn blocks_and_precincts_of_a_few_pixels_are_refused() {
        let style = marker(STYLE);
        let head = &JPEG2000_HEAD[style..];
        assert_eq!(bent(|bytes| bytes[style + 10..style + 12].fill(0)), Err(Refusal::Coding));
        let fine = [&JPEG2000_HEAD[..style], &[0xFF, STYLE, 0, 15, 1], &head[5..14], &[0x88, 0x88, 0x11], &head[14..]];
        assert_eq!(check(&fine.concat(), &SHAPE), Err(Refusal::Coding));
        // Said of one tile alone.
        let tile = marker(TILE);
        let start = &JPEG2000_HEAD[..tile + 12];
        let more = [start, &[0xFF, STYLE, 0, 13, 1], &head[5..14], &[0x11], &JPEG2000_HEAD[tile + 12..]];
        assert_eq!(check(&more.concat(), &SHAPE), Err(Refusal::Coding));
    }

    #[test]
    fn what_is_cut_off_is_not_looked_at_beyond() {
        for length in 0..JPEG2000_HEAD.len() {
            let _ = check(&JPEG2000_HEAD[..length], &SHAPE);
        }
        assert_eq!(check(&JPEG2000_HEAD[..50], &SHAPE), Err(DAMAGED));
    }
}
