//! The normalisation that every slice goes through, in training, upload and game.
//!
//! MRI intensities have no unit. Scanners differ in intensity, field of view and position of the head. A [`Framing`] is
//! measured on all slices of one patient together and applied to each: one square around the head and one gain. Nothing is
//! fitted to a single slice, so the contrast of a tumour and the relative size of the slices of a head are kept.

use super::raster::{Raster, Square};

/// Grey level of the brightest tissue of a volume after normalisation.
pub const TISSUE_WHITE: f32 = 230.0;

/// Fraction of the tissue that may be brighter than [`TISSUE_WHITE`]: fat, vessels and artefacts. With a smaller fraction
/// fat sets the gain and brains become dark. With this one, less than 1 % of the tumour pixels of the two training sets
/// become white.
const BRIGHTEST: f64 = 0.03;

/// Largest noise in air as a multiple of its most frequent value. The magnitude of complex noise has a Rayleigh
/// distribution, of which 99 % is below 3 modes.
const NOISE_REACH: f32 = 3.0;

/// Limits of the air threshold as fractions of Otsu's threshold. Ghosts and padding make the estimate too low; fluid,
/// which is dark without being air, makes it too high.
const AIR_LIMITS: (f32, f32) = (0.3, 0.6);

/// A row or column belongs to the head if at least this fraction of it is bright. Fiducial markers and thin bands beside
/// the head fill less.
const FILLED: f32 = 0.05;

/// Largest gap of empty rows or columns inside a head, as a fraction of the side.
const GAP: f32 = 0.04;

/// Margin on each side of the head, as a fraction of its size.
const MARGIN: f32 = 0.04;

/// How the slices of one patient are cropped and scaled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Framing {
    /// The square around the head, in pixels of the source slice.
    pub square: Square,
    /// Grey level of the source slice that noise in air does not exceed.
    pub air: f32,
    /// Factor for all grey levels. Above 0.
    pub gain: f32,
}

/// The slices of one patient with a common [`Framing`], `size * size` pixels each.
pub fn normalise_volume(slices: &[Raster], size: usize) -> Vec<Raster> {
    let framing = Framing::of(slices);
    slices.iter().map(|slice| framing.apply(slice, size)).collect()
}

impl Framing {
    /// Measures the slices of one patient, which should have the same size. If there is no tissue, the framing keeps the
    /// whole picture and its grey levels.
    pub fn of(slices: &[Raster]) -> Self {
        let counts = histogram(slices);
        let bright = otsu_threshold(&counts);
        let noise = (1..=bright).max_by_key(|&value| (counts[value], std::cmp::Reverse(value))).unwrap_or(0);
        let air = (NOISE_REACH * noise as f32).clamp(AIR_LIMITS.0 * bright as f32, AIR_LIMITS.1 * bright as f32);
        let white = quantile(&counts, bright, 1.0 - BRIGHTEST);
        let gain = if white > 0.0 { TISSUE_WHITE / white } else { 1.0 };
        Self { square: head_square(slices, bright), air, gain }
    }

    /// The slice cropped, scaled and without noise in air, `size * size` pixels.
    pub fn apply(&self, slice: &Raster, size: usize) -> Raster {
        let size = size.max(1);
        let values = slice.crop(self.square).resample(size, size);
        Raster::from_fn(size, size, |x, y| self.tone(values[y * size + x]))
    }

    /// The mask of a slice, cropped alike, `size * size` pixels. 0 is background, 255 is tumour; edges are soft.
    pub fn apply_mask(&self, mask: &Raster, size: usize) -> Raster {
        mask.crop(self.square).resize(size, size)
    }

    /// The new grey level. Values below the air threshold fade to 0, to remove the noise that averaging left.
    fn tone(&self, value: f32) -> u8 {
        let floor = self.air / 2.0;
        let along = if self.air > 0.0 { ((value - floor) / (self.air - floor)).clamp(0.0, 1.0) } else { 1.0 };
        let kept = along * along * (3.0 - 2.0 * along);
        (value * kept * self.gain).round().clamp(0.0, 255.0) as u8
    }
}

