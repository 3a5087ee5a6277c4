//! Reads DICOM files (PS3.10) with grey pixels.
//!
//! [`validate`] checks the structure of the file before memory is reserved. The `dicom-object` crate then reads the
//! attributes. The pixels are read here: the decoders of that crate reserve whatever a file claims, and panic on truncated
//! frames.

mod attributes;
mod decode;
mod frames;
mod jpeg;
mod jpeg2000;
mod layout;
mod orientation;
mod personal;
mod rle;
mod transfer_syntax;
mod validate;

use std::borrow::Cow;
use std::io::Read;

use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};

use super::decoded::{DecodedFile, Format, Refusal};
use super::limits::{MAX_FILE_BYTES, MAX_INFLATE_RATIO};
use attributes::Attributes;
use transfer_syntax::{PixelEncoding, TransferSyntax};

/// Stands for every error of a library, whose messages may quote the file.
const DAMAGED: Refusal = Refusal::Damaged(Format::Dicom);

/// Tag of the pixel data. Nothing after it is read.
const PIXEL_DATA: (u16, u16) = (0x7FE0, 0x0010);
/// Tag of the transfer syntax UID.
const TRANSFER_SYNTAX_UID: (u16, u16) = (0x0002, 0x0010);

/// Reads a DICOM file.
///
/// # Errors
/// If the file is damaged, has no grey pixels, has an unsupported transfer syntax, or is beyond a limit.
pub fn open(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let after_preamble = bytes.get(128..).and_then(|rest| rest.strip_prefix(b"DICM"));
    let body = after_preamble.unwrap_or(bytes);
    let (meta, start) = validate::file_meta(body).ok_or(DAMAGED)?;
    let uid = meta.iter().find(|element| element.tag == TRANSFER_SYNTAX_UID).ok_or(DAMAGED)?;
    let uid = String::from_utf8_lossy(uid.value);
    let syntax = TransferSyntax::of(uid.trim_matches(['\0', ' '])).ok_or(Refusal::UnsupportedCoding)?;
    let data_set = body.get(start..).ok_or(DAMAGED)?;
    let data_set = if syntax.deflated { inflate(data_set)? } else { Cow::Borrowed(data_set) };

    let mut pixel_data = None;
    let until_pixels = |element: validate::RawElement| {
        if element.tag == PIXEL_DATA {
            let value = element.end - element.value.len()..element.end;
            pixel_data = Some((element.start, value, element.undefined_length));
        }
        pixel_data.is_none()
    };
    validate::for_each_element(&data_set, syntax.encoding, until_pixels).ok_or(DAMAGED)?;
    let (before, value, encapsulated) = pixel_data.ok_or(Refusal::NoPixels)?;
    // Native pixels have a length; encapsulated ones end with a delimiter.
    if encapsulated == (syntax.pixels == PixelEncoding::Native) {
        return Err(DAMAGED);
    }
    let value = data_set.get(value).ok_or(DAMAGED)?;
    let attributes = data_set.get(..before).ok_or(DAMAGED)?;
    let element_syntax = TransferSyntaxRegistry.get(syntax.element_syntax).ok_or(DAMAGED)?;
    let object = InMemDicomObject::read_dataset_with_ts(attributes, element_syntax).map_err(|_| DAMAGED)?;
    decode::decode(path, Attributes(&object), syntax, value)
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
