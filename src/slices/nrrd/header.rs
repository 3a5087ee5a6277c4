//! Parses the text header of an NRRD file.

use std::collections::HashMap;

use super::error::{NrrdError, quote};
use super::{MAX_HEADER, MAX_NATIVE_SAMPLES};
use crate::slices::limits::MAX_SIDE;
use crate::slices::orientation::VoxelGrid;
use crate::slices::sample_type::SampleType;

/// The fields of a header that reading needs.
#[derive(Debug)]
pub(super) struct NrrdHeader {
    pub(super) sample_type: SampleType,
    pub(super) encoding: DataEncoding,
    pub(super) big_endian: bool,
    /// Bytes between the header and the samples; -1 if the samples are at the end of the file. Only for raw samples.
    pub(super) byte_skip: i64,
    pub(super) grid: VoxelGrid,
}

/// Encoding of the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataEncoding {
    Raw,
    Gzip,
    Ascii,
}

/// The number type of this name in the `type` field, if it is supported.
fn sample_type(name: &str) -> Option<SampleType> {
    Some(match name {
        "signed char" | "int8" | "int8_t" => SampleType::I8,
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => SampleType::U8,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => SampleType::I16,
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => SampleType::U16,
        "int" | "signed int" | "int32" | "int32_t" => SampleType::I32,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => SampleType::U32,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => SampleType::I64,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => SampleType::U64,
        "float" => SampleType::F32,
        "double" => SampleType::F64,
        _ => return None,
    })
}

impl DataEncoding {
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "raw" => Self::Raw,
            "gzip" | "gz" => Self::Gzip,
            "ascii" | "text" | "txt" => Self::Ascii,
            _ => return None,
        })
    }
}

impl NrrdHeader {
    /// Splits a file into its parsed header and the bytes after it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), NrrdError> {
        let version = bytes.strip_prefix(b"NRRD000").and_then(|rest| rest.first());
        if !version.is_some_and(|version| (b'1'..=b'5').contains(version)) {
            return Err(NrrdError::NotNrrd);
        }
        let (text, data) = split(bytes).ok_or(NrrdError::NoEnd)?;
        let text = std::str::from_utf8(text).map_err(|_| NrrdError::NotText)?;
        let fields = HeaderFields::parse(text)?;
        Ok((fields.header()?, data))
    }
}

/// Splits at the first empty line, which belongs to neither part. `None` if the header is longer than [`MAX_HEADER`].
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = &bytes[..bytes.len().min(MAX_HEADER)];
    let mut from = 0;
    while let Some(length) = start[from..].iter().position(|&byte| byte == b'\n') {
        let line = &start[from..from + length];
        if line.is_empty() || line == b"\r" {
            return Some((&bytes[..from], &bytes[from + length + 1..]));
        }
        from += length + 1;
    }
    None
}

/// Values of the header fields by field name in lower case.
struct HeaderFields<'a>(HashMap<String, &'a str>);

