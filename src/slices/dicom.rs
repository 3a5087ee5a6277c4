//! DICOM files, the format of hospitals.
//!
//! The library reads what the elements say. Pixels are taken from the file itself, piece by piece, since it and its
//! decoders set aside whatever a file claims to need and fall over codings that were cut off.

mod coding;
mod fields;
mod frames;
mod jpeg;
mod jpeg2000;
mod lie;
mod rle;
mod show;
mod walk;

use std::borrow::Cow;
use std::io::Read;

use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};

use super::limits::{MAX_BYTES, MAX_RATIO};
use super::open::{Format, Found, Refusal};
use coding::{Coding, Pixels};
pub(super) use fields::Fields;

/// What stands in for all that is found wrong: a library's own words may quote the file.
const DAMAGED: Refusal = Refusal::Damaged(Format::Dicom);

/// Pixels, as the last element that is looked at.
const PIXELS: (u16, u16) = (0x7FE0, 0x0010);
/// The element that names the coding.
const CODING: (u16, u16) = (0x0002, 0x0010);

/// Reads a DICOM file.
///
/// # Errors
/// If it is damaged, holds no grey picture, is coded in a way that is not read, or is beyond the limits.
pub fn open(path: &str, bytes: &[u8]) -> Result<Found, Refusal> {
    let marked = bytes.get(128..).and_then(|rest| rest.strip_prefix(b"DICM"));
    let body = marked.unwrap_or(bytes);
    let (preface, start) = walk::preface(body).ok_or(DAMAGED)?;
    let named = preface.iter().find(|element| element.tag == CODING).ok_or(DAMAGED)?;
    let name = String::from_utf8_lossy(named.value);
    let coding = Coding::of(name.trim_matches(['\0', ' '])).ok_or(Refusal::Coding)?;
    let rest = body.get(start..).ok_or(DAMAGED)?;
    let rest = if coding.deflated { inflate(rest)? } else { Cow::Borrowed(rest) };

    let mut pixels = None;
    let look = |element: walk::Element| {
        if element.tag == PIXELS {
            pixels = Some((element.start, element.end - element.value.len()..element.end, element.open));
        }
        pixels.is_none()
    };
    walk::walk(&rest, coding.writing, look).ok_or(DAMAGED)?;
    let (before, pixels, in_pieces) = pixels.ok_or(Refusal::NoPicture)?;
    // Plain pixels say their length, coded ones end at a mark.
    if in_pieces == (coding.pixels == Pixels::Plain) {
        return Err(DAMAGED);
    }
    let pixels = rest.get(pixels).ok_or(DAMAGED)?;
    let told = rest.get(..before).ok_or(DAMAGED)?;
    let syntax = TransferSyntaxRegistry.get(coding.elements).ok_or(DAMAGED)?;
    let object = InMemDicomObject::read_dataset_with_ts(told, syntax).map_err(|_| DAMAGED)?;
    show::found(path, Fields(&object), coding, pixels)
}

fn inflate(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    let mut unpacked = Vec::new();
    unpacked.reserve_exact(bytes.len().saturating_mul(MAX_RATIO).min(MAX_BYTES) + 1);
    let stream = flate2::read::DeflateDecoder::new(bytes).take(MAX_BYTES as u64 + 1);
    { stream }.read_to_end(&mut unpacked).map_err(|_| DAMAGED)?;
    if unpacked.len() > MAX_BYTES {
        return Err(Refusal::Bursts);
    }
    Ok(Cow::Owned(unpacked))
}

#[cfg(test)]
mod tests;
