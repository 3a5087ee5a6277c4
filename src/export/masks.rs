//! Masks in files: binary by default, soft on request.

use super::manifest::MaskInfo;
use crate::slice::MASK_THRESHOLD;

/// How masks are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MaskKind {
    /// 0 or 255, cut at [`MASK_THRESHOLD`]: what other programs expect of a label.
    #[default]
    Binary,
    /// 0 to 255, as the generator draws them.
    Soft,
}

impl MaskKind {
    /// The pixels to write.
    pub fn pixels(self, mask: &[u8]) -> Vec<u8> {
        match self {
            MaskKind::Binary => mask.iter().map(|&pixel| if pixel >= MASK_THRESHOLD { u8::MAX } else { 0 }).collect(),
            MaskKind::Soft => mask.to_vec(),
        }
    }

    /// Their entry in the manifest.
    pub fn info(self) -> MaskInfo {
        let kind = match self {
            MaskKind::Binary => "binary",
            MaskKind::Soft => "soft",
        };
        MaskInfo { kind: kind.to_owned(), threshold: MASK_THRESHOLD }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_mask_is_cut_at_the_threshold() {
        let soft = [0, 1, 127, 128, 200, 255];
        assert_eq!(MaskKind::Binary.pixels(&soft), [0, 0, 0, 255, 255, 255]);
        assert_eq!(MaskKind::Soft.pixels(&soft), soft);
        assert_eq!(MaskKind::default().info(), MaskInfo { kind: "binary".to_owned(), threshold: 128 });
    }
}
