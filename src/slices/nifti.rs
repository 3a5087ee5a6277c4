//! Reads volumes in NIfTI-1 files (<https://nifti.nimh.nih.gov/nifti-1>), plain (`.nii`) and gzipped (`.nii.gz`).

mod orientation;

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use nifti::{DataElement, NiftiHeader, NiftiType};

use super::decoded::{DecodedFile, Format, PersonalField, Refusal, UnsupportedFormat};
use super::detect::{FileKind, detect};
use super::limits::{MAX_FILE_BYTES, MAX_INFLATE_RATIO, MAX_SAMPLES, MAX_SIDE};
use super::orientation::SampleGrid;

/// Bytes of the header, with the 4 bytes that say whether extensions follow.
const HEADER_BYTES: usize = 352;

/// Stands for every error of the `nifti` crate, whose messages quote the file.
const DAMAGED: Refusal = Refusal::Damaged(Format::Nifti);

/// Sample types that are not intensities, or not supported by any processor.
const UNSUPPORTED_TYPES: [NiftiType; 6] = [
    NiftiType::Rgb24,
    NiftiType::Rgba32,
    NiftiType::Complex64,
    NiftiType::Complex128,
    NiftiType::Complex256,
    NiftiType::Float128,
];

/// Reads a `.nii` file.
///
/// # Errors
/// If the file is damaged, its samples are not intensities, or it is beyond a limit.
pub fn open(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let layout = VolumeLayout::of(bytes)?;
    let values = layout.values(bytes.get(layout.samples()).ok_or(DAMAGED)?)?;
    layout.into_file(path, values)
}

/// Reads a gzipped file, which must contain a `.nii` file.
///
/// # Errors
/// As [`open`], and if the file unpacks into too much.
pub fn open_gzip(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let mut packed = MultiGzDecoder::new(bytes);
    let mut unpacked = vec![0; HEADER_BYTES];
    packed.read_exact(&mut unpacked).map_err(|_| Refusal::Unsupported(UnsupportedFormat::Archive))?;
    match detect(&unpacked) {
        FileKind::Image(Format::Nifti) => {}
        FileKind::Unsupported(format @ (UnsupportedFormat::HeaderOnly | UnsupportedFormat::Nifti2)) => {
            return Err(Refusal::Unsupported(format));
        }
        _ => return Err(Refusal::Unsupported(UnsupportedFormat::Archive)),
    }
    let layout = VolumeLayout::of(&unpacked)?;
    let samples = layout.samples();
    if samples.end > MAX_FILE_BYTES {
        return Err(Refusal::UnpacksTooLarge);
    }
    // Unpacks as many bytes as the header asks for, whatever follows.
    let rest = samples.end.saturating_sub(HEADER_BYTES);
    unpacked.reserve_exact(bytes.len().saturating_mul(MAX_INFLATE_RATIO).min(rest));
    packed.take(rest as u64).read_to_end(&mut unpacked).map_err(|_| DAMAGED)?;
    let values = layout.values(unpacked.get(samples).ok_or(DAMAGED)?)?;
    // Frees memory before reordering, which needs as much again.
    drop(unpacked);
    layout.into_file(path, values)
}

/// Where the samples of the first volume are and what they mean.
struct VolumeLayout {
    header: NiftiHeader,
    sample_type: NiftiType,
    grid: SampleGrid,
    /// Offset of the samples in the file.
    start: usize,
}

