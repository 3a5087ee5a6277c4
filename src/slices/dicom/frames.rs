//! The numbers of the pixels.

use std::borrow::Cow;

use super::coding::Pixels;
use super::{DAMAGED, jpeg, jpeg2000, rle, walk};
use crate::slices::open::Refusal;

/// What the file says of its pixels. Within the limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) frames: usize,
    /// Bytes that one takes: 1, 2 or 4.
    pub(super) bytes: usize,
    /// Bits of those that count, and how many below them do not.
    pub(super) stored: u32,
    pub(super) below: u32,
    pub(super) signed: bool,
    pub(super) big_endian: bool,
}

impl Shape {
    pub(super) fn pixels(&self) -> usize {
        self.columns * self.rows
    }

    /// The number of these bytes, as many as [`Shape::bytes`] says.
    fn number(&self, bytes: &[u8]) -> i64 {
        let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        let bits = if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) };
        self.counted(bits >> self.below)
    }

    /// The number that these bits mean.
    pub(super) fn counted(&self, bits: u32) -> i64 {
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
            Pixels::Jpeg => jpeg::each(&frame, &shape, &mut take)?,
            _ => jpeg2000::each(&frame, &shape, &mut take)?,
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

#[cfg(test)]
mod tests;
