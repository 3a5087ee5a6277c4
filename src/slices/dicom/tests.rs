//! Whole files: every transfer syntax gives the same pixels, and the attributes are applied.

use super::*;
use crate::slices::decoded::{PersonalField, Plane};
use crate::slices::forge::{self, Dicom, Pixels};
use crate::slices::limits::{MAX_SLICES, MIN_SIDE};

mod colours;
mod htj2k;
mod tolerant;

const SIDE: u16 = 32;

fn head() -> Vec<u8> {
    forge::head(SIDE.into(), SIDE.into())
}

/// The bytes of a file with this window.
fn with_window(mut file: Dicom, centre: &str, width: &str) -> Vec<u8> {
    file.text(0x28, 0x1050, "DS", centre);
    file.text(0x28, 0x1051, "DS", width);
    file.bytes()
}

/// The first slice of a file with 8 bits.
fn slice_8_bits(syntax: &'static str, pixels: Pixels) -> Vec<u8> {
    first(&with_window(Dicom::with_8_bits(SIDE, SIDE, syntax, pixels), "127.5", "255"))
}

fn first(bytes: &[u8]) -> Vec<u8> {
    open("a.dcm", bytes).unwrap().slices[0].pixels().to_vec()
}

/// The first slice of a changed file with 12 bits, whose pixels are 16 times [`head`].
fn slice_12_bits(change: impl FnOnce(&mut Dicom)) -> Vec<u8> {
    let mut file = Dicom::new(SIDE, SIDE);
    change(&mut file);
    first(&with_window(file, "2040", "4080"))
}

fn refusal(change: impl FnOnce(&mut Dicom)) -> Refusal {
    let mut file = Dicom::new(SIDE, SIDE);
    change(&mut file);
    open("a.dcm", &file.bytes()).unwrap_err()
}

#[test]
fn every_lossless_syntax_gives_the_same_pixels() {
    assert_eq!(slice_8_bits(forge::EXPLICIT, Pixels::Native(head())), head());
    assert_eq!(slice_8_bits(forge::RLE, Pixels::Fragments(vec![forge::rle(&head())])), head());
    for syntax in [forge::EXPLICIT, forge::IMPLICIT, forge::BIG_ENDIAN, forge::DEFLATED] {
        assert_eq!(slice_12_bits(|file| file.syntax = syntax), head(), "{syntax}");
    }
    let pixels = forge::deep(SIDE.into(), SIDE.into());
    let coded = [
        (forge::RLE, forge::rle_deep(&pixels)),
        (forge::LOSSLESS, forge::lossless(SIDE.into(), &pixels)),
        (forge::JPEG_LS, forge::JPEG_LS_HEAD.to_vec()),
        (forge::JPEG2000, forge::JPEG2000_HEAD.to_vec()),
        (forge::HTJ2K, forge::HTJ2K_HEAD.to_vec()),
    ];
    for (syntax, frame) in coded {
        let found = slice_12_bits(|file| (file.syntax, file.pixels) = (syntax, Pixels::Fragments(vec![frame])));
        assert_eq!(found, head(), "{syntax}");
    }
}

#[test]
fn a_lossy_jpeg_is_nearly_the_same() {
    let frame = forge::jpeg(SIDE.into(), SIDE.into());
    for fragments in [vec![frame.clone()], frame.chunks(100).map(<[u8]>::to_vec).collect()] {
        let found = slice_8_bits(forge::BASELINE, Pixels::Fragments(fragments));
        let off: u32 = found.iter().zip(head()).map(|(a, b)| u32::from(a.abs_diff(b))).sum();
        assert!(off < 10 * u32::from(SIDE) * u32::from(SIDE), "{off}");
    }
}

#[test]
fn a_lossy_jpeg_with_12_bits_is_nearly_the_same() {
    let pixels = Pixels::Fragments(vec![forge::JPEG12_HEAD.to_vec()]);
    let found = slice_12_bits(|file| (file.syntax, file.pixels) = (forge::EXTENDED, pixels));
    assert!(found.iter().zip(head()).all(|(found, byte)| found.abs_diff(byte) <= 1));
}

#[test]
fn a_file_without_preamble_is_read() {
    let whole = Dicom::new(SIDE, SIDE).bytes();
    assert_eq!(first(&whole[132..]), first(&whole));
    assert_eq!(first(&whole[128..]), first(&whole), "with the mark of DICOM, but without the 128 bytes before it");
}

