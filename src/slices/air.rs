//! Air around the head, black in every scan that is shown.
//!
//! Normalisation clears real slices of the noise in air, so there air is exactly black. A generator comes close to
//! black but leaves a glow, by which anybody would know its scans without a look at the head. So every scan that is
//! shown, real or generated, goes through here, and the head must tell.

/// Nothing as bright as this is air: a fifth of the brightness that the brightest tissue is brought to.
pub const DARK: u8 = 48;

/// Air is darker than this part of the median of what is not black. Some slices of FLAIR are dark all over, and lost the
/// edge of their brain to a limit of [`DARK`] alone.
const PART: f64 = 0.3;

/// Pixels from the border that still count as at the border.
const EDGE: std::ops::Range<usize> = 0..2;

/// A bright spot at the border is no head if it is smaller than the picture by this factor.
const SPECK: usize = 256;

/// The square picture with its air black. Air is what is dark (darker than [`DARK`] and than three tenths of the tissue)
/// and reaches the border through pixels as dark; its brighter half fades, so that the edge of the head stays soft. Dark
/// places within the head are left alone. Specks at the border, which the padding of a generator's convolutions leaves in
/// corners, are air too.
pub fn cleared(image: &[u8], size: usize) -> Vec<u8> {
    if size == 0 {
        return image.to_vec();
    }
    let dark = darkness(image);
    let mut shown = image.to_vec();
    let mut seen = vec![false; image.len()];
    for region in at_border(image.len(), size, &mut seen, &|index| image[index] < dark) {
        for index in region {
            // No head has its edge along the border.
            shown[index] = if in_edge(index, image.len(), size) { 0 } else { faded(image[index], dark) };
        }
    }
    for region in at_border(image.len(), size, &mut seen, &|index| image[index] >= dark) {
        if region.len() * SPECK <= image.len() {
            region.into_iter().for_each(|index| shown[index] = 0);
        }
    }
    shown
}

/// What is darker may be air of this picture.
fn darkness(image: &[u8]) -> u8 {
    let mut tissue: Vec<u8> = image.iter().copied().filter(|pixel| *pixel >= DARK / 2).collect();
    if tissue.is_empty() {
        return DARK;
    }
    let half = tissue.len() / 2;
    let (_, median, _) = tissue.select_nth_unstable(half);
    DARK.min((f64::from(*median) * PART).round() as u8)
}

/// The regions that touch the border, of pixels that are `inside` and not `seen` before; neighbours share a side.
fn at_border(pixels: usize, size: usize, seen: &mut [bool], inside: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let rows = pixels / size;
    let mut look = |x: usize, y: usize, region: &mut Vec<usize>| {
        let index = y * size + x;
        if x < size && y < rows && inside(index) && !seen[index] {
            seen[index] = true;
            region.push(index);
        }
    };
    let mut regions = Vec::new();
    for start in (0..pixels).filter(|&index| in_edge(index, pixels, size)) {
        let mut region = Vec::new();
        look(start % size, start / size, &mut region);
        let mut next = 0;
        while let Some(&index) = region.get(next) {
            next += 1;
            let (x, y) = (index % size, index / size);
            // Left of the first column and above the first row wrap to beyond the last.
            for (x, y) in [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)] {
                if x < size && y < rows {
                    look(x, y, &mut region);
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

/// Black up to half of `dark`, from there smoothly to what it is.
fn faded(value: u8, dark: u8) -> u8 {
    let half = f32::from(dark) / 2.0;
    let along = ((f32::from(value) - half) / half).clamp(0.0, 1.0);
    (f32::from(value) * along * along * (3.0 - 2.0 * along)).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright ring of 6 pixels a side in a glow, with something dark inside.
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
        assert_eq!(cleared(&head(13, 10), 11), head(0, 10));
        assert_eq!(cleared(&head(0, 10), 11), head(0, 10));
    }

    #[test]
    fn what_is_bright_is_not_air() {
        assert_eq!(cleared(&head(DARK, 10), 11), head(DARK, 10));
    }

    #[test]
    fn a_speck_in_a_corner_goes_and_a_head_at_the_border_stays() {
        let mut image = vec![0; 32 * 32];
        (image[0], image[31]) = (200, 90);
        assert_eq!(cleared(&image, 32), vec![0; 32 * 32]);
        // Cut off by the picture, as a neck is.
        let neck = |index: usize| if (8..24).contains(&(index % 32)) && index / 32 > 20 { 120 } else { 0 };
        let image: Vec<u8> = (0..32 * 32).map(neck).collect();
        assert_eq!(cleared(&image, 32), image);
    }

    #[test]
    fn fading_is_smooth_and_never_brightens() {
        let values: Vec<u8> = (0..DARK).map(|value| faded(value, DARK)).collect();
        assert!(values.is_sorted() && values.windows(2).all(|pair| pair[1] - pair[0] <= 4));
        assert!(values.iter().zip(0..).all(|(new, old)| *new <= old));
        assert_eq!((faded(24, DARK), faded(DARK, DARK)), (0, DARK));
    }

    /// A head as bright as the fading of a brighter one: all of it stays, and the faintest glow still goes.
    #[test]
    fn a_dark_head_keeps_its_edge() {
        let pale: Vec<u8> = head(4, 10).iter().map(|&pixel| if pixel >= 90 { 30 } else { pixel }).collect();
        let black: Vec<u8> = pale.iter().map(|&pixel| if pixel == 4 { 0 } else { pixel }).collect();
        assert_eq!(cleared(&pale, 11), black);
    }

    #[test]
    fn pictures_that_are_no_squares_do_no_harm() {
        assert!(cleared(&[], 0).is_empty());
        assert_eq!(cleared(&[9; 3], 0), [9; 3]);
        assert_eq!(cleared(&[9; 7], 3).len(), 7);
    }
}
