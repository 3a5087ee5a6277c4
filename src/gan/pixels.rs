//! Conversions between bytes and tensor values.

use burn::tensor::{Device, Tensor, TensorData};

/// Maps 0..=255 to -1..=1.
pub fn from_byte(byte: u8) -> f32 {
    f32::from(byte) / 127.5 - 1.0
}

/// Maps -1..=1 to 0..=255, rounded. Values outside the range are clamped.
pub fn to_byte(value: f32) -> u8 {
    // The conversion rounds down and clamps. WebAssembly has no instruction for `round`.
    ((value + 1.0) * 127.5 + 0.5) as u8
}

/// One-hot encoding of class indices: `[batch, classes]`.
///
/// # Panics
/// If an index is not below `classes`.
pub fn one_hot(chosen: &[usize], classes: usize, device: &Device) -> Tensor<2> {
    let mut values = vec![0.0f32; chosen.len() * classes];
    for (row, &class) in chosen.iter().enumerate() {
        values[row * classes + class] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [chosen.len(), classes]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_clamped_and_every_byte_survives_a_round_trip() {
        assert_eq!([-3.0, -1.0, 0.0, 1.0, 2.0].map(to_byte), [0, 0, 128, 255, 255]);
        assert!((0..=255).all(|byte| to_byte(from_byte(byte)) == byte));
    }
}
