//! Decodes JPEG 2000 frames (ITU-T T.800). The codestream is checked first, as the decoder reserves whatever it claims.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::DAMAGED;
use super::layout::PixelLayout;
use crate::slices::decoded::Refusal;

/// Most samples of a frame. The decoder needs many bytes for each.
const MAX_PIXELS: usize = 4 << 20;
/// Most tiles of a frame. The decoder reserves memory for all before it decodes one.
const MAX_TILES: u64 = 1024;
/// Fewest pixels of a code-block or a precinct, as an exponent of 2. Encoders write 10 and more.
const MIN_AREA_LOG2: u8 = 8;

/// The markers SOC and SIZ, which begin every codestream.
const SOC_SIZ: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
/// Coding style default, coding style of a component, start of tile-part, start of data, end of codestream.
const COD: u8 = 0x52;
const COC: u8 = 0x53;
const SOT: u8 = 0x90;
const SOD: u8 = 0x93;
const EOC: u8 = 0xD9;

/// Calls `on_value` with the stored value of each pixel of a frame.
pub(super) fn for_each_value(bytes: &[u8], layout: &PixelLayout, on_value: impl FnMut(i64)) -> Result<(), Refusal> {
    let channels = decode(bytes, layout)?;
    let samples = channels.first().ok_or(DAMAGED)?;
    // Some encoders write negative values as such, others as the unsigned value of their bits.
    let as_bits = layout.signed && samples.iter().all(|sample| *sample >= 0.0);
    let value = |sample: f32| {
        let rounded = sample.round() as i64;
        if as_bits { layout.value_of_bits(rounded as u32) } else { rounded }
    };
    samples.iter().map(|sample| value(*sample)).for_each(on_value);
    Ok(())
}

/// The colours of a frame, with 8 bits. The channels follow each other for each pixel.
pub(super) fn colours(bytes: &[u8], layout: &PixelLayout) -> Result<Vec<u8>, Refusal> {
    let channels = decode(bytes, layout)?;
    let byte = |sample: &f32| sample.round().clamp(0.0, 255.0) as u8;
    let pixel = |at: usize| channels.iter().filter_map(move |channel| channel.get(at)).map(byte);
    Ok((0..layout.pixels()).flat_map(pixel).collect())
}

/// The samples of each channel of a frame.
fn decode(bytes: &[u8], layout: &PixelLayout) -> Result<Vec<Vec<f32>>, Refusal> {
    check(bytes, layout)?;
    let image = Image::new(bytes, &DecodeSettings::default()).map_err(|_| DAMAGED)?;
    layout.check_size(image.width(), image.height())?;
    if usize::from(image.color_space().num_channels()) != layout.channels || image.has_alpha() {
        return Err(Refusal::Colour);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| DAMAGED)?;
    let channels: Vec<Vec<f32>> = decoded.components().iter().map(|channel| channel.samples().to_vec()).collect();
    let whole = channels.len() == layout.channels && channels.iter().all(|channel| channel.len() == layout.pixels());
    if whole { Ok(channels) } else { Err(DAMAGED) }
}

/// Refuses a codestream that would take more work or memory than a picture of this layout needs.
pub(super) fn check(bytes: &[u8], layout: &PixelLayout) -> Result<(), Refusal> {
    let four = |at: usize| {
        let number: Option<[u8; 4]> = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        number.map(u32::from_be_bytes).ok_or(DAMAGED)
    };
    if !bytes.starts_with(&SOC_SIZ) {
        return Err(DAMAGED);
    }
    if layout.pixels() * layout.channels > MAX_PIXELS {
        return Err(Refusal::TooManyPixels);
    }
    let (right, bottom, left, top) = (four(8)?, four(12)?, four(16)?, four(20)?);
    let size = (right.checked_sub(left), bottom.checked_sub(top));
    if size != (u32::try_from(layout.columns).ok(), u32::try_from(layout.rows).ok()) {
        return Err(DAMAGED);
    }
    let tiles = |end: u32, start: u32, side: u32| {
        let length = end.checked_sub(start).filter(|_| side > 0).ok_or(DAMAGED)?;
        Ok(u64::from(length.div_ceil(side)))
    };
    if tiles(right, four(32)?, four(24)?)? * tiles(bottom, four(36)?, four(28)?)? > MAX_TILES {
        return Err(Refusal::UnsupportedCoding);
    }
    if bytes.get(40..42) != Some(&[0, layout.channels as u8]) {
        return Err(Refusal::Colour);
    }
    check_coding_styles(bytes)
}

