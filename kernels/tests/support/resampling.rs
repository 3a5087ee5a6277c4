//! Resampling by its definition, computed directly in `f64`.

use hersenscan_kernels::Resampling;

use super::{assert_close, numbers};

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// Bilinear interpolation at the centres of pixels, means, and pixels as channels.
fn resampled(kind: Resampling, side: usize, plane: &[f32]) -> Vec<f64> {
    let to = kind.side(side);
    let at = |y: usize, x: usize| f64::from(plane[y * side + x]);
    // Windows with stride 2 as channels.
    let windows = |kernel: usize, padding: usize| -> Vec<f64> {
        let window = |i: usize| {
            let (channel, y, x) = (i / (to * to), i / to % to, i % to);
            let (y, x) = (2 * y + channel / kernel, 2 * x + channel % kernel);
            let inside = |place: usize| (padding..side + padding).contains(&place);
            if inside(y) && inside(x) { at(y - padding, x - padding) } else { 0.0 }
        };
        (0..kernel * kernel * to * to).map(window).collect()
    };
    match kind {
        Resampling::Unshuffle => return windows(2, 0),
        Resampling::Patches => return windows(4, 1),
        _ => {}
    }
    let place = |i: usize| {
        let at = ((i as f64 + 0.5) / 2.0 - 0.5).clamp(0.0, side as f64 - 1.0);
        (at as usize, (at as usize + 1).min(side - 1), at.fract())
    };
    (0..to * to)
        .map(|i| {
            let (y, x) = (i / to, i % to);
            if kind == Resampling::Halve {
                return (at(2 * y, 2 * x) + at(2 * y, 2 * x + 1) + at(2 * y + 1, 2 * x) + at(2 * y + 1, 2 * x + 1))
                    / 4.0;
            }
            let ((top, bottom, down), (left, right, along)) = (place(y), place(x));
            let row = |y: usize| at(y, left) * (1.0 - along) + at(y, right) * along;
            row(top) * (1.0 - down) + row(bottom) * down
        })
        .collect()
}

/// Checks that `resample` equals the definitions, and that adjoints are the transposes. `kinds` must not be adjoints
/// themselves.
pub fn check_resampling(kinds: &[Resampling], resample: impl Fn(Resampling, usize, &[f32], &mut [f32])) {
    for side in [2, 4, 6, 8, 16, 32, 64, 128] {
        let planes = 3;
        for &kind in kinds {
            let to = kind.side(side);
            let x = numbers(planes * side * side, 1);
            let mut y = vec![f32::NAN; kind.channels(planes) * to * to];
            resample(kind, side, &x, &mut y);
            let wanted: Vec<f64> = x.chunks(side * side).flat_map(|plane| resampled(kind, side, plane)).collect();
            assert_close(&format!("{kind:?} {side}"), &y, &wanted, 1e-6);
            // <A x, z> = <x, A* z> for every z
            for seed in 2..6 {
                let z = numbers(y.len(), seed);
                let mut back = vec![f32::NAN; x.len()];
                resample(kind.adjoint(), to, &z, &mut back);
                let (one, other) = (dot(&y, &z), dot(&x, &back));
                assert!((one - other).abs() < 1e-4, "{kind:?} {side}: {one}, {other}");
            }
            assert_eq!((kind.adjoint().adjoint(), kind.adjoint().channels(kind.channels(planes))), (kind, planes));
        }
    }
}
