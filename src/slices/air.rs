//! Makes the air around the head black in every scan that is shown.
//!
//! The normalisation sets the air of real slices to exactly 0. A generator leaves a faint glow, by which a player could
//! recognise its scans without looking at the head. So real and generated scans are both cleared before they are shown.

/// Air is darker than this grey level: a fifth of that of the brightest tissue.
pub const DARK: u8 = 48;

/// Air is darker than this fraction of the median of the pixels that are not black. Some FLAIR slices are dark as a whole:
/// with [`DARK`] alone they lose the edge of the brain.
const MEDIAN_FRACTION: f64 = 0.3;

/// Distances from the border, in pixels, that count as at the border.
const EDGE: std::ops::Range<usize> = 0..2;

/// A bright region at the border is removed if it has fewer pixels than the picture divided by this.
const SPECK_DIVISOR: usize = 256;

/// The picture of `size` pixels a row with its air black. Air is every dark pixel that is connected to the border by dark
/// pixels; dark pixels inside the head stay. Pixels below half of the limit become 0 and the others fade, so the edge of
/// the head stays soft. Small bright regions at the border become 0 too: the padding of a generator's convolutions leaves
/// some in the corners.
pub fn clear(image: &[u8], size: usize) -> Vec<u8> {
    if size == 0 {
        return image.to_vec();
    }
    let dark = air_limit(image);
    let mut shown = image.to_vec();
    let mut seen = vec![false; image.len()];
    for region in border_regions(image.len(), size, &mut seen, &|index| image[index] < dark) {
        for index in region {
            // The edge of a head does not run along the border.
            shown[index] = if in_edge(index, image.len(), size) { 0 } else { fade(image[index], dark) };
        }
    }
    for region in border_regions(image.len(), size, &mut seen, &|index| image[index] >= dark) {
        if region.len() * SPECK_DIVISOR <= image.len() {
            region.into_iter().for_each(|index| shown[index] = 0);
        }
    }
    shown
}

/// The grey level below which a pixel may be air.
fn air_limit(image: &[u8]) -> u8 {
    let mut tissue: Vec<u8> = image.iter().copied().filter(|pixel| *pixel >= DARK / 2).collect();
    if tissue.is_empty() {
        return DARK;
    }
    let half = tissue.len() / 2;
    let (_, median, _) = tissue.select_nth_unstable(half);
    DARK.min((f64::from(*median) * MEDIAN_FRACTION).round() as u8)
}

/// The 4-connected regions at the border of pixels for which `inside` is true. Skips and marks pixels in `seen`.
fn border_regions(pixels: usize, size: usize, seen: &mut [bool], inside: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let rows = pixels / size;
    let mut visit = |x: usize, y: usize, region: &mut Vec<usize>| {
        let index = y * size + x;
        if x < size && y < rows && inside(index) && !seen[index] {
            seen[index] = true;
            region.push(index);
        }
    };
    let mut regions = Vec::new();
    for start in (0..pixels).filter(|&index| in_edge(index, pixels, size)) {
        let mut region = Vec::new();
        visit(start % size, start / size, &mut region);
        let mut next = 0;
        while let Some(&index) = region.get(next) {
            next += 1;
            let (x, y) = (index % size, index / size);
            // `wrapping_sub` turns -1 into a value beyond the last column or row.
            for (x, y) in [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)] {
                if x < size && y < rows {
                    visit(x, y, &mut region);
                }
            }
        }
        if !region.is_empty() {
            regions.push(region);
        }
    }
    regions
}

fn in_edge(index: usize, pixels: usize, size: usize) -> bool {
    let (x, y) = (index % size, index / size);
    let far = |at: usize, side: usize| at.min(side.saturating_sub(at + 1));
    EDGE.contains(&far(x, size)) || EDGE.contains(&far(y, pixels / size))
}

/// 0 up to half of `dark`, rising smoothly to `value` at `dark`.
fn fade(value: u8, dark: u8) -> u8 {
    let half = f32::from(dark) / 2.0;
    let along = ((f32::from(value) - half) / half).clamp(0.0, 1.0);
    (f32::from(value) * along * along * (3.0 - 2.0 * along)).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright ring in a glow, with one dark pixel inside.
    fn head(glow: u8, inside: u8) -> Vec<u8> {
        let pixel = |x: usize, y: usize| match (x.abs_diff(5).max(y.abs_diff(5)), (x, y)) {
            (_, (5, 5)) => inside,
            (0..=1, _) => 90,
            (2, _) => 200,
            _ => glow,
        };
        (0..121).map(|index| pixel(index % 11, index / 11)).collect()
    }

    #[test]
    fn a_glow_around_the_head_becomes_black_and_the_head_stays() {
        assert_eq!(clear(&head(13, 10), 11), head(0, 10));
        assert_eq!(clear(&head(0, 10), 11), head(0, 10));
    }

    #[test]
    fn bright_pixels_are_not_air() {
        assert_eq!(clear(&head(DARK, 10), 11), head(DARK, 10));
    }

    #[test]
    fn a_speck_in_a_corner_goes_and_a_head_at_the_border_stays() {
        let mut image = vec![0; 32 * 32];
        (image[0], image[31]) = (200, 90);
        assert_eq!(clear(&image, 32), vec![0; 32 * 32]);
        // A neck is cut by the border.
        let neck = |index: usize| if (8..24).contains(&(index % 32)) && index / 32 > 20 { 120 } else { 0 };
        let image: Vec<u8> = (0..32 * 32).map(neck).collect();
        assert_eq!(clear(&image, 32), image);
    }

    #[test]
    fn fading_is_smooth_and_never_brightens() {
        let values: Vec<u8> = (0..DARK).map(|value| fade(value, DARK)).collect();
        assert!(values.is_sorted() && values.windows(2).all(|pair| pair[1] - pair[0] <= 4));
        assert!(values.iter().zip(0..).all(|(new, old)| *new <= old));
        assert_eq!((fade(24, DARK), fade(DARK, DARK)), (0, DARK));
    }

    /// The head is darker than [`DARK`]: all of it stays, and a fainter glow becomes black.
    #[test]
    fn a_dark_head_keeps_its_edge() {
        let pale: Vec<u8> = head(4, 10).iter().map(|&pixel| if pixel >= 90 { 30 } else { pixel }).collect();
        let black: Vec<u8> = pale.iter().map(|&pixel| if pixel == 4 { 0 } else { pixel }).collect();
        assert_eq!(clear(&pale, 11), black);
    }

    #[test]
    fn incomplete_pictures_are_accepted() {
        assert!(clear(&[], 0).is_empty());
        assert_eq!(clear(&[9; 3], 0), [9; 3]);
        assert_eq!(clear(&[9; 7], 3).len(), 7);
    }
}
