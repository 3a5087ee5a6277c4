//! Pixels of scans, as they come from an engine.

/// Pixels of one scan as they come from an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Side of the picture.
    pub size: usize,
    /// Brightness, row by row.
    pub image: Vec<u8>,
    /// Tumour mask, row by row; 255 is tumour.
    pub mask: Vec<u8>,
}

/// Cuts a buffer into scans. On any other length, words about it.
pub fn split(bytes: &[u8], count: usize, size: usize) -> Result<Vec<Pixels>, String> {
    let area = size * size;
    if area == 0 || bytes.len() != count * area * 2 {
        return Err(format!("{} bytes are not {count} scans of {size} x {size}", bytes.len()));
    }
    let scans = bytes.chunks_exact(area * 2).map(|scan| Pixels {
        size,
        image: scan[..area].to_vec(),
        mask: scan[area..].to_vec(),
    });
    Ok(scans.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_cut_into_images_and_masks() {
        let scans = split(&[1, 1, 1, 1, 0, 0, 0, 9, 2, 2, 2, 2, 0, 0, 0, 0], 2, 2);
        let scans = scans.unwrap_or_default();
        assert_eq!(scans.len(), 2);
        assert_eq!((scans[0].image.as_slice(), scans[0].mask.as_slice()), (&[1; 4][..], &[0, 0, 0, 9][..]));
        assert_eq!(scans[1].image, [2; 4]);
    }

    #[test]
    fn a_buffer_of_another_length_is_refused() {
        assert!(split(&[0; 15], 2, 2).is_err());
        assert!(split(&[], 1, 0).is_err());
    }
}
