//! The numbers of a slice: grey levels of its tissue, brightness from the centre to the border, texture and symmetry.

/// Side of a slice in pixels.
pub const SIDE: usize = 32;
/// How many numbers there are.
pub const NUMBERS: usize = QUANTILES.len() + 1 + RINGS.len() + 2;

/// Grey level from which a pixel is tissue and not air.
const TISSUE: u8 = 13;
/// Quantiles of the tissue's grey levels.
const QUANTILES: [f32; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// Outer radii of rings around the centre, as parts of half the side. The last holds the corners.
const RINGS: [f32; 6] = [0.25, 0.5, 0.7, 0.85, 1.0, 2.0];

/// The numbers of a slice of [`SIDE`] x [`SIDE`] pixels. A shorter slice is taken as black.
pub fn of(image: &[u8]) -> [f32; NUMBERS] {
    let mut values = [0.0; NUMBERS];
    if image.len() < SIDE * SIDE {
        return values;
    }
    let at = |x: usize, y: usize| f32::from(image[y * SIDE + x]);
    let mut tissue: Vec<u8> = image[..SIDE * SIDE].iter().copied().filter(|&value| value >= TISSUE).collect();
    tissue.sort_unstable();
    let (quantiles, rest) = values.split_at_mut(QUANTILES.len());
    if let Some(last) = tissue.len().checked_sub(1) {
        for (value, part) in quantiles.iter_mut().zip(QUANTILES) {
            *value = f32::from(tissue[(part * last as f32) as usize]);
        }
    }
    rest[0] = 100.0 * tissue.len() as f32 / (SIDE * SIDE) as f32;

    let middle = (SIDE as f32 - 1.0) / 2.0;
    let mut rings = [(0.0, 0.0); RINGS.len()];
    let (mut step, mut mirrored) = (0.0, 0.0);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let radius = (x as f32 - middle).hypot(y as f32 - middle) / (SIDE as f32 / 2.0);
            let ring = RINGS.iter().position(|outer| radius < *outer).unwrap_or(RINGS.len() - 1);
            rings[ring].0 += at(x, y);
            rings[ring].1 += 1.0;
            step += if x > 0 { (at(x, y) - at(x - 1, y)).abs() } else { 0.0 };
            step += if y > 0 { (at(x, y) - at(x, y - 1)).abs() } else { 0.0 };
            mirrored += (at(x, y) - at(SIDE - 1 - x, y)).abs();
        }
    }
    for (value, (sum, count)) in rest[1..].iter_mut().zip(rings) {
        *value = sum / f32::max(count, 1.0);
    }
    rest[1 + RINGS.len()] = step / (SIDE * (SIDE - 1)) as f32;
    rest[2 + RINGS.len()] = mirrored / (SIDE * SIDE) as f32;
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bright_ring_and_a_mirrored_half_are_seen() {
        let disc = |x: usize, y: usize| (x as f32 - 15.5).hypot(y as f32 - 15.5) < 4.0;
        let image = |lit: &dyn Fn(usize, usize) -> bool| -> Vec<u8> {
            (0..SIDE * SIDE).map(|index| if lit(index % SIDE, index / SIDE) { 200 } else { 0 }).collect()
        };
        let centre = of(&image(&disc));
        assert_eq!(centre[..5], [200.0; 5]);
        assert_eq!((centre[6], centre[8], centre[NUMBERS - 1]), (200.0, 0.0, 0.0));
        let half = of(&image(&|x, _| x < SIDE / 2));
        assert_eq!((half[5], half[NUMBERS - 1]), (50.0, 200.0));
    }

    #[test]
    fn a_black_or_short_slice_is_zero() {
        assert_eq!(of(&[0; SIDE * SIDE]), [0.0; NUMBERS]);
        assert_eq!(of(&[9]), [0.0; NUMBERS]);
    }
}
