//! Finding the tumour: a tap against the mask.

/// A mask pixel from here on is tumour.
pub const TUMOUR: u8 = 128;
/// Fewest tumour pixels that can be looked for.
pub const VISIBLE: usize = 6;
/// Beside the tumour, but no further than this part of the picture: close.
pub const CLOSE: f64 = 0.05;

/// A place in a picture: 0 is left or top, 1 right or bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Across.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Place {
    /// Moved by a step, within the picture.
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self { x: (self.x + dx).clamp(0.0, 1.0), y: (self.y + dy).clamp(0.0, 1.0) }
    }
}

/// How a tap did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shot {
    /// It lies on the tumour.
    pub inside: bool,
    /// From the tap to the edge of the nearest tumour pixel, as a part of the picture's side; 0 inside.
    pub distance: f64,
    /// From the tap to the middle of the tumour, as a part of the picture's side.
    pub from_middle: f64,
}

impl Shot {
    /// Beside it, but hardly.
    pub fn is_close(self) -> bool {
        !self.inside && self.distance <= CLOSE
    }
}

/// How many pixels of a mask are tumour.
pub fn tumour_pixels(mask: &[u8]) -> usize {
    mask.iter().filter(|value| **value >= TUMOUR).count()
}

/// Weighs a tap against the mask of a picture with this side. None if the mask holds no tumour, or is no such picture.
pub fn shoot(mask: &[u8], size: usize, place: Place) -> Option<Shot> {
    if size == 0 || mask.len() != size * size {
        return None;
    }
    // In pixels. A tap on the right or lower border belongs to the last pixel.
    let (x, y) = (place.x.clamp(0.0, 1.0) * size as f64, place.y.clamp(0.0, 1.0) * size as f64);
    let tumour = (0..mask.len()).filter(|&index| mask[index] >= TUMOUR).map(|index| (index % size, index / size));
    let (mut nearest, mut count, mut middle) = (f64::INFINITY, 0.0, (0.0, 0.0));
    for (column, row) in tumour {
        let (left, top) = (column as f64, row as f64);
        let beside = |at: f64, start: f64| (start - at).max(at - start - 1.0).max(0.0);
        nearest = nearest.min(beside(x, left).hypot(beside(y, top)));
        middle = (middle.0 + left + 0.5, middle.1 + top + 0.5);
        count += 1.0;
    }
    (count > 0.0).then(|| Shot {
        inside: nearest == 0.0,
        distance: nearest / size as f64,
        from_middle: (x - middle.0 / count).hypot(y - middle.1 / count) / size as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tumour of 2 x 2 pixels from (4, 4) in a picture of 10 x 10.
    fn mask() -> Vec<u8> {
        let mut mask = vec![0; 100];
        for index in [44, 45, 54, 55] {
            mask[index] = 255;
        }
        mask
    }

    fn shot(x: f64, y: f64) -> Shot {
        shoot(&mask(), 10, Place { x, y }).expect("a tumour")
    }

    #[test]
    fn on_the_tumour_is_inside() {
        let hit = shot(0.5, 0.5);
        assert!(hit.inside && hit.distance == 0.0 && hit.from_middle < 1e-9);
        assert!(shot(0.4, 0.4).inside && shot(0.6, 0.6).inside, "its edge belongs to it");
    }

    #[test]
    fn beside_it_the_distance_is_to_its_edge() {
        let near = shot(0.7, 0.5);
        assert!(!near.inside && (near.distance - 0.1).abs() < 1e-9 && (near.from_middle - 0.2).abs() < 1e-9);
        assert!(!near.is_close() && shot(0.64, 0.5).is_close() && !shot(0.5, 0.5).is_close());
        let corner = shot(0.0, 0.0);
        assert!((corner.distance - 0.4 * 2f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_tap_beyond_the_border_counts_at_the_border() {
        assert_eq!(shot(-3.0, 0.5), shot(0.0, 0.5));
        assert_eq!(shot(2.0, 9.0), shot(1.0, 1.0));
    }

    #[test]
    fn nothing_to_find_is_no_shot() {
        assert_eq!(shoot(&[127; 4], 2, Place { x: 0.5, y: 0.5 }), None);
        assert_eq!(shoot(&[255; 3], 2, Place { x: 0.5, y: 0.5 }), None);
        assert_eq!(shoot(&[], 0, Place { x: 0.5, y: 0.5 }), None);
        assert_eq!(tumour_pixels(&mask()), 4);
    }

    #[test]
    fn the_cursor_stays_in_the_picture() {
        let place = Place { x: 0.95, y: 0.02 }.moved(0.1, -0.1);
        assert_eq!(place, Place { x: 1.0, y: 0.0 });
    }
}
