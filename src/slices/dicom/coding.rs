//! The codings that are read, by their names.

use super::walk::{PLAIN, Writing};

/// How pixels are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pixels {
    Plain,
    Rle,
    Jpeg,
    Jpeg2000,
}

/// How a file is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coding {
    pub(super) pixels: Pixels,
    pub(super) writing: Writing,
    pub(super) deflated: bool,
    /// The name of the coding of elements, without that of pixels.
    pub(super) elements: &'static str,
}

const IMPLICIT: &str = "1.2.840.10008.1.2";
const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

impl Coding {
    /// The coding of this name, if it is read.
    pub(super) fn of(name: &str) -> Option<Self> {
        let plain = Self { pixels: Pixels::Plain, writing: PLAIN, deflated: false, elements: EXPLICIT };
        let coded = |pixels| Self { pixels, ..plain };
        Some(match name {
            IMPLICIT => Self { writing: Writing { explicit: false, ..PLAIN }, elements: IMPLICIT, ..plain },
            EXPLICIT => plain,
            BIG_ENDIAN => Self { writing: Writing { big_endian: true, ..PLAIN }, elements: BIG_ENDIAN, ..plain },
            "1.2.840.10008.1.2.1.99" => Self { deflated: true, ..plain },
            "1.2.840.10008.1.2.5" => coded(Pixels::Rle),
            // Baseline, extended, and lossless with any predictor or the first.
            "1.2.840.10008.1.2.4.50" | "1.2.840.10008.1.2.4.51" => coded(Pixels::Jpeg),
            "1.2.840.10008.1.2.4.57" | "1.2.840.10008.1.2.4.70" => coded(Pixels::Jpeg),
            "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => coded(Pixels::Jpeg2000),
            _ => return None,
        })
    }
}
