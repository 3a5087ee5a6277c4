//! Reads volumes in NIfTI files of version 1 and 2 (<https://nifti.nimh.nih.gov>), plain (`.nii`) and gzipped (`.nii.gz`).
//!
//! Samples are decoded as a stream, so that a volume needs little more memory than its values.

mod header;
mod orientation;

use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;

use super::decoded::{DecodedFile, Format, PersonalField, Refusal, UnsupportedFormat};
use super::detect::{FileKind, detect};
use super::limits::{MAX_FILE_BYTES, MAX_INFLATE_RATIO, MAX_SAMPLES, MAX_SIDE};
use super::orientation::VoxelGrid;
use super::sample_type::SampleType;
use super::volume::Volume;
use super::window::IntensityWindow;
use header::{HEADER_1_BYTES, NiftiHeader};

const DAMAGED: Refusal = Refusal::Damaged(Format::Nifti);

/// Most volumes of a time series that are read to find one that is not blank.
const MAX_VOLUMES: usize = 4;

/// Bytes that are decoded at a time. A multiple of the bytes of every sample type.
const CHUNK: usize = 1 << 16;

/// Reads a `.nii` file.
///
/// # Errors
/// If the file is damaged, its samples are not intensities, or it is beyond a limit.
pub fn open(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let layout = VolumeLayout::of(bytes)?;
    let samples = bytes.get(layout.start..).ok_or(DAMAGED)?;
    layout.read(path, samples, samples.len())
}

/// Reads a gzipped file, which must contain a `.nii` file.
///
/// # Errors
/// As [`open`], and if the first volume unpacks into too much.
pub fn open_gzip(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let mut packed = MultiGzDecoder::new(bytes);
    let mut start = Vec::with_capacity(HEADER_1_BYTES);
    // A file that was cut off gives what it has, and an error.
    let whole = packed.by_ref().take(HEADER_1_BYTES as u64).read_to_end(&mut start);
    if whole.is_err() || start.len() < HEADER_1_BYTES {
        let cut = header::begins_with_size(&start) || path.to_ascii_lowercase().ends_with(".nii.gz");
        return Err(if cut { DAMAGED } else { Refusal::Unsupported(UnsupportedFormat::Archive) });
    }
    match detect(&start) {
        FileKind::Image(Format::Nifti) => {}
        FileKind::Unsupported(format @ (UnsupportedFormat::HeaderOnly | UnsupportedFormat::FreeSurfer)) => {
            return Err(Refusal::Unsupported(format));
        }
        _ => return Err(Refusal::Unsupported(UnsupportedFormat::Archive)),
    }
    if start.starts_with(&540_i32.to_le_bytes()) || start.starts_with(&540_i32.to_be_bytes()) {
        start.resize(header::HEADER_2_BYTES, 0);
        packed.read_exact(&mut start[HEADER_1_BYTES..]).map_err(|_| DAMAGED)?;
    }
    let layout = VolumeLayout::of(&start)?;
    if layout.start + layout.bytes() > MAX_FILE_BYTES {
        return Err(Refusal::UnpacksTooLarge);
    }
    let extensions = layout.start.saturating_sub(start.len()) as u64;
    std::io::copy(&mut packed.by_ref().take(extensions), &mut std::io::sink()).map_err(|_| DAMAGED)?;
    layout.read(path, packed, bytes.len().saturating_mul(MAX_INFLATE_RATIO))
}

/// Where the samples are and what they mean.
struct VolumeLayout {
    header: NiftiHeader,
    sample_type: SampleType,
    grid: VoxelGrid,
    /// Number of volumes in a time series.
    volumes: usize,
    /// Offset of the samples in the file.
    start: usize,
}

impl VolumeLayout {
    /// The layout in the header of a file, within the limits.
    fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let header = NiftiHeader::parse(bytes).ok_or(DAMAGED)?;
        let sample_type = header.sample_type.ok_or(Refusal::NotIntensities)?;
        let [dimensions, sizes @ ..] = header.dim;
        if !(2..=7).contains(&dimensions) {
            return Err(Refusal::Dimensions);
        }
        let size = |axis: usize| if (axis as i64) < dimensions { sizes[axis] } else { 1 };
        let sizes = [size(0), size(1), size(2)];
        if sizes.contains(&0) {
            return Err(DAMAGED);
        }
        let in_range = |size: &i64| (1..=MAX_SIDE as i64).contains(size);
        if !sizes.iter().all(in_range) || sizes.iter().product::<i64>() > MAX_SAMPLES as i64 {
            return Err(Refusal::TooManyPixels);
        }
        let sizes = sizes.map(|size| size as usize);
        let volumes = (3..7).map(|axis| size(axis).clamp(1, MAX_VOLUMES as i64) as usize).product();
        // The cast saturates, and turns NaN into 0.
        let start = (header.vox_offset as usize).clamp(header.bytes, MAX_FILE_BYTES);
        let grid = orientation::grid(&header, sizes)?;
        Ok(Self { header, sample_type, grid, volumes, start })
    }

    /// Bytes of one volume.
    fn bytes(&self) -> usize {
        self.grid.sizes.iter().product::<usize>() * self.sample_type.bytes()
    }

    /// Reads the first volume that is not blank. `available` is the most bytes that `samples` can have.
    fn read(self, path: &str, mut samples: impl Read, available: usize) -> Result<DecodedFile, Refusal> {
        if available < self.bytes() {
            return Err(DAMAGED);
        }
        let mut volume = self.read_volume(&mut samples)?.ok_or(DAMAGED)?;
        for _ in 1..self.volumes.min(MAX_VOLUMES) {
            if IntensityWindow::of(&volume.values).is_some() {
                break;
            }
            // The file may end after the first volume.
            drop(volume);
            volume = self.read_volume(&mut samples)?.ok_or(Refusal::Blank)?;
        }
        let mut file = volume.into_file(path, Format::Nifti)?;
        if !orientation::is_known(&self.header) {
            file.plane = None;
        }
        let extensions = (self.start > self.header.bytes).then_some(PersonalField::FreeText);
        file.personal = PersonalField::unique(self.header.personal.into_iter().chain(extensions));
        Ok(file)
    }

    /// Reads the next volume. `None` if the samples have ended before it.
    ///
    /// # Errors
    /// If the samples end within the volume, or a gzip stream is cut off.
    fn read_volume(&self, samples: &mut impl Read) -> Result<Option<Volume>, Refusal> {
        let (slope, intercept) = (self.header.slope as f32, self.header.intercept as f32);
        let scaled = slope.is_finite() && slope != 0.0 && intercept.is_finite();
        let (slope, intercept) = if scaled { (slope, intercept) } else { (1.0, 0.0) };
        let mut placed = self.grid.place();
        let (mut chunk, mut left) = (vec![0; CHUNK], self.bytes());
        while left > 0 {
            let part = &mut chunk[..CHUNK.min(left)];
            let read = fill(samples, part).map_err(|_| DAMAGED)?;
            if read == 0 && left == self.bytes() {
                return Ok(None);
            }
            if read < part.len() {
                return Err(DAMAGED);
            }
            for sample in part.chunks_exact(self.sample_type.bytes()) {
                placed.push(self.sample_type.value(sample, self.header.big_endian) * slope + intercept);
            }
            left -= part.len();
        }
        Ok(Some(placed.finish()))
    }
}

/// Reads until `part` is full or there is no more. Returns the number of bytes.
fn fill(samples: &mut impl Read, part: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < part.len() {
        match samples.read(&mut part[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests;
