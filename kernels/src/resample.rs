//! Resampling by two and rearrangements of pixels into channels, with their adjoints.

use macerator::{Simd, with_simd};

use crate::parallel::{self, Shared};
use crate::simd::{interleave, lanes, load, pairs_apart, splat, store};

/// A change of the side of each channel by two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// Bilinear interpolation to twice the side, as PyTorch's with `align_corners=False`.
    Double,
    /// The adjoint of [`Double`](Self::Double): its gradient. Half the side.
    DoubleAdjoint,
    /// Means of 2 x 2 pixels: half the side.
    Halve,
    /// The adjoint of [`Halve`](Self::Halve): a quarter of each value to 2 x 2 pixels. Twice the side.
    HalveAdjoint,
    /// Each 2 x 2 pixels to four channels, in the order of PyTorch's `pixel_unshuffle`: half the side, four times the channels.
    Unshuffle,
    /// The adjoint, and inverse, of [`Unshuffle`](Self::Unshuffle).
    Shuffle,
    /// The 4 x 4 pixels that each output of a convolution with stride 2 and padding 1 sees, as channels (`im2col`): half the side,
    /// 16 times the channels.
    Patches,
    /// The adjoint of [`Patches`](Self::Patches).
    PatchesAdjoint,
}

impl Resampling {
    /// The gradient of this operation.
    pub fn adjoint(self) -> Self {
        match self {
            Resampling::Double => Resampling::DoubleAdjoint,
            Resampling::DoubleAdjoint => Resampling::Double,
            Resampling::Halve => Resampling::HalveAdjoint,
            Resampling::HalveAdjoint => Resampling::Halve,
            Resampling::Unshuffle => Resampling::Shuffle,
            Resampling::Shuffle => Resampling::Unshuffle,
            Resampling::Patches => Resampling::PatchesAdjoint,
            Resampling::PatchesAdjoint => Resampling::Patches,
        }
    }

    /// Side of the result for this side.
    pub fn side(self, side: usize) -> usize {
        if self.grows() { 2 * side } else { side / 2 }
    }

    /// Channels of the result for this many channels.
    pub fn channels(self, channels: usize) -> usize {
        let [from, to] = self.planes();
        channels / from * to
    }

    fn grows(self) -> bool {
        matches!(self, Resampling::Double | Resampling::HalveAdjoint | Resampling::Shuffle | Resampling::PatchesAdjoint)
    }

    /// Number of input channels that are processed together, and of output channels that they become.
    fn planes(self) -> [usize; 2] {
        match self {
            Resampling::Double | Resampling::DoubleAdjoint | Resampling::Halve | Resampling::HalveAdjoint => [1, 1],
            Resampling::Unshuffle => [1, 4],
            Resampling::Shuffle => [4, 1],
            Resampling::Patches => [1, 16],
            Resampling::PatchesAdjoint => [16, 1],
        }
    }
}

/// Fewest values that a task handles.
const TASK: usize = 1 << 14;

/// Resamples planes of `side` x `side` pixels.
///
/// # Panics
/// If a length does not fit, or an odd side is halved.
pub fn resample(kind: Resampling, side: usize, input: &[f32], output: &mut [f32]) {
    let [from, to] = kind.planes();
    let (from, to) = (from * side * side, to * kind.side(side) * kind.side(side));
    assert!(side > 0 && (kind.grows() || side.is_multiple_of(2)), "a side of {side} pixels");
    let groups = input.len() / from;
    assert_eq!((input.len(), output.len()), (groups * from, groups * to), "lengths of input and output");
    let share = (TASK / from.max(to)).max(1);
    let place = Shared::new(output);
    parallel::for_each(groups.div_ceil(share), |task| {
        let mut line = vec![0.0; 2 * side + 2];
        for group in task * share..((task + 1) * share).min(groups) {
            let input = &input[group * from..(group + 1) * from];
            // Safety: this task alone writes the planes.
            let output = unsafe { std::slice::from_raw_parts_mut(place.at(group * to), to) };
            match kind {
                Resampling::Double => double(side, input, output, &mut line),
                Resampling::DoubleAdjoint => double_adjoint(side, input, output, &mut line),
                Resampling::Halve => halve(side, input, output),
                Resampling::HalveAdjoint => halve_adjoint(side, input, output),
                Resampling::Unshuffle => unshuffle(side, input, output),
                Resampling::Shuffle => shuffle(side, input, output),
                Resampling::Patches => patches(side, input, output, &mut line),
                Resampling::PatchesAdjoint => patches_adjoint(side, input, output, &mut line),
            }
        }
    });
}

