//! Builds small valid files of every format, which tests change or damage.

#![allow(dead_code, clippy::unwrap_used)] // each test crate uses a part

mod dicom;
mod lossless;

use std::io::{Cursor, Write};

pub use dicom::*;
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

pub fn jpeg(width: usize, height: usize) -> Vec<u8> {
    picture(image::ImageFormat::Jpeg, width, height)
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
