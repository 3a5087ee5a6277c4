//! Folds, white matter, ventricles and the line between the halves.

use std::f32::consts::PI;

use super::shape::{Chance, Place, inside, mix};

/// Brightness of the fluid, the grey and the white matter.
const FLUID: f32 = 34.0;
const GREY: f32 = 110.0;
const WHITE: f32 = 166.0;
/// Half the width of a drawn line.
const LINE: f32 = 0.012;

/// What a head holds.
pub struct Brain {
    /// Folds around the brain.
    folds: f32,
    turn: f32,
    /// How deep the grey matter reaches between the folds.
    deep: f32,
    /// The ventricles: how far from the middle, how wide, how high, how slanted.
    apart: f32,
    wide: f32,
    high: f32,
    slant: f32,
    /// How much larger the right one is.
    uneven: f32,
    contrast: f32,
}

impl Brain {
    /// Some brain.
    pub fn new(chance: &mut Chance) -> Self {
        Self {
            folds: chance.between(7.0, 11.0).round(),
            turn: chance.between(0.0, PI),
            deep: chance.between(0.13, 0.22),
            apart: chance.between(0.08, 0.12),
            wide: chance.between(0.035, 0.075),
            high: chance.between(0.15, 0.26),
            slant: chance.between(0.1, 0.35),
            uneven: chance.between(-0.2, 0.2),
            contrast: chance.between(0.75, 1.15),
        }
    }

    /// Brightness at a place that lies so deep: 0 is the middle of the head, 1 the edge of the brain.
    pub fn tissue(&self, place: Place, depth: f32, edge: f32) -> f32 {
        let mut value = mix(GREY, WHITE, self.contrast * self.white(place, depth));
        value = mix(value, GREY, 0.8 * self.nuclei(place, edge));
        value = mix(value, FLUID, self.furrows(place, depth, edge));
        mix(value, FLUID, self.ventricles(place, edge))
    }

    /// The white matter has lobes that reach into the folds.
    fn white(&self, place: Place, depth: f32) -> f32 {
        let lobes = (self.folds * self.angle(place) + self.turn).sin().abs();
        inside(depth - (1.0 - self.deep) + self.deep * (0.9 - lobes), 0.09)
    }

    /// Dark lines between the folds, and the one between the halves.
    fn furrows(&self, place: Place, depth: f32, edge: f32) -> f32 {
        let wave = (self.folds * self.angle(place) + self.turn).sin().abs();
        // Where the wave is 0 a furrow runs inwards; its slope there is the number of folds.
        let across = wave / self.folds * place.far();
        let furrow = inside(across - LINE, edge) * inside(1.0 - 1.3 * self.deep - depth, 0.06);
        let middle = inside(place.x.abs() - LINE, edge) * inside(0.3 - depth, 0.2);
        let rim = inside(0.97 - depth, 0.05);
        furrow.max(middle).max(0.8 * rim)
    }

    /// Two bent drops beside the middle.
    fn ventricles(&self, place: Place, edge: f32) -> f32 {
        let side = place.x.signum();
        let size = 1.0 + self.uneven * side;
        let mirrored = Place { x: place.x.abs(), y: place.y };
        let front = mirrored.from(Place { x: self.apart, y: -0.1 }, -self.slant);
        let back = mirrored.from(Place { x: self.apart + 0.05, y: 0.16 }, self.slant + 0.25);
        let front = front.ellipse(self.wide * size, self.high * size * 0.75);
        let back = back.ellipse(self.wide * size * 1.1, self.high * size * 0.7);
        inside(front.min(back), edge)
    }

    /// The grey islands beside the ventricles.
    fn nuclei(&self, place: Place, edge: f32) -> f32 {
        let mirrored = Place { x: place.x.abs(), y: place.y };
        inside(mirrored.from(Place { x: 0.27, y: -0.02 }, 0.2).ellipse(0.07, 0.15), 2.0 * edge)
    }

    /// From the middle line, the same on both sides.
    fn angle(&self, place: Place) -> f32 {
        place.x.abs().atan2(-place.y)
    }
}
