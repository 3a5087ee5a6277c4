//! The numbers of the pixels.

use std::borrow::Cow;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use jpeg_decoder::{Decoder, PixelFormat};

use super::coding::Pixels;
use super::{DAMAGED, rle, walk};
use crate::slices::open::Refusal;

/// What the file says of its pixels. Within the limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) frames: usize,
    /// Bytes that one takes: 1, 2 or 4.
    pub(super) bytes: usize,
    /// Bits of those that count.
    pub(super) stored: u32,
    pub(super) signed: bool,
    pub(super) big_endian: bool,
}

impl Shape {
    fn pixels(&self) -> usize {
        self.columns * self.rows
    }

    /// The number of these bytes, as many as [`Shape::bytes`] says.
    fn number(&self, bytes: &[u8]) -> i64 {
        let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        let bits = if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) };
        self.counted(bits)
    }

    /// The number that these bits mean.
    fn counted(&self, bits: u32) -> i64 {
        let bits = i64::from(bits) & ((1 << self.stored) - 1);
        if self.signed && bits >> (self.stored - 1) == 1 { bits - (1 << self.stored) } else { bits }
    }
}

/// Hands on the numbers of each frame in turn.
pub(super) fn each(shape: Shape, coding: Pixels, bytes: &[u8], mut take: impl FnMut(i64)) -> Result<(), Refusal> {
    if coding == Pixels::Plain {
        let wanted = shape.pixels() * shape.frames * shape.bytes;
        let bytes = bytes.get(..wanted).ok_or(DAMAGED)?;
        bytes.chunks_exact(shape.bytes).for_each(|bytes| take(shape.number(bytes)));
        return Ok(());
    }
    for frame in split(&walk::pieces(bytes).ok_or(DAMAGED)?, shape.frames)? {
        match coding {
            Pixels::Rle => {
                // The most important byte comes first, whatever the file does elsewhere.
                let bytes = rle::unpack(&frame, shape.pixels(), shape.bytes).ok_or(DAMAGED)?;
                let shape = Shape { big_endian: true, ..shape };
                bytes.chunks_exact(shape.bytes).for_each(|bytes| take(shape.number(bytes)));
            }
            Pixels::Jpeg => jpeg(&frame, &shape)?.into_iter().for_each(&mut take),
            _ => jpeg2000(&frame, &shape)?.into_iter().for_each(&mut take),
        }
    }
    Ok(())
}

/// The coded bytes of each frame: a piece each, or several if their starts tell which.
fn split<'a>(pieces: &[&'a [u8]], frames: usize) -> Result<Vec<Cow<'a, [u8]>>, Refusal> {
    if pieces.len() == frames {
        return Ok(pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect());
    }
    let mut joined: Vec<Vec<u8>> = Vec::new();
    for piece in pieces {
        let starts = piece.starts_with(&[0xFF, 0xD8]) || piece.starts_with(&[0xFF, 0x4F]);
        match joined.last_mut() {
            Some(frame) if frames == 1 || !starts => frame.extend_from_slice(piece),
            _ => joined.push(piece.to_vec()),
        }
    }
    if joined.len() != frames {
        return Err(DAMAGED);
    }
    Ok(joined.into_iter().map(Cow::Owned).collect())
}

fn jpeg(bytes: &[u8], shape: &Shape) -> Result<Vec<i64>, Refusal> {
    let broken = |error| match error {
        jpeg_decoder::Error::Unsupported(_) => Refusal::Coding,
        _ => DAMAGED,
    };
    let mut decoder = Decoder::new(bytes);
    // Before a byte is set aside, as the picture within may be larger than the file says.
    decoder.read_info().map_err(broken)?;
    let info = decoder.info().ok_or(DAMAGED)?;
    if (usize::from(info.width), usize::from(info.height)) != (shape.columns, shape.rows) {
        return Err(DAMAGED);
    }
    decoder.set_max_decoding_buffer_size(shape.pixels() * 2);
    let bytes = decoder.decode().map_err(broken)?;
    let numbers: Vec<i64> = match info.pixel_format {
        PixelFormat::L8 => bytes.iter().map(|&byte| shape.counted(byte.into())).collect(),
        PixelFormat::L16 => {
            let pair = |pair: &[u8]| pair.try_into().map_or(0, u16::from_ne_bytes);
            bytes.chunks_exact(2).map(|bytes| shape.counted(pair(bytes).into())).collect()
        }
        _ => return Err(Refusal::Colour),
    };
    if numbers.len() == shape.pixels() { Ok(numbers) } else { Err(DAMAGED) }
}

fn jpeg2000(bytes: &[u8], shape: &Shape) -> Result<Vec<i64>, Refusal> {
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
    Ok(samples.iter().map(|sample| number(*sample)).collect())
}

#[cfg(test)]
mod tests;
