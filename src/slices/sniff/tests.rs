//! What a file is, and that each is told of.

use super::*;
use crate::slices::limits::MAX_SAMPLES;

fn refusal(bytes: &[u8]) -> Refusal {
    let mut told = Vec::new();
    open("a", bytes, &mut |outcome| told.push(outcome));
    assert_eq!(told.len(), 1);
    let (path, refusal) = told.remove(0).unwrap_err();
    assert_eq!(path, "a");
    refusal
}

#[test]
fn a_file_is_what_it_starts_with() {
    use Format as F;
    let picture = |format| forge::picture(format, 32, 32);
    let nifti = forge::Nifti::new([9, 9, 9], &forge::volume([9, 9, 9])).bytes();
    let known = [
        (Kind::Slices(F::Png), picture(image::ImageFormat::Png)),
        (Kind::Slices(F::Jpeg), picture(image::ImageFormat::Jpeg)),
        (Kind::Slices(F::Bmp), picture(image::ImageFormat::Bmp)),
        (Kind::Slices(F::Tiff), picture(image::ImageFormat::Tiff)),
        (Kind::Slices(F::Dicom), forge::Dicom::new(9, 9).bytes()),
        (Kind::Slices(F::Dicom), forge::Dicom::new(9, 9).bytes().split_off(132)),
        (Kind::Gzip, forge::gzip(&nifti)),
        (Kind::Slices(F::Nifti), nifti),
        (Kind::Slices(F::Nrrd), forge::nrrd([9, 9, 9], "raw")),
        (Kind::Zip, forge::zip(&[("a", b"b")])),
        (Kind::Zip, forge::zip(&[])),
        (Kind::Nothing, Vec::new()),
    ];
    for (wanted, bytes) in known {
        assert_eq!(kind(&bytes), wanted);
    }
    // What stands before the mark of a DICOM file may be another's.
    let mut both = forge::Dicom::new(9, 9).bytes();
    both[..4].copy_from_slice(b"II*\0");
    assert_eq!(kind(&both), Kind::Slices(F::Dicom));
}

#[test]
fn what_is_known_and_not_read_is_named() {
    let known: [(Other, &[u8]); 16] = [
        (Other::Gif, b"GIF89a"),
        (Other::WebP, b"RIFF\0\0\0\0WEBPVP8 "),
        (Other::Heic, b"\0\0\0\x18ftypheic"),
        (Other::Heic, b"\0\0\0\x18ftypavif"),
        (Other::Pdf, b"%PDF-1.7"),
        (Other::Text, b"patient,age\n"),
        (Other::Text, "één woord".as_bytes()),
        (Other::Archive, b"7z\xbc\xaf\x27\x1c"),
        (Other::Archive, b"Rar!\x1a\x07"),
        (Other::Archive, b"\xfd7zXZ\0"),
        (Other::Video, b"\0\0\0\x18ftypisom"),
        (Other::Video, b"RIFF\0\0\0\0AVI "),
        (Other::Matlab, b"MATLAB 5.0 MAT-file"),
        (Other::Matlab, b"\x89HDF\r\n"),
        (Other::Nifti2, b"\x1C\x02\0\0n+2\0"),
        (Other::Video, b"\x1a\x45\xdf\xa3"),
    ];
    for (other, bytes) in known {
        assert_eq!(refusal(bytes), Refusal::Other(other), "{bytes:?}");
    }
    let mut header = vec![0; 348];
    header[344..].copy_from_slice(b"ni1\0");
    assert_eq!(refusal(&header), Refusal::Other(Other::HeaderOnly));
    let mut archive = vec![0; 512];
    archive[257..262].copy_from_slice(b"ustar");
    assert_eq!(refusal(&archive), Refusal::Other(Other::Archive));
}

#[test]
fn what_is_nothing_is_told_of_as_well() {
    assert_eq!(refusal(b""), Refusal::Empty);
    assert_eq!(refusal(&[0; 400]), Refusal::Unknown);
    assert_eq!(refusal(&[0xFF; 3]), Refusal::Unknown);
    // A letter cut in two at the end of what is looked at is text; half a letter alone is none.
    let cut = [vec![b'a'; 511], "é".as_bytes().to_vec()].concat();
    assert_eq!(refusal(&cut), Refusal::Other(Other::Text));
    assert_eq!(refusal(&[0xC3]), Refusal::Unknown);
    assert_eq!(refusal(b"BMW is a car, and no picture in it"), Refusal::Other(Other::Text));
}

