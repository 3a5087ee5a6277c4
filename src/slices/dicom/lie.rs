//! How a frame lies in the patient.

use dicom_dictionary_std::tags;

use super::fields::Fields;
use crate::slices::nrrd::Volume;
use crate::slices::nrrd::turn::{Grid, upright};
use crate::slices::open::Plane;

type Vector = [f64; 3];

/// Difference of directions that are still the same, as part of their length.
const SAME: f64 = 1e-3;

/// Where a frame lies: towards left, back and head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lie {
    /// Along a row, of length 1.
    across: Vector,
    /// Along a column, of length 1.
    down: Vector,
    /// The first pixel, in millimetres, if it is said.
    corner: Option<Vector>,
    /// Distances of pixels along a row and along a column, in millimetres.
    spacing: [f64; 2],
}

impl Lie {
    /// As the file says, if it does.
    pub(super) fn of(file: Fields, frame: usize) -> Option<Self> {
        let directions = file.of_frame(frame, tags::PLANE_ORIENTATION_SEQUENCE);
        let [a, b, c, d, e, f] = directions.numbers(tags::IMAGE_ORIENTATION_PATIENT)?;
        let corner = file.of_frame(frame, tags::PLANE_POSITION_SEQUENCE).numbers(tags::IMAGE_POSITION_PATIENT);
        Some(Self { across: unit([a, b, c])?, down: unit([d, e, f])?, corner, spacing: spacing(file, frame) })
    }

    fn normal(&self) -> Vector {
        let ([a, b, c], [d, e, f]) = (self.across, self.down);
        [b * f - c * e, c * d - a * f, a * e - b * d]
    }

    /// Which axis of the patient the picture looks along, and the direction along it that leads left, back or up.
    fn look(&self) -> (usize, Vector) {
        let normal = self.normal();
        let axis = (0..3).max_by(|&a, &b| normal[a].abs().total_cmp(&normal[b].abs())).unwrap_or(2);
        (axis, normal.map(|part| part * normal[axis].signum()))
    }

    pub(super) fn plane(&self) -> Plane {
        match self.look().0 {
            0 => Plane::Sagittal,
            1 => Plane::Coronal,
            _ => Plane::Axial,
        }
    }

    /// How far left, back or up it lies.
    pub(super) fn position(&self) -> Option<f64> {
        let (_, along) = self.look();
        self.corner.map(|corner| dot(corner, along)).filter(|position| position.is_finite())
    }

    fn beside(&self, other: &Self) -> bool {
        let near = |a: Vector, b: Vector| a.iter().zip(b).all(|(a, b)| (a - b).abs() < SAME);
        near(self.across, other.across) && near(self.down, other.down)
    }
}

/// Distances of pixels along a row and along a column; 1 where none are given.
pub(super) fn spacing(file: Fields, frame: usize) -> [f64; 2] {
    let given = file.of_frame(frame, tags::PIXEL_MEASURES_SEQUENCE).numbers(tags::PIXEL_SPACING);
    match given {
        Some([down, across]) if down > 0.0 && across > 0.0 => [across, down],
        _ => [1.0, 1.0],
    }
}

/// The frames as one upright volume; nothing if they do not lie behind each other, or the file does not say.
pub(super) fn stack(sizes: [usize; 3], lies: &[Lie], values: &[f32]) -> Option<Volume> {
    let first = lies.first().filter(|first| lies.iter().all(|lie| lie.beside(first)))?;
    let several = lies.len() > 1;
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(lies.len());
    for (index, lie) in lies.iter().enumerate() {
        // A single frame needs no place to be turned.
        order.push((lie.position().or((!several).then_some(0.0))?, index));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let gaps = order.windows(2).map(|pair| pair[1].0 - pair[0].0);
    let (nearest, farthest) = gaps.fold((f64::INFINITY, 0.0_f64), |(a, b), gap| (a.min(gap), b.max(gap)));
    // Frames of several moments lie in one place; those with a hole between them are no volume.
    if several && !(nearest > 0.0 && farthest < 2.0 * nearest) {
        return None;
    }
    let gap = if several { (nearest + farthest) / 2.0 } else { 1.0 };
    let along = first.look().1.map(|part| part * gap);
    let [across, down] = first.spacing;
    let steps = |along| [first.across.map(|part| part * across), first.down.map(|part| part * down), along];
    let corner = |lie: &Lie| lie.corner.unwrap_or_default();
    let indices = || order.iter().map(|(_, index)| *index);
    // Most files are in order one way or the other, and need no copy.
    if indices().eq(0..lies.len()) {
        return Some(upright(&Grid::new(sizes, steps(along), corner(first)).ok()?, values));
    }
    if indices().eq((0..lies.len()).rev()) {
        return Some(upright(&Grid::new(sizes, steps(along.map(|part| -part)), corner(first)).ok()?, values));
    }
    let pixels = sizes[0] * sizes[1];
    let mut sorted = Vec::with_capacity(values.len());
    for index in indices() {
        sorted.extend_from_slice(values.get(index * pixels..(index + 1) * pixels)?);
    }
    let lowest = indices().next().and_then(|index| lies.get(index))?;
    Some(upright(&Grid::new(sizes, steps(along), corner(lowest)).ok()?, &sorted))
}

fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn unit(vector: Vector) -> Option<Vector> {
    let length = dot(vector, vector).sqrt();
    (length > 0.5 && length < 2.0).then(|| vector.map(|part| part / length))
}

#[cfg(test)]
mod tests;
