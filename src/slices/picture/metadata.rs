//! Personal fields in the metadata of pictures: PNG chunks, JPEG segments, and EXIF and TIFF tags.

use crate::slices::decoded::{Format, PersonalField};

/// Most chunks or segments that are looked at. An attacker may write millions.
const MAX_PARTS: usize = 1000;

/// The kinds of personal fields in a picture.
pub(super) fn personal_fields(format: Format, bytes: &[u8]) -> Vec<PersonalField> {
    PersonalField::unique(match format {
        Format::Png => of_png(bytes),
        Format::Jpeg => of_jpeg(bytes),
        Format::Tiff => of_tiff(bytes),
        _ => Vec::new(),
    })
}

/// From the chunks of a PNG file.
fn of_png(bytes: &[u8]) -> Vec<PersonalField> {
    let (mut found, mut rest) = (Vec::new(), bytes.get(8..).unwrap_or_default());
    for _ in 0..MAX_PARTS {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { break };
        let Some((name, after)) = after.split_first_chunk::<4>() else { break };
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { break };
        let Some(data) = after.get(..length) else { break };
        match name {
            b"tEXt" | b"zTXt" | b"iTXt" => found.extend(of_keyword(data)),
            b"tIME" => found.push(PersonalField::Dates),
            b"eXIf" => found.extend(of_tiff(data)),
            _ => {}
        }
        rest = after.get(length..).and_then(|rest| rest.get(4..)).unwrap_or_default();
    }
    found
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

/// From the segments of a JPEG file before its first scan.
fn of_jpeg(bytes: &[u8]) -> Vec<PersonalField> {
    let (mut found, mut rest) = (Vec::new(), bytes.get(2..).unwrap_or_default());
    for _ in 0..MAX_PARTS {
        let [0xFF, marker, high, low, after @ ..] = rest else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        let Some(data) = after.get(..length) else { break };
        match marker {
            // Start of scan.
            0xDA => break,
            // Comment.
            0xFE => found.push(PersonalField::FreeText),
            // APP1: EXIF or XMP.
            0xE1 => match data.strip_prefix(b"Exif\0\0") {
                Some(exif) => found.extend(of_tiff(exif)),
                None => found.push(PersonalField::FreeText),
            },
            // APP13: IPTC.
            0xED => found.push(PersonalField::FreeText),
            _ => {}
        }
        rest = after.get(length..).unwrap_or_default();
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