#[test]
fn a_file_beyond_the_limit_is_not_looked_into() {
    for start in [b"PK\x03\x04".as_slice(), b"\x89PNG\r\n\x1a\n", b"?"] {
        let mut bytes = vec![0; MAX_BYTES + 1];
        bytes[..start.len()].copy_from_slice(start);
        assert_eq!(refusal(&bytes), Refusal::TooLarge);
    }
}

/// A small NRRD file in which these words stand in place of those.
fn nrrd(from: &str, to: &str) -> Vec<u8> {
    let whole = forge::nrrd([16, 12, 3], "raw");
    let end = whole.windows(2).position(|pair| pair == b"\n\n").unwrap();
    let header = std::str::from_utf8(&whole[..end]).unwrap();
    assert!(header.contains(from));
    [header.replace(from, to).as_bytes(), &whole[end..]].concat()
}

#[test]
fn an_nrrd_file_gives_its_slices() {
    let found = one("a.nrrd", &nrrd("type", "type")).unwrap();
    assert_eq!((found.slices.len(), found.slices[0].width(), found.slices[0].height()), (3, 16, 12));
    assert!(found.volume && !found.labels && found.personal.is_empty());
    let most = *forge::volume([16, 12, 3]).iter().max().unwrap();
    for (pixel, sample) in found.slices[0].pixels().iter().zip(forge::volume([16, 12, 3])) {
        let wanted = f32::from(sample) / f32::from(most) * 255.0;
        assert!((f32::from(*pixel) - wanted).abs() <= 2.0, "{pixel} and not {wanted}");
    }
    let packed = one("a.nrrd", &forge::nrrd([16, 12, 3], "gzip")).unwrap();
    assert_eq!(packed.slices, found.slices);
    let noted = one("a.nrrd", &nrrd("encoding", "patient name:=Anna\nencoding")).unwrap();
    assert_eq!(noted.personal, [crate::slices::open::Personal::Name]);
}

#[test]
fn an_nrrd_file_is_refused_for_what_is_wrong_with_it() {
    let wrong = [
        ("space: left-posterior-superior\n", "", Refusal::Orientation),
        ("left-posterior-superior", "scanner-xyz", Refusal::Orientation),
        ("(1,0,0) (0,1,0) (0,0,2)", "(0,0,0) (0,1,0) (0,0,2)", Refusal::Orientation),
        ("(1,0,0) (0,1,0)", "(1,1,0) (1,-1.1,1.9)", Refusal::Orientation),
        ("dimension: 3", "dimension: 4", Refusal::Dimensions),
        ("type: short", "type: block", Refusal::Numbers),
        ("encoding: raw", "encoding: bzip2", Refusal::Coding),
        ("encoding: raw", "data file: b.raw\nencoding: raw", Refusal::Other(Other::HeaderOnly)),
        ("sizes: 16 12 3", "sizes: 4097 12 3", Refusal::TooBig),
        ("sizes: 16 12 3", "sizes: 512 512 65", Refusal::TooBig),
        ("sizes: 16 12 3", "sizes: 18446744073709551615 2 2", Refusal::TooBig),
        ("sizes: 16 12 3", "sizes: 16 12 4", Refusal::Damaged(Format::Nrrd)),
        ("sizes: 16 12 3", "sizes: 0 12 3", Refusal::TooBig),
        ("sizes: 16 12 3", "sizes: 576 1 1", Refusal::TooSmall),
        ("endian: little\n", "", Refusal::Damaged(Format::Nrrd)),
        ("type", "type: short\ntype", Refusal::Damaged(Format::Nrrd)),
    ];
    for (from, to, wanted) in wrong {
        assert_eq!(one("a.nrrd", &nrrd(from, to)).unwrap_err(), wanted, "{to}");
    }
}

#[test]
fn an_nrrd_file_that_bursts_is_refused() {
    let head = |sizes: &str, kind: &str| {
        let file = nrrd("sizes: 16 12 3", sizes);
        let end = file.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let words = String::from_utf8(file[..end].to_vec()).unwrap();
        words.replace("encoding: raw", "encoding: gzip").replace("type: short", kind)
    };
    let zeros = forge::gzip(&vec![0; MAX_BYTES + 1]);
    let bomb = [head("sizes: 16 12 3", "type: short").as_bytes(), b"\n\n", &zeros].concat();
    assert_eq!(one("a.nrrd", &bomb).unwrap_err(), Refusal::Damaged(Format::Nrrd));
    // As many samples as are read, each of eight bytes: twice as much as may be unpacked.
    let wide = [head("sizes: 256 256 256", "type: double").as_bytes(), b"\n\n", &zeros].concat();
    assert_eq!(one("a.nrrd", &wide).unwrap_err(), Refusal::TooBig);
    const { assert!(256 * 256 * 256 == MAX_SAMPLES) };
}