/// Checks the coding styles in the main header and in each tile-part header.
fn check_coding_styles(bytes: &[u8]) -> Result<(), Refusal> {
    let mut at = 2;
    // Offset after the current tile-part.
    let mut tile_end = bytes.len();
    while let Some([0xFF, marker, rest @ ..]) = bytes.get(at..) {
        if matches!(*marker, EOC | SOD) {
            // The next tile-part follows.
            if *marker == EOC || tile_end <= at {
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
            SOT => {
                let long = segment.get(2..6).and_then(|long| long.try_into().ok()).ok_or(DAMAGED)?;
                // A tile-part of length 0 is the last.
                tile_end = match u32::from_be_bytes(long) {
                    0 => bytes.len(),
                    long => at.saturating_add(long as usize),
                };
            }
            COD => check_areas(segment.first(), segment.get(5..))?,
            COC => check_areas(segment.get(1), segment.get(2..))?,
            _ => {}
        }
        at += 2 + length;
    }
    Ok(())
}

/// Refuses code-blocks and precincts of a few pixels.
fn check_areas(flags: Option<&u8>, style: Option<&[u8]>) -> Result<(), Refusal> {
    let (Some(flags), Some([_, wide, high, _, _, precincts @ ..])) = (flags, style) else { return Err(DAMAGED) };
    let small = |precinct: &u8| (precinct & 15) + (precinct >> 4) < MIN_AREA_LOG2;
    let blocks = (wide & 15) + 2 + (high & 15) + 2;
    if blocks < MIN_AREA_LOG2 || (flags & 1 == 1 && precincts.iter().any(small)) {
        return Err(Refusal::UnsupportedCoding);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::forge::JPEG2000_HEAD;

    const LAYOUT: PixelLayout = PixelLayout {
        columns: 32,
        rows: 32,
        frames: 1,
        channels: 1,
        bytes: 2,
        stored: 12,
        unused_low: 0,
        signed: false,
        big_endian: false,
    };

    fn check_changed(change: impl FnOnce(&mut [u8])) -> Result<(), Refusal> {
        let mut bytes = JPEG2000_HEAD.to_vec();
        change(&mut bytes);
        check(&bytes, &LAYOUT)
    }

    /// Offset of the first marker of this kind.
    fn marker(kind: u8) -> usize {
        JPEG2000_HEAD.windows(2).position(|pair| pair == [0xFF, kind]).unwrap()
    }

    #[test]
    fn a_valid_frame_passes() {
        assert_eq!(check_changed(|_| {}), Ok(()));
    }

    #[test]
    fn too_many_tiles_are_refused() {
        assert_eq!(
            check_changed(|bytes| bytes[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1])),
            Ok(()),
            "1024 tiles"
        );
        assert_eq!(check_changed(|bytes| bytes[24..32].fill(0)), Err(DAMAGED));
        let large = PixelLayout { columns: 2048, rows: 2048, ..LAYOUT };
        let mut bytes = JPEG2000_HEAD.to_vec();
        bytes[8..16].copy_from_slice(&[0, 0, 8, 0, 0, 0, 8, 0]);
        bytes[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(check(&bytes, &large), Err(Refusal::UnsupportedCoding));
    }

    #[test]
    fn a_size_other_than_in_the_file_is_refused() {
        assert_eq!(check_changed(|bytes| bytes[11] = 33), Err(DAMAGED));
        assert_eq!(check_changed(|bytes| bytes[16..20].fill(0xFF)), Err(DAMAGED));
        assert_eq!(
            check(JPEG2000_HEAD, &PixelLayout { columns: 4096, rows: 4096, ..LAYOUT }),
            Err(Refusal::TooManyPixels)
        );
        assert_eq!(check_changed(|bytes| bytes[41] = 3), Err(Refusal::Colour));
    }

    #[test]
    fn tiny_code_blocks_and_precincts_are_refused() {
        let style = marker(COD);
        let head = &JPEG2000_HEAD[style..];
        assert_eq!(check_changed(|bytes| bytes[style + 10..style + 12].fill(0)), Err(Refusal::UnsupportedCoding));
        let fine = [&JPEG2000_HEAD[..style], &[0xFF, COD, 0, 15, 1], &head[5..14], &[0x88, 0x88, 0x11], &head[14..]];
        assert_eq!(check(&fine.concat(), &LAYOUT), Err(Refusal::UnsupportedCoding));
        // In the header of one tile-part only.
        let tile = marker(SOT);
        let start = &JPEG2000_HEAD[..tile + 12];
        let more = [start, &[0xFF, COD, 0, 13, 1], &head[5..14], &[0x11], &JPEG2000_HEAD[tile + 12..]];
        assert_eq!(check(&more.concat(), &LAYOUT), Err(Refusal::UnsupportedCoding));
    }

    #[test]
    fn truncated_codestreams_are_refused_without_panic() {
        for length in 0..JPEG2000_HEAD.len() {
            let _ = check(&JPEG2000_HEAD[..length], &LAYOUT);
        }
        assert_eq!(check(&JPEG2000_HEAD[..50], &LAYOUT), Err(DAMAGED));
    }
}
