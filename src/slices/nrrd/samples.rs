//! The numbers behind an NRRD header.

use std::io::Read;

use super::error::NrrdError;
use super::header::Header;
use crate::slices::limits::MAX_RATIO;

/// How a sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

/// How the samples together are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Raw,
    Gzip,
    Text,
}

impl Kind {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "signed char" | "int8" | "int8_t" => Kind::I8,
            "uchar" | "unsigned char" | "uint8" | "uint8_t" => Kind::U8,
            "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => Kind::I16,
            "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => Kind::U16,
            "int" | "signed int" | "int32" | "int32_t" => Kind::I32,
            "uint" | "unsigned int" | "uint32" | "uint32_t" => Kind::U32,
            "float" => Kind::F32,
            "double" => Kind::F64,
            _ => return None,
        })
    }

    pub(super) fn bytes(self) -> usize {
        match self {
            Kind::I8 | Kind::U8 => 1,
            Kind::I16 | Kind::U16 => 2,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::F64 => 8,
        }
    }

    /// From little-endian bytes, as many as [`Kind::bytes`] says.
    fn value(self, b: [u8; 8]) -> f32 {
        let (two, four) = ([b[0], b[1]], [b[0], b[1], b[2], b[3]]);
        match self {
            Kind::I8 => f32::from(b[0] as i8),
            Kind::U8 => f32::from(b[0]),
            Kind::I16 => f32::from(i16::from_le_bytes(two)),
            Kind::U16 => f32::from(u16::from_le_bytes(two)),
            Kind::I32 => i32::from_le_bytes(four) as f32,
            Kind::U32 => u32::from_le_bytes(four) as f32,
            Kind::F32 => f32::from_le_bytes(four),
            Kind::F64 => f64::from_le_bytes(b) as f32,
        }
    }
}

impl Encoding {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "raw" => Encoding::Raw,
            "gzip" | "gz" => Encoding::Gzip,
            "ascii" | "text" | "txt" => Encoding::Text,
            _ => return None,
        })
    }
}

/// The samples, as many as the header says and each of them finite.
pub(super) fn read(header: &Header, data: &[u8]) -> Result<Vec<f32>, NrrdError> {
    let count = header.grid.sizes.iter().product();
    let wanted = count * header.kind.bytes();
    let values = match header.encoding {
        Encoding::Raw => binary(header, data, wanted)?,
        Encoding::Gzip => {
            // One byte more than wanted: enough to see that there are too many, whatever they unpack to.
            let mut bytes = Vec::new();
            bytes.reserve_exact(data.len().saturating_mul(MAX_RATIO).min(wanted) + 1);
            let stream = flate2::read::MultiGzDecoder::new(data);
            let read = stream.take(wanted as u64 + 1).read_to_end(&mut bytes);
            read.map_err(|error| NrrdError::Gzip(error.to_string()))?;
            binary(header, &bytes, wanted)?
        }
        Encoding::Text => text(data, count)?,
    };
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(NrrdError::NotFinite(index)),
        None => Ok(values),
    }
}

fn binary(header: &Header, data: &[u8], wanted: usize) -> Result<Vec<f32>, NrrdError> {
    if data.len() != wanted {
        return Err(NrrdError::Length { wanted, found: data.len() });
    }
    let value = |bytes: &[u8]| {
        let mut sample = [0; 8];
        sample[..bytes.len()].copy_from_slice(bytes);
        if header.big_endian {
            sample[..bytes.len()].reverse();
        }
        header.kind.value(sample)
    };
    Ok(data.chunks_exact(header.kind.bytes()).map(value).collect())
}

fn text(data: &[u8], count: usize) -> Result<Vec<f32>, NrrdError> {
    let words = data.split(|byte| byte.is_ascii_whitespace() || *byte == b',').filter(|word| !word.is_empty());
    let number = |word: &[u8]| std::str::from_utf8(word).ok()?.parse().ok();
    let mut values = Vec::new();
    for (index, word) in words.enumerate().take(count + 1) {
        values.push(number(word).ok_or(NrrdError::Sample(index))?);
    }
    if values.len() != count {
        return Err(NrrdError::Length { wanted: count, found: values.len() });
    }
    Ok(values)
}
