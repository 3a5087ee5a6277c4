//! Personal fields in every place where pictures hold them.

use super::*;

/// A TIFF file with these tags in its first directory and in its EXIF directory.
fn tiff(tags: &[u16], exif: &[u16], big_endian: bool) -> Vec<u8> {
    let two = |number: u16| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let four = |number: u32| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let mut bytes = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    bytes.extend(four(8));
    let after = 8 + 2 + 12 * (tags.len() as u32 + 1) + 4;
    bytes.extend(two(tags.len() as u16 + 1));
    for tag in tags {
        bytes.extend([&two(*tag)[..], &two(2), &four(1), &four(0)].concat());
    }
    bytes.extend([&two(0x8769)[..], &two(4), &four(1), &four(after), &four(0)].concat());
    bytes.extend(two(exif.len() as u16));
    for tag in exif {
        bytes.extend([&two(*tag)[..], &two(2), &four(1), &four(0)].concat());
    }
    bytes
}

#[test]
fn exif_tags_are_found_in_every_format() {
    for big_endian in [true, false] {
        let file = tiff(&[0x010E, 0x013B, 0x8825], &[0x9003, 0xA431], big_endian);
        let all = [
            PersonalField::Name,
            PersonalField::Address,
            PersonalField::Dates,
            PersonalField::FreeText,
            PersonalField::Device,
        ];
        assert_eq!(personal_fields(Format::Tiff, &file), all);
        let length = (file.len() as u16 + 8).to_be_bytes();
        let jpeg = [b"\xFF\xD8\xFF\xE1".as_slice(), &length, b"Exif\0\0", &file, b"\xFF\xDA\0\x02"].concat();
        assert_eq!(personal_fields(Format::Jpeg, &jpeg), all);
        let length = (file.len() as u32).to_be_bytes();
        let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &length, b"eXIf", &file, &[0; 4]].concat();
        assert_eq!(personal_fields(Format::Png, &png), all);
    }
    assert!(personal_fields(Format::Bmp, b"BM").is_empty());
}

#[test]
fn text_chunks_and_comments_are_found() {
    let png = |kind: &[u8], data: &[u8]| {
        let length = (data.len() as u32).to_be_bytes();
        personal_fields(Format::Png, &[b"\x89PNG\r\n\x1a\n".as_slice(), &length, kind, data, &[0; 4]].concat())
    };
    assert!(png(b"tEXt", b"Software\0x").is_empty());
    assert_eq!(png(b"tEXt", b"Author\0x"), [PersonalField::Name]);
    assert_eq!(png(b"zTXt", b"Creation Time\0x"), [PersonalField::Dates]);
    assert_eq!(png(b"iTXt", b"Comment\0x"), [PersonalField::FreeText]);
    assert_eq!(png(b"tIME", b"1234567"), [PersonalField::Dates]);
    let comment = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFE\0\x04hi\xFF\xDA\0\x02\xFF\xFE\0\x04no";
    assert_eq!(personal_fields(Format::Jpeg, comment), [PersonalField::FreeText]);
}

#[test]
fn damaged_and_endless_metadata_ends_the_search() {
    let file = tiff(&[0x013B], &[0x9003], true);
    for length in 0..file.len() {
        let _ = personal_fields(Format::Tiff, &file[..length]);
    }
    // An EXIF directory that is the first directory again, and a directory with more tags than bytes.
    let mut cyclic = tiff(&[0x013B], &[0x9003], false);
    let pointer = 8 + 2 + 12 + 8;
    cyclic[pointer..pointer + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert_eq!(personal_fields(Format::Tiff, &cyclic), [PersonalField::Name]);
    cyclic[8..10].fill(0xFF);
    assert_eq!(personal_fields(Format::Tiff, &cyclic), [PersonalField::Name]);
    for wild in [b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFtEXt".as_slice(), b"\x89PNG", b""] {
        assert!(personal_fields(Format::Png, wild).is_empty());
    }
    for wild in [b"\xFF\xD8\xFF\xE1\0\0".as_slice(), b"\xFF\xD8\xFF\xE1\xFF\xFF", b"\xFF"] {
        let _ = personal_fields(Format::Jpeg, wild);
    }
    // More segments than are looked at.
    let many = [b"\xFF\xD8".to_vec(), b"\xFF\xE0\0\x02".repeat(1 << 20)].concat();
    assert!(personal_fields(Format::Jpeg, &many).is_empty());
}
