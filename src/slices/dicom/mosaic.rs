//! Recognises a mosaic: all slices of a head side by side in one picture, as Siemens scanners write.

use super::attributes::Attributes;
use super::tags;

/// Name in the private header of Siemens whose value is the number of slices.
const COUNT_NAME: &[u8] = b"NumberOfImagesInMosaic\0";
/// Offset of the first value after the start of a name: the name has 64 bytes, then there are nine numbers of 4 bytes.
const FIRST_VALUE: usize = 64 + 9 * 4;

/// Whether the picture is a mosaic. The type of the image says so, but programs that remove personal data may remove the type.
pub(super) fn is_mosaic(file: &Attributes) -> bool {
    let says = file.text(tags::IMAGE_TYPE).is_some_and(|kind| kind.split('\\').any(|part| part.trim() == "MOSAIC"));
    let counted = || file.unsigned(tags::SIEMENS_IMAGES_IN_MOSAIC).is_some_and(|count| count > 1);
    let in_header = || file.bytes(tags::SIEMENS_IMAGE_HEADER).and_then(count_in_header).is_some_and(|count| count > 1);
    says || counted() || in_header()
}

/// The number of slices that the private header gives.
fn count_in_header(header: &[u8]) -> Option<usize> {
    let name = header.windows(COUNT_NAME.len()).position(|window| window == COUNT_NAME)?;
    let value = header.get(name + FIRST_VALUE..)?;
    let digits = value.iter().skip_while(|byte| **byte == b' ').take_while(|byte| byte.is_ascii_digit());
    String::from_utf8(digits.take(4).copied().collect()).ok()?.parse().ok()
}
