//! Random numbers that are the same on every machine.
//!
//! Tensor backends have different random number generators, so everything that must be reproducible uses this module. A
//! stream is ChaCha8 (Bernstein 2008) with a key made of a purpose and two numbers. Normal values use the Box-Muller
//! transform (1958) in `f64` with `libm`, whose results do not depend on the platform.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Purpose of a stream. Streams of different purposes are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The latent vector of a seed.
    Latent,
    /// Initial weights.
    Weights,
    /// Choice of slices, latents and augmentations in a training step, and other sampling.
    Step,
    /// Initial weights of the judge, and where it looks in a step.
    Judge,
}

impl Purpose {
    fn tag(self) -> &'static [u8; 16] {
        match self {
            Purpose::Latent => b"hersenscan.latnt",
            Purpose::Weights => b"hersenscan.weigh",
            Purpose::Step => b"hersenscan.steps",
            Purpose::Judge => b"hersenscan.judge",
        }
    }
}

/// A stream of random numbers that depends only on its key.
#[derive(Debug, Clone)]
pub struct Stream {
    rng: ChaCha8Rng,
    spare: Option<f32>,
}

impl Stream {
    /// The stream of `purpose` with the numbers `a` and `b` as its key.
    ///
    /// The 32-byte ChaCha key is the purpose's 16-byte tag, then `a` and `b` as little-endian `u64`.
    pub fn new(purpose: Purpose, a: u64, b: u64) -> Self {
        let mut key = [0; 32];
        key[..16].copy_from_slice(purpose.tag());
        key[16..24].copy_from_slice(&a.to_le_bytes());
        key[24..].copy_from_slice(&b.to_le_bytes());
        Self { rng: ChaCha8Rng::from_seed(key), spare: None }
    }

    /// A uniform number from the open interval (0, 1), with 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        ((self.rng.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// A uniform integer from 0 to `n - 1`, or 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A value from the standard normal distribution.
    pub fn normal(&mut self) -> f32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(self.uniform()));
        let angle = core::f64::consts::TAU * self.uniform();
        self.spare = Some((radius * libm::sin(angle)) as f32);
        (radius * libm::cos(angle)) as f32
    }

    /// `n` values from the standard normal distribution.
    pub fn normals(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.normal()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers must never change: a shared link with a seed must keep giving the same scan.
    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut stream = Stream::new(Purpose::Latent, 7, 0);
        let got: Vec<u32> = stream.normals(4).iter().map(|x| x.to_bits()).collect();
        assert_eq!(got, GOLDEN);
    }

    const GOLDEN: [u32; 4] = [3_186_419_800, 1_054_462_419, 1_057_522_242, 3_210_766_363];

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let mut stream = Stream::new(Purpose::Step, 1, 2);
        let n = 100_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let x = f64::from(stream.normal());
            sum += x;
            squares += x * x;
        }
        assert!((sum / f64::from(n)).abs() < 0.02);
        assert!((squares / f64::from(n) - 1.0).abs() < 0.02);
    }

    #[test]
    fn below_stays_below() {
        let mut stream = Stream::new(Purpose::Step, 3, 4);
        assert!((0..10_000).all(|_| stream.below(3) < 3));
        assert_eq!(stream.below(0), 0);
    }

    #[test]
    fn purposes_have_different_numbers() {
        let first = |purpose| Stream::new(purpose, 1, 1).uniform();
        assert_ne!(first(Purpose::Latent), first(Purpose::Step));
        assert_ne!(first(Purpose::Weights), first(Purpose::Step));
    }
}
