//! Volumes in NIfTI files, the format of brain research: `.nii` and `.nii.gz`.

mod place;

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use nifti::{DataElement, NiftiHeader, NiftiType};

use super::limits::{MAX_BYTES, MAX_RATIO, MAX_SAMPLES, MAX_SIDE};
use super::nrrd::turn::{Grid, upright};
use super::open::{Format, Found, Other, Refusal};
use super::{identity, sniff};

/// Bytes of the header, with the four that say whether more of it follows.
const HEADER: usize = 352;

/// What stands in for all that the library finds wrong: its own words quote the file.
const DAMAGED: Refusal = Refusal::Damaged(Format::Nifti);

/// Kinds of numbers that are colours, waves, or wider than any computer counts.
const NO_BRIGHTNESS: [NiftiType; 6] = [
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
/// If it is damaged, not of numbers that mean brightness, or beyond the limits.
pub fn open(path: &str, bytes: &[u8]) -> Result<Found, Refusal> {
    let plan = Plan::of(bytes)?;
    let values = plan.values(bytes.get(plan.samples()).ok_or(DAMAGED)?)?;
    plan.finish(path, values)
}

/// Reads a gzipped file, which must be NIfTI inside.
///
/// # Errors
/// As [`open`], and if it unpacks into too much.
pub fn open_packed(path: &str, bytes: &[u8]) -> Result<Found, Refusal> {
    let mut packed = MultiGzDecoder::new(bytes);
    let mut unpacked = vec![0; HEADER];
    packed.read_exact(&mut unpacked).map_err(|_| Refusal::Other(Other::Archive))?;
    match sniff::kind(&unpacked) {
        sniff::Kind::Slices(Format::Nifti) => {}
        sniff::Kind::Other(other @ (Other::HeaderOnly | Other::Nifti2)) => return Err(Refusal::Other(other)),
        _ => return Err(Refusal::Other(Other::Archive)),
    }
    let plan = Plan::of(&unpacked)?;
    let samples = plan.samples();
    if samples.end > MAX_BYTES {
        return Err(Refusal::Bursts);
    }
    // As many bytes as the header leads to and no more, whatever the rest would unpack into.
    let rest = samples.end.saturating_sub(HEADER);
    unpacked.reserve_exact(bytes.len().saturating_mul(MAX_RATIO).min(rest));
    packed.take(rest as u64).read_to_end(&mut unpacked).map_err(|_| DAMAGED)?;
    let values = plan.values(unpacked.get(samples).ok_or(DAMAGED)?)?;
    // Before the volume is turned, which takes as much again.
    drop(unpacked);
    plan.finish(path, values)
}

/// What a header leads to.
struct Plan {
    header: NiftiHeader,
    kind: NiftiType,
    grid: Grid,
    /// Where the samples start.
    start: usize,
}

impl Plan {
    fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let header = NiftiHeader::from_reader(bytes.get(..HEADER).ok_or(DAMAGED)?).map_err(|_| DAMAGED)?;
        let kind = header.data_type().ok().filter(|kind| !NO_BRIGHTNESS.contains(kind)).ok_or(Refusal::Numbers)?;
        let [dimensions, sizes @ ..] = header.dim;
        if !(2..=7).contains(&dimensions) {
            return Err(Refusal::Dimensions);
        }
        // Of several volumes, as of a film, the first.
        let sizes = [sizes[0], sizes[1], if dimensions > 2 { sizes[2] } else { 1 }].map(usize::from);
        if sizes.contains(&0) {
            return Err(DAMAGED);
        }
        // No product of three 16-bit numbers is beyond 64 bits.
        let samples: u64 = sizes.iter().map(|&size| size as u64).product();
        if sizes.iter().any(|&size| size > MAX_SIDE) || samples > MAX_SAMPLES as u64 {
            return Err(Refusal::TooBig);
        }
        // A cast from a float cannot go beyond the limits, and what is no number becomes 0.
        let start = (header.vox_offset as usize).clamp(HEADER, MAX_BYTES);
        let grid = place::grid(&header, sizes)?;
        Ok(Self { header, kind, grid, start })
    }

    /// Where the samples of the first volume lie.
    fn samples(&self) -> std::ops::Range<usize> {
        let count: usize = self.grid.sizes.iter().product();
        self.start..self.start + count * self.kind.size_of()
    }

    fn finish(self, path: &str, mut values: Vec<f32>) -> Result<Found, Refusal> {
        let (slope, shift) = (self.header.scl_slope, self.header.scl_inter);
        if slope.is_finite() && slope != 0.0 && shift.is_finite() && (slope, shift) != (1.0, 0.0) {
            values.iter_mut().for_each(|value| *value = *value * slope + shift);
        }
        let volume = upright(&self.grid, &values);
        drop(values);
        let mut found = Found::of_volume(path, Format::Nifti, &volume)?;
        if !place::known(&self.header) {
            found.plane = None;
        }
        found.personal = identity::of_nifti(&self.header, self.start > HEADER);
        Ok(found)
    }

    fn values(&self, bytes: &[u8]) -> Result<Vec<f32>, Refusal> {
        match self.kind {
            NiftiType::Uint8 => self.cast(bytes, |value: u8| value.into()),
            NiftiType::Int8 => self.cast(bytes, |value: i8| value.into()),
            NiftiType::Uint16 => self.cast(bytes, |value: u16| value.into()),
            NiftiType::Int16 => self.cast(bytes, |value: i16| value.into()),
            NiftiType::Uint32 => self.cast(bytes, |value: u32| value as f32),
            NiftiType::Int32 => self.cast(bytes, |value: i32| value as f32),
            NiftiType::Uint64 => self.cast(bytes, |value: u64| value as f32),
            NiftiType::Int64 => self.cast(bytes, |value: i64| value as f32),
            NiftiType::Float32 => self.cast(bytes, |value: f32| value),
            NiftiType::Float64 => self.cast(bytes, |value: f64| value as f32),
            _ => Err(Refusal::Numbers),
        }
    }

    fn cast<T: DataElement>(&self, bytes: &[u8], cast: impl Fn(T) -> f32) -> Result<Vec<f32>, Refusal> {
        let sample = |bytes: &[u8]| T::from_raw(bytes, self.header.endianness).map(&cast).map_err(|_| DAMAGED);
        bytes.chunks_exact(self.kind.size_of()).map(sample).collect()
    }
}

#[cfg(test)]
mod tests;
