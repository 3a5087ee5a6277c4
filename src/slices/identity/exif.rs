//! The words that cameras and programs put into pictures.

use crate::slices::open::Personal;

/// Parts of a file that are looked at, whatever it claims.
const MOST: usize = 1000;

/// The chunks of a PNG file.
pub(super) fn of_png(bytes: &[u8]) -> Vec<Personal> {
    let (mut found, mut rest) = (Vec::new(), bytes.get(8..).unwrap_or_default());
    for _ in 0..MOST {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { break };
        let Some((name, after)) = after.split_first_chunk::<4>() else { break };
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { break };
        let Some(data) = after.get(..length) else { break };
        match name {
            b"tEXt" | b"zTXt" | b"iTXt" => found.extend(keyword(data)),
            b"tIME" => found.push(Personal::Dates),
            b"eXIf" => found.extend(of_tiff(data)),
            _ => {}
        }
        rest = after.get(length..).and_then(|rest| rest.get(4..)).unwrap_or_default();
    }
    found
}

/// The kind that the name of a text tells; a program's own name tells nothing of a person.
fn keyword(data: &[u8]) -> Option<Personal> {
    let name = data.split(|byte| *byte == 0).next().unwrap_or_default().to_ascii_lowercase();
    match name.as_slice() {
        b"software" => None,
        b"author" => Some(Personal::Name),
        b"creation time" | b"date:create" | b"date:modify" | b"date:timestamp" => Some(Personal::Dates),
        _ => Some(Personal::FreeText),
    }
}

/// The segments of a JPEG file before its pixels.
pub(super) fn of_jpeg(bytes: &[u8]) -> Vec<Personal> {
    let (mut found, mut rest) = (Vec::new(), bytes.get(2..).unwrap_or_default());
    for _ in 0..MOST {
        let [0xFF, marker, high, low, after @ ..] = rest else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        let Some(data) = after.get(..length) else { break };
        match marker {
            0xDA => break,
            0xFE => found.push(Personal::FreeText),
            0xE1 => match data.strip_prefix(b"Exif\0\0") {
                Some(exif) => found.extend(of_tiff(exif)),
                None => found.push(Personal::FreeText),
            },
            0xED => found.push(Personal::FreeText),
            _ => {}
        }
        rest = after.get(length..).unwrap_or_default();
    }
    found
}

/// The fields of a TIFF file, which is also how EXIF is written.
pub(super) fn of_tiff(bytes: &[u8]) -> Vec<Personal> {
    let Some(reader) = Reader::new(bytes) else { return Vec::new() };
    let mut found = Vec::new();
    // The first page, and the camera's own fields that it points to.
    let first = reader.long(4);
    let camera = first.and_then(|place| reader.fields(place, &mut found));
    camera.and_then(|place| reader.fields(place, &mut found));
    found
}

struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Reader<'a> {
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

    /// Adds the kinds of the fields at this place; answers where the camera's own are.
    fn fields(&self, at: usize, found: &mut Vec<Personal>) -> Option<usize> {
        let mut camera = None;
        for index in 0..usize::from(self.short(at)?) {
            let field = at.checked_add(2 + 12 * index)?;
            match self.short(field)? {
                // Description, remark, copyright, comment.
                0x010E | 0x9286 | 0x8298 | 0x02BC | 0x83BB => found.push(Personal::FreeText),
                // Maker, model, name of the computer, owner's serial number.
                0x010F | 0x0110 | 0x013C | 0xA431 => found.push(Personal::Device),
                0x0132 | 0x9003 | 0x9004 => found.push(Personal::Dates),
                0x013B | 0xA430 => found.push(Personal::Name),
                // Where it stood.
                0x8825 => found.push(Personal::Address),
                0x8769 => camera = self.long(field + 8),
                _ => {}
            }
        }
        camera
    }
}
