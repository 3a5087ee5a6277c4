//! The pixels of slices as one buffer.

use super::Buffer;
use crate::slice::Slice;

/// Moves the pixels of all slices into one buffer: for each slice its image, then its mask. The slices keep their sizes.
pub fn take_pixels<'a>(slices: impl IntoIterator<Item = &'a mut Slice>) -> Buffer {
    let mut bytes = Vec::new();
    for slice in slices {
        bytes.append(&mut slice.image);
        bytes.append(&mut slice.mask);
    }
    Buffer::from(bytes)
}

/// Puts the pixels back that [`take_pixels`] moved out, into slices that have their sizes only.
///
/// # Errors
/// A message in English if the buffer has another length.
pub fn put_pixels<'a>(slices: impl IntoIterator<Item = &'a mut Slice>, buffer: Buffer) -> Result<(), String> {
    let bytes = buffer.into_bytes();
    let mut rest = bytes.as_slice();
    let mut part = |size: usize| {
        let (part, after) = size.checked_mul(size).and_then(|area| rest.split_at_checked(area))?;
        rest = after;
        Some(part.to_vec())
    };
    for slice in slices {
        let too_short = || format!("{} bytes are too few for the slices", bytes.len());
        slice.image = part(slice.size).ok_or_else(too_short)?;
        slice.mask = part(slice.size).ok_or_else(too_short)?;
    }
    if rest.is_empty() { Ok(()) } else { Err(format!("{} bytes belong to no slice", rest.len())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices() -> Vec<Slice> {
        vec![
            Slice { size: 1, image: vec![1], mask: vec![2] },
            Slice { size: 2, image: vec![3, 4, 5, 6], mask: vec![7, 8, 9, 0] },
        ]
    }

    #[test]
    fn pixels_of_several_sizes_come_back_as_they_were() {
        let mut sent = slices();
        let buffer = take_pixels(&mut sent);
        assert!(sent.iter().all(|slice| slice.image.is_empty() && slice.mask.is_empty()));
        assert_eq!(put_pixels(&mut sent, buffer), Ok(()));
        assert_eq!(sent, slices());
    }

    #[test]
    fn a_buffer_of_another_length_is_refused() {
        for length in [0, 9, 11] {
            assert!(put_pixels(&mut slices(), Buffer::from(vec![0; length])).is_err(), "{length}");
        }
        let mut huge = [Slice { size: usize::MAX, image: Vec::new(), mask: Vec::new() }];
        assert!(put_pixels(&mut huge, Buffer::default()).is_err());
    }
}
