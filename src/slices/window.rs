//! Converts samples to grey levels: intensity windows, label maps and shrinking.

use super::limits::MAX_KEPT_SIDE;
use super::raster::Raster;
use crate::slice::MASK_THRESHOLD;

/// Fraction of the samples that may be darker than black, if black is not 0.
const CLIPPED_DARK: f64 = 0.005;
/// Fraction of the samples that may be brighter than white. Without it a few bright samples would darken the rest.
const CLIPPED_BRIGHT: f64 = 0.001;
/// If the darkest sample is brighter than this fraction of white, an offset was added to all samples, such as 32768 by
/// programs that write signed numbers as unsigned ones.
const MAX_DARK: f32 = 0.75;
/// The same from this fraction on, if there is an even background: air.
const MIN_OFFSET: f32 = 0.2;
/// Smallest part of the samples in an even background.
const MIN_BACKGROUND: f32 = 0.2;
/// Widest range of an even background, as a fraction of the range of all samples.
const EVEN: f32 = 0.05;
/// Samples that are looked at to find black and white.
const MAX_SAMPLED: usize = 1 << 20;
/// Up to this many different values are taken for labels, however they are arranged.
const FEW_LABELS: usize = 4;
/// A label map with more labels has runs of equal values in its rows that are at least this long on average.
const MIN_RUN: usize = 10;
/// Most different values in a label map.
const MAX_LABELS: usize = 16;

/// The range of values between black and white, as a DICOM window (PS3.3 C.11.2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct IntensityWindow {
    black: f32,
    white: f32,
}

impl IntensityWindow {
    /// A window for all these values. `None` if all finite values are equal, or there are none.
    pub(super) fn of(values: &[f32]) -> Option<Self> {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let (least, most) = (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max));
        if least >= most || !(most - least).is_finite() {
            return None;
        }
        let mut some: Vec<f32> = finite().step_by(values.len().div_ceil(MAX_SAMPLED).max(1)).collect();
        let mut quantile = |part: f64| {
            let place = ((some.len().saturating_sub(1)) as f64 * part) as usize;
            if some.is_empty() { most } else { *some.select_nth_unstable_by(place, f32::total_cmp).1 }
        };
        let (dark, white) = (quantile(CLIPPED_DARK), quantile(1.0 - CLIPPED_BRIGHT));
        // Scanners write air as 0. Other values come from software that added an offset.
        let even = || {
            let near = some.iter().filter(|value| **value - least <= EVEN * (white - least)).count();
            near as f32 >= MIN_BACKGROUND * some.len() as f32
        };
        let has_offset = least > MAX_DARK * white || (least > MIN_OFFSET * white && even());
        let black = if least >= 0.0 && !has_offset { 0.0 } else { dark };
        Some(if white > black { Self { black, white } } else { Self { black: least, white: most } })
    }

    /// The window of this centre and width. `None` if the width is not above 0 or a number is not finite.
    pub(super) fn around(centre: f64, width: f64) -> Option<Self> {
        let (black, white) = ((centre - width / 2.0) as f32, (centre + width / 2.0) as f32);
        (black.is_finite() && white.is_finite() && white > black).then_some(Self { black, white })
    }

    /// The values that become black and white.
    pub(super) fn range(self) -> [f32; 2] {
        [self.black, self.white]
    }

    /// Difference between white and black.
    pub(super) fn width(self) -> f32 {
        self.white - self.black
    }

    /// The grey level of a value. NaN is black.
    pub(super) fn byte(self, value: f32) -> u8 {
        let along = (value - self.black) / (self.white - self.black);
        if along.is_nan() { 0 } else { (along * 255.0).round().clamp(0.0, 255.0) as u8 }
    }
}

/// Whether the values, row by row, look like a label map: 2 to [`MAX_LABELS`] different whole numbers, none below 0, one of
/// them 0. More than [`FEW_LABELS`] must be in areas, as a scan with 4 bits has few values too.
pub(super) fn is_label_map(values: impl IntoIterator<Item = f32>) -> bool {
    let mut seen: Vec<f32> = Vec::with_capacity(MAX_LABELS);
    let (mut count, mut changes) = (0_usize, 0_usize);
    for value in values {
        count += 1;
        if seen.last() == Some(&value) {
            continue;
        }
        changes += 1;
        match seen.iter().position(|known| *known == value) {
            // The last value is compared first, as neighbours are mostly equal.
            Some(index) => seen.swap_remove(index),
            None if value < 0.0 || value.fract() != 0.0 || !value.is_finite() || seen.len() == MAX_LABELS => {
                return false;
            }
            None => value,
        };
        seen.push(value);
    }
    // Grey levels of 4 bits are read as multiples of 17.
    let four_bits = seen.iter().all(|value| value % 17.0 == 0.0);
    let in_areas = changes <= count / MIN_RUN && !four_bits;
    seen.len() > 1 && seen.contains(&0.0) && (seen.len() <= FEW_LABELS || in_areas)
}

/// The mask pixel of a label: 255 for every label above 0.
pub(super) fn label_pixel(value: f32) -> u8 {
    if value > 0.0 { 255 } else { 0 }
}

/// The picture, shrunk to [`MAX_KEPT_SIDE`] if it is larger.
pub(super) fn shrink_to_kept(picture: Raster) -> Raster {
    let (width, height) = kept_size(picture.width(), picture.height());
    if (width, height) == (picture.width(), picture.height()) { picture } else { picture.resize(width, height) }
}

