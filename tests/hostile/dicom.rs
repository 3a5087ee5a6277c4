//! Builds DICOM files.

use std::io::Write;

use super::deep;

/// The elements and pixels of a DICOM file.
pub struct Dicom {
    pub syntax: &'static str,
    /// Group, element, value representation and value of each element.
    pub elements: Vec<(u16, u16, &'static str, Vec<u8>)>,
    pub pixels: Pixels,
}

/// The pixel data of a DICOM file: none, native, or encapsulated fragments.
pub enum Pixels {
    None,
    Native(Vec<u8>),
    Fragments(Vec<Vec<u8>>),
}

pub const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub const IMPLICIT: &str = "1.2.840.10008.1.2";
pub const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
pub const RLE: &str = "1.2.840.10008.1.2.5";
pub const BASELINE: &str = "1.2.840.10008.1.2.4.50";
pub const EXTENDED: &str = "1.2.840.10008.1.2.4.51";
pub const LOSSLESS: &str = "1.2.840.10008.1.2.4.70";
pub const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
pub const JPEG_LS_NEAR: &str = "1.2.840.10008.1.2.4.81";
pub const JPEG2000: &str = "1.2.840.10008.1.2.4.90";
pub const HTJ2K: &str = "1.2.840.10008.1.2.4.201";

impl Dicom {
    /// One frame with 12 of 16 bits used.
    pub fn new(columns: u16, rows: u16) -> Self {
        let pixels = deep(columns.into(), rows.into()).iter().flat_map(|value| value.to_le_bytes()).collect();
        let mut new = Self { syntax: EXPLICIT, elements: Vec::new(), pixels: Pixels::Native(pixels) };
        new.text(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.4");
        new.text(8, 0x60, "CS", "MR");
        new.text(0x10, 0x20, "LO", "P-0042");
        new.text(0x20, 0xE, "UI", "1.2.3.4");
        new.text(0x20, 0x32, "DS", "-32\\-32\\17.5");
        new.text(0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0");
        new.number(0x28, 2, 1);
        new.text(0x28, 4, "CS", "MONOCHROME2");
        new.number(0x28, 0x10, rows);
        new.number(0x28, 0x11, columns);
        new.text(0x28, 0x30, "DS", "1\\1");
        new.number(0x28, 0x100, 16);
        new.number(0x28, 0x101, 12);
        new.number(0x28, 0x102, 11);
        new.number(0x28, 0x103, 0);
        new
    }

    /// One frame with 8 bits.
    pub fn with_8_bits(columns: u16, rows: u16, syntax: &'static str, pixels: Pixels) -> Self {
        let mut new = Self { syntax, pixels, ..Self::new(columns, rows) };
        new.number(0x28, 0x100, 8);
        new.number(0x28, 0x101, 8);
        new.number(0x28, 0x102, 7);
        new
    }

    pub fn text(&mut self, group: u16, element: u16, kind: &'static str, text: &str) {
        let mut value = text.as_bytes().to_vec();
        if value.len() % 2 == 1 {
            value.push(if kind == "UI" { 0 } else { b' ' });
        }
        self.put(group, element, kind, value);
    }

    pub fn number(&mut self, group: u16, element: u16, number: u16) {
        self.put(group, element, "US", number.to_le_bytes().to_vec());
    }

    pub fn put(&mut self, group: u16, element: u16, kind: &'static str, value: Vec<u8>) {
        self.elements.retain(|known| (known.0, known.1) != (group, element));
        self.elements.push((group, element, kind, value));
        self.elements.sort_by_key(|known| (known.0, known.1));
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut meta = Vec::new();
        let mut uid = self.syntax.as_bytes().to_vec();
        uid.resize(uid.len().next_multiple_of(2), 0);
        element(&mut meta, EXPLICIT, (2, 0), "UL", &(uid.len() as u32 + 8).to_le_bytes());
        element(&mut meta, EXPLICIT, (2, 0x10), "UI", &uid);
        [vec![0; 128], b"DICM".to_vec(), meta, self.data_set()].concat()
    }

    /// The file without preamble and file meta information.
    pub fn data_set(&self) -> Vec<u8> {
        let mut rest = Vec::new();
        for (group, number, kind, value) in &self.elements {
            let mut value = value.clone();
            if self.syntax == BIG_ENDIAN && *kind == "US" {
                value.reverse();
            }
            element(&mut rest, self.syntax, (*group, *number), kind, &value);
        }
        match &self.pixels {
            Pixels::None => {}
            Pixels::Native(pixels) => {
                let mut pixels = pixels.clone();
                if self.syntax == BIG_ENDIAN {
                    pixels.chunks_exact_mut(2).for_each(|pair| pair.reverse());
                }
                element(&mut rest, self.syntax, (0x7FE0, 0x10), "OW", &pixels);
            }
            Pixels::Fragments(fragments) => {
                rest.extend_from_slice(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0");
                for piece in fragments {
                    rest.extend_from_slice(b"\xFE\xFF\0\xE0");
                    rest.extend_from_slice(&(piece.len().next_multiple_of(2) as u32).to_le_bytes());
                    rest.extend_from_slice(piece);
                    rest.resize(rest.len() + piece.len() % 2, 0);
                }
                rest.extend_from_slice(b"\xFE\xFF\xDD\xE0\0\0\0\0");
            }
        }
        if self.syntax == DEFLATED {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&rest).unwrap();
            rest = encoder.finish().unwrap();
        }
        rest
    }
}

fn element(bytes: &mut Vec<u8>, syntax: &str, tag: (u16, u16), kind: &str, value: &[u8]) {
    let big_endian = syntax == BIG_ENDIAN;
    let two = |number: u16| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let four = |number: u32| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    bytes.extend(two(tag.0));
    bytes.extend(two(tag.1));
    let long = matches!(kind, "OB" | "OW" | "SQ" | "UN" | "UT");
    match (syntax == IMPLICIT, long) {
        (true, _) => bytes.extend(four(value.len() as u32)),
        (false, true) => {
            bytes.extend(kind.as_bytes());
            bytes.extend([0, 0]);
            bytes.extend(four(value.len() as u32));
        }
        (false, false) => {
            bytes.extend(kind.as_bytes());
            bytes.extend(two(value.len() as u16));
        }
    }
    bytes.extend_from_slice(value);
}

/// An RLE frame with 8 bits, all literals.
pub fn rle(pixels: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; 64];
    (frame[0], frame[4]) = (1, 64);
    for part in pixels.chunks(128) {
        frame.push(part.len() as u8 - 1);
        frame.extend_from_slice(part);
    }
    frame
}

/// An RLE frame with 16 bits: the segment of the high bytes comes first.
pub fn rle_deep(pixels: &[u16]) -> Vec<u8> {
    let high: Vec<u8> = pixels.iter().map(|pixel| pixel.to_be_bytes()[0]).collect();
    let low: Vec<u8> = pixels.iter().map(|pixel| pixel.to_be_bytes()[1]).collect();
    let (high, low) = (rle(&high), rle(&low));
    let mut frame = vec![0; 64];
    (frame[0], frame[4]) = (2, 64);
    frame[8..12].copy_from_slice(&(high.len() as u32).to_le_bytes());
    [&frame, &high[64..], &low[64..]].concat()
}

/// [`deep`] at 32 x 32 as lossless JPEG 2000. Stored as a file, as no crate here encodes JPEG 2000.
pub const JPEG2000_HEAD: &[u8] = include_bytes!("head.j2k");

/// [`head`](super::head) at 32 x 32 as colours with equal channels: lossless JPEG 2000, written by OpenJPEG.
pub const JPEG2000_GREY_COLOURS: &[u8] = include_bytes!("head.grey.j2k");

/// [`deep`] at 32 x 32 as lossless high-throughput JPEG 2000, written by OpenJPH.
pub const HTJ2K_HEAD: &[u8] = include_bytes!("head.jhc");

/// [`head`](super::head) less 100 at 32 x 32, as signed numbers of 16 bits, in the same coding.
pub const HTJ2K_SIGNED_HEAD: &[u8] = include_bytes!("head.signed.jhc");

/// [`deep`] at 32 x 32 as JPEG with 12 bits, written by libjpeg-turbo. No value differs by more than 1.
pub const JPEG12_HEAD: &[u8] = include_bytes!("head.12.jpg");

/// [`deep`] at 32 x 32 as lossless JPEG-LS with a SPIFF header, written by CharLS.
pub const JPEG_LS_HEAD: &[u8] = include_bytes!("head.jls");

/// The same near-lossless: no value differs by more than 16.
pub const JPEG_LS_NEAR_HEAD: &[u8] = include_bytes!("head.near.jls");

/// An item of a sequence, with elements as in [`Dicom::elements`].
pub fn item(elements: &[(u16, u16, &str, Vec<u8>)]) -> Vec<u8> {
    let mut inner = Vec::new();
    for (group, number, kind, value) in elements {
        element(&mut inner, EXPLICIT, (*group, *number), kind, value);
    }
    [b"\xFE\xFF\0\xE0".as_slice(), &(inner.len() as u32).to_le_bytes(), &inner].concat()
}

/// A file with one frame at each of these positions, in millimetres from the feet up.
pub fn frames(columns: u16, rows: u16, places: &[f32]) -> Dicom {
    let mut file = Dicom::new(columns, rows);
    let frame = |place: &f32| {
        let mut place = format!("0\\0\\{place}").into_bytes();
        place.resize(place.len().next_multiple_of(2), b' ');
        item(&[(0x20, 0x9113, "SQ", item(&[(0x20, 0x32, "DS", place)]))])
    };
    file.put(0x5200, 0x9230, "SQ", places.iter().flat_map(frame).collect());
    file.text(0x28, 8, "IS", &places.len().to_string());
    let pixels = deep(columns.into(), rows.into());
    // The brightness of a frame grows with its position, to tell frames apart.
    let scaled = |place: &f32| pixels.iter().map(|pixel| pixel / 16 + *place as u16).collect::<Vec<_>>();
    let bytes = places.iter().flat_map(scaled).flat_map(u16::to_le_bytes).collect();
    file.pixels = Pixels::Native(bytes);
    file
}
