//! Points, soft edges and random numbers for the drawings.

use crate::splitmix::SplitMix;

/// A point in the picture: -1 is left or top, 1 is right or bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Horizontal, to the right.
    pub x: f32,
    /// Vertical, downwards.
    pub y: f32,
}

impl Point {
    /// The point in a coordinate system at `centre` that is rotated by `angle`.
    pub fn relative_to(self, centre: Point, angle: f32) -> Self {
        let (x, y) = (self.x - centre.x, self.y - centre.y);
        let (sin, cos) = angle.sin_cos();
        Self { x: x * cos + y * sin, y: y * cos - x * sin }
    }

    /// Distance to the origin.
    pub fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// Distance to the origin, in which an ellipse with these half axes has distance 1.
    pub fn scaled_length(self, wide: f32, high: f32) -> f32 {
        (self.x / wide).hypot(self.y / high)
    }

    /// Signed distance to an ellipse around the origin, negative inside. Exact on its axes, approximate elsewhere.
    pub fn ellipse_distance(self, wide: f32, high: f32) -> f32 {
        (self.scaled_length(wide, high) - 1.0) * wide.min(high)
    }
}

/// Linear interpolation: `from` at `part` 0, `to` at 1.
pub fn mix(from: f32, to: f32, part: f32) -> f32 {
    from + (to - from) * part
}

/// Coverage of a pixel at this signed distance from an edge: 1 inside, 0 outside, linear over the width `edge`.
pub fn coverage(distance: f32, edge: f32) -> f32 {
    (0.5 - distance / edge).clamp(0.0, 1.0)
}

/// Random numbers from a seed.
pub struct Rng(SplitMix);

impl Rng {
    /// The generator with this seed.
    pub fn new(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    /// A uniform number from `low` to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        mix(low, high, (self.0.bits() >> 40) as f32 / (1u64 << 24) as f32)
    }

    /// An approximately standard normal number within 3.5: the sum of four uniform ones.
    pub fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.between(-1.0, 1.0)).sum::<f32>() * 0.866
    }

    /// 1 or -1 with equal probability.
    pub fn sign(&mut self) -> f32 {
        if self.0.coin() { 1.0 } else { -1.0 }
    }
}
