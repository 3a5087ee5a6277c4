//! Agreement, area and position of tumour masks.

/// A pixel is tumour from this value on.
pub const INSIDE: u8 = 128;
/// A mask is nearly empty up to this share of the image: eight pixels of 64 x 64.
pub const NEARLY_EMPTY: f64 = 0.002;

/// Dice coefficient of two masks: 0 for disjoint, 1 for equal masks. Two empty masks give 1.
pub fn dice(a: &[u8], b: &[u8]) -> f64 {
    let count = |mask: &[u8]| mask.iter().filter(|&&pixel| pixel >= INSIDE).count();
    let both = a.iter().zip(b).filter(|&(&a, &b)| a >= INSIDE && b >= INSIDE).count();
    let total = count(a) + count(b);
    if total == 0 { 1.0 } else { 2.0 * both as f64 / total as f64 }
}

/// The share of the image that is tumour, 0 to 1.
pub fn area(mask: &[u8]) -> f64 {
    mask.iter().filter(|&&pixel| pixel >= INSIDE).count() as f64 / mask.len().max(1) as f64
}

/// The centre of the tumour, from the left and from the top, as shares of the side. `None` for an empty mask.
pub fn centre(mask: &[u8], side: usize) -> Option<[f64; 2]> {
    let inside = || mask.iter().enumerate().filter(|(_, pixel)| **pixel >= INSIDE);
    let count = inside().count() as f64;
    let place = |of: fn(usize, usize) -> usize| {
        inside().map(|(index, _)| of(index, side) as f64 + 0.5).sum::<f64>() / count / side as f64
    };
    (count > 0.0).then(|| [place(|index, side| index % side), place(|index, side| index / side)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_by_hand() {
        assert_eq!(dice(&[255, 255, 0, 0], &[255, 0, 255, 0]), 0.5);
        assert_eq!(dice(&[255, 0], &[0, 255]), 0.0);
        assert_eq!(dice(&[127, 0], &[0, 0]), 1.0);
        assert_eq!(dice(&[128, 255], &[255, 255]), 1.0);
    }

    #[test]
    fn area_and_centre_by_hand() {
        let mut mask = vec![0; 16];
        (mask[5], mask[6]) = (255, 255);
        assert_eq!((area(&mask), centre(&mask, 4)), (0.125, Some([0.5, 0.375])));
        assert_eq!(centre(&[0; 16], 4), None);
    }
}
