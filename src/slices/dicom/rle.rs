//! Decodes RLE frames (PS3.5 annex G). The decoder of `dicom-pixeldata` panics on truncated frames.

/// Most segments of a frame: the header has room for 15.
const MAX_SEGMENTS: usize = 15;

/// The pixels of a frame, each as `bytes` bytes with the most significant first. `None` if the frame has too few.
pub(super) fn unpack(frame: &[u8], pixels: usize, bytes: usize) -> Option<Vec<u8>> {
    let word = |index: usize| {
        let four: [u8; 4] = frame.get(index * 4..index * 4 + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(four)).ok()
    };
    let segments = word(0).filter(|&segments| segments == bytes && segments <= MAX_SEGMENTS)?;
    let mut unpacked = vec![0; pixels * bytes];
    for segment in 0..segments {
        let start = word(segment + 1)?;
        let end = if segment + 1 < segments { word(segment + 2)? } else { frame.len() };
        let plane = unpack_segment(frame.get(start..end)?, pixels)?;
        unpacked.iter_mut().skip(segment).step_by(bytes).zip(plane).for_each(|(to, byte)| *to = byte);
    }
    Some(unpacked)
}

/// The first `wanted` bytes of a segment (PackBits).
fn unpack_segment(mut coded: &[u8], wanted: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(wanted);
    while bytes.len() < wanted {
        let (&control, rest) = coded.split_first()?;
        match control as i8 {
            i8::MIN => coded = rest,
            length @ 0.. => {
                let length = length as usize + 1;
                bytes.extend_from_slice(rest.get(..length)?);
                coded = rest.get(length..)?;
            }
            length => {
                let (&byte, rest) = rest.split_first()?;
                bytes.extend(std::iter::repeat_n(byte, usize::from(length.unsigned_abs()) + 1));
                coded = rest;
            }
        }
    }
    bytes.truncate(wanted);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(segments: &[&[u8]]) -> Vec<u8> {
        let mut frame = vec![0; 64];
        frame[0] = segments.len() as u8;
        for (index, segment) in segments.iter().enumerate() {
            let start = frame.len() as u32;
            frame[4 * index + 4..4 * index + 8].copy_from_slice(&start.to_le_bytes());
            frame.extend_from_slice(segment);
        }
        frame
    }

    #[test]
    fn runs_and_literals_become_pixels() {
        // A run of five 1s, then the literals 2 and 3.
        let high = [-4_i8 as u8, 1, 1, 2, 3];
        assert_eq!(unpack(&frame(&[&high]), 7, 1).unwrap(), [1, 1, 1, 1, 1, 2, 3]);
        let low = [i8::MIN as u8, -6_i8 as u8, 9];
        let both = unpack(&frame(&[&high, &low]), 7, 2).unwrap();
        assert_eq!(both, [1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 2, 9, 3, 9]);
    }

    #[test]
    fn truncated_frames_are_refused_and_endless_ones_cut() {
        let high = [-4_i8 as u8, 1, 1, 2, 3];
        assert!(unpack(&frame(&[&high]), 8, 1).is_none());
        assert!(unpack(&frame(&[&high]), 7, 2).is_none());
        for length in 0..frame(&[&high]).len() {
            assert!(unpack(&frame(&[&high])[..length], 7, 1).is_none());
        }
        assert_eq!(unpack(&frame(&[&[-127_i8 as u8, 5].repeat(1000)]), 3, 1).unwrap(), [5; 3]);
        let mut wild = frame(&[&high]);
        wild[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(unpack(&wild, 7, 1).is_none());
    }
}