/// As [`shrink_to_kept`], for a picture in which every pixel above 0 is marked. A pixel stays marked if at least half of its
/// area was.
pub(super) fn shrink_labels(picture: Raster) -> Raster {
    let (width, height) = (picture.width(), picture.height());
    let mask = Raster::from_fn(width, height, |x, y| label_pixel(f32::from(picture.pixels()[y * width + x])));
    let (mask, greys) = (shrink_to_kept(mask), shrink_to_kept(picture));
    Raster::from_fn(mask.width(), mask.height(), |x, y| {
        let at = y * mask.width() + x;
        if mask.pixels()[at] >= MASK_THRESHOLD { greys.pixels()[at].max(1) } else { 0 }
    })
}

/// The largest size with the same proportions whose sides are at most [`MAX_KEPT_SIDE`] and not longer than before.
pub(super) fn kept_size(width: usize, height: usize) -> (usize, usize) {
    let longest = width.max(height);
    if longest <= MAX_KEPT_SIDE {
        return (width, height);
    }
    let scaled = |side: usize| (side as f64 * MAX_KEPT_SIDE as f64 / longest as f64).round().max(1.0) as usize;
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_black() {
        let values: Vec<f32> = (0..=1000).map(|value| value as f32).collect();
        let window = IntensityWindow::of(&values).unwrap();
        assert_eq!((window.byte(0.0), window.byte(499.5), window.byte(5000.0)), (0, 128, 255));
        assert_eq!(window.byte(f32::NAN), 0);
    }

    #[test]
    fn an_offset_of_all_values_is_black() {
        let values: Vec<f32> = (0..=1000).map(|value| (32_768 + value) as f32).collect();
        let window = IntensityWindow::of(&values).unwrap();
        assert!((window.byte(32_768.0), window.byte(33_768.0)) == (0, 255));
        assert!((126..=130).contains(&window.byte(33_268.0)));
    }

    #[test]
    fn an_even_background_above_0_is_black() {
        // Air at 1024, and tissue up to 3024. Without air, nothing tells that there is an offset.
        let air = std::iter::repeat_n(1024.0, 500);
        let tissue = || (0..=1000).map(|value| 1024.0 + 2.0 * value as f32);
        let window = IntensityWindow::of(&air.chain(tissue()).collect::<Vec<_>>()).unwrap();
        assert_eq!((window.byte(1024.0), window.byte(3024.0)), (0, 255));
        let window = IntensityWindow::of(&tissue().collect::<Vec<_>>()).unwrap();
        assert!(window.byte(1024.0) > 80);
    }

    #[test]
    fn values_below_0_are_within_the_window() {
        let values: Vec<f32> = (-1000..1000).map(|value| value as f32).collect();
        let window = IntensityWindow::of(&values).unwrap();
        assert!((window.byte(-1000.0), window.byte(999.0)) == (0, 255) && (126..=130).contains(&window.byte(0.0)));
    }

    #[test]
    fn outliers_and_missing_samples_do_not_set_the_window() {
        let mut values = vec![100.0; 10_000];
        values[0] = 0.0;
        values[1] = 1e30;
        values[2] = f32::NAN;
        values[3] = f32::INFINITY;
        assert_eq!(IntensityWindow::of(&values).unwrap().byte(100.0), 255);
        for values in [&[f32::NAN; 9][..], &[3.0; 9], &[], &[f32::MIN, f32::MAX]] {
            assert!(IntensityWindow::of(values).is_none(), "{values:?}");
        }
        assert_eq!(IntensityWindow::around(40.0, 80.0).unwrap().byte(40.0), 128);
        assert!(IntensityWindow::around(40.0, 0.0).is_none() && IntensityWindow::around(f64::NAN, 1.0).is_none());
    }

    #[test]
    fn a_label_map_has_few_whole_numbers() {
        assert!(is_label_map([0.0, 0.0, 1.0, 2.0, 4.0, 0.0, 4.0]));
        assert!(!is_label_map([0.0, 1.5]) && !is_label_map([0.0; 9]));
        assert!(!is_label_map([1.0, 2.0]) && !is_label_map([-1.0, 0.0]));
        assert!(!is_label_map((0..100).map(|value| value as f32)));
        // The grey levels of a scan with 4 bits are multiples of 17, or are not in areas.
        assert!(!is_label_map((0..4096).map(|index| (17 * (index / 64 % 16)) as f32)));
        assert!(!is_label_map((0..4096).map(|index| (index * index / 7 % 16) as f32)));
        assert!(is_label_map((0..4096).map(|index| (index / 64 % 16) as f32)));
    }

    #[test]
    fn large_pictures_shrink_in_proportion() {
        let small = shrink_to_kept(Raster::from_fn(1024, 512, |_, _| 7));
        assert_eq!((small.width(), small.height()), (256, 128));
        assert_eq!(shrink_to_kept(small.clone()), small);
        assert_eq!(kept_size(10_000, 1), (256, 1));
    }

    /// Faint labels would vanish in the mean, and so would their edges.
    #[test]
    fn labels_are_shrunk_as_a_mask() {
        let labels = Raster::from_fn(512, 512, |x, y| if x < 101 && y < 200 { 1 } else { 0 });
        let small = shrink_labels(labels.clone());
        let mask = shrink_to_kept(Raster::from_fn(512, 512, |x, y| 255 * labels.pixels()[y * 512 + x]));
        assert_eq!((small.width(), small.height()), (256, 256));
        assert!(small.pixels().iter().zip(mask.pixels()).all(|(label, mask)| (*label > 0) == (*mask >= 128)));
        let faint = Raster::from_fn(64, 64, |x, _| (x / 16) as u8);
        assert_eq!(shrink_labels(faint.clone()), faint);
    }
}