#[test]
fn the_data_set_tells_its_encoding_if_the_meta_information_is_wrong() {
    let wanted = first(&Dicom::new(SIDE, SIDE).bytes());
    for (said, written) in [(forge::IMPLICIT, forge::EXPLICIT), (forge::EXPLICIT, forge::IMPLICIT)] {
        let whole = Dicom { syntax: said, ..Dicom::new(SIDE, SIDE) };
        let (said, body) = (whole.bytes(), whole.data_set());
        let meta = &said[..said.len() - body.len()];
        let other = Dicom { syntax: written, ..Dicom::new(SIDE, SIDE) }.data_set();
        assert_eq!(first(&[meta, &other].concat()), wanted);
    }
}

#[test]
fn pixel_format_and_rescale_are_applied() {
    // Half of the values minus 1000, in 12 signed bits.
    let signed = |file: &mut Dicom| {
        file.number(0x28, 0x103, 1);
        file.text(0x28, 0x1052, "DS", "1000");
        let below = |pixel: u16| ((pixel as i16 / 2 - 1000) as u16 & 0xFFF).to_le_bytes();
        let pixels = forge::deep(SIDE.into(), SIDE.into());
        file.pixels = Pixels::Native(pixels.into_iter().flat_map(below).collect());
    };
    let mut file = Dicom::new(SIDE, SIDE);
    signed(&mut file);
    assert_eq!(first(&with_window(file, "1020", "2040")), head());
    // Bits above the significant ones are ignored.
    let noisy = |pixel: u16| (pixel | 0xA000).to_le_bytes();
    let pixels = forge::deep(SIDE.into(), SIDE.into()).into_iter().flat_map(noisy).collect();
    assert_eq!(slice_12_bits(|file| file.pixels = Pixels::Native(pixels)), head());
    // The significant bits are the upper ones.
    let upper = |pixel: u16| (pixel << 4 | 0xF).to_le_bytes();
    let pixels = forge::deep(SIDE.into(), SIDE.into()).into_iter().flat_map(upper).collect();
    let high = |file: &mut Dicom| {
        file.number(0x28, 0x102, 15);
        file.pixels = Pixels::Native(pixels);
    };
    assert_eq!(slice_12_bits(high), head());
    let mut halved = Dicom::new(SIDE, SIDE);
    halved.text(0x28, 0x1053, "DS", "0.5");
    assert_eq!(first(&with_window(halved, "1020", "2040")), head());
}

#[test]
fn monochrome1_is_inverted() {
    let found = slice_12_bits(|file| file.text(0x28, 4, "CS", "MONOCHROME1"));
    assert!(found.iter().zip(head()).all(|(found, byte)| *found == 255 - byte));
}

#[test]
fn padding_is_black() {
    // The padding value is written as unsigned although the pixels are signed, as many programs do.
    let mut file = Dicom::new(SIDE, SIDE);
    file.number(0x28, 0x103, 1);
    file.number(0x28, 0x101, 16);
    file.number(0x28, 0x102, 15);
    file.number(0x28, 0x120, (-2000_i16) as u16);
    let mut pixels: Vec<i16> = head().into_iter().map(i16::from).collect();
    pixels[..32].fill(-2000);
    file.pixels = Pixels::Native(pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect());
    let found = first(&with_window(file, "127.5", "255"));
    assert!(found[..32].iter().all(|pixel| *pixel == 0) && found[32..] == head()[32..]);
}

#[test]
fn a_window_that_shows_nothing_is_ignored() {
    let own = first(&Dicom::new(SIDE, SIDE).bytes());
    for (centre, width) in [("60000", "2"), ("-1", "0"), ("x", "y"), ("1e999", "1")] {
        assert_eq!(first(&with_window(Dicom::new(SIDE, SIDE), centre, width)), own, "{centre} {width}");
    }
}