impl VolumeLayout {
    /// The layout in the header of a file, within the limits.
    fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let header = NiftiHeader::from_reader(bytes.get(..HEADER_BYTES).ok_or(DAMAGED)?).map_err(|_| DAMAGED)?;
        let sample_type = header.data_type().ok().filter(|one| !UNSUPPORTED_TYPES.contains(one));
        let sample_type = sample_type.ok_or(Refusal::NotIntensities)?;
        let [dimensions, sizes @ ..] = header.dim;
        if !(2..=7).contains(&dimensions) {
            return Err(Refusal::Dimensions);
        }
        // Only the first volume of a time series is read.
        let sizes = [sizes[0], sizes[1], if dimensions > 2 { sizes[2] } else { 1 }].map(usize::from);
        if sizes.contains(&0) {
            return Err(DAMAGED);
        }
        // Three 16-bit numbers: the product fits in 64 bits.
        let samples: u64 = sizes.iter().map(|&size| size as u64).product();
        if sizes.iter().any(|&size| size > MAX_SIDE) || samples > MAX_SAMPLES as u64 {
            return Err(Refusal::TooManyPixels);
        }
        // The cast saturates, and turns NaN into 0.
        let start = (header.vox_offset as usize).clamp(HEADER_BYTES, MAX_FILE_BYTES);
        let grid = orientation::grid(&header, sizes)?;
        Ok(Self { header, sample_type, grid, start })
    }

    /// Range of the samples of the first volume in the file.
    fn samples(&self) -> std::ops::Range<usize> {
        let count: usize = self.grid.sizes.iter().product();
        self.start..self.start + count * self.sample_type.size_of()
    }

    /// The file with the slices of these stored values, scaled and reoriented.
    fn into_file(self, path: &str, mut values: Vec<f32>) -> Result<DecodedFile, Refusal> {
        let (slope, intercept) = (self.header.scl_slope, self.header.scl_inter);
        if slope.is_finite() && slope != 0.0 && intercept.is_finite() && (slope, intercept) != (1.0, 0.0) {
            values.iter_mut().for_each(|value| *value = *value * slope + intercept);
        }
        let volume = self.grid.reorient(&values);
        drop(values);
        let mut file = volume.into_file(path, Format::Nifti)?;
        if !orientation::is_known(&self.header) {
            file.plane = None;
        }
        file.personal = personal_fields(&self.header, self.start > HEADER_BYTES);
        Ok(file)
    }

    /// The stored values of the samples in `bytes`.
    fn values(&self, bytes: &[u8]) -> Result<Vec<f32>, Refusal> {
        match self.sample_type {
            NiftiType::Uint8 => self.convert(bytes, |value: u8| value.into()),
            NiftiType::Int8 => self.convert(bytes, |value: i8| value.into()),
            NiftiType::Uint16 => self.convert(bytes, |value: u16| value.into()),
            NiftiType::Int16 => self.convert(bytes, |value: i16| value.into()),
            NiftiType::Uint32 => self.convert(bytes, |value: u32| value as f32),
            NiftiType::Int32 => self.convert(bytes, |value: i32| value as f32),
            NiftiType::Uint64 => self.convert(bytes, |value: u64| value as f32),
            NiftiType::Int64 => self.convert(bytes, |value: i64| value as f32),
            NiftiType::Float32 => self.convert(bytes, |value: f32| value),
            NiftiType::Float64 => self.convert(bytes, |value: f64| value as f32),
            _ => Err(Refusal::NotIntensities),
        }
    }

    fn convert<T: DataElement>(&self, bytes: &[u8], convert: impl Fn(T) -> f32) -> Result<Vec<f32>, Refusal> {
        let sample = |bytes: &[u8]| T::from_raw(bytes, self.header.endianness).map(&convert).map_err(|_| DAMAGED);
        bytes.chunks_exact(self.sample_type.size_of()).map(sample).collect()
    }
}

/// The kinds of personal fields in a header. Extensions count as free text.
fn personal_fields(header: &NiftiHeader, has_extensions: bool) -> Vec<PersonalField> {
    let has_text = |field: &[u8]| field.iter().take_while(|byte| **byte != 0).any(|byte| byte.is_ascii_alphanumeric());
    let fields = [&header.descrip[..], &header.aux_file[..], &header.intent_name[..]];
    let free_text = fields.into_iter().any(has_text) || has_extensions;
    let kinds = [(has_text(&header.db_name), PersonalField::PatientId), (free_text, PersonalField::FreeText)];
    PersonalField::unique(kinds.into_iter().filter_map(|(present, kind)| present.then_some(kind)))
}

#[cfg(test)]
mod tests;