impl<'a> HeaderFields<'a> {
    fn parse(text: &'a str) -> Result<Self, NrrdError> {
        let mut fields = HashMap::new();
        for line in text.lines().skip(1).filter(|line| !line.starts_with('#')) {
            let (name, value) = line.split_once(':').ok_or_else(|| NrrdError::Line(quote(line)))?;
            // `key:=value` pairs are free text.
            if value.starts_with('=') {
                continue;
            }
            let name = name.trim().to_ascii_lowercase();
            if fields.insert(name.clone(), value.trim()).is_some() {
                return Err(NrrdError::Twice(quote(&name)));
            }
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        // Old files write some names without the space.
        self.0.get(name).or_else(|| self.0.get(&name.replace(' ', ""))).copied()
    }

    fn require(&self, name: &'static str) -> Result<&'a str, NrrdError> {
        self.get(name).ok_or(NrrdError::Missing(name))
    }

    fn header(&self) -> Result<NrrdHeader, NrrdError> {
        let name = self.require("type")?;
        let wanted = "whole numbers of 8 to 64 bits, float and double are read";
        let sample_type = sample_type(name).ok_or_else(|| unsupported("type", name, wanted))?;
        let name = self.require("encoding")?;
        let encoding = DataEncoding::of(name)
            .ok_or_else(|| unsupported("encoding", name, "raw, gzip and ascii are read: save it as one of these"))?;
        let big_endian = match self.get("endian").map(str::to_ascii_lowercase).as_deref() {
            Some("big") => true,
            Some("little") => false,
            None if sample_type.bytes() == 1 || encoding == DataEncoding::Ascii => false,
            None => return Err(NrrdError::Missing("endian")),
            Some(other) => return Err(unsupported("endian", other, "little and big are read")),
        };
        let byte_skip = self.byte_skip(encoding)?;
        Ok(NrrdHeader { sample_type, encoding, big_endian, byte_skip, grid: self.grid()? })
    }

    /// See [`NrrdHeader::byte_skip`]. Fails if the samples are in another file, or after lines or compressed bytes to skip.
    fn byte_skip(&self, encoding: DataEncoding) -> Result<i64, NrrdError> {
        if let Some(file) = self.get("data file") {
            return Err(unsupported(
                "data file",
                file,
                "samples must be in the same file: save it as .nrrd, not .nhdr",
            ));
        }
        if let Some(skip) = self.get("line skip").filter(|skip| *skip != "0") {
            return Err(unsupported("line skip", skip, "the samples must follow the header directly"));
        }
        let Some(text) = self.get("byte skip").filter(|skip| *skip != "0") else { return Ok(0) };
        let skip = text.parse().ok().filter(|skip| *skip >= -1 && encoding == DataEncoding::Raw);
        skip.ok_or_else(|| unsupported("byte skip", text, "raw samples may follow a number of bytes, others must not"))
    }

    fn grid(&self) -> Result<VoxelGrid, NrrdError> {
        let dimension = self.require("dimension")?;
        if dimension != "3" {
            return Err(unsupported("dimension", dimension, "one volume of three dimensions is read"));
        }
        let text = self.require("sizes")?;
        let sizes: Option<Vec<usize>> = text.split_whitespace().map(|size| size.parse().ok()).collect();
        let sizes: Option<[usize; 3]> = sizes.and_then(|sizes| sizes.try_into().ok());
        let sizes = sizes.ok_or_else(|| unsupported("sizes", text, "three whole numbers are needed"))?;
        let samples = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
        let in_range = sizes.iter().all(|size| (1..=MAX_SIDE).contains(size));
        if !in_range || samples.is_none_or(|samples| samples > MAX_NATIVE_SAMPLES) {
            return Err(NrrdError::Sizes(sizes));
        }
        let signs = self.signs()?;
        let to_lps = |vector: [f64; 3]| [vector[0] * signs[0], vector[1] * signs[1], vector[2] * signs[2]];
        let text = self.require("space directions")?;
        let three = "three vectors of three numbers are needed, one for each axis";
        let vectors = vectors(text).ok_or_else(|| unsupported("space directions", text, three))?;
        let directions: [[f64; 3]; 3] = vectors.try_into().map_err(|_| unsupported("space directions", text, three))?;
        let origin = match self.get("space origin") {
            None => [0.0; 3],
            Some(text) => match vector(text) {
                Some(origin) => origin,
                None => return Err(unsupported("space origin", text, "a vector of three numbers is needed")),
            },
        };
        Ok(VoxelGrid::new(sizes, directions.map(to_lps), to_lps(origin))?)
    }

    /// The factors that convert the file's space to LPS.
    fn signs(&self) -> Result<[f64; 3], NrrdError> {
        let space = self.require("space")?;
        match space.to_ascii_lowercase().as_str() {
            "left-posterior-superior" | "lps" => Ok([1.0, 1.0, 1.0]),
            "left-anterior-superior" | "las" => Ok([1.0, -1.0, 1.0]),
            "right-anterior-superior" | "ras" => Ok([-1.0, -1.0, 1.0]),
            _ => Err(unsupported(
                "space",
                space,
                "it must give the patient's orientation, as left-posterior-superior does",
            )),
        }
    }
}

/// Parses `(1,2,3) (4,5,6) ...`.
fn vectors(text: &str) -> Option<Vec<[f64; 3]>> {
    let parts = text.split_inclusive(')').map(str::trim).filter(|part| !part.is_empty());
    parts.map(vector).collect()
}

/// Parses `(1,2,3)`.
fn vector(text: &str) -> Option<[f64; 3]> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let numbers: Option<Vec<f64>> = inner.split(',').map(|number| number.trim().parse().ok()).collect();
    numbers?.try_into().ok()
}

fn unsupported(field: &'static str, found: &str, wanted: &'static str) -> NrrdError {
    NrrdError::Field { field, found: quote(found), wanted }
}