#[test]
fn frames_become_a_volume_from_the_feet_up() {
    for places in [[10.0, 20.0, 30.0, 40.0], [40.0, 30.0, 20.0, 10.0], [30.0, 10.0, 40.0, 20.0]] {
        let found = open("a.dcm", &forge::frames(SIDE, SIDE, &places).bytes()).unwrap();
        assert!(found.volume && found.plane == Some(Plane::Axial) && found.position.is_none());
        let corners: Vec<u8> = found.slices.iter().map(|slice| slice.pixels()[1]).collect();
        assert!(corners.len() == 4 && corners.windows(2).all(|pair| pair[0] < pair[1]), "{places:?} {corners:?}");
    }
}

#[test]
fn each_frame_may_have_its_own_rescale() {
    let mut file = forge::frames(SIDE, SIDE, &[1.0, 2.0]);
    let frame = |slope: &[u8], place: &[u8]| {
        let place = forge::item(&[(0x20, 0x32, "DS", [b"0\\0\\", place].concat())]);
        let meant = forge::item(&[(0x28, 0x1053, "DS", slope.to_vec())]);
        forge::item(&[(0x20, 0x9113, "SQ", place), (0x28, 0x9145, "SQ", meant)])
    };
    file.put(0x5200, 0x9230, "SQ", [frame(b"1 ", b"1 "), frame(b"2 ", b"2 ")].concat());
    let doubled = |byte: u8| [byte, 0];
    let halved = head().into_iter().map(|byte| byte / 2);
    let pixels = head().into_iter().map(|byte| byte & !1).chain(halved).flat_map(doubled).collect();
    file.pixels = Pixels::Native(pixels);
    let found = open("a.dcm", &with_window(file, "127.5", "255")).unwrap();
    assert_eq!(found.slices[0], found.slices[1]);
}

#[test]
fn of_too_many_frames_an_even_sample_is_kept() {
    let mut file = Dicom::with_8_bits(8, 8, forge::EXPLICIT, Pixels::Native(Vec::new()));
    file.text(0x28, 8, "IS", "1000");
    file.pixels = Pixels::Native((0..64_000_u32).map(|index| (index / 64 % 251) as u8).collect());
    assert_eq!(open("a.dcm", &file.bytes()).unwrap().slices.len(), 500);
    const { assert!(MAX_SLICES < 1000) };
}

#[test]
fn plane_position_and_group_are_read() {
    let one = open("a.dcm", &Dicom::new(SIDE, SIDE).bytes()).unwrap();
    assert_eq!((one.plane, one.position, one.volume), (Some(Plane::Axial), Some(17.5), false));
    let group = |change: fn(&mut Dicom)| {
        let mut file = Dicom::new(SIDE, SIDE);
        change(&mut file);
        open("b.dcm", &file.bytes()).unwrap().group.unwrap()
    };
    let other_series = group(|file| file.text(0x20, 0xE, "UI", "1.2.3.5"));
    let other_patient = group(|file| file.text(0x10, 0x20, "LO", "P-0043"));
    assert_eq!(one.group.unwrap() >> 32, other_series >> 32);
    assert_ne!(one.group.unwrap(), other_series);
    assert_ne!(one.group.unwrap() >> 32, other_patient >> 32);
    let sideways = |file: &mut Dicom| file.text(0x20, 0x37, "DS", "0\\1\\0\\0\\0\\-1");
    let mut file = Dicom::new(SIDE, SIDE);
    sideways(&mut file);
    assert_eq!(open("a.dcm", &file.bytes()).unwrap().plane, Some(Plane::Sagittal));
    // The rows lead to the right and the columns to the front: reoriented, also without a position.
    let turned = |file: &mut Dicom| {
        file.text(0x20, 0x37, "DS", "-1\\0\\0\\0\\-1\\0");
        file.elements.retain(|element| (element.0, element.1) != (0x20, 0x32));
    };
    let around: Vec<u8> = head().into_iter().rev().collect();
    assert_eq!(slice_12_bits(turned), around);
}

#[test]
fn personal_fields_are_named_without_their_values() {
    let mut file = Dicom::new(SIDE, SIDE);
    file.text(0x10, 0x10, "PN", "Jansen^Anna");
    file.text(0x10, 0x30, "DA", "19700101");
    file.text(0x8, 0x80, "LO", "Hospital of Nowhere");
    let found = open("a.dcm", &file.bytes()).unwrap();
    let kinds = [PersonalField::Name, PersonalField::BirthDate, PersonalField::PatientId, PersonalField::Hospital];
    assert_eq!(found.personal, kinds);
    let debug = format!("{found:?}");
    assert!(!["Jansen", "1970", "Nowhere", "P-0042", "1.2.3.4"].iter().any(|value| debug.contains(value)));
}

