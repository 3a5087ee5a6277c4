//! The one normalisation: every slice, whoever brings it, goes through here before anything else looks at it.
//!
//! MRI has no units. Scanners differ in brightness, in how large the head is drawn and where it lies. A
//! [`Framing`] is measured on all slices of one patient together and then applied to each: one square around
//! the head, one gain. Nothing is fitted to a single slice, so a tumour stays as much brighter than the brain
//! around it as it was, and the slices of one head keep their relative size.

use super::raster::{Raster, Square};

/// Brightness, of 255, that the brightest tissue of a volume is brought to.
pub const TISSUE_WHITE: f32 = 230.0;

/// Part of the tissue that may be brighter than [`TISSUE_WHITE`]: fat, vessels, artefacts. With less, fat decides
/// and brains come out dark; with this, under 1 % of the tumour pixels of the two training sets become white.
const BRIGHTEST: f64 = 0.03;

/// Noise in air reaches up to about this many times its commonest value: 99 % of a Rayleigh distribution, which
/// is what the magnitude of complex noise has, lie below 3 modes.
const NOISE_REACH: f32 = 3.0;

/// Air ends within these parts of the threshold between dark and bright: not lower, as ghosts and padding fool
/// the estimate of noise, and not higher, as fluid is dark without being air.
const AIR_LIMITS: (f32, f32) = (0.3, 0.6);

/// A row or column belongs to the head if at least this part of it is bright. Dots beside the head (fiducials)
/// and thin bands fill less.
const FILLED: f32 = 0.05;

/// Empty rows or columns, as part of the side, that do not end the head.
const GAP: f32 = 0.04;

/// Black left free on each side of the head, as part of its size.
const MARGIN: f32 = 0.04;

/// How the slices of one patient are cut out and brightened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Framing {
    /// The square around the head, in pixels of the source.
    pub square: Square,
    /// Source brightness (0 to 255) that noise in air does not exceed.
    pub air: f32,
    /// What brightness is multiplied by. Above 0.
    pub gain: f32,
}

/// All slices of one patient, cut to the head, at one brightness, `size` x `size` pixels.
pub fn normalise_volume(slices: &[Raster], size: usize) -> Vec<Raster> {
    let framing = Framing::of(slices);
    slices.iter().map(|slice| framing.apply(slice, size)).collect()
}

impl Framing {
    /// Measured on the slices of one patient, which should have one size. Without tissue (no slices, all
    /// black) the framing leaves brightness alone and keeps the whole picture.
    pub fn of(slices: &[Raster]) -> Self {
        let counts = histogram(slices);
        let bright = between_dark_and_bright(&counts);
        let noise = (1..=bright).max_by_key(|&value| (counts[value], std::cmp::Reverse(value))).unwrap_or(0);
        let air = (NOISE_REACH * noise as f32).clamp(AIR_LIMITS.0 * bright as f32, AIR_LIMITS.1 * bright as f32);
        let white = quantile(&counts, bright, 1.0 - BRIGHTEST);
        let gain = if white > 0.0 { TISSUE_WHITE / white } else { 1.0 };
        Self { square: head(slices, bright), air, gain }
    }

    /// The slice cut out, brightened and cleared of air noise.
    pub fn apply(&self, slice: &Raster, size: usize) -> Raster {
        let size = size.max(1);
        let values = slice.crop(self.square).resample(size, size);
        Raster::from_fn(size, size, |x, y| self.tone(values[y * size + x]))
    }

    /// The mask of a slice, cut out the same way. Edges stay soft: 0 is background, 255 all tumour.
    pub fn apply_mask(&self, mask: &Raster, size: usize) -> Raster {
        mask.crop(self.square).resize(size, size)
    }

    /// New brightness: what averaging left of the noise in air fades to 0, the rest is multiplied.
    fn tone(&self, value: f32) -> u8 {
        let floor = self.air / 2.0;
        let along = if self.air > 0.0 { ((value - floor) / (self.air - floor)).clamp(0.0, 1.0) } else { 1.0 };
        let kept = along * along * (3.0 - 2.0 * along);
        (value * kept * self.gain).round().clamp(0.0, 255.0) as u8
    }
}

/// How many pixels of the volume have each brightness.
fn histogram(slices: &[Raster]) -> [u64; 256] {
    let mut counts = [0; 256];
    for &pixel in slices.iter().flat_map(Raster::pixels) {
        counts[usize::from(pixel)] += 1;
    }
    counts
}

/// The brightness up to which pixels count as dark, by Otsu's method: dark and bright pixels each vary least
/// among themselves. 0 if all pixels are alike.
fn between_dark_and_bright(counts: &[u64; 256]) -> usize {
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
    // Where no pixel lies between, all thresholds there are as good: the middle one.
    first.midpoint(last)
}

/// Of the pixels brighter than `dark`, the smallest brightness that this part (0 to 1) does not exceed; 0 if
/// there are none.
fn quantile(counts: &[u64; 256], dark: usize, part: f64) -> f32 {
    let wanted = counts[dark + 1..].iter().sum::<u64>() as f64 * part;
    let mut below = 0;
    let reaches = |value: &usize| {
        below += counts[*value];
        below > 0 && below as f64 >= wanted
    };
    (dark + 1..counts.len()).find(reaches).unwrap_or(0) as f32
}

/// The square around the head over all slices, with its margin.
fn head(slices: &[Raster], dark: usize) -> Square {
    let width = slices.iter().map(Raster::width).max().unwrap_or(1);
    let height = slices.iter().map(Raster::height).max().unwrap_or(1);
    let tissue = |pixel: &u8| usize::from(*pixel) > dark;

    // Fullest slice a row: a head that is narrow in one slice is broad in another.
    let mut rows = vec![0; height];
    for slice in slices {
        for (most, row) in rows.iter_mut().zip(slice.rows()) {
            *most = (*most).max(row.iter().filter(|pixel| tissue(pixel)).count());
        }
    }
    let (top, bottom) = longest_run(&rows, width);
    // Columns only within those rows, so that a band beneath the head does not count.
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

/// First and one past the last of the longest stretch of lines that are filled enough, given the tissue
/// pixels in each and how many pixels a line has. All lines if none is filled.
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
#[path = "normalise_tests.rs"]
mod tests;
