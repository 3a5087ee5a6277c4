//! Kinds of personal fields, found wherever formats keep them.

use super::*;
use crate::slices::sniff::forge::{self, Dicom, Nifti};

fn dicom(bend: impl FnOnce(&mut Dicom)) -> Vec<Personal> {
    let mut file = Dicom::new(16, 16);
    bend(&mut file);
    crate::slices::dicom::open("a.dcm", &file.bytes()).unwrap().personal
}

#[test]
fn every_kind_of_a_dicom_file_is_found() {
    assert_eq!(dicom(|_| {}), [Personal::PatientId]);
    let fields = [
        (0x10, 0x10, "PN", "Jansen^Anna", Personal::Name),
        (0x10, 0x30, "DA", "19700101", Personal::BirthDate),
        (0x10, 0x1010, "AS", "054Y", Personal::BirthDate),
        (0x10, 0x1040, "LO", "Street 1", Personal::Address),
        (0x8, 0x80, "LO", "Hospital", Personal::Hospital),
        (0x8, 0x90, "PN", "Smit", Personal::Physician),
        (0x8, 0x20, "DA", "20200101", Personal::Dates),
        (0x10, 0x4000, "LT", "remark", Personal::FreeText),
        (0x18, 0x1000, "LO", "12345", Personal::Device),
    ];
    for (group, element, kind, text, wanted) in fields {
        let mut both = [Personal::PatientId, wanted];
        both.sort_unstable();
        assert_eq!(dicom(|file| file.text(group, element, kind, text)), both, "{wanted:?}");
        // There, but empty.
        assert_eq!(dicom(|file| file.text(group, element, kind, "  ")), [Personal::PatientId], "{wanted:?}");
    }
}

#[test]
fn names_that_stand_for_nobody_are_none() {
    for name in ["Anonymous", "ANON^1", "de-identified", "REMOVED"] {
        assert_eq!(dicom(|file| file.text(0x10, 0x10, "PN", name)), [Personal::PatientId], "{name}");
    }
    let removed = |file: &mut Dicom| {
        file.text(0x10, 0x10, "PN", "Subject 7");
        file.text(0x12, 0x62, "CS", "YES");
    };
    assert!(dicom(removed).is_empty());
}

#[test]
fn words_of_volumes_are_told_of() {
    let header = |bend: &dyn Fn(&mut NiftiHeader)| {
        let bytes = Nifti::new([8, 8, 8], &forge::volume([8, 8, 8])).bytes();
        let mut header = NiftiHeader::from_reader(&bytes[..352]).unwrap();
        bend(&mut header);
        header
    };
    assert!(of_nifti(&header(&|_| {}), false).is_empty());
    assert_eq!(of_nifti(&header(&|_| {}), true), [Personal::FreeText]);
    assert_eq!(of_nifti(&header(&|header| header.db_name[0] = b'P'), false), [Personal::PatientId]);
    assert_eq!(of_nifti(&header(&|header| header.aux_file[0] = b'x'), false), [Personal::FreeText]);

    let notes = "NRRD0004\r\nContent: scan of Anna\r\nPatient Name:=Anna\r\npatient_id:=42\r\nbirthDate:=1970\r\n\
                 InstitutionName:=here\r\nstudy date:=2020\r\n\r\noperator name:=behind the end";
    let all = [
        Personal::Name,
        Personal::BirthDate,
        Personal::PatientId,
        Personal::Hospital,
        Personal::Dates,
        Personal::FreeText,
    ];
    assert_eq!(of_nrrd(notes.as_bytes()), all);
    assert!(of_nrrd(b"NRRD0004\nspacings: 1 1 1\n\npatient name:=x").is_empty());
    assert!(of_nrrd(b"").is_empty() && of_nrrd(&[0xFF; 99]).is_empty());
}