#[test]
fn burned_in_text_is_reported_if_the_file_says_so() {
    let is_burned_in = |group, element, kind, text: &str| {
        let mut file = Dicom::new(SIDE, SIDE);
        file.text(group, element, kind, text);
        open("a.dcm", &file.bytes()).unwrap().burned_in
    };
    assert!(is_burned_in(0x28, 0x301, "CS", "YES") && is_burned_in(0x8, 0x60, "CS", "US"));
    assert!(!is_burned_in(0x28, 0x301, "CS", "NO"));
}

#[test]
fn other_content_is_refused_with_the_reason() {
    // JPEG XL.
    assert_eq!(refusal(|file| file.syntax = "1.2.840.10008.1.2.4.110"), Refusal::UnsupportedCoding);
    assert_eq!(refusal(|file| file.text(0x28, 4, "CS", "RGB")), Refusal::Colour);
    assert_eq!(refusal(|file| file.number(0x28, 2, 3)), Refusal::Colour);
    let screen = |file: &mut Dicom| {
        file.text(0x8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.7");
        file.text(0x28, 4, "CS", "RGB");
    };
    assert_eq!(refusal(screen), Refusal::ScreenCapture);
    assert_eq!(refusal(|file| file.text(8, 8, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC")), Refusal::Mosaic);
    assert_eq!(refusal(|file| file.pixels = Pixels::None), Refusal::NoPixels);
    assert_eq!(refusal(|file| file.number(0x28, 0x100, 1)), Refusal::UnsupportedCoding);
    assert_eq!(refusal(|file| file.pixels = Pixels::Native(vec![7; 2048])), Refusal::Blank);
}

#[test]
fn sizes_beyond_the_limits_are_refused_before_pixels_are_read() {
    assert_eq!(refusal(|file| file.number(0x28, 0x10, 4097)), Refusal::TooManyPixels);
    assert_eq!(refusal(|file| file.number(0x28, 0x11, MIN_SIDE as u16 - 1)), Refusal::TooSmall);
    assert_eq!(refusal(|file| file.number(0x28, 0x11, 0)), Refusal::TooSmall);
    assert_eq!(refusal(|file| file.text(0x28, 8, "IS", "16385")), Refusal::TooManyPixels);
    assert_eq!(refusal(|file| file.text(0x28, 8, "IS", "99999999999999999999")), DAMAGED);
    assert_eq!(refusal(|file| file.text(0x28, 8, "IS", "-1")), DAMAGED);
    assert_eq!(refusal(|file| file.text(0x28, 8, "IS", "0")), DAMAGED);
}

#[test]
fn contradictions_are_damage() {
    assert_eq!(refusal(|file| file.number(0x28, 0x101, 17)), DAMAGED);
    assert_eq!(refusal(|file| file.number(0x28, 0x101, 0)), DAMAGED);
    assert_eq!(refusal(|file| file.number(0x28, 0x102, 3)), DAMAGED);
    assert_eq!(refusal(|file| file.number(0x28, 0x102, 16)), DAMAGED);
    assert_eq!(refusal(|file| file.text(0x28, 8, "IS", "2")), DAMAGED);
    // Encapsulated pixels with a native transfer syntax, and the reverse.
    assert_eq!(refusal(|file| file.pixels = Pixels::Fragments(vec![vec![0; 4096]])), DAMAGED);
    assert_eq!(refusal(|file| file.syntax = forge::RLE), DAMAGED);
}

#[test]
fn truncated_files_are_refused() {
    for syntax in [forge::EXPLICIT, forge::IMPLICIT, forge::BIG_ENDIAN, forge::DEFLATED] {
        let whole = Dicom { syntax, ..Dicom::new(8, 8) }.bytes();
        // A few bytes may be missing at the end.
        for length in 0..whole.len() - 8 {
            assert!(open("a.dcm", &whole[..length]).is_err(), "{syntax} cut to {length}");
        }
    }
}

#[test]
fn a_deflate_bomb_is_refused() {
    let mut file = Dicom::new(8, 8);
    file.syntax = forge::DEFLATED;
    file.pixels = Pixels::Native(vec![0; MAX_FILE_BYTES + 1]);
    let bytes = file.bytes();
    assert!(bytes.len() < MAX_FILE_BYTES / 500);
    assert_eq!(open("a.dcm", &bytes).unwrap_err(), Refusal::UnpacksTooLarge);
}

/// Grey images that SimpleITK and MATLAB write are Secondary Capture.
#[test]
fn a_grey_secondary_capture_is_read_with_a_warning() {
    let mut file = Dicom::new(SIDE, SIDE);
    file.text(0x8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.7");
    let decoded = open("a.dcm", &file.bytes()).unwrap();
    assert_eq!(decoded.slices[0].pixels(), first(&Dicom::new(SIDE, SIDE).bytes()));
    assert!(decoded.burned_in);
    // Without a position, the instance number sorts the slices.
    file.elements.retain(|element| element.0 != 0x20 || element.1 == 0xE);
    file.text(0x20, 0x13, "IS", "7");
    assert_eq!(open("a.dcm", &file.bytes()).unwrap().position, Some(7.0));
}

#[test]
fn a_data_set_without_file_meta_is_read() {
    let wanted = first(&Dicom::new(SIDE, SIDE).bytes());
    for syntax in [forge::EXPLICIT, forge::IMPLICIT] {
        assert_eq!(first(&Dicom { syntax, ..Dicom::new(SIDE, SIDE) }.data_set()), wanted, "{syntax}");
    }
    assert!(open("a.dcm", &Dicom { syntax: forge::BIG_ENDIAN, ..Dicom::new(SIDE, SIDE) }.data_set()).is_err());
}

/// Other readers skip elements by their length, whatever is in them.
#[test]
fn damage_in_elements_that_are_not_read_does_not_matter() {
    let wanted = first(&Dicom::new(SIDE, SIDE).bytes());
    let not_items = [b"\xFE\xFF\0\xE0\x18\0\0\0".as_slice(), &[b'('; 80]].concat();
    let implicit_items =
        b"\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\x05\x20\x10\0\x04\0\0\0TEST\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0";
    for syntax in [forge::EXPLICIT, forge::IMPLICIT] {
        let mut file = Dicom { syntax, ..Dicom::new(SIDE, SIDE) };
        // A private value that begins like an item, and text in a sequence.
        file.put(0x21, 0x1001, "UN", not_items.clone());
        file.text(0x12, 0x64, "SQ", "Header Anonymizer");
        assert_eq!(first(&file.bytes()), wanted, "{syntax}");
        // Anything after the pixels.
        assert_eq!(first(&[file.bytes(), b"\xFF".repeat(99)].concat()), wanted, "{syntax}");
        let start = file.bytes().windows(4).position(|four| four == b"\x28\0\x02\0").unwrap();
        let insert = |element: &[u8]| first(&[&file.bytes()[..start], element, &file.bytes()[start..]].concat());
        let (header, length): (&[u8], &[u8]) = match syntax {
            forge::EXPLICIT => (b"\x05\x20\x02\x14UN\0\0", b"\xFF\xFF\xFF\xFF"),
            _ => (b"\x05\x20\x02\x14", b"\xFF\xFF\xFF\xFF"),
        };
        assert_eq!(insert(&[header, length, implicit_items].concat()), wanted, "{syntax}");
        // An element without a VR.
        assert_eq!(insert(b"\x27\0\x10\0\x04\0\0\0ABCD"), wanted, "{syntax}");
    }
}

#[test]
fn the_delimiter_after_the_pixels_may_be_missing() {
    let mut file = Dicom::new(SIDE, SIDE);
    file.syntax = forge::JPEG2000;
    file.pixels = Pixels::Fragments(vec![forge::JPEG2000_HEAD.to_vec()]);
    let whole = file.bytes();
    assert_eq!(first(&whole[..whole.len() - 8]), first(&whole));
    assert!(open("a.dcm", &whole[..whole.len() - 12]).is_err());
}

#[test]
fn a_window_far_wider_than_the_values_is_ignored() {
    let own = first(&Dicom::new(SIDE, SIDE).bytes());
    assert_eq!(first(&with_window(Dicom::new(SIDE, SIDE), "8191.5", "16383")), own);
    assert_ne!(first(&with_window(Dicom::new(SIDE, SIDE), "2500", "5000")), own);
}
