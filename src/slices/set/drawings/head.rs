//! Skin, skull, nose and ears.

use super::shape::{Chance, Place, inside, mix};

/// Brightness of the skin, which holds fat.
const SKIN: f32 = 205.0;
/// Brightness of bone.
const BONE: f32 = 26.0;
/// Distance from the skin's edge to the bone, and to the brain.
const DEPTHS: (f32, f32) = (0.055, 0.115);

/// The outline of a head from above, nose up.
pub struct Outline {
    centre: Place,
    angle: f32,
    wide: f32,
    high: f32,
    /// How much narrower the forehead is.
    taper: f32,
    nose: f32,
    ears: f32,
    skin: f32,
}

impl Outline {
    /// Some head.
    pub fn new(chance: &mut Chance) -> Self {
        let size = chance.between(0.88, 1.0);
        Self {
            centre: Place { x: chance.between(-0.04, 0.04), y: chance.between(0.0, 0.05) },
            angle: chance.between(-0.17, 0.17),
            wide: size * chance.between(0.62, 0.74),
            high: size * chance.between(0.78, 0.84),
            taper: chance.between(0.04, 0.2),
            nose: size * chance.between(0.085, 0.115),
            ears: size * chance.between(0.12, 0.16),
            skin: SKIN + chance.between(-25.0, 25.0),
        }
    }

    /// A place of the picture as the head sees it: upright, in the middle.
    pub fn turned(&self, place: Place) -> Place {
        place.from(self.centre, self.angle)
    }

    /// How far within the head: 0 in its middle, 1 at the brain's edge.
    pub fn depth(&self, place: Place) -> f32 {
        let inner = DEPTHS.1;
        self.narrowed(place).scaled(self.wide - inner, self.high - inner)
    }

    /// Skin and bone, and the air around them.
    pub fn tissue(&self, place: Place, edge: f32) -> f32 {
        let skull = self.skull(place);
        let skin = self.skin * inside(skull.min(self.ear(place)).min(self.tip(place)), edge);
        mix(skin, BONE, inside(skull + DEPTHS.0, edge))
    }

    /// Whether a place is in the brain.
    pub fn brain(&self, place: Place, edge: f32) -> f32 {
        inside(self.skull(place) + DEPTHS.1, edge)
    }

    /// Half the width and height of the brain.
    pub fn reach(&self) -> Place {
        Place { x: self.wide - DEPTHS.1, y: self.high - DEPTHS.1 }
    }

    /// Heads are broader behind.
    fn narrowed(&self, place: Place) -> Place {
        Place { x: place.x / (1.0 + self.taper * place.y), y: place.y }
    }

    fn skull(&self, place: Place) -> f32 {
        self.narrowed(place).ellipse(self.wide, self.high)
    }

    fn ear(&self, place: Place) -> f32 {
        let side = Place { x: place.x.abs(), y: place.y };
        side.from(Place { x: self.wide, y: 0.06 }, -0.25).ellipse(self.ears * 0.55, self.ears)
    }

    fn tip(&self, place: Place) -> f32 {
        place.from(Place { x: 0.0, y: -self.high }, 0.0).ellipse(self.nose * 0.8, self.nose)
    }
}
