//! Fused into a convolution, with vectors: what it does to inputs that it reads ([`Prologue`]) and to outputs that it writes
//! ([`Epilogue`]).

use macerator::Simd;

use crate::convolution::{Epilogue, Prologue};
use crate::simd::{F32, lanes, leaky, load, splat, store};
use crate::tiles::Plane;

/// Reads `count` pixels from index `from` on and changes them as `prologue` says. Returns a pointer to them: into `input` if
/// nothing changes, else to `line`.
///
/// # Safety
/// There must be that many inputs, and room for them in `line`.
#[inline(always)]
pub unsafe fn read_row<S: Simd>(
    input: &[f32],
    prologue: Prologue,
    from: usize,
    count: usize,
    line: &mut [f32],
) -> *const f32 {
    let source = unsafe { input.get_unchecked(from..from + count) };
    let line = unsafe { line.get_unchecked_mut(..count) };
    let mut i = 0;
    // Written out, because the compiler does not vectorise this loop for WebAssembly.
    if lanes::<S>() == 4 && !matches!(prologue, Prologue::Plain) {
        while i + 4 <= count {
            unsafe { store::<S>(line.as_mut_ptr().add(i), prologue.read::<S, false>(input, from + i)) };
            i += 4;
        }
    }
    let (source, line_rest) = (&source[i..], &mut line[i..]);
    match prologue {
        Prologue::Plain => return source.as_ptr(),
        Prologue::Leaky(slope) => {
            for (to, &value) in line_rest.iter_mut().zip(source) {
                let scaled = slope * value;
                *to = if scaled > value { scaled } else { value };
            }
        }
        Prologue::Slope { at, slope } => {
            let at = unsafe { at.get_unchecked(from + i..from + count) };
            for ((to, &value), &at) in line_rest.iter_mut().zip(source).zip(at) {
                *to = if at > 0.0 { value } else { slope * value };
            }
        }
    }
    line.as_ptr()
}

impl Prologue<'_> {
    /// The inputs from `index` on, changed as this prologue says. If `ONE`, the input at `index` in all lanes.
    ///
    /// # Safety
    /// There must be values for all of them.
    #[inline(always)]
    pub(crate) unsafe fn read<S: Simd, const ONE: bool>(self, input: &[f32], index: usize) -> F32<S> {
        unsafe {
            let value = read::<S, ONE>(input, index);
            match self {
                Prologue::Plain => value,
                Prologue::Leaky(slope) => leaky::<S>(value, splat::<S>(slope)),
                Prologue::Slope { at, slope } => {
                    read::<S, ONE>(at, index).gt(splat::<S>(0.0)).select(value, splat::<S>(slope) * value)
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn read<S: Simd, const ONE: bool>(values: &[f32], index: usize) -> F32<S> {
    let at = unsafe { values.as_ptr().add(index) };
    if ONE { splat::<S>(unsafe { *at }) } else { unsafe { load::<S>(at) } }
}

/// The numbers of an [`Epilogue`] for one channel of one image. All pointers are those of the first value.
pub struct ChannelEpilogue<S: Simd> {
    bias: Option<F32<S>>,
    /// Scale, shift, strength of the noise, and the noise of the image.
    modulation: Option<([F32<S>; 3], *const f32)>,
    /// Of all outputs, and the slope.
    slope: Option<(*const f32, F32<S>)>,
    /// Of all outputs.
    residual: Option<*const f32>,
}

impl Epilogue<'_> {
    /// Its numbers for a channel of an image of `pixels`.
    #[inline(always)]
    pub(crate) fn of_channel<S: Simd>(
        self,
        Plane { channel, channels }: Plane,
        pixels: usize,
        image: usize,
    ) -> ChannelEpilogue<S> {
        let bias = self.bias.map(|bias| bias[channel]);
        let modulation = self.modulation.map(|modulation| {
            let style = &modulation.style[2 * channels * image..][..2 * channels];
            let scale = style[channel] + 1.0;
            let shift = bias.unwrap_or(0.0) * scale + style[channels + channel];
            let factors = [splat::<S>(scale), splat::<S>(shift), splat::<S>(modulation.grain[channel])];
            (factors, modulation.noise[image * pixels..].as_ptr())
        });
        ChannelEpilogue {
            bias: bias.filter(|_| modulation.is_none()).map(splat::<S>),
            modulation,
            slope: self.slope.map(|(at, slope)| (at.as_ptr(), splat::<S>(slope))),
            residual: self.residual.map(<[f32]>::as_ptr),
        }
    }
}

impl<S: Simd> ChannelEpilogue<S> {
    /// Finishes neighbouring outputs. `index` is that of the first in the output, `pixel` in its plane.
    ///
    /// # Safety
    /// There must be values for all of them.
    #[inline(always)]
    pub unsafe fn apply(&self, mut value: F32<S>, [index, pixel]: [usize; 2]) -> F32<S> {
        unsafe {
            if let Some(([scale, shift, grain], noise)) = self.modulation {
                value = value * scale + shift + load::<S>(noise.add(pixel)) * grain;
            } else if let Some(bias) = self.bias {
                value += bias;
            }
            if let Some((at, slope)) = self.slope {
                value = load::<S>(at.add(index)).gt(splat::<S>(0.0)).select(value, slope * value);
            }
            if let Some(residual) = self.residual {
                value += load::<S>(residual.add(index));
            }
            value
        }
    }
}
