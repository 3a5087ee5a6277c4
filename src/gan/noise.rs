//! White noise out of a latent, for texture.
//!
//! Convolutions that start at 4 x 4 make smooth scans: real ones have a grain that differs from pixel to pixel. StyleGAN
//! (Karras et al. 2019, arXiv 1812.04948) adds random noise at every resolution; here a latent times a fixed matrix of
//! signs is that noise, so that a scan is still a function of its latent, morphs stay smooth, and nothing more is drawn.
//! `xtask/pretrain/networks.py` computes the same signs.

use burn::tensor::{Device, Tensor, TensorData};

use super::preset::LATENT;

/// `[64, side * side]`, each -1/8 or 1/8: a standard normal latent times this has deviation 1 at every pixel, and pixels know
/// nothing of each other.
pub fn signs(side: usize, device: &Device) -> Tensor<2> {
    let part = 1.0 / (LATENT as f32).sqrt();
    let values: Vec<f32> =
        (0..LATENT * side * side).map(|index| if is_positive(index as u32) { part } else { -part }).collect();
    Tensor::from_data(TensorData::new(values, [LATENT, side * side]), device)
}

/// The highest bit of a hash that mixes all bits of a counter: fixed for ever, as trained weights rely on it.
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
    fn signs_are_as_many_of_each_and_rows_are_unlike() {
        let side = 16;
        let values: Vec<f32> = signs(side, &Device::flex()).into_data().iter::<f32>().collect();
        let rows: Vec<&[f32]> = values.chunks(side * side).collect();
        assert_eq!(rows.len(), LATENT);
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!(mean.abs() < 0.125 * 0.05, "{mean}");
        // Of unit length, up to the factor: products of unlike rows are near 0, and near 256 / 64 with themselves.
        for (i, a) in rows.iter().enumerate() {
            for b in &rows[..i] {
                let product: f32 = a.iter().zip(*b).map(|(a, b)| a * b).sum();
                assert!(product.abs() < 1.5, "{product}");
            }
        }
    }

    /// As `xtask/pretrain/networks.py` has them.
    #[test]
    fn the_first_signs_are_those_of_pytorch() {
        let first: String = (0..32).map(|index| if is_positive(index) { '+' } else { '-' }).collect();
        assert_eq!(first, "--+-+-+++-+-+-++------+-----+++-");
    }
}