/// Whether to process this many values with vectors of four. In a program that is optimised for size, compilers do not
/// vectorise for WebAssembly.
#[inline(always)]
fn in_fours<S: Simd>(count: usize) -> bool {
    lanes::<S>() == 4 && count.is_multiple_of(4)
}

#[with_simd]
fn double<S: Simd>(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    double_plane::<S>(side, input, output, line);
}

/// `line` is memory for a row with its neighbours.
#[inline(always)]
pub(crate) fn double_plane<S: Simd>(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let line = &mut line[..side + 2];
    for (y, output) in output.chunks_exact_mut(2 * side).enumerate() {
        let near = y / 2;
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(side - 1) };
        let (near, far) = (&input[near * side..][..side], &input[far * side..][..side]);
        if in_fours::<S>(side) {
            // Safety: the rows have `side` values, the line two more, and the output twice as many.
            unsafe { double_in_fours::<S>([near.as_ptr(), far.as_ptr()], line, output.as_mut_ptr()) };
            continue;
        }
        for ((to, near), far) in line[1..=side].iter_mut().zip(near).zip(far) {
            *to = 0.75 * near + 0.25 * far;
        }
        (line[0], line[side + 1]) = (line[1], line[side]);
        let neighbours = line.iter().zip(&line[1..]).zip(&line[2..]);
        for (output, ((left, here), right)) in output.as_chunks_mut::<2>().0.iter_mut().zip(neighbours) {
            *output = [0.75 * here + 0.25 * left, 0.75 * here + 0.25 * right];
        }
    }
}

/// A row of [`double`] with vectors of four.
#[inline(always)]
unsafe fn double_in_fours<S: Simd>([near, far]: [*const f32; 2], line: &mut [f32], output: *mut f32) {
    let side = line.len() - 2;
    let (most, least) = (splat::<S>(0.75), splat::<S>(0.25));
    unsafe {
        for x in (0..side).step_by(4) {
            let value = most * load::<S>(near.add(x)) + least * load::<S>(far.add(x));
            store::<S>(line.as_mut_ptr().add(x + 1), value);
        }
        (line[0], line[side + 1]) = (line[1], line[side]);
        for x in (0..side).step_by(4) {
            let at = line.as_ptr().add(x);
            let here = most * load::<S>(at.add(1));
            let even = here + least * load::<S>(at);
            let odd = here + least * load::<S>(at.add(2));
            let [first, second] = interleave::<S>(even, odd);
            store::<S>(output.add(2 * x), first);
            store::<S>(output.add(2 * x + 4), second);
        }
    }
}

#[with_simd]
fn double_adjoint<S: Simd>(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let half = side / 2;
    // Beyond an edge the edge pixel is repeated, so its gradient also gets what falls beyond the edge.
    let row = |y: usize| &input[y * side..][..side];
    for (y, output) in output.chunks_exact_mut(half).enumerate() {
        let above = row((2 * y).saturating_sub(1));
        let below = row((2 * y + 2).min(side - 1));
        let line = &mut line[..side + 2];
        let (even, odd) = (row(2 * y), row(2 * y + 1));
        if in_fours::<S>(half) {
            // Safety: the rows have `side` values, the line two more, and the output half as many.
            unsafe {
                let rows = [even, odd, above, below].map(<[f32]>::as_ptr);
                double_adjoint_in_fours::<S>(rows, line, output.as_mut_ptr());
            }
            continue;
        }
        let near = even.iter().zip(odd);
        for ((to, (even, odd)), (above, below)) in line[1..=side].iter_mut().zip(near).zip(above.iter().zip(below)) {
            *to = 0.75 * (even + odd) + 0.25 * (above + below);
        }
        (line[0], line[side + 1]) = (line[1], line[side]);
        // Pixel i comes from 2 i - 1 to 2 i + 2, which are at one more in the line.
        for (i, to) in output.iter_mut().enumerate() {
            let at = &line[2 * i..2 * i + 4];
            *to = 0.75 * (at[1] + at[2]) + 0.25 * (at[0] + at[3]);
        }
    }
}

