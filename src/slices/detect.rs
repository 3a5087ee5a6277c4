//! Tells the format of a file by its first bytes. The file name is ignored.

use super::decoded::{Format, UnsupportedFormat};

/// The mark of a DICOM file, and how many bytes there should be before it.
const DICM: &[u8] = b"DICM";
const PREAMBLE: usize = 128;
/// The group of elements of the file meta information.
const META_GROUP: &[u8] = b"\x02\0";
/// Most bytes of the first value of a DICOM data set without file meta information.
const MAX_FIRST_ELEMENT: u32 = 256;
/// Most bytes before the mark of a DICOM file.
const MAX_PREAMBLE: usize = 1024;
/// Bytes at the start of a file that are checked for being text.
const TEXT_SAMPLE: usize = 512;

/// What a file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A picture or volume.
    Image(Format),
    Zip,
    Gzip,
    Unsupported(UnsupportedFormat),
    Unknown,
}

/// The kind of the file with these bytes.
pub(super) fn detect(bytes: &[u8]) -> FileKind {
    use UnsupportedFormat as U;
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    let image = FileKind::Image;
    let unsupported = FileKind::Unsupported;
    match () {
        // DICOM goes first: its preamble of 128 bytes may look like another format.
        () if marked_dicom(bytes).is_some() => image(Format::Dicom),
        () if at(0, b"\x89PNG\r\n\x1a\n") => image(Format::Png),
        () if at(0, b"\xff\xd8\xff") => image(Format::Jpeg),
        () if at(0, b"BM") && has_bitmap_header(bytes) => image(Format::Bmp),
        () if at(0, b"II*\0") || at(0, b"MM\0*") => image(Format::Tiff),
        // BigTIFF.
        () if at(0, b"II+\0\x08\0") || at(0, b"MM\0+\0\x08") => image(Format::Tiff),
        () if at(0, b"NRRD000") => image(Format::Nrrd),
        () if at(344, b"n+1\0") || at(4, b"n+2\0") => image(Format::Nifti),
        () if at(344, b"ni1\0") || at(4, b"ni2\0") => unsupported(U::HeaderOnly),
        () if is_freesurfer(bytes) => unsupported(U::FreeSurfer),
        () if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") => FileKind::Zip,
        () if at(0, b"\x1f\x8b") => FileKind::Gzip,
        () if at(0, b"GIF8") => unsupported(U::Gif),
        () if at(0, b"RIFF") && at(8, b"WEBP") => unsupported(U::WebP),
        () if at(4, b"ftyphei") || at(4, b"ftypmif") || at(4, b"ftypavi") => unsupported(U::Heic),
        () if at(4, b"ftyp") || at(0, b"RIFF") || at(0, b"\x1a\x45\xdf\xa3") => unsupported(U::Video),
        () if at(0, b"%PDF") => unsupported(U::Pdf),
        () if at(0, b"7z\xbc\xaf\x27\x1c") || at(0, b"Rar!") || at(257, b"ustar") => unsupported(U::Archive),
        () if at(0, b"\xfd7zXZ") || at(0, b"BZh") || at(0, b"\x28\xb5\x2f\xfd") => unsupported(U::Archive),
        () if at(0, b"MATLAB 5") || at(0, b"\x89HDF") => unsupported(U::Matlab),
        () if dicom_body(bytes).is_some() => image(Format::Dicom),
        () if is_text(bytes) => unsupported(U::Text),
        () => FileKind::Unknown,
    }
}

/// What follows the preamble and the mark of a DICOM file: its meta information, or its data set if it has none. The preamble
/// may have another length, or no mark after it.
pub(super) fn dicom_body(bytes: &[u8]) -> Option<&[u8]> {
    let no_mark = || {
        let begins = |rest: &&[u8]| begins_with_meta(rest) || is_bare_dicom(rest);
        [Some(bytes), bytes.get(PREAMBLE..)].into_iter().flatten().find(begins)
    };
    let elsewhere = || {
        let start = bytes.get(..MAX_PREAMBLE.min(bytes.len()))?;
        let mark =
            start.windows(DICM.len() + 4).position(|window| window.strip_prefix(DICM).is_some_and(begins_with_meta))?;
        bytes.get(mark + DICM.len()..)
    };
    marked_dicom(bytes).or_else(no_mark).or_else(elsewhere)
}

/// What follows the mark of a DICOM file, if it is after the usual preamble or after none; or the file itself, if it begins with
/// meta information. No other format begins so.
fn marked_dicom(bytes: &[u8]) -> Option<&[u8]> {
    let after_mark = |at: usize| bytes.get(at..).and_then(|rest| rest.strip_prefix(DICM));
    after_mark(PREAMBLE)
        .or_else(|| after_mark(0).filter(|rest| rest.starts_with(META_GROUP) || is_bare_dicom(rest)))
        .or_else(|| Some(bytes).filter(|bytes| begins_with_meta(bytes)))
}

