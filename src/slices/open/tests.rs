//! Dispatch by format, and that every file gets an outcome.

use super::*;
use crate::slices::decoded::{PersonalField, UnsupportedFormat};
use crate::slices::forge;
use crate::slices::limits::MAX_SAMPLES;
use crate::slices::people::TableProblem;

fn refusal(bytes: &[u8]) -> Refusal {
    let mut outcomes = Vec::new();
    open_file("a", bytes, &mut |outcome| outcomes.push(outcome));
    assert_eq!(outcomes.len(), 1);
    let (path, refusal) = outcomes.remove(0).unwrap_err();
    assert_eq!(path, "a");
    refusal
}

#[test]
fn unsupported_formats_are_named() {
    let known: [(UnsupportedFormat, &[u8]); 16] = [
        (UnsupportedFormat::Gif, b"GIF89a"),
        (UnsupportedFormat::WebP, b"RIFF\0\0\0\0WEBPVP8 "),
        (UnsupportedFormat::Heic, b"\0\0\0\x18ftypheic"),
        (UnsupportedFormat::Heic, b"\0\0\0\x18ftypavif"),
        (UnsupportedFormat::Pdf, b"%PDF-1.7"),
        (UnsupportedFormat::Text, b"patient,age\n"),
        (UnsupportedFormat::Text, "één woord".as_bytes()),
        (UnsupportedFormat::Archive, b"7z\xbc\xaf\x27\x1c"),
        (UnsupportedFormat::Archive, b"Rar!\x1a\x07"),
        (UnsupportedFormat::Archive, b"\xfd7zXZ\0"),
        (UnsupportedFormat::Video, b"\0\0\0\x18ftypisom"),
        (UnsupportedFormat::Video, b"RIFF\0\0\0\0AVI "),
        (UnsupportedFormat::Matlab, b"MATLAB 5.0 MAT-file"),
        (UnsupportedFormat::Matlab, b"\x89HDF\r\n"),
        (UnsupportedFormat::FreeSurfer, b"\0\0\0\x01\0\0\0\x60\0\0\0\x60\0\0\0\x28\0\0\0\x01\0\0\0\x03"),
        (UnsupportedFormat::Video, b"\x1a\x45\xdf\xa3"),
    ];
    for (format, bytes) in known {
        assert_eq!(refusal(bytes), Refusal::Unsupported(format), "{bytes:?}");
    }
    let mut header = vec![0; 348];
    header[344..].copy_from_slice(b"ni1\0");
    assert_eq!(refusal(&header), Refusal::Unsupported(UnsupportedFormat::HeaderOnly));
    let mut archive = vec![0; 512];
    archive[257..262].copy_from_slice(b"ustar");
    assert_eq!(refusal(&archive), Refusal::Unsupported(UnsupportedFormat::Archive));
}

#[test]
fn empty_and_unknown_files_are_refused() {
    assert_eq!(refusal(b""), Refusal::Empty);
    assert_eq!(refusal(&[0; 400]), Refusal::Unknown);
    assert_eq!(refusal(&[0xFF; 3]), Refusal::Unknown);
    // A character cut in two at the end of the sample is text; half a character alone is not.
    let cut = [vec![b'a'; 511], "é".as_bytes().to_vec()].concat();
    assert_eq!(refusal(&cut), Refusal::Unsupported(UnsupportedFormat::Text));
    assert_eq!(refusal(&[0xC3]), Refusal::Unknown);
    assert_eq!(refusal(b"BMW is a car, and no picture in it"), Refusal::Unsupported(UnsupportedFormat::Text));
}

#[test]
fn a_file_beyond_the_byte_limit_is_refused() {
    for start in [b"PK\x03\x04".as_slice(), b"\x89PNG\r\n\x1a\n", b"?"] {
        let mut bytes = vec![0; MAX_FILE_BYTES + 1];
        bytes[..start.len()].copy_from_slice(start);
        assert_eq!(refusal(&bytes), Refusal::TooLarge);
    }
}

/// A small NRRD file in whose header `from` is replaced by `to`.
fn nrrd(from: &str, to: &str) -> Vec<u8> {
    let whole = forge::nrrd([16, 12, 3], "raw");
    let end = whole.windows(2).position(|pair| pair == b"\n\n").unwrap();
    let header = std::str::from_utf8(&whole[..end]).unwrap();
    assert!(header.contains(from));
    [header.replace(from, to).as_bytes(), &whole[end..]].concat()
}

