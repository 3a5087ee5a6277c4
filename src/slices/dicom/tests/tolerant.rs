//! What other programs write beside the standard.

use super::*;

#[test]
fn a_few_bytes_may_be_missing_after_the_last_pixel() {
    for syntax in [forge::EXPLICIT, forge::IMPLICIT] {
        let whole = Dicom { syntax, ..Dicom::new(SIDE, SIDE) }.bytes();
        let wanted = first(&whole);
        for missing in 1..=8 {
            // The file is cut.
            let found = first(&whole[..whole.len() - missing]);
            let same = wanted.len() - missing.div_ceil(2);
            assert_eq!(found[..same], wanted[..same], "{missing}");
            assert!(found[same..].iter().all(|pixel| *pixel == wanted[same - 1]), "{missing}");
        }
        assert_eq!(open("a.dcm", &whole[..whole.len() - 9]).unwrap_err(), DAMAGED);
    }
    // The length is that of the pixels that are there.
    let mut file = Dicom::new(SIDE, SIDE);
    let Pixels::Native(pixels) = &mut file.pixels else { panic!("not native") };
    pixels.truncate(pixels.len() - 2);
    assert!(open("a.dcm", &file.bytes()).is_ok());
}

/// The private header of Siemens with a name and its value.
fn siemens_header(name: &str, value: &str) -> Vec<u8> {
    let mut header = b"SV10\x04\x03\x02\x01".to_vec();
    let start = header.len();
    header.extend(name.as_bytes());
    header.resize(start + 64, 0);
    header.extend([0; 9 * 4]);
    header.extend(value.as_bytes());
    header.resize(header.len().next_multiple_of(4), 0);
    header
}

#[test]
fn a_mosaic_is_recognised_without_the_type_of_the_image() {
    assert_eq!(refusal(|file| file.number(0x19, 0x100A, 16)), Refusal::Mosaic);
    let header = |name, value| siemens_header(name, value);
    let with = |header: Vec<u8>| move |file: &mut Dicom| file.put(0x29, 0x1010, "OB", header);
    assert_eq!(refusal(with(header("NumberOfImagesInMosaic", "16      "))), Refusal::Mosaic);
    for (name, value) in [("NumberOfImagesInMosaic", "0"), ("NumberOfImagesInMosaic", ""), ("EchoTime", "16")] {
        assert_eq!(slice_12_bits(with(header(name, value))), head(), "{name} {value}");
    }
    assert_eq!(slice_12_bits(|file| file.number(0x19, 0x100A, 1)), head());
}
