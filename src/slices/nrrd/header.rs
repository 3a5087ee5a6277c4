//! The text at the start of an NRRD file.

use std::collections::HashMap;

use super::error::{NrrdError, quote};
use super::samples::{Encoding, Kind};
use super::turn::Grid;
use super::{MAX_HEADER, MAX_SAMPLES, MAX_SIDE};

/// What the header says, as far as it is needed.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) encoding: Encoding,
    pub(super) big_endian: bool,
    pub(super) grid: Grid,
}

impl Header {
    /// The header and the bytes behind it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), NrrdError> {
        let version = bytes.strip_prefix(b"NRRD000").and_then(|rest| rest.first());
        if !version.is_some_and(|version| (b'1'..=b'5').contains(version)) {
            return Err(NrrdError::NotNrrd);
        }
        let (text, data) = split(bytes).ok_or(NrrdError::NoEnd)?;
        let text = std::str::from_utf8(text).map_err(|_| NrrdError::NotText)?;
        let fields = Fields::of(text)?;
        Ok((fields.header()?, data))
    }
}

/// At the first empty line, which ends the header and belongs to neither part.
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

/// Fields by their name in lower case.
struct Fields<'a>(HashMap<String, &'a str>);

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Result<Self, NrrdError> {
        let mut fields = HashMap::new();
        for line in text.lines().skip(1).filter(|line| !line.starts_with('#')) {
            // `name:=value` is a note of whoever wrote the file.
            let (name, value) = line.split_once(':').ok_or_else(|| NrrdError::Line(quote(line)))?;
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
        // Two names of old files are written without their space.
        self.0.get(name).or_else(|| self.0.get(&name.replace(' ', ""))).copied()
    }

    fn need(&self, name: &'static str) -> Result<&'a str, NrrdError> {
        self.get(name).ok_or(NrrdError::Missing(name))
    }

    fn header(&self) -> Result<Header, NrrdError> {
        self.inside()?;
        let kind = self.need("type")?;
        let wanted = "8, 16 and 32-bit whole numbers, float and double are read";
        let kind = Kind::of(kind).ok_or_else(|| refused("type", kind, wanted))?;
        let encoding = self.need("encoding")?;
        let encoding = Encoding::of(encoding)
            .ok_or_else(|| refused("encoding", encoding, "raw, gzip and ascii are read: save it as one of these"))?;
        let big_endian = match self.get("endian").map(str::to_ascii_lowercase).as_deref() {
            Some("big") => true,
            Some("little") => false,
            None if kind.bytes() == 1 || encoding == Encoding::Text => false,
            None => return Err(NrrdError::Missing("endian")),
            Some(other) => return Err(refused("endian", other, "little and big are known")),
        };
        Ok(Header { kind, encoding, big_endian, grid: self.grid()? })
    }

    /// Fail unless the samples follow the header at once.
    fn inside(&self) -> Result<(), NrrdError> {
        if let Some(file) = self.get("data file") {
            return Err(refused("data file", file, "samples must be in the same file: save it as .nrrd, not .nhdr"));
        }
        for field in ["line skip", "byte skip"] {
            if let Some(skip) = self.get(field).filter(|skip| *skip != "0") {
                return Err(refused(field, skip, "the samples must follow the header at once"));
            }
        }
        Ok(())
    }

    fn grid(&self) -> Result<Grid, NrrdError> {
        let dimension = self.need("dimension")?;
        if dimension != "3" {
            return Err(refused("dimension", dimension, "one volume of three dimensions is read"));
        }
        let text = self.need("sizes")?;
        let sizes: Option<Vec<usize>> = text.split_whitespace().map(|size| size.parse().ok()).collect();
        let sizes: Option<[usize; 3]> = sizes.and_then(|sizes| sizes.try_into().ok());
        let sizes = sizes.ok_or_else(|| refused("sizes", text, "three whole numbers are needed"))?;
        let samples = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
        let sane = sizes.iter().all(|size| (1..=MAX_SIDE).contains(size));
        if !sane || samples.is_none_or(|samples| samples > MAX_SAMPLES) {
            return Err(NrrdError::Sizes(sizes));
        }
        let signs = self.signs()?;
        let signed = |vector: [f64; 3]| [vector[0] * signs[0], vector[1] * signs[1], vector[2] * signs[2]];
        let text = self.need("space directions")?;
        let three = "three vectors of three numbers are needed, one for each axis";
        let vectors = vectors(text).ok_or_else(|| refused("space directions", text, three))?;
        let directions: [[f64; 3]; 3] = vectors.try_into().map_err(|_| refused("space directions", text, three))?;
        let origin = match self.get("space origin") {
            None => [0.0; 3],
            Some(text) => match vector(text) {
                Some(origin) => origin,
                None => return Err(refused("space origin", text, "a vector of three numbers is needed")),
            },
        };
        Grid::new(sizes, directions.map(signed), signed(origin))
    }

    /// What turns the file's space into left, back and head.
    fn signs(&self) -> Result<[f64; 3], NrrdError> {
        let space = self.need("space")?;
        match space.to_ascii_lowercase().as_str() {
            "left-posterior-superior" | "lps" => Ok([1.0, 1.0, 1.0]),
            "left-anterior-superior" | "las" => Ok([1.0, -1.0, 1.0]),
            "right-anterior-superior" | "ras" => Ok([-1.0, -1.0, 1.0]),
            _ => Err(refused("space", space, "it must say how the patient lies, as in left-posterior-superior")),
        }
    }
}

/// `(1,2,3) (4,5,6) ...`; nothing if a part of it is anything else.
fn vectors(text: &str) -> Option<Vec<[f64; 3]>> {
    let parts = text.split_inclusive(')').map(str::trim).filter(|part| !part.is_empty());
    parts.map(vector).collect()
}

fn vector(text: &str) -> Option<[f64; 3]> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let numbers: Option<Vec<f64>> = inner.split(',').map(|number| number.trim().parse().ok()).collect();
    numbers?.try_into().ok()
}

fn refused(field: &'static str, found: &str, wanted: &'static str) -> NrrdError {
    NrrdError::Field { field, found: quote(found), wanted }
}
