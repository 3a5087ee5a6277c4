//! Between the bytes of a picture and the numbers of a tensor.

use burn::tensor::{Device, Tensor, TensorData};

/// 0..=255 to -1..=1.
pub fn from_byte(byte: u8) -> f32 {
    f32::from(byte) / 127.5 - 1.0
}

/// -1..=1 to 0..=255; what lies beyond is cut off.
pub fn to_byte(value: f32) -> u8 {
    ((value + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8
}

/// Classes as `[batch, classes]`, one 1 a row.
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
    fn bytes_are_cut_off_at_both_ends_and_come_back() {
        assert_eq!([-3.0, -1.0, 0.0, 1.0, 2.0].map(to_byte), [0, 0, 128, 255, 255]);
        assert!((0..=255).all(|byte| to_byte(from_byte(byte)) == byte));
    }
}