#[test]
fn an_nrrd_file_is_read() {
    let found = open_single("a.nrrd", &nrrd("type", "type")).unwrap().scan();
    assert_eq!((found.slices.len(), found.slices[0].width(), found.slices[0].height()), (3, 16, 12));
    assert!(found.volume && !found.labels && found.personal.is_empty());
    let most = *forge::volume([16, 12, 3]).iter().max().unwrap();
    for (pixel, sample) in found.slices[0].pixels().iter().zip(forge::volume([16, 12, 3])) {
        let wanted = f32::from(sample) / f32::from(most) * 255.0;
        assert!((f32::from(*pixel) - wanted).abs() <= 2.0, "{pixel} and not {wanted}");
    }
    let packed = open_single("a.nrrd", &forge::nrrd([16, 12, 3], "gzip")).unwrap().scan();
    assert_eq!(packed.slices, found.slices);
    let noted = open_single("a.nrrd", &nrrd("encoding", "patient name:=Anna\nencoding")).unwrap().scan();
    assert_eq!(noted.personal, [PersonalField::Name]);
}

#[test]
fn an_nrrd_file_is_refused_with_the_reason() {
    let wrong = [
        ("space: left-posterior-superior\n", "", Refusal::Orientation),
        ("left-posterior-superior", "scanner-xyz", Refusal::Orientation),
        ("(1,0,0) (0,1,0) (0,0,2)", "(0,0,0) (0,1,0) (0,0,2)", Refusal::Orientation),
        ("(1,0,0) (0,1,0)", "(1,1,0) (1,-1.1,1.9)", Refusal::Orientation),
        ("dimension: 3", "dimension: 4", Refusal::Dimensions),
        ("type: short", "type: block", Refusal::NotIntensities),
        ("encoding: raw", "encoding: bzip2", Refusal::UnsupportedCoding),
        ("encoding: raw", "data file: b.raw\nencoding: raw", Refusal::Unsupported(UnsupportedFormat::HeaderOnly)),
        ("sizes: 16 12 3", "sizes: 4097 12 3", Refusal::TooManyPixels),
        ("sizes: 16 12 3", "sizes: 512 512 65", Refusal::TooManyPixels),
        ("sizes: 16 12 3", "sizes: 18446744073709551615 2 2", Refusal::TooManyPixels),
        ("sizes: 16 12 3", "sizes: 16 12 4", Refusal::Damaged(Format::Nrrd)),
        ("sizes: 16 12 3", "sizes: 0 12 3", Refusal::TooManyPixels),
        ("sizes: 16 12 3", "sizes: 576 1 1", Refusal::TooSmall),
        ("endian: little\n", "", Refusal::Damaged(Format::Nrrd)),
        ("type", "type: short\ntype", Refusal::Damaged(Format::Nrrd)),
    ];
    for (from, to, wanted) in wrong {
        assert_eq!(open_single("a.nrrd", &nrrd(from, to)).unwrap_err(), wanted, "{to}");
    }
}

#[test]
fn an_nrrd_file_that_unpacks_into_too_much_is_refused() {
    let head = |sizes: &str, kind: &str| {
        let file = nrrd("sizes: 16 12 3", sizes);
        let end = file.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let words = String::from_utf8(file[..end].to_vec()).unwrap();
        words.replace("encoding: raw", "encoding: gzip").replace("type: short", kind)
    };
    let zeros = forge::gzip(&vec![0; MAX_FILE_BYTES + 1]);
    let bomb = [head("sizes: 16 12 3", "type: short").as_bytes(), b"\n\n", &zeros].concat();
    assert_eq!(open_single("a.nrrd", &bomb).unwrap_err(), Refusal::Damaged(Format::Nrrd));
    // As many samples as allowed, but of 8 bytes each: twice as many bytes as may be unpacked.
    let wide = [head("sizes: 256 256 256", "type: double").as_bytes(), b"\n\n", &zeros].concat();
    assert_eq!(open_single("a.nrrd", &wide).unwrap_err(), Refusal::TooManyPixels);
    const { assert!(256 * 256 * 256 == MAX_SAMPLES) };
}

#[test]
fn a_table_of_persons_is_read_by_its_name() {
    let opened = |path: &str, bytes: &[u8]| {
        let mut outcomes = Vec::new();
        open_file(path, bytes, &mut |outcome| outcomes.push(outcome));
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0)
    };
    let csv = b"file,person\n1.png,Ann\n";
    let Ok(Opened::People(table)) = opened("set/people.csv", csv) else { panic!("no table") };
    assert_eq!((table.path.as_str(), table.rows.len()), ("set/people.csv", 1));
    let Ok(Opened::People(table)) = opened("a.zip", &forge::zip(&[("people.csv", &csv[..])])) else {
        panic!("no table")
    };
    assert_eq!(table.path, "a.zip/people.csv");
    let refused = |refusal| Err(("people.csv".to_owned(), refusal));
    assert_eq!(opened("people.csv", b"file,class\n"), refused(Refusal::Table(TableProblem::NoPersonColumn)));
    assert_eq!(opened("people.csv", b""), refused(Refusal::Empty));
    // Content counts before the name.
    let png = forge::picture(image::ImageFormat::Png, 32, 32);
    assert!(matches!(opened("people.csv", &png), Ok(Opened::Scan(_))));
}
