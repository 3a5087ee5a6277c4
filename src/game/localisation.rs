//! Scores a tap on a scan against the tumour mask.

use crate::slice::MASK_THRESHOLD;

/// Fewest tumour pixels for a scan in the tumour quiz.
pub const MIN_TUMOUR_PIXELS: usize = 6;
/// A miss by at most this fraction of the image side counts as close.
pub const NEAR_MISS: f64 = 0.05;

/// A miss by at most this fraction of the image side is in the same part of the head.
pub const SAME_PART: f64 = 0.15;

/// A point in an image, as fractions of its side: (0, 0) is the top left, (1, 1) the bottom right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImagePoint {
    /// Fraction from the left.
    pub x: f64,
    /// Fraction from the top.
    pub y: f64,
}

impl ImagePoint {
    /// The point moved by (`dx`, `dy`), clamped to the image.
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self { x: (self.x + dx).clamp(0.0, 1.0), y: (self.y + dy).clamp(0.0, 1.0) }
    }
}

/// How near a tap was to the tumour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TapScore {
    /// Whether the tap is on the tumour.
    pub inside: bool,
    /// Distance from the tap to the nearest edge of the tumour, as a fraction of the image side; 0 inside.
    pub distance: f64,
    /// Point of the tumour nearest to the tap.
    pub nearest: ImagePoint,
    /// Distance from the tap to the centroid of the tumour, as a fraction of the image side.
    pub from_middle: f64,
}

impl TapScore {
    /// Whether the tap missed by at most [`NEAR_MISS`].
    pub fn is_close(self) -> bool {
        !self.inside && self.distance <= NEAR_MISS
    }

    /// Whether the tap missed by more than that, and by at most [`SAME_PART`].
    pub fn is_same_part(self) -> bool {
        !self.inside && self.distance > NEAR_MISS && self.distance <= SAME_PART
    }
}

/// Number of tumour pixels of a mask.
pub fn tumour_pixels(mask: &[u8]) -> usize {
    mask.iter().filter(|value| **value >= MASK_THRESHOLD).count()
}

/// Scores a tap against a mask of `size * size` bytes. `None` if the mask has no tumour or another length.
pub fn score_tap(mask: &[u8], size: usize, place: ImagePoint) -> Option<TapScore> {
    if size == 0 || mask.len() != size * size {
        return None;
    }
    // In pixels. A tap on the right or lower border belongs to the last pixel.
    let (x, y) = (place.x.clamp(0.0, 1.0) * size as f64, place.y.clamp(0.0, 1.0) * size as f64);
    let tumour =
        (0..mask.len()).filter(|&index| mask[index] >= MASK_THRESHOLD).map(|index| (index % size, index / size));
    let (mut distance, mut nearest, mut count, mut middle) = (f64::INFINITY, (x, y), 0.0, (0.0, 0.0));
    for (column, row) in tumour {
        let (left, top) = (column as f64, row as f64);
        let edge = (x.clamp(left, left + 1.0), y.clamp(top, top + 1.0));
        let away = (x - edge.0).hypot(y - edge.1);
        if away < distance {
            (distance, nearest) = (away, edge);
        }
        middle = (middle.0 + left + 0.5, middle.1 + top + 0.5);
        count += 1.0;
    }
    (count > 0.0).then(|| TapScore {
        inside: distance == 0.0,
        distance: distance / size as f64,
        nearest: ImagePoint { x: nearest.0 / size as f64, y: nearest.1 / size as f64 },
        from_middle: (x - middle.0 / count).hypot(y - middle.1 / count) / size as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tumour of 2 x 2 pixels at (4, 4) in an image of 10 x 10.
    fn mask() -> Vec<u8> {
        let mut mask = vec![0; 100];
        for index in [44, 45, 54, 55] {
            mask[index] = 255;
        }
        mask
    }

    fn tap(x: f64, y: f64) -> TapScore {
        score_tap(&mask(), 10, ImagePoint { x, y }).expect("a tumour")
    }

    #[test]
    fn a_tap_on_the_tumour_is_inside() {
        let hit = tap(0.5, 0.5);
        assert!(hit.inside && hit.distance == 0.0 && hit.from_middle < 1e-9);
        assert!(tap(0.4, 0.4).inside && tap(0.6, 0.6).inside, "its edge belongs to it");
    }

    #[test]
    fn a_miss_is_measured_to_the_edge() {
        let near = tap(0.7, 0.5);
        assert!(!near.inside && (near.distance - 0.1).abs() < 1e-9 && (near.from_middle - 0.2).abs() < 1e-9);
        assert_eq!(near.nearest, ImagePoint { x: 0.6, y: 0.5 });
        assert!(near.is_same_part() && !tap(0.64, 0.5).is_same_part() && !tap(0.9, 0.5).is_same_part());
        assert!(!near.is_close() && tap(0.64, 0.5).is_close() && !tap(0.5, 0.5).is_close());
        let corner = tap(0.0, 0.0);
        assert!((corner.distance - 0.4 * 2f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_tap_beyond_the_border_counts_at_the_border() {
        assert_eq!(tap(-3.0, 0.5), tap(0.0, 0.5));
        assert_eq!(tap(2.0, 9.0), tap(1.0, 1.0));
    }

    #[test]
    fn a_mask_without_tumour_gives_no_score() {
        assert_eq!(score_tap(&[127; 4], 2, ImagePoint { x: 0.5, y: 0.5 }), None);
        assert_eq!(score_tap(&[255; 3], 2, ImagePoint { x: 0.5, y: 0.5 }), None);
        assert_eq!(score_tap(&[], 0, ImagePoint { x: 0.5, y: 0.5 }), None);
        assert_eq!(tumour_pixels(&mask()), 4);
    }

    #[test]
    fn a_point_stays_within_the_image() {
        let place = ImagePoint { x: 0.95, y: 0.02 }.moved(0.1, -0.1);
        assert_eq!(place, ImagePoint { x: 1.0, y: 0.0 });
    }
}
