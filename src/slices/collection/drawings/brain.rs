//! The brain of a drawing: folds, white matter, ventricles and the fissure between the hemispheres.

use std::f32::consts::PI;

use super::geometry::{Point, Rng, coverage, mix};

/// Brightness of the fluid, the grey and the white matter.
const FLUID: f32 = 34.0;
const GREY: f32 = 110.0;
const WHITE: f32 = 166.0;
/// Half the width of a drawn line.
const LINE: f32 = 0.012;

/// The shape of a brain.
pub struct Brain {
    /// Number of folds around the brain, and their phase.
    folds: f32,
    phase: f32,
    /// Depth of the grey matter between the folds.
    fold_depth: f32,
    /// Ventricles: distance from the middle, width, height and slant.
    apart: f32,
    wide: f32,
    high: f32,
    slant: f32,
    /// By which fraction the right ventricle is larger.
    asymmetry: f32,
    contrast: f32,
}

impl Brain {
    /// A random brain.
    pub fn new(rng: &mut Rng) -> Self {
        Self {
            folds: rng.between(7.0, 11.0).round(),
            phase: rng.between(0.0, PI),
            fold_depth: rng.between(0.13, 0.22),
            apart: rng.between(0.08, 0.12),
            wide: rng.between(0.035, 0.075),
            high: rng.between(0.15, 0.26),
            slant: rng.between(0.1, 0.35),
            asymmetry: rng.between(-0.2, 0.2),
            contrast: rng.between(0.75, 1.15),
        }
    }

    /// Grey level at a point at this depth: 0 is the middle of the head, 1 the edge of the brain.
    pub fn tissue(&self, point: Point, depth: f32, edge: f32) -> f32 {
        let mut value = mix(GREY, WHITE, self.contrast * self.white(point, depth));
        value = mix(value, GREY, 0.8 * self.nuclei(point, edge));
        value = mix(value, FLUID, self.sulci(point, depth, edge));
        mix(value, FLUID, self.ventricles(point, edge))
    }

    /// Coverage of the white matter, whose lobes reach into the folds.
    fn white(&self, point: Point, depth: f32) -> f32 {
        let lobes = (self.folds * self.angle(point) + self.phase).sin().abs();
        coverage(depth - (1.0 - self.fold_depth) + self.fold_depth * (0.9 - lobes), 0.09)
    }

    /// Coverage of the sulci between the folds and of the fissure between the hemispheres.
    fn sulci(&self, point: Point, depth: f32, edge: f32) -> f32 {
        let wave = (self.folds * self.angle(point) + self.phase).sin().abs();
        // A sulcus runs inwards where the wave is 0. The slope of the wave there is the number of folds.
        let across = wave / self.folds * point.length();
        let sulcus = coverage(across - LINE, edge) * coverage(1.0 - 1.3 * self.fold_depth - depth, 0.06);
        let middle = coverage(point.x.abs() - LINE, edge) * coverage(0.3 - depth, 0.2);
        let rim = coverage(0.97 - depth, 0.05);
        sulcus.max(middle).max(0.8 * rim)
    }

    /// Coverage of the ventricles: two bent drops beside the middle.
    fn ventricles(&self, point: Point, edge: f32) -> f32 {
        let side = point.x.signum();
        let size = 1.0 + self.asymmetry * side;
        let mirrored = Point { x: point.x.abs(), y: point.y };
        let front = mirrored.relative_to(Point { x: self.apart, y: -0.1 }, -self.slant);
        let back = mirrored.relative_to(Point { x: self.apart + 0.05, y: 0.16 }, self.slant + 0.25);
        let front = front.ellipse_distance(self.wide * size, self.high * size * 0.75);
        let back = back.ellipse_distance(self.wide * size * 1.1, self.high * size * 0.7);
        coverage(front.min(back), edge)
    }

    /// Coverage of the basal ganglia beside the ventricles.
    fn nuclei(&self, point: Point, edge: f32) -> f32 {
        let mirrored = Point { x: point.x.abs(), y: point.y };
        coverage(mirrored.relative_to(Point { x: 0.27, y: -0.02 }, 0.2).ellipse_distance(0.07, 0.15), 2.0 * edge)
    }

    /// Angle from the midline, equal on both sides.
    fn angle(&self, point: Point) -> f32 {
        point.x.abs().atan2(-point.y)
    }
}