/// Number of pixels of the volume with each grey level.
fn histogram(slices: &[Raster]) -> [u64; 256] {
    let mut counts = [0; 256];
    for &pixel in slices.iter().flat_map(Raster::pixels) {
        counts[usize::from(pixel)] += 1;
    }
    counts
}

/// The threshold of Otsu (1979), which minimises the variance within the dark and the bright pixels. 0 if all pixels are
/// equal.
fn otsu_threshold(counts: &[u64; 256]) -> usize {
    let pixels = counts.iter().sum::<u64>() as f64;
    let brightness: f64 = counts.iter().enumerate().map(|(value, &count)| value as f64 * count as f64).sum();
    let (mut dark, mut darkness, mut best) = (0.0, 0.0, 0.0);
    let (mut first, mut last) = (0, 0);
    for (value, &count) in counts.iter().enumerate() {
        dark += count as f64;
        darkness += value as f64 * count as f64;
        if dark == 0.0 || dark == pixels {
            continue;
        }
        let apart = darkness / dark - (brightness - darkness) / (pixels - dark);
        let spread = dark * (pixels - dark) * apart * apart;
        if spread > best {
            (best, first) = (spread, value);
        }
        if spread == best {
            last = value;
        }
    }
    // Thresholds in a gap of the histogram are equivalent, so the middle one is taken.
    first.midpoint(last)
}

/// The `part` quantile of the grey levels above `dark`. 0 if there are none.
fn quantile(counts: &[u64; 256], dark: usize, part: f64) -> f32 {
    let wanted = counts[dark + 1..].iter().sum::<u64>() as f64 * part;
    let mut below = 0;
    let reaches = |value: &usize| {
        below += counts[*value];
        below > 0 && below as f64 >= wanted
    };
    (dark + 1..counts.len()).find(reaches).unwrap_or(0) as f32
}

/// The square around the head in all slices, with its margin.
fn head_square(slices: &[Raster], dark: usize) -> Square {
    let width = slices.iter().map(Raster::width).max().unwrap_or(1);
    let height = slices.iter().map(Raster::height).max().unwrap_or(1);
    let tissue = |pixel: &u8| usize::from(*pixel) > dark;

    // For each row the largest number of bright pixels in any slice.
    let mut rows = vec![0; height];
    for slice in slices {
        for (most, row) in rows.iter_mut().zip(slice.rows()) {
            *most = (*most).max(row.iter().filter(|pixel| tissue(pixel)).count());
        }
    }
    let (top, bottom) = longest_run(&rows, width);
    // Columns are counted within those rows only, so that a band below the head does not count.
    let mut columns = vec![0; width];
    for slice in slices {
        let mut counts = vec![0; width];
        for row in slice.rows().take(bottom).skip(top) {
            counts.iter_mut().zip(row).filter(|(_, pixel)| tissue(pixel)).for_each(|(count, _)| *count += 1);
        }
        columns.iter_mut().zip(counts).for_each(|(most, count)| *most = (*most).max(count));
    }
    let (left, right) = longest_run(&columns, height);

    let longest = (bottom - top).max(right - left);
    let side = (longest as f32 * (1.0 + 2.0 * MARGIN)).round().max(1.0) as usize;
    let centred = |start: usize, end: usize| (start + end) as isize / 2 - side as isize / 2;
    Square { left: centred(left, right), top: centred(top, bottom), side }
}

/// First and past the last line of the longest run of lines with at least [`FILLED`] bright pixels, allowing for gaps.
/// `counts` has the bright pixels of each line, `length` is the length of a line. All lines if there is no run.
fn longest_run(counts: &[usize], length: usize) -> (usize, usize) {
    let enough = (length as f32 * FILLED).ceil() as usize;
    let gap = (counts.len() as f32 * GAP) as usize;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for line in (0..counts.len()).filter(|&line| counts[line] >= enough.max(1)) {
        match runs.last_mut() {
            Some((_, end)) if line - *end <= gap => *end = line + 1,
            _ => runs.push((line, line + 1)),
        }
    }
    runs.into_iter().max_by_key(|(start, end)| end - start).unwrap_or((0, counts.len()))
}

#[cfg(test)]
mod tests;
