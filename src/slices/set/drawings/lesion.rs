//! What does not belong there: a bright lump or a bright ring.

use super::head::Outline;
use super::shape::{Chance, Place, inside, mix};

/// Brightness of what takes up contrast, of a dead core, and of swelling around it.
const BRIGHT: f32 = 236.0;
const CORE: f32 = 62.0;
const SWELLING: f32 = 84.0;

/// A lesion with a wobbly edge.
pub struct Lesion {
    centre: Place,
    radius: f32,
    /// How strongly the edge wobbles two and three times around, and where it starts.
    wobble: [(f32, f32, f32); 2],
    /// Width of the bright rim; none for a lump.
    rim: Option<f32>,
    swelling: f32,
    bright: f32,
}

impl Lesion {
    /// Some lesion, wholly in the brain and beside its middle.
    pub fn new(chance: &mut Chance, outline: &Outline) -> Self {
        let reach = outline.reach();
        let radius = chance.between(0.1, 0.22);
        let room = |half: f32| (half - 1.1 * radius).max(0.05);
        // Of an even place in the half ellipse that is left, by its angle and distance.
        let angle = chance.between(0.25, std::f32::consts::PI - 0.25);
        let far = chance.between(0.3, 1.0).sqrt();
        let side = chance.side();
        Self {
            centre: Place { x: side * room(reach.x) * far * angle.sin(), y: -room(reach.y) * far * angle.cos() },
            radius,
            wobble: [2.0, 3.0]
                .map(|times| (times, chance.between(0.0, 0.12), chance.between(0.0, std::f32::consts::TAU))),
            rim: (chance.side() > 0.0).then(|| radius * chance.between(0.3, 0.5)),
            swelling: chance.between(0.03, 0.12),
            bright: BRIGHT - chance.between(0.0, 40.0),
        }
    }

    /// Whether a place is in it.
    pub fn inside(&self, place: Place, edge: f32) -> f32 {
        inside(self.distance(place), edge)
    }

    /// The brightness of a place once it is there.
    pub fn over(&self, tissue: f32, place: Place, edge: f32) -> f32 {
        let distance = self.distance(place);
        // Swelling fades out and darkens only.
        let around = mix(tissue, tissue.min(SWELLING), inside(distance - self.swelling, 0.09));
        let core = self.rim.map_or(0.0, |rim| inside(distance + rim, 2.0 * edge));
        mix(around, mix(self.bright, CORE, core), inside(distance, edge))
    }

    fn distance(&self, place: Place) -> f32 {
        let from = place.from(self.centre, 0.0);
        let angle = from.y.atan2(from.x);
        let wobble: f32 = self.wobble.iter().map(|(times, much, start)| much * (times * angle + start).sin()).sum();
        from.far() - self.radius * (1.0 + wobble)
    }
}
