//! The lesion of a drawing: a bright lump or a bright ring.

use super::geometry::{Point, Rng, coverage, mix};
use super::head::Outline;

/// Grey levels of contrast-enhancing tissue, of a necrotic core, and of oedema.
const BRIGHT: f32 = 236.0;
const CORE: f32 = 62.0;
const OEDEMA: f32 = 84.0;

/// A lesion with a wavy edge.
pub struct Lesion {
    centre: Point,
    radius: f32,
    /// Waves of the edge: periods around the lesion, amplitude, phase.
    waves: [(f32, f32, f32); 2],
    /// Width of the bright rim. `None` for a lump.
    rim: Option<f32>,
    oedema: f32,
    bright: f32,
}

impl Lesion {
    /// A random lesion inside the brain, beside its middle.
    pub fn new(rng: &mut Rng, outline: &Outline) -> Self {
        let brain = outline.brain_size();
        let radius = rng.between(0.1, 0.22);
        let room = |half: f32| (half - 1.1 * radius).max(0.05);
        // A uniform point in the remaining half ellipse, by its angle and distance.
        let angle = rng.between(0.25, std::f32::consts::PI - 0.25);
        let far = rng.between(0.3, 1.0).sqrt();
        let side = rng.sign();
        Self {
            centre: Point { x: side * room(brain.x) * far * angle.sin(), y: -room(brain.y) * far * angle.cos() },
            radius,
            waves: [2.0, 3.0].map(|times| (times, rng.between(0.0, 0.12), rng.between(0.0, std::f32::consts::TAU))),
            rim: (rng.sign() > 0.0).then(|| radius * rng.between(0.3, 0.5)),
            oedema: rng.between(0.03, 0.12),
            bright: BRIGHT - rng.between(0.0, 40.0),
        }
    }

    /// Coverage of the lesion.
    pub fn coverage(&self, point: Point, edge: f32) -> f32 {
        coverage(self.distance(point), edge)
    }

    /// Grey level of a point with the lesion over `tissue`.
    pub fn over(&self, tissue: f32, point: Point, edge: f32) -> f32 {
        let distance = self.distance(point);
        // Oedema fades out, and never brightens.
        let around = mix(tissue, tissue.min(OEDEMA), coverage(distance - self.oedema, 0.09));
        let core = self.rim.map_or(0.0, |rim| coverage(distance + rim, 2.0 * edge));
        mix(around, mix(self.bright, CORE, core), coverage(distance, edge))
    }

    fn distance(&self, point: Point) -> f32 {
        let from = point.relative_to(self.centre, 0.0);
        let angle = from.y.atan2(from.x);
        let waves: f32 = self.waves.iter().map(|(times, much, start)| much * (times * angle + start).sin()).sum();
        from.length() - self.radius * (1.0 + waves)
    }
}
