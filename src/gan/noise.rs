//! Per-pixel noise for texture, computed from the latent.
//!
//! A generator that starts at 4 x 4 makes smooth scans, while real scans have noise that differs from pixel to pixel.
//! StyleGAN (Karras et al. 2019, arXiv 1812.04948) adds random noise at every resolution. Here the noise is the latent
//! times a fixed matrix of signs: a scan stays a function of its latent, morphs stay smooth, and no other random numbers
//! are needed. `xtask/pretrain/networks.py` computes the same matrix.

use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};

use super::preset::LATENT;

/// The absolute value of all elements of the noise matrix: `1 / sqrt(LATENT)`.
pub const PART: f32 = 0.125;

/// The noise matrix `[64, side * side]` of values -1/8 and 1/8. A standard normal latent times this matrix has standard
/// deviation 1 in every pixel, and pixels are nearly uncorrelated.
pub fn signs(side: usize, device: &Device) -> Tensor<2> {
    let pixels = side * side;
    let values: Vec<f32> =
        (0..LATENT * pixels).map(|index| if is_positive(index as u32) { PART } else { -PART }).collect();
    Tensor::from_data(TensorData::new(values, [LATENT, pixels]), device)
}

/// The signs of the [noise matrix](signs) as one number for each pixel, computed once: bit `i` is set if the element of
/// latent `i` is positive. They take a 32nd of the matrix's memory.
///
/// # Panics If `side` is not a power of two, or is above 2^15.
pub fn sign_bits(side: usize) -> &'static [u64] {
    static BITS: [OnceLock<Vec<u64>>; 16] = [const { OnceLock::new() }; 16];
    assert!(side.is_power_of_two(), "a side of {side} pixels");
    BITS[side.ilog2() as usize].get_or_init(|| {
        let pixels = side * side;
        let bit = |latent: usize, pixel: usize| u64::from(is_positive((latent * pixels + pixel) as u32)) << latent;
        (0..pixels).map(|pixel| (0..LATENT).fold(0, |bits, latent| bits | bit(latent, pixel))).collect()
    })
}

/// The highest bit of an integer hash. It must never change, because trained weights depend on it.
fn is_positive(index: u32) -> bool {
    let mixed = [(16, 0x7feb_352d), (15, 0x846c_a68b_u32)]
        .into_iter()
        .fold(index, |x, (shift, factor)| (x ^ (x >> shift)).wrapping_mul(factor));
    mixed >> 31 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_signs_are_equally_frequent_and_rows_are_uncorrelated() {
        let side = 16;
        let values: Vec<f32> = signs(side, &Device::flex()).into_data().iter::<f32>().collect();
        let rows: Vec<&[f32]> = values.chunks(side * side).collect();
        assert_eq!(rows.len(), LATENT);
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!(mean.abs() < 0.125 * 0.05, "{mean}");
        // The product of a row with itself is 256 / 64 = 4, that of two rows near 0.
        for (i, a) in rows.iter().enumerate() {
            for b in &rows[..i] {
                let product: f32 = a.iter().zip(*b).map(|(a, b)| a * b).sum();
                assert!(product.abs() < 1.5, "{product}");
            }
        }
    }

    #[test]
    fn bits_and_matrix_have_the_same_signs() {
        for side in [4, 16] {
            let values: Vec<f32> = signs(side, &Device::flex()).into_data().iter::<f32>().collect();
            let bits = sign_bits(side);
            assert_eq!(bits.len(), side * side);
            for (index, value) in values.iter().enumerate() {
                let (latent, pixel) = (index / bits.len(), index % bits.len());
                assert_eq!(*value, if bits[pixel] >> latent & 1 == 1 { PART } else { -PART }, "[{latent}, {pixel}]");
            }
        }
        assert_eq!(PART, 1.0 / (LATENT as f32).sqrt());
    }

    /// The same as in `xtask/pretrain/networks.py`.
    #[test]
    fn the_first_signs_equal_those_of_pytorch() {
        let first: String = (0..32).map(|index| if is_positive(index) { '+' } else { '-' }).collect();
        assert_eq!(first, "--+-+-+++-+-+-++------+-----+++-");
    }
}
