//! Builds small valid files of every format, which tests change or damage.

#![allow(dead_code, clippy::unwrap_used)] // each test crate uses a part

mod lossless;

use std::io::{Cursor, Write};

pub use lossless::lossless;

/// A head with 8 bits: a bright ring around grey tissue on black, darker on the left, with a nose at the top.
pub fn head(width: usize, height: usize) -> Vec<u8> {
    let pixel = |index: usize| {
        let (x, y) = ((index % width) as f32 / width as f32 - 0.5, (index / width) as f32 / height as f32 - 0.5);
        let nose = x.abs() < 0.06 && (-0.48..-0.3).contains(&y);
        match x.hypot(y) {
            0.0..0.3 => 90 + (60.0 * x) as u8 + (index % 7) as u8,
            0.3..0.38 => 220,
            _ if nose => 200,
            _ => (index % 3) as u8,
        }
    };
    (0..width * height).map(pixel).collect()
}

/// The head with 12 bits.
pub fn deep(width: usize, height: usize) -> Vec<u16> {
    head(width, height).into_iter().map(|byte| u16::from(byte) * 16).collect()
}

pub fn picture(format: image::ImageFormat, width: usize, height: usize) -> Vec<u8> {
    let grey = image::GrayImage::from_raw(width as u32, height as u32, head(width, height)).unwrap();
    encode(grey.into(), format)
}

pub fn encode(picture: image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, data) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A NIfTI file with 16-bit samples and the axes right, front and head, unless `rows` is changed.
pub struct Nifti {
    pub dim: [i16; 8],
    pub datatype: i16,
    pub bits: i16,
    pub rows: [[f32; 4]; 3],
    pub sform: i16,
    pub offset: f32,
    pub slope: f32,
    pub description: &'static str,
    pub magic: [u8; 4],
    pub data: Vec<u8>,
}

impl Nifti {
    pub fn new(sizes: [usize; 3], values: &[i16]) -> Self {
        let [x, y, z] = sizes.map(|size| size as i16);
        Self {
            dim: [3, x, y, z, 1, 1, 1, 1],
            datatype: 4,
            bits: 16,
            rows: [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]],
            sform: 1,
            offset: 352.0,
            slope: 1.0,
            description: "",
            magic: *b"n+1\0",
            data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; 352];
        let mut put = |at: usize, data: &[u8]| bytes[at..at + data.len()].copy_from_slice(data);
        put(0, &348_i32.to_le_bytes());
        for (index, size) in self.dim.iter().enumerate() {
            put(40 + 2 * index, &size.to_le_bytes());
            put(76 + 4 * index, &1_f32.to_le_bytes());
        }
        put(70, &self.datatype.to_le_bytes());
        put(72, &self.bits.to_le_bytes());
        put(108, &self.offset.to_le_bytes());
        put(112, &self.slope.to_le_bytes());
        put(123, &[2]);
        put(148, self.description.as_bytes());
        put(254, &self.sform.to_le_bytes());
        for (row, numbers) in self.rows.iter().enumerate() {
            for (column, number) in numbers.iter().enumerate() {
                put(280 + 16 * row + 4 * column, &number.to_le_bytes());
            }
        }
        put(344, &self.magic);
        bytes.extend_from_slice(&self.data);
        bytes
    }
}

impl Nifti {
    /// The file as version 2, with the orientation of `rows`.
    pub fn bytes_2(&self) -> Vec<u8> {
        let mut bytes = vec![0; 544];
        let mut put = |at: usize, data: &[u8]| bytes[at..at + data.len()].copy_from_slice(data);
        put(0, &540_i32.to_le_bytes());
        put(4, b"n+2\0\r\n\x1A\n");
        put(12, &self.datatype.to_le_bytes());
        put(14, &self.bits.to_le_bytes());
        for (index, size) in self.dim.iter().enumerate() {
            put(16 + 8 * index, &i64::from(*size).to_le_bytes());
            put(104 + 8 * index, &1_f64.to_le_bytes());
        }
        put(168, &544_i64.to_le_bytes());
        put(176, &f64::from(self.slope).to_le_bytes());
        put(240, self.description.as_bytes());
        put(348, &i32::from(self.sform).to_le_bytes());
        for (row, numbers) in self.rows.iter().enumerate() {
            for (column, number) in numbers.iter().enumerate() {
                put(400 + 32 * row + 8 * column, &f64::from(*number).to_le_bytes());
            }
        }
        put(500, &2_i32.to_le_bytes());
        bytes.extend_from_slice(&self.data);
        bytes
    }
}

