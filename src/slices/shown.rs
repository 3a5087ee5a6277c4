//! From the numbers of a file to the greys of a picture.

use super::limits::{KEPT_SIDE, MAX_SLICES};
use super::nrrd::Volume;
use super::raster::Raster;

/// Part of all numbers that may be darker than black, where numbers go below 0.
const DARK: f64 = 0.005;
/// Part of all numbers that may be brighter than white: single sparks would leave the rest dark.
const SPARKS: f64 = 0.001;
/// Numbers looked at to find black and white.
const LOOKED_AT: usize = 1 << 20;
/// Most different numbers of drawn areas.
const LABELS: usize = 16;

/// Which numbers become black and white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    black: f32,
    white: f32,
}

impl Window {
    /// One for all these numbers; none if all that are numbers are alike.
    pub(super) fn of(values: &[f32]) -> Option<Self> {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let (least, most) = (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max));
        if least >= most || !(most - least).is_finite() {
            return None;
        }
        let mut some: Vec<f32> = finite().step_by(values.len().div_ceil(LOOKED_AT).max(1)).collect();
        let mut at = |part: f64| {
            let place = ((some.len().saturating_sub(1)) as f64 * part) as usize;
            if some.is_empty() { most } else { *some.select_nth_unstable_by(place, f32::total_cmp).1 }
        };
        // Scanners count from 0, which is air; what goes below was shifted by somebody.
        let black = if least >= 0.0 { 0.0 } else { at(DARK) };
        let white = at(1.0 - SPARKS);
        Some(if white > black { Self { black, white } } else { Self { black: least, white: most } })
    }

    /// As a viewer would show it: so wide, around this.
    pub(super) fn around(centre: f64, width: f64) -> Option<Self> {
        let (black, white) = ((centre - width / 2.0) as f32, (centre + width / 2.0) as f32);
        (black.is_finite() && white.is_finite() && white > black).then_some(Self { black, white })
    }

    /// The grey of a number; what is no number is black.
    pub(super) fn byte(self, value: f32) -> u8 {
        let along = (value - self.black) / (self.white - self.black);
        if along.is_nan() { 0 } else { (along * 255.0).round().clamp(0.0, 255.0) as u8 }
    }
}

/// Whether these are drawn areas: a few whole numbers, one of them 0.
pub(super) fn labels(values: impl IntoIterator<Item = f32>) -> bool {
    let mut seen: Vec<f32> = Vec::with_capacity(LABELS);
    for value in values {
        if seen.last() == Some(&value) {
            continue;
        }
        match seen.iter().position(|known| *known == value) {
            // The last is looked at first, as neighbours are alike.
            Some(index) => seen.swap_remove(index),
            None if value < 0.0 || value.fract() != 0.0 || !value.is_finite() || seen.len() == LABELS => return false,
            None => value,
        };
        seen.push(value);
    }
    seen.len() > 1 && seen.contains(&0.0)
}

/// Area of a drawn one: white, whatever its number.
pub(super) fn area(value: f32) -> u8 {
    if value > 0.0 { 255 } else { 0 }
}

/// The picture, no larger than is kept.
pub(super) fn kept(picture: Raster) -> Raster {
    let (width, height) = fitting(picture.width(), picture.height());
    if (width, height) == (picture.width(), picture.height()) { picture } else { picture.resize(width, height) }
}

/// The slices of a volume with square pixels, no larger and no more than are kept: of too many, every so many-th.
pub(super) fn slices(volume: &Volume, byte: impl Fn(f32) -> u8) -> Vec<Raster> {
    let [width, height, depth] = volume.sizes;
    let (wide, high) = volume.square();
    let (wide, high) = fitting(wide, high);
    let picture = |slice: &[f32]| {
        let raster = Raster::from_fn(width, height, |x, y| slice.get(y * width + x).map_or(0, |value| byte(*value)));
        if (wide, high) == (width, height) { raster } else { raster.resize(wide, high) }
    };
    let every = depth.div_ceil(MAX_SLICES).max(1);
    (0..depth).step_by(every).map(|index| picture(volume.slice(index))).collect()
}

/// The size with the same proportions within [`KEPT_SIDE`].
fn fitting(width: usize, height: usize) -> (usize, usize) {
    let longest = width.max(height);
    if longest <= KEPT_SIDE {
        return (width, height);
    }
    let scaled = |side: usize| (side as f64 * KEPT_SIDE as f64 / longest as f64).round().max(1.0) as usize;
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scanners_count_from_air() {
        let values: Vec<f32> = (0..=1000).map(|value| value as f32).collect();
        let window = Window::of(&values).unwrap();
        assert_eq!((window.byte(0.0), window.byte(499.5), window.byte(5000.0)), (0, 128, 255));
        assert_eq!(window.byte(f32::NAN), 0);
    }

    #[test]
    fn what_goes_below_0_is_stretched() {
        let values: Vec<f32> = (-1000..1000).map(|value| value as f32).collect();
        let window = Window::of(&values).unwrap();
        assert!((window.byte(-1000.0), window.byte(999.0)) == (0, 255) && (126..=130).contains(&window.byte(0.0)));
    }

    #[test]
    fn sparks_do_not_decide_and_holes_do_not_count() {
        let mut values = vec![100.0; 10_000];
        values[0] = 0.0;
        values[1] = 1e30;
        values[2] = f32::NAN;
        values[3] = f32::INFINITY;
        assert_eq!(Window::of(&values).unwrap().byte(100.0), 255);
        assert!(Window::of(&[f32::NAN; 9]).is_none() && Window::of(&[3.0; 9]).is_none() && Window::of(&[]).is_none());
        assert!(Window::of(&[f32::MIN, f32::MAX]).is_none());
        assert_eq!(Window::around(40.0, 80.0).unwrap().byte(40.0), 128);
        assert!(Window::around(40.0, 0.0).is_none() && Window::around(f64::NAN, 1.0).is_none());
    }

    #[test]
    fn a_few_whole_numbers_are_areas() {
        assert!(labels([0.0, 0.0, 1.0, 2.0, 4.0, 0.0, 4.0]));
        assert!(!labels([0.0, 1.5]) && !labels([0.0; 9]) && !labels([1.0, 2.0]) && !labels([-1.0, 0.0]));
        assert!(!labels((0..100).map(|value| value as f32)));
    }

    #[test]
    fn large_pictures_are_shrunk_in_proportion() {
        let small = kept(Raster::from_fn(1024, 512, |_, _| 7));
        assert_eq!((small.width(), small.height()), (256, 128));
        assert_eq!(kept(small.clone()), small);
        assert_eq!(fitting(10_000, 1), (256, 1));
    }
}
