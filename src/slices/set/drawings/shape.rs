//! What drawings are made of: places, soft edges and chance.

use crate::game::shuffle::SplitMix;

/// A place in the picture: -1 is left or top, 1 is right or bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Place {
    /// Seen from another place, turned by an angle.
    pub fn from(self, centre: Place, angle: f32) -> Self {
        let (x, y) = (self.x - centre.x, self.y - centre.y);
        let (sin, cos) = angle.sin_cos();
        Self { x: x * cos + y * sin, y: y * cos - x * sin }
    }

    /// Distance to the middle.
    pub fn far(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// Distance to the middle where an ellipse has distance 1.
    pub fn scaled(self, wide: f32, high: f32) -> f32 {
        (self.x / wide).hypot(self.y / high)
    }

    /// Distance to the edge of an ellipse around the middle: negative inside. Exact along its axes, near enough elsewhere.
    pub fn ellipse(self, wide: f32, high: f32) -> f32 {
        (self.scaled(wide, high) - 1.0) * wide.min(high)
    }
}

/// Between two values.
pub fn mix(from: f32, to: f32, part: f32) -> f32 {
    from + (to - from) * part
}

/// 1 where a distance to an edge is negative, 0 where it is positive, soft over the width of a pixel.
pub fn inside(distance: f32, edge: f32) -> f32 {
    (0.5 - distance / edge).clamp(0.0, 1.0)
}

/// Chance from a seed.
pub struct Chance(SplitMix);

impl Chance {
    /// The chance of a seed.
    pub fn new(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    /// A number between two ends.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        mix(low, high, (self.0.bits() >> 40) as f32 / (1u64 << 24) as f32)
    }

    /// About normally distributed, never beyond 3.5: the sum of four even ones.
    pub fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.between(-1.0, 1.0)).sum::<f32>() * 0.866
    }

    /// Left or right.
    pub fn side(&mut self) -> f32 {
        if self.0.coin() { 1.0 } else { -1.0 }
    }
}