/// A volume of heads with 16-bit samples.
pub fn volume([width, height, depth]: [usize; 3]) -> Vec<i16> {
    (0..depth).flat_map(|z| head(width, height).into_iter().map(move |byte| i16::from(byte) * 4 + z as i16)).collect()
}

pub fn nrrd([width, height, depth]: [usize; 3], encoding: &str) -> Vec<u8> {
    let header = format!(
        "NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: {width} {height} {depth}\n\
         space directions: (1,0,0) (0,1,0) (0,0,2)\nencoding: {encoding}\nendian: little\nspace origin: (0,0,0)\n\n"
    );
    let data: Vec<u8> = volume([width, height, depth]).iter().flat_map(|value| value.to_le_bytes()).collect();
    let data = if encoding == "gzip" { gzip(&data) } else { data };
    [header.as_bytes(), &data].concat()
}

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

pub fn jpeg(width: usize, height: usize) -> Vec<u8> {
    picture(image::ImageFormat::Jpeg, width, height)
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

/// A ZIP file of stored entries, each as name and bytes. `change` may alter their directory headers.
pub fn stored(entries: &[(&str, &[u8])], change: impl Fn(&mut [u8])) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let mut sum = flate2::Crc::new();
        sum.update(data);
        let length = data.len() as u32;
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for number in [sum.sum(), length, length] {
            head.extend(number.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        let mut listed = [b"PK\x01\x02\x14\0".as_slice(), &head, &[0; 10], &(file.len() as u32).to_le_bytes()].concat();
        change(&mut listed);
        list.extend([&listed, name.as_bytes()].concat());
        file.extend([b"PK\x03\x04".as_slice(), &head, name.as_bytes(), data].concat());
    }
    let count = (entries.len() as u16).to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat();
    let places = [(list.len() as u32).to_le_bytes(), (file.len() as u32).to_le_bytes()].concat();
    [file, list, end, places, vec![0, 0]].concat()
}

/// A TIFF file with these pages of 16-bit numbers, or of floats as pairs of them. `format` is the sample format: 1 unsigned,
/// 2 signed, 3 floating-point. `orientation` is left out if it is 0.
pub fn tiff(pages: &[&[u16]], width: usize, format: u32, orientation: u32) -> Vec<u8> {
    let words = if format == 3 { 2 } else { 1 };
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    for (index, page) in pages.iter().enumerate() {
        let height = page.len() / words / width;
        let count = if orientation == 0 { 9 } else { 10 };
        let data = file.len() as u32 + 2 + 12 * count + 4;
        let bytes = 2 * page.len() as u32;
        let mut tags = vec![(256, width as u32), (257, height as u32), (258, 16 * words as u32), (259, 1), (262, 1)];
        tags.push((273, data));
        if orientation > 0 {
            tags.push((274, orientation));
        }
        tags.extend([(278, height as u32), (279, bytes), (339, format)]);
        file.extend((tags.len() as u16).to_le_bytes());
        for (tag, value) in tags {
            let kind: u16 = if matches!(tag, 273 | 279) { 4 } else { 3 };
            file.extend([u16::to_le_bytes(tag), kind.to_le_bytes()].concat());
            file.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
        }
        let next = if index + 1 < pages.len() { data + bytes } else { 0 };
        file.extend(next.to_le_bytes());
        file.extend(page.iter().flat_map(|value| value.to_le_bytes()));
    }
    file
}

/// A BigTIFF file with one page of 16-bit numbers.
pub fn big_tiff(page: &[u16], width: usize) -> Vec<u8> {
    let height = (page.len() / width) as u64;
    let data = 16 + 8 + 20 * 8 + 8;
    let tags = [
        (256_u16, width as u64),
        (257, height),
        (258, 16),
        (259, 1),
        (262, 1),
        (273, data),
        (278, height),
        (279, 2 * page.len() as u64),
    ];
    let mut file = b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0".to_vec();
    file.extend((tags.len() as u64).to_le_bytes());
    for (tag, value) in tags {
        file.extend([tag.to_le_bytes(), 16_u16.to_le_bytes()].concat());
        file.extend([1_u64.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend(0_u64.to_le_bytes());
    file.extend(page.iter().flat_map(|value| value.to_le_bytes()));
    file
}