/// A row of [`double_adjoint`] with vectors of four.
#[inline(always)]
unsafe fn double_adjoint_in_fours<S: Simd>(rows: [*const f32; 4], line: &mut [f32], output: *mut f32) {
    let side = line.len() - 2;
    let (most, least) = (splat::<S>(0.75), splat::<S>(0.25));
    unsafe {
        for x in (0..side).step_by(4) {
            let mut values = [splat::<S>(0.0); 4];
            for (value, row) in values.iter_mut().zip(rows) {
                *value = load::<S>(row.add(x));
            }
            let [even, odd, above, below] = values;
            store::<S>(line.as_mut_ptr().add(x + 1), most * (even + odd) + least * (above + below));
        }
        (line[0], line[side + 1]) = (line[1], line[side]);
        for x in (0..side / 2).step_by(4) {
            let at = line.as_ptr().add(2 * x);
            let [first, second] = pairs_apart::<S>(load::<S>(at), load::<S>(at.add(4)));
            let [third, fourth] = pairs_apart::<S>(load::<S>(at.add(2)), load::<S>(at.add(6)));
            store::<S>(output.add(x), most * (second + third) + least * (first + fourth));
        }
    }
}

#[with_simd]
fn halve<S: Simd>(side: usize, input: &[f32], output: &mut [f32]) {
    for (rows, output) in input.chunks_exact(2 * side).zip(output.chunks_exact_mut(side / 2)) {
        let (above, below) = rows.split_at(side);
        if in_fours::<S>(side / 2) {
            for x in (0..side / 2).step_by(4) {
                // Safety: the rows have `side` values, and the output half as many.
                unsafe {
                    let [above, below] = [above, below].map(|row| row.as_ptr().add(2 * x));
                    let [a, b] = pairs_apart::<S>(load::<S>(above), load::<S>(above.add(4)));
                    let [c, d] = pairs_apart::<S>(load::<S>(below), load::<S>(below.add(4)));
                    store::<S>(output.as_mut_ptr().add(x), splat::<S>(0.25) * ((a + b) + (c + d)));
                }
            }
            continue;
        }
        let pairs = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
        for (to, (above, below)) in output.iter_mut().zip(pairs) {
            *to = 0.25 * ((above[0] + above[1]) + (below[0] + below[1]));
        }
    }
}

#[with_simd]
fn halve_adjoint<S: Simd>(side: usize, input: &[f32], output: &mut [f32]) {
    for (row, output) in input.chunks_exact(side).zip(output.chunks_exact_mut(4 * side)) {
        let (above, below) = output.split_at_mut(2 * side);
        if in_fours::<S>(side) {
            for x in (0..side).step_by(4) {
                // Safety: the row has `side` values, and each row of the output twice as many.
                unsafe {
                    let quarter = splat::<S>(0.25) * load::<S>(row.as_ptr().add(x));
                    let [first, second] = interleave::<S>(quarter, quarter);
                    for to in [&mut *above, &mut *below] {
                        store::<S>(to.as_mut_ptr().add(2 * x), first);
                        store::<S>(to.as_mut_ptr().add(2 * x + 4), second);
                    }
                }
            }
            continue;
        }
        for (to, value) in above.as_chunks_mut::<2>().0.iter_mut().zip(row) {
            *to = [0.25 * value; 2];
        }
        below.copy_from_slice(above);
    }
}

