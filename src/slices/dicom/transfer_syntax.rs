//! The supported transfer syntaxes (PS3.6 table A-1).

use super::elements::{EXPLICIT_LITTLE_ENDIAN, ElementEncoding, IMPLICIT_LITTLE_ENDIAN, guess_encoding};

/// How pixels are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PixelEncoding {
    Native,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    HighThroughputJpeg2000,
}

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TransferSyntax {
    pub(super) pixels: PixelEncoding,
    pub(super) encoding: ElementEncoding,
    /// Whether the data set is compressed as a whole.
    pub(super) deflated: bool,
}

const IMPLICIT_UID: &str = "1.2.840.10008.1.2";
const EXPLICIT_UID: &str = "1.2.840.10008.1.2.1";
const BIG_ENDIAN_UID: &str = "1.2.840.10008.1.2.2";

impl TransferSyntax {
    /// The transfer syntax with this UID, if it is supported.
    pub(super) fn of(uid: &str) -> Option<Self> {
        let explicit = Self { pixels: PixelEncoding::Native, encoding: EXPLICIT_LITTLE_ENDIAN, deflated: false };
        let big_endian = ElementEncoding { big_endian: true, ..EXPLICIT_LITTLE_ENDIAN };
        let encapsulated = |pixels| Self { pixels, ..explicit };
        Some(match uid {
            IMPLICIT_UID => Self { encoding: IMPLICIT_LITTLE_ENDIAN, ..explicit },
            EXPLICIT_UID => explicit,
            BIG_ENDIAN_UID => Self { encoding: big_endian, ..explicit },
            "1.2.840.10008.1.2.1.99" => Self { deflated: true, ..explicit },
            "1.2.840.10008.1.2.5" => encapsulated(PixelEncoding::Rle),
            // JPEG baseline, extended, lossless with any predictor, lossless with the first predictor.
            "1.2.840.10008.1.2.4.50" | "1.2.840.10008.1.2.4.51" => encapsulated(PixelEncoding::Jpeg),
            "1.2.840.10008.1.2.4.57" | "1.2.840.10008.1.2.4.70" => encapsulated(PixelEncoding::Jpeg),
            // JPEG-LS, lossless and near-lossless.
            "1.2.840.10008.1.2.4.80" | "1.2.840.10008.1.2.4.81" => encapsulated(PixelEncoding::JpegLs),
            // JPEG 2000, lossless and any.
            "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => encapsulated(PixelEncoding::Jpeg2000),
            // High-throughput JPEG 2000: lossless, lossless for parts of a picture, and any.
            "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203" => {
                encapsulated(PixelEncoding::HighThroughputJpeg2000)
            }
            _ => return None,
        })
    }

    /// The transfer syntax with VRs as the data set has them: some programs write the UID of the other encoding.
    pub(super) fn as_written(self, data_set: &[u8]) -> Self {
        match guess_encoding(data_set) {
            Some(encoding) if !self.deflated && !self.encoding.big_endian => Self { encoding, ..self },
            _ => self,
        }
    }

    /// The transfer syntax of a data set without file meta information: little endian with native pixels.
    pub(super) fn guess(data_set: &[u8]) -> Option<Self> {
        let encoding = guess_encoding(data_set)?;
        Some(Self { pixels: PixelEncoding::Native, encoding, deflated: false })
    }
}
