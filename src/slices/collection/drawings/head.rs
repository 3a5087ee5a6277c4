//! The outline of a drawn head: skin, skull, nose and ears.

use super::geometry::{Point, Rng, coverage, mix};

/// Grey level of the skin.
const SKIN: f32 = 205.0;
/// Grey level of bone.
const BONE: f32 = 26.0;
/// Depth of the bone and of the brain below the skin.
const DEPTHS: (f32, f32) = (0.055, 0.115);

/// The outline of a head from above, nose up.
pub struct Outline {
    centre: Point,
    angle: f32,
    wide: f32,
    high: f32,
    /// By which fraction the forehead is narrower.
    taper: f32,
    nose: f32,
    ears: f32,
    skin: f32,
}

impl Outline {
    /// A random head.
    pub fn new(rng: &mut Rng) -> Self {
        let size = rng.between(0.88, 1.0);
        Self {
            centre: Point { x: rng.between(-0.04, 0.04), y: rng.between(0.0, 0.05) },
            angle: rng.between(-0.17, 0.17),
            wide: size * rng.between(0.62, 0.74),
            high: size * rng.between(0.78, 0.84),
            taper: rng.between(0.04, 0.2),
            nose: size * rng.between(0.085, 0.115),
            ears: size * rng.between(0.12, 0.16),
            skin: SKIN + rng.between(-25.0, 25.0),
        }
    }

    /// A point of the picture in the coordinates of the head.
    pub fn to_head(&self, point: Point) -> Point {
        point.relative_to(self.centre, self.angle)
    }

    /// Depth in the head: 0 in its middle, 1 at the edge of the brain.
    pub fn depth(&self, point: Point) -> f32 {
        let inner = DEPTHS.1;
        self.narrowed(point).scaled_length(self.wide - inner, self.high - inner)
    }

    /// Grey level of skin, bone and air at a point.
    pub fn tissue(&self, point: Point, edge: f32) -> f32 {
        let skull = self.skull(point);
        let skin = self.skin * coverage(skull.min(self.ear(point)).min(self.tip(point)), edge);
        mix(skin, BONE, coverage(skull + DEPTHS.0, edge))
    }

    /// Coverage of the brain.
    pub fn brain(&self, point: Point, edge: f32) -> f32 {
        coverage(self.skull(point) + DEPTHS.1, edge)
    }

    /// Half the width and half the height of the brain.
    pub fn brain_size(&self) -> Point {
        Point { x: self.wide - DEPTHS.1, y: self.high - DEPTHS.1 }
    }

    /// Heads are wider at the back.
    fn narrowed(&self, point: Point) -> Point {
        Point { x: point.x / (1.0 + self.taper * point.y), y: point.y }
    }

    fn skull(&self, point: Point) -> f32 {
        self.narrowed(point).ellipse_distance(self.wide, self.high)
    }

    fn ear(&self, point: Point) -> f32 {
        let side = Point { x: point.x.abs(), y: point.y };
        side.relative_to(Point { x: self.wide, y: 0.06 }, -0.25).ellipse_distance(self.ears * 0.55, self.ears)
    }

    fn tip(&self, point: Point) -> f32 {
        point.relative_to(Point { x: 0.0, y: -self.high }, 0.0).ellipse_distance(self.nose * 0.8, self.nose)
    }
}
