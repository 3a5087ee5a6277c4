//! Personal fields and orientation in the metadata of pictures: PNG chunks, JPEG segments, and EXIF and TIFF tags.

use crate::mark::{self, ImageKind};
use crate::slices::decoded::{Format, PersonalField};

/// Most chunks or segments that are looked at. An attacker may write millions.
const MAX_PARTS: usize = 1000;

/// Markers of JPEG segments. APP1 holds EXIF or XMP, APP13 holds IPTC.
const START_OF_SCAN: u8 = 0xDA;
const COMMENT: u8 = 0xFE;
const APP1: u8 = 0xE1;
const APP13: u8 = 0xED;
/// First bytes of an APP1 segment with EXIF data.
const EXIF: &[u8] = b"Exif\0\0";

/// The kinds of personal fields in a picture.
pub(super) fn personal_fields(format: Format, bytes: &[u8]) -> Vec<PersonalField> {
    PersonalField::unique(match format {
        Format::Png => of_png(bytes),
        Format::Jpeg => of_jpeg(bytes),
        Format::Tiff => of_tiff(bytes),
        _ => Vec::new(),
    })
}

/// The orientation in the EXIF data of a picture, 1 to 8. 1 if there is none.
pub(super) fn orientation(format: Format, bytes: &[u8]) -> u16 {
    let exif = match format {
        Format::Png => chunks(bytes).find(|(name, _)| name == b"eXIf").map(|(_, data)| data),
        Format::Jpeg => segments(bytes).find_map(|(marker, data)| data.strip_prefix(EXIF).filter(|_| marker == APP1)),
        Format::Tiff => Some(bytes),
        _ => None,
    };
    let found = exif.and_then(TiffReader::new).and_then(|reader| reader.orientation());
    found.filter(|orientation| (1..=8).contains(orientation)).unwrap_or(1)
}

/// Names and data of the chunks of a PNG file.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    let next = move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let data = after.get(..length)?;
        rest = after.get(length..).and_then(|rest| rest.get(4..)).unwrap_or_default();
        Some((*name, data))
    };
    std::iter::from_fn(next).take(MAX_PARTS)
}

/// Markers and data of the segments of a JPEG file before its first scan.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.get(2..).unwrap_or_default();
    let next = move || {
        let [0xFF, marker, high, low, after @ ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        let data = after.get(..length)?;
        rest = after.get(length..).unwrap_or_default();
        (*marker != START_OF_SCAN).then_some((*marker, data))
    };
    std::iter::from_fn(next).take(MAX_PARTS)
}

/// From the chunks of a PNG file.
fn of_png(bytes: &[u8]) -> Vec<PersonalField> {
    let mut found = Vec::new();
    let own = own_picture(Format::Png, bytes).is_some();
    for (name, data) in chunks(bytes) {
        match &name {
            b"tEXt" | b"zTXt" | b"iTXt" if own => {}
            b"tEXt" | b"zTXt" | b"iTXt" => found.extend(of_keyword(data)),
            b"tIME" => found.push(PersonalField::Dates),
            b"eXIf" => found.extend(of_tiff(data)),
            _ => {}
        }
    }
    found
}

/// What a picture of this program is. `None` if the file has other text or none, or another format.
pub(super) fn own_picture(format: Format, bytes: &[u8]) -> Option<ImageKind> {
    let bytes = if format == Format::Png { bytes } else { return None };
    let texts = chunks(bytes).filter(|(name, _)| matches!(name, b"tEXt" | b"zTXt" | b"iTXt"));
    let texts: Option<Vec<_>> = texts.map(|(name, data)| plain_text(name, data)).collect();
    mark::own_picture(&texts?)
}

/// Keyword and text of a PNG text chunk without compression.
fn plain_text(name: [u8; 4], data: &[u8]) -> Option<(String, String)> {
    let latin_1 = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (keyword, rest) = (latin_1(parts.next()?), parts.next()?);
    let text = match (&name, rest) {
        (b"tEXt", text) => latin_1(text),
        // No compression, no language and no translated keyword.
        (b"iTXt", [0, 0, 0, 0, text @ ..]) => std::str::from_utf8(text).ok()?.to_owned(),
        _ => return None,
    };
    Some((keyword, text))
}

/// From the keyword of a PNG text chunk. The name of the software is not personal.
fn of_keyword(data: &[u8]) -> Option<PersonalField> {
    let keyword = data.split(|byte| *byte == 0).next().unwrap_or_default().to_ascii_lowercase();
    match keyword.as_slice() {
        b"software" => None,
        b"author" => Some(PersonalField::Name),
        b"creation time" | b"date:create" | b"date:modify" | b"date:timestamp" => Some(PersonalField::Dates),
        _ => Some(PersonalField::FreeText),
    }
}

/// From the segments of a JPEG file.
fn of_jpeg(bytes: &[u8]) -> Vec<PersonalField> {
    let mut found = Vec::new();
    for (marker, data) in segments(bytes) {
        match marker {
            COMMENT | APP13 => found.push(PersonalField::FreeText),
            APP1 => match data.strip_prefix(EXIF) {
                Some(exif) => found.extend(of_tiff(exif)),
                // XMP.
                None => found.push(PersonalField::FreeText),
            },
            _ => {}
        }
    }
    found
}

/// From the tags of a TIFF file. EXIF has the same structure.
fn of_tiff(bytes: &[u8]) -> Vec<PersonalField> {
    let Some(reader) = TiffReader::new(bytes) else { return Vec::new() };
    let mut found = Vec::new();
    let first = reader.long(4);
    let exif = first.and_then(|offset| reader.directory(offset, &mut found));
    exif.and_then(|offset| reader.directory(offset, &mut found));
    found
}

struct TiffReader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> TiffReader<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let pair: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number = if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
        usize::try_from(number).ok()
    }

    /// The orientation in the first directory.
    fn orientation(&self) -> Option<u16> {
        let directory = self.long(4)?;
        let entries = (0..usize::from(self.short(directory)?)).map(|index| directory.saturating_add(2 + 12 * index));
        entries.take(MAX_PARTS).find(|entry| self.short(*entry) == Some(0x0112)).and_then(|entry| self.short(entry + 8))
    }

    /// Adds the kinds of the tags in the directory at this offset. Returns the offset of the EXIF directory.
    fn directory(&self, at: usize, found: &mut Vec<PersonalField>) -> Option<usize> {
        let mut exif = None;
        for index in 0..usize::from(self.short(at)?) {
            let entry = at.checked_add(2 + 12 * index)?;
            match self.short(entry)? {
                // ImageDescription, UserComment, Copyright, XMP, IPTC.
                0x010E | 0x9286 | 0x8298 | 0x02BC | 0x83BB => found.push(PersonalField::FreeText),
                // Make, Model, HostComputer, BodySerialNumber.
                0x010F | 0x0110 | 0x013C | 0xA431 => found.push(PersonalField::Device),
                // DateTime, DateTimeOriginal, DateTimeDigitized.
                0x0132 | 0x9003 | 0x9004 => found.push(PersonalField::Dates),
                // Artist, CameraOwnerName.
                0x013B | 0xA430 => found.push(PersonalField::Name),
                // GPS directory.
                0x8825 => found.push(PersonalField::Address),
                // EXIF directory.
                0x8769 => exif = self.long(entry + 8),
                _ => {}
            }
        }
        exif
    }
}

#[cfg(test)]
mod tests;