/// A TIFF page of these fields; the camera's own follow.
fn page(fields: &[u16], camera: &[u16], big_endian: bool) -> Vec<u8> {
    let two = |number: u16| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let four = |number: u32| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let mut bytes = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    bytes.extend(four(8));
    let after = 8 + 2 + 12 * (fields.len() as u32 + 1) + 4;
    bytes.extend(two(fields.len() as u16 + 1));
    for tag in fields {
        bytes.extend([&two(*tag)[..], &two(2), &four(1), &four(0)].concat());
    }
    bytes.extend([&two(0x8769)[..], &two(4), &four(1), &four(after), &four(0)].concat());
    bytes.extend(two(camera.len() as u16));
    for tag in camera {
        bytes.extend([&two(*tag)[..], &two(2), &four(1), &four(0)].concat());
    }
    bytes
}

#[test]
fn cameras_tell_who_where_and_when() {
    for big_endian in [true, false] {
        let exif = page(&[0x010E, 0x013B, 0x8825], &[0x9003, 0xA431], big_endian);
        let all = [Personal::Name, Personal::Address, Personal::Dates, Personal::FreeText, Personal::Device];
        assert_eq!(of_picture(Format::Tiff, &exif), all);
        let length = (exif.len() as u16 + 8).to_be_bytes();
        let jpeg = [b"\xFF\xD8\xFF\xE1".as_slice(), &length, b"Exif\0\0", &exif, b"\xFF\xDA\0\x02"].concat();
        assert_eq!(of_picture(Format::Jpeg, &jpeg), all);
        let length = (exif.len() as u32).to_be_bytes();
        let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &length, b"eXIf", &exif, &[0; 4]].concat();
        assert_eq!(of_picture(Format::Png, &png), all);
    }
    assert!(of_picture(Format::Bmp, b"BM").is_empty());
}

#[test]
fn programs_tell_less() {
    let png = |kind: &[u8], data: &[u8]| {
        let length = (data.len() as u32).to_be_bytes();
        of_picture(Format::Png, &[b"\x89PNG\r\n\x1a\n".as_slice(), &length, kind, data, &[0; 4]].concat())
    };
    assert!(png(b"tEXt", b"Software\0x").is_empty());
    assert_eq!(png(b"tEXt", b"Author\0x"), [Personal::Name]);
    assert_eq!(png(b"zTXt", b"Creation Time\0x"), [Personal::Dates]);
    assert_eq!(png(b"iTXt", b"Comment\0x"), [Personal::FreeText]);
    assert_eq!(png(b"tIME", b"1234567"), [Personal::Dates]);
    let remark = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFE\0\x04hi\xFF\xDA\0\x02\xFF\xFE\0\x04no";
    assert_eq!(of_picture(Format::Jpeg, remark), [Personal::FreeText]);
}

#[test]
fn broken_parts_are_looked_at_no_further() {
    let exif = page(&[0x013B], &[0x9003], true);
    for length in 0..exif.len() {
        let _ = of_picture(Format::Tiff, &exif[..length]);
    }
    // A page that says it is the camera's own as well, and one of more fields than there are.
    let mut round = page(&[0x013B], &[0x9003], false);
    let camera = 8 + 2 + 12 + 8;
    round[camera..camera + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert_eq!(of_picture(Format::Tiff, &round), [Personal::Name]);
    round[8..10].fill(0xFF);
    assert_eq!(of_picture(Format::Tiff, &round), [Personal::Name]);
    for wild in [b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFtEXt".as_slice(), b"\x89PNG", b""] {
        assert!(of_picture(Format::Png, wild).is_empty());
    }
    for wild in [b"\xFF\xD8\xFF\xE1\0\0".as_slice(), b"\xFF\xD8\xFF\xE1\xFF\xFF", b"\xFF"] {
        let _ = of_picture(Format::Jpeg, wild);
    }
    // Parts without end.
    let many = [b"\xFF\xD8".to_vec(), b"\xFF\xE0\0\x02".repeat(1 << 20)].concat();
    assert!(of_picture(Format::Jpeg, &many).is_empty());
}
