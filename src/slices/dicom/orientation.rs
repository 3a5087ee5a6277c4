//! Where a frame lies in the patient: the Image Plane module (PS3.3 C.7.6.2).

use super::attributes::FrameAttributes;
use super::tags;
use crate::slices::decoded::Plane;
use crate::slices::orientation::VoxelGrid;
use crate::slices::volume::Volume;

type Vector = [f64; 3];

/// Difference up to which two components of direction vectors count as equal.
const SAME_DIRECTION: f64 = 1e-3;

/// Position and direction of a frame in LPS coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct ImagePlane {
    /// Unit vector along a row.
    across: Vector,
    /// Unit vector along a column.
    down: Vector,
    /// Position of the first pixel in millimetres, if the file gives it.
    corner: Option<Vector>,
    /// Distances between pixels along a row and along a column, in millimetres.
    spacing: [f64; 2],
}

impl ImagePlane {
    /// The plane of a frame. `None` if the file does not give its orientation.
    pub(super) fn of(file: &FrameAttributes, frame: usize) -> Option<Self> {
        let directions = file.numbers(frame, tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION);
        let [a, b, c, d, e, f] = directions?;
        let corner = file.numbers(frame, tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION);
        Some(Self { across: unit([a, b, c])?, down: unit([d, e, f])?, corner, spacing: spacing(file, frame) })
    }

    /// The anatomical plane nearest to this one.
    pub(super) fn anatomical(&self) -> Plane {
        match self.axis_and_normal().0 {
            0 => Plane::Sagittal,
            1 => Plane::Coronal,
            _ => Plane::Axial,
        }
    }

    /// Position along the normal in millimetres, growing to the left, back or head.
    pub(super) fn position(&self) -> Option<f64> {
        let (_, normal) = self.axis_and_normal();
        self.corner.map(|corner| dot(corner, normal)).filter(|position| position.is_finite())
    }

    /// The patient axis nearest to the normal, and the normal in the direction of that axis.
    fn axis_and_normal(&self) -> (usize, Vector) {
        let ([a, b, c], [d, e, f]) = (self.across, self.down);
        let normal = [b * f - c * e, c * d - a * f, a * e - b * d];
        let axis = (0..3).max_by(|&a, &b| normal[a].abs().total_cmp(&normal[b].abs())).unwrap_or(2);
        (axis, normal.map(|part| part * normal[axis].signum()))
    }

    fn is_parallel(&self, other: &Self) -> bool {
        let near = |a: Vector, b: Vector| a.iter().zip(b).all(|(a, b)| (a - b).abs() < SAME_DIRECTION);
        near(self.across, other.across) && near(self.down, other.down)
    }
}

/// Distances between pixels along a row and along a column, in millimetres; 1 if the file has none.
pub(super) fn spacing(file: &FrameAttributes, frame: usize) -> [f64; 2] {
    let given = file.numbers(frame, tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
    match given {
        Some([down, across]) if down > 0.0 && across > 0.0 => [across, down],
        _ => [1.0, 1.0],
    }
}

/// The frames as one volume. `None` if they are not parallel, evenly spaced and at different positions, or a position is
/// missing. A single frame needs no position.
///
/// `sizes` are columns, rows and frames; `values` has one value for each pixel.
pub(super) fn stack(sizes: [usize; 3], planes: &[ImagePlane], values: &[f32]) -> Option<Volume> {
    let first = planes.first().filter(|first| planes.iter().all(|plane| plane.is_parallel(first)))?;
    let several = planes.len() > 1;
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(planes.len());
    for (index, plane) in planes.iter().enumerate() {
        order.push((plane.position().or((!several).then_some(0.0))?, index));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let gaps = order.windows(2).map(|pair| pair[1].0 - pair[0].0);
    let (nearest, farthest) = gaps.fold((f64::INFINITY, 0.0_f64), |(a, b), gap| (a.min(gap), b.max(gap)));
    // A gap of 0 comes from a time series; a gap twice as wide as another means that a frame is missing.
    if several && !(nearest > 0.0 && farthest < 2.0 * nearest) {
        return None;
    }
    let gap = if several { (nearest + farthest) / 2.0 } else { 1.0 };
    let along = first.axis_and_normal().1.map(|part| part * gap);
    let [across, down] = first.spacing;
    let steps = |along| [first.across.map(|part| part * across), first.down.map(|part| part * down), along];
    let corner = |plane: &ImagePlane| plane.corner.unwrap_or_default();
    let volume =
        |along, corner, values: &[f32]| Some(VoxelGrid::new(sizes, steps(along), corner).ok()?.reorient(values));
    let indices = || order.iter().map(|(_, index)| *index);
    // Most files are sorted one way or the other, and need no copy.
    if indices().eq(0..planes.len()) {
        return volume(along, corner(first), values);
    }
    if indices().eq((0..planes.len()).rev()) {
        return volume(along.map(|part| -part), corner(first), values);
    }
    let pixels = sizes[0] * sizes[1];
    let mut sorted = Vec::with_capacity(values.len());
    for index in indices() {
        sorted.extend_from_slice(values.get(index * pixels..(index + 1) * pixels)?);
    }
    let lowest = indices().next().and_then(|index| planes.get(index))?;
    volume(along, corner(lowest), &sorted)
}

fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The vector scaled to length 1. `None` if its length is far from 1.
fn unit(vector: Vector) -> Option<Vector> {
    let length = dot(vector, vector).sqrt();
    (length > 0.5 && length < 2.0).then(|| vector.map(|part| part / length))
}

#[cfg(test)]
mod tests;
