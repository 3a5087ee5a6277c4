//! How the head lies in a NIfTI file.

use nifti::NiftiHeader;

use crate::slices::nrrd::turn::Grid;
use crate::slices::open::Refusal;

/// Where the samples lie: as the header's matrix says, or its turn, or by its distances alone. NIfTI counts towards
/// right, front and head; here it is left, back and head.
pub(super) fn grid(header: &NiftiHeader, sizes: [usize; 3]) -> Result<Grid, Refusal> {
    let unit = match header.xyzt_units & 7 {
        1 => 1e3,
        3 => 1e-3,
        _ => 1.0,
    };
    let ways = [matrix(header), turn(header)];
    let known = ways.into_iter().flatten();
    // Old files say nothing; most programs then take them to lie as the format counts.
    let plain = (!self::known(header)).then(|| {
        let [x, y, z] = distances(header);
        ([[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]], [0.0; 3])
    });
    let left_back = |[x, y, z]: [f64; 3]| [-x * unit, -y * unit, z * unit];
    known
        .chain(plain)
        .find_map(|(steps, origin)| Grid::new(sizes, steps.map(left_back), left_back(origin)).ok())
        .ok_or(Refusal::Orientation)
}

/// Whether the header says how the head lies.
pub(super) fn known(header: &NiftiHeader) -> bool {
    header.sform_code > 0 || header.qform_code > 0
}

type Lie = ([[f64; 3]; 3], [f64; 3]);

/// The steps along the axes of the file, written out.
fn matrix(header: &NiftiHeader) -> Option<Lie> {
    let rows = [header.srow_x, header.srow_y, header.srow_z].map(|row| row.map(f64::from));
    let column = |axis: usize| rows.map(|row| row[axis]);
    (header.sform_code > 0).then(|| ([column(0), column(1), column(2)], column(3)))
}

/// The steps as distances, turned by a quaternion of which three parts are written.
fn turn(header: &NiftiHeader) -> Option<Lie> {
    let [b, c, d] = [header.quatern_b, header.quatern_c, header.quatern_d].map(f64::from);
    let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
    let rows = [
        [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), 2.0 * (b * d + a * c)],
        [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d - a * b)],
        [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ];
    let [x, y, z] = distances(header);
    // Mirrored or not is said by the sign of a number that has no other use.
    let z = if header.pixdim[0] < 0.0 { -z } else { z };
    let step = |axis: usize, length: f64| rows.map(|row| row[axis] * length);
    let origin = [header.quatern_x, header.quatern_y, header.quatern_z].map(f64::from);
    (header.qform_code > 0).then(|| ([step(0, x), step(1, y), step(2, z)], origin))
}

/// Distances between samples; 1 where none is given.
fn distances(header: &NiftiHeader) -> [f64; 3] {
    let [_, x, y, z, ..] = header.pixdim.map(|distance| f64::from(distance).abs());
    [x, y, z].map(|distance| if distance > 0.0 { distance } else { 1.0 })
}
