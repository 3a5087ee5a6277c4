//! Drawn people, for experiments without any scan.

use super::folds::Division;
use crate::slice::{LabelledSlice, PersonSlice, Slice};
use crate::slices::collection::drawings::draw;

/// Drawn people that can be learned from.
pub const LEARNERS: usize = 60;
/// Drawn people who test.
pub const TESTERS: usize = 60;
/// Other drawn people, for fakes that are made from somebody else's data.
pub const OTHERS: usize = 100;

fn name(number: usize) -> String {
    format!("drawing {number}")
}

/// The people of the experiment, one slice each.
pub fn people(side: usize) -> Vec<PersonSlice> {
    (0..LEARNERS + TESTERS).map(|number| person(number, side)).collect()
}

/// The others, one slice each. None of them is among [`people`].
pub fn others(side: usize) -> Vec<PersonSlice> {
    (LEARNERS + TESTERS..LEARNERS + TESTERS + OTHERS).map(|number| person(number, side)).collect()
}

/// The division: which of them test.
pub fn division() -> Division {
    Division::Apart { test: (LEARNERS..LEARNERS + TESTERS).map(name).collect() }
}

fn person(number: usize, side: usize) -> PersonSlice {
    let drawing = draw(number, side);
    let slice = Slice { size: side, image: drawing.image.into_pixels(), mask: drawing.mask.into_pixels() };
    PersonSlice { person: name(number), labelled: LabelledSlice { class: drawing.class, slice } }
}
