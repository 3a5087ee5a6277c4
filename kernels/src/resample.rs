//! Resampling by two and rearrangements of pixels into channels, with their adjoints.

use crate::parallel::{self, Shared};

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

/// `line` is memory for a row with its neighbours.
fn double(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let line = &mut line[..side + 2];
    for (y, output) in output.chunks_exact_mut(2 * side).enumerate() {
        let near = y / 2;
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(side - 1) };
        let (near, far) = (&input[near * side..][..side], &input[far * side..][..side]);
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

fn double_adjoint(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let half = side / 2;
    // Beyond an edge the edge pixel is repeated, so its gradient also gets what falls beyond the edge.
    let row = |y: usize| &input[y * side..][..side];
    for (y, output) in output.chunks_exact_mut(half).enumerate() {
        let above = row((2 * y).saturating_sub(1));
        let below = row((2 * y + 2).min(side - 1));
        let line = &mut line[..side + 2];
        let near = row(2 * y).iter().zip(row(2 * y + 1));
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

fn halve(side: usize, input: &[f32], output: &mut [f32]) {
    for (rows, output) in input.chunks_exact(2 * side).zip(output.chunks_exact_mut(side / 2)) {
        let (above, below) = rows.split_at(side);
        let pairs = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
        for (to, (above, below)) in output.iter_mut().zip(pairs) {
            *to = 0.25 * ((above[0] + above[1]) + (below[0] + below[1]));
        }
    }
}

fn halve_adjoint(side: usize, input: &[f32], output: &mut [f32]) {
    for (row, output) in input.chunks_exact(side).zip(output.chunks_exact_mut(4 * side)) {
        let (above, below) = output.split_at_mut(2 * side);
        for (to, value) in above.as_chunks_mut::<2>().0.iter_mut().zip(row) {
            *to = [0.25 * value; 2];
        }
        below.copy_from_slice(above);
    }
}

/// Even and odd values of a row, side by side in `even` and `odd`.
fn divide(row: &[f32], even: &mut [f32], odd: &mut [f32]) {
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
