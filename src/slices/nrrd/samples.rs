//! Reads the samples after an NRRD header.

use std::io::Read;

use super::error::NrrdError;
use super::header::{DataEncoding, NrrdHeader};
use crate::slices::limits::MAX_INFLATE_RATIO;

/// All samples: as many as the header says. Missing samples are NaN.
pub(super) fn read(header: &NrrdHeader, data: &[u8]) -> Result<Vec<f32>, NrrdError> {
    let count = header.grid.sizes.iter().product();
    let wanted = count * header.sample_type.bytes();
    match header.encoding {
        DataEncoding::Raw => {
            let skip = usize::try_from(header.byte_skip).unwrap_or(data.len().saturating_sub(wanted));
            binary(header, data.get(skip..).unwrap_or_default(), wanted)
        }
        DataEncoding::Gzip => {
            // At most one byte more than wanted is unpacked: enough to notice that there are too many.
            let mut bytes = Vec::new();
            bytes.reserve_exact(data.len().saturating_mul(MAX_INFLATE_RATIO).min(wanted) + 1);
            let stream = flate2::read::MultiGzDecoder::new(data);
            let read = stream.take(wanted as u64 + 1).read_to_end(&mut bytes);
            read.map_err(|error| NrrdError::Gzip(error.to_string()))?;
            binary(header, &bytes, wanted)
        }
        DataEncoding::Ascii => ascii(data, count),
    }
}

fn binary(header: &NrrdHeader, data: &[u8], wanted: usize) -> Result<Vec<f32>, NrrdError> {
    if data.len() != wanted {
        return Err(NrrdError::Length { wanted, found: data.len() });
    }
    let value = |bytes: &[u8]| header.sample_type.value(bytes, header.big_endian);
    Ok(data.chunks_exact(header.sample_type.bytes()).map(value).collect())
}

fn ascii(data: &[u8], count: usize) -> Result<Vec<f32>, NrrdError> {
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