/// Whether these bytes begin with the length or the version of the file meta information.
fn begins_with_meta(bytes: &[u8]) -> bool {
    bytes.strip_prefix(META_GROUP).is_some_and(|rest| rest.starts_with(b"\0\0") || rest.starts_with(b"\x02\0"))
}

/// Whether the file is a DICOM data set without preamble and file meta information: its first two elements are in group 8,
/// in ascending order, and the first one is short.
fn is_bare_dicom(bytes: &[u8]) -> bool {
    let Some(&[8, 0, low, high, a, b, c, d, ..]) = bytes.get(..8) else { return false };
    let explicit = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let length = if explicit { u32::from(u16::from_le_bytes([c, d])) } else { u32::from_le_bytes([a, b, c, d]) };
    let next = bytes.get(8 + length as usize..).and_then(|rest| rest.get(..4));
    let later = |next: &[u8]| next.starts_with(&[8, 0]) && (next[3], next[2]) > (high, low);
    length <= MAX_FIRST_ELEMENT && next.is_some_and(later)
}

/// Whether the file is a FreeSurfer volume (`.mgh`): version 1, sizes, frames and a number type, as big-endian numbers.
fn is_freesurfer(bytes: &[u8]) -> bool {
    let Some((numbers, _)) = bytes.get(..24).map(<[u8]>::as_chunks::<4>) else { return false };
    let numbers: Vec<u32> = numbers.iter().map(|number| u32::from_be_bytes(*number)).collect();
    matches!(numbers[..], [1, x, y, z, frames, 0 | 1 | 3 | 4]
        if [x, y, z, frames].iter().all(|size| (1..=1 << 16).contains(size)))
}

/// Whether the header has a length that BMP defines. The two letters `BM` alone prove too little.
fn has_bitmap_header(bytes: &[u8]) -> bool {
    matches!(bytes.get(14..18), Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// Whether the first bytes are UTF-8 without control characters.
fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.get(..TEXT_SAMPLE).unwrap_or(bytes);
    let readable = match std::str::from_utf8(start) {
        Ok(_) => true,
        // The sample may end inside a character.
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    !start.is_empty() && readable && !start.iter().any(|byte| *byte < 9 || (14..27).contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::forge;

    #[test]
    fn every_supported_format_is_recognised() {
        use Format as F;
        let picture = |format| forge::picture(format, 32, 32);
        let nifti = forge::Nifti::new([9, 9, 9], &forge::volume([9, 9, 9])).bytes();
        let known = [
            (FileKind::Image(F::Png), picture(image::ImageFormat::Png)),
            (FileKind::Image(F::Jpeg), picture(image::ImageFormat::Jpeg)),
            (FileKind::Image(F::Bmp), picture(image::ImageFormat::Bmp)),
            (FileKind::Image(F::Tiff), picture(image::ImageFormat::Tiff)),
            (FileKind::Image(F::Dicom), forge::Dicom::new(9, 9).bytes()),
            (FileKind::Image(F::Dicom), forge::Dicom::new(9, 9).bytes().split_off(132)),
            (FileKind::Image(F::Dicom), forge::Dicom::new(9, 9).data_set()),
            (FileKind::Image(F::Dicom), forge::Dicom { syntax: forge::IMPLICIT, ..forge::Dicom::new(9, 9) }.data_set()),
            (FileKind::Gzip, forge::gzip(&nifti)),
            (FileKind::Image(F::Nifti), nifti),
            (FileKind::Image(F::Nrrd), forge::nrrd([9, 9, 9], "raw")),
            (FileKind::Zip, forge::zip(&[("a", b"b")])),
            (FileKind::Zip, forge::zip(&[])),
            (FileKind::Unknown, Vec::new()),
        ];
        for (wanted, bytes) in known {
            assert_eq!(detect(&bytes), wanted);
        }
    }

    #[test]
    fn a_dicom_preamble_may_look_like_another_format() {
        let mut both = forge::Dicom::new(9, 9).bytes();
        both[..4].copy_from_slice(b"II*\0");
        assert_eq!(detect(&both), FileKind::Image(Format::Dicom));
        assert_eq!(detect(&both[128..]), FileKind::Image(Format::Dicom), "without the preamble");
    }

    #[test]
    fn a_dicom_preamble_may_have_any_length_or_no_mark() {
        let whole = forge::Dicom::new(9, 9).bytes();
        let preambles = [whole[1..].to_vec(), whole[70..].to_vec(), [&[0; 384], &whole[..]].concat()];
        let no_mark = [&whole[..128], &whole[132..]].concat();
        let no_meta = [vec![0; 128], forge::Dicom::new(9, 9).data_set()].concat();
        for (index, bytes) in preambles.into_iter().chain([no_mark, no_meta]).enumerate() {
            assert_eq!(detect(&bytes), FileKind::Image(Format::Dicom), "{index}");
            let read = crate::slices::dicom::open("a.dcm", &bytes).unwrap();
            assert_eq!(read, crate::slices::dicom::open("a.dcm", &whole).unwrap(), "{index}");
        }
        assert_eq!(detect(&[0; 999]), FileKind::Unknown);
    }
}