/// Even and odd values of a row, side by side in `even` and `odd`.
#[with_simd]
fn divide<S: Simd>(row: &[f32], even: &mut [f32], odd: &mut [f32]) {
    let half = row.len() / 2;
    if in_fours::<S>(half) && even.len() >= half && odd.len() >= half {
        for x in (0..half).step_by(4) {
            // Safety: the lengths were checked.
            unsafe {
                let at = row.as_ptr().add(2 * x);
                let [first, second] = pairs_apart::<S>(load::<S>(at), load::<S>(at.add(4)));
                store::<S>(even.as_mut_ptr().add(x), first);
                store::<S>(odd.as_mut_ptr().add(x), second);
            }
        }
        return;
    }
    for ((pair, even), odd) in row.as_chunks::<2>().0.iter().zip(even).zip(odd) {
        [*even, *odd] = *pair;
    }
}

fn unshuffle(side: usize, input: &[f32], output: &mut [f32]) {
    let half = side / 2;
    for (y, row) in input.chunks_exact(side).enumerate() {
        let (even, odd) = output[y % 2 * 2 * half * half..][..2 * half * half].split_at_mut(half * half);
        divide(row, &mut even[y / 2 * half..][..half], &mut odd[y / 2 * half..][..half]);
    }
}

fn shuffle(side: usize, input: &[f32], output: &mut [f32]) {
    for (y, row) in output.chunks_exact_mut(2 * side).enumerate() {
        let (even, odd) = input[y % 2 * 2 * side * side..][..2 * side * side].split_at(side * side);
        let (even, odd) = (&even[y / 2 * side..][..side], &odd[y / 2 * side..][..side]);
        for ((pair, even), odd) in row.as_chunks_mut::<2>().0.iter_mut().zip(even).zip(odd) {
            *pair = [*even, *odd];
        }
    }
}

/// The two pairs of output row and kernel row that see a row of the input. An output row may lie outside.
fn seen(y: usize) -> [(Option<usize>, usize); 2] {
    // Output o sees rows 2 o - 1 to 2 o + 2.
    match y % 2 {
        0 => [(Some(y / 2), 1), ((y / 2).checked_sub(1), 3)],
        _ => [(Some(y / 2 + 1), 0), (Some(y / 2), 2)],
    }
}

fn patches(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let half = side / 2;
    // Even and odd pixels of a row. A zero lies before the first odd one and after the last even one.
    let (even, odd) = line.split_at_mut(half + 1);
    (even[half], odd[0]) = (0.0, 0.0);
    output[..4 * half * half].fill(0.0);
    output[12 * half * half..].fill(0.0);
    for (y, row) in input.chunks_exact(side).enumerate() {
        divide(row, even, &mut odd[1..]);
        let columns = [&odd[..half], &even[..half], &odd[1..=half], &even[1..=half]];
        for (to, kernel) in seen(y) {
            let Some(to) = to.filter(|to| *to < half) else { continue };
            for (x, column) in columns.into_iter().enumerate() {
                output[((kernel * 4 + x) * half + to) * half..][..half].copy_from_slice(column);
            }
        }
    }
}

/// `side` is that of the patches.
fn patches_adjoint(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    for (y, row) in output.chunks_exact_mut(2 * side).enumerate() {
        let (even, odd) = line.split_at_mut(side + 1);
        line_of_patches(side, y, input, even, odd);
        for ((pair, even), odd) in row.as_chunks_mut::<2>().0.iter_mut().zip(&even[..side]).zip(&odd[1..]) {
            *pair = [*even, *odd];
        }
    }
}

/// Row `y` of the sum of all patches: its even pixels, and its odd pixels after one that lies outside.
fn line_of_patches(side: usize, y: usize, input: &[f32], even: &mut [f32], odd: &mut [f32]) {
    even.fill(0.0);
    odd.fill(0.0);
    for (from, kernel) in seen(y) {
        let Some(from) = from.filter(|from| *from < side) else { continue };
        let column = |x: usize| &input[((kernel * 4 + x) * side + from) * side..][..side];
        let add = |to: &mut [f32], x: usize| to.iter_mut().zip(column(x)).for_each(|(to, value)| *to += value);
        add(odd, 0);
        add(even, 1);
        add(&mut odd[1..], 2);
        add(&mut even[1..], 3);
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
#[path = "resample_tests.rs"]
mod tests;
