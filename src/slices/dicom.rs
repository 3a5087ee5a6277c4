//! Reads DICOM files (PS3.10) with grey pixels.
//!
//! Read by hand: the `dicom-object` crate refuses a file for damage in any attribute, and its pixel decoders reserve whatever
//! a file claims and panic on truncated frames.

mod attributes;
mod colour;
mod decode;
mod elements;
mod frames;
mod htj2k;
mod jpeg;
mod jpeg2000;
mod jpeg_ls;
mod layout;
mod mosaic;
mod orientation;
mod personal;
mod rle;
mod tags;
mod transfer_syntax;

use std::borrow::Cow;
use std::io::Read;

use super::decoded::{DecodedFile, Format, Refusal};
use super::detect;
use super::limits::{MAX_FILE_BYTES, MAX_INFLATE_RATIO};
use attributes::Attributes;
use transfer_syntax::{PixelEncoding, TransferSyntax};

/// Stands for every error of a library, whose messages may quote the file.
const DAMAGED: Refusal = Refusal::Damaged(Format::Dicom);

/// Reads a DICOM file.
///
/// # Errors
/// If the file is damaged, has no grey pixels, has an unsupported transfer syntax, or is beyond a limit.
pub fn open(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let body = detect::dicom_body(bytes).unwrap_or(bytes);
    let (meta, start) = elements::file_meta(body).ok_or(DAMAGED)?;
    let data_set = body.get(start..).ok_or(DAMAGED)?;
    let syntax = match meta.iter().find(|element| element.tag == tags::TRANSFER_SYNTAX_UID) {
        Some(element) => {
            let uid = String::from_utf8_lossy(element.value);
            TransferSyntax::of(uid.trim_matches(['\0', ' '])).ok_or(Refusal::UnsupportedCoding)?.as_written(data_set)
        }
        None => TransferSyntax::guess(data_set).ok_or(DAMAGED)?,
    };
    let data_set = if syntax.deflated { inflate(data_set)? } else { Cow::Borrowed(data_set) };
    let (attributes, pixel_data) = Attributes::read(&data_set, syntax.encoding).ok_or(DAMAGED)?;
    let pixel_data = pixel_data.ok_or(Refusal::NoPixels)?;
    // Native pixel data has a length.
    if pixel_data.undefined_length && syntax.pixels == PixelEncoding::Native {
        return Err(DAMAGED);
    }
    decode::decode(path, &attributes, syntax, pixel_data.value)
}

/// Unpacks a deflated data set of at most [`MAX_FILE_BYTES`].
fn inflate(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    let mut unpacked = Vec::new();
    unpacked.reserve_exact(bytes.len().saturating_mul(MAX_INFLATE_RATIO).min(MAX_FILE_BYTES) + 1);
    let stream = flate2::read::DeflateDecoder::new(bytes).take(MAX_FILE_BYTES as u64 + 1);
    { stream }.read_to_end(&mut unpacked).map_err(|_| DAMAGED)?;
    if unpacked.len() > MAX_FILE_BYTES {
        return Err(Refusal::UnpacksTooLarge);
    }
    Ok(Cow::Owned(unpacked))
}

#[cfg(test)]
mod tests;
