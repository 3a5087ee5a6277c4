//! Orientation in a NIfTI header: the methods 1 to 3 of `nifti1.h`.

use super::header::NiftiHeader;
use crate::slices::decoded::Refusal;
use crate::slices::orientation::VoxelGrid;

/// An affine transform in RAS coordinates: the steps along the three axes of the file, and the origin.
type Affine = ([[f64; 3]; 3], [f64; 3]);

/// The grid of the samples by the sform, else by the qform, else by the spacing alone. NIfTI uses RAS coordinates
/// (right, front, head); the grid uses LPS.
///
/// # Errors
/// If none of these gives a usable orientation.
pub(super) fn grid(header: &NiftiHeader, sizes: [usize; 3]) -> Result<VoxelGrid, Refusal> {
    let millimetres = match header.xyzt_units & 7 {
        1 => 1e3,
        3 => 1e-3,
        _ => 1.0,
    };
    let given = [sform(header), qform(header)].into_iter().flatten();
    // Old files (ANALYZE 7.5) have no orientation. Most programs assume the axes right, front and head.
    let assumed = (!is_known(header)).then(|| {
        let [x, y, z] = spacing(header);
        ([[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]], [0.0; 3])
    });
    let to_lps = |[x, y, z]: [f64; 3]| [-x * millimetres, -y * millimetres, z * millimetres];
    given
        .chain(assumed)
        .find_map(|(steps, origin)| VoxelGrid::new(sizes, steps.map(to_lps), to_lps(origin)).ok())
        .ok_or(Refusal::Orientation)
}

/// Whether the header gives an orientation.
pub(super) fn is_known(header: &NiftiHeader) -> bool {
    header.sform_code > 0 || header.qform_code > 0
}

/// The affine transform written as a matrix.
fn sform(header: &NiftiHeader) -> Option<Affine> {
    let column = |axis: usize| header.srow.map(|row| row[axis]);
    (header.sform_code > 0).then(|| ([column(0), column(1), column(2)], column(3)))
}

/// The affine transform written as spacing, a unit quaternion of which the first part is left out, and an offset.
fn qform(header: &NiftiHeader) -> Option<Affine> {
    let [b, c, d] = header.quaternion;
    let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
    let rows = [
        [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), 2.0 * (b * d + a * c)],
        [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d - a * b)],
        [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ];
    let [x, y, z] = spacing(header);
    // `pixdim[0]`, called qfac, is -1 if the third axis is mirrored.
    let z = if header.pixdim[0] < 0.0 { -z } else { z };
    let step = |axis: usize, length: f64| rows.map(|row| row[axis] * length);
    (header.qform_code > 0).then(|| ([step(0, x), step(1, y), step(2, z)], header.qoffset))
}

/// Distances between samples along the axes of the file; 1 if the header has none.
fn spacing(header: &NiftiHeader) -> [f64; 3] {
    let [_, x, y, z, ..] = header.pixdim.map(f64::abs);
    [x, y, z].map(|distance| if distance > 0.0 { distance } else { 1.0 })
}
