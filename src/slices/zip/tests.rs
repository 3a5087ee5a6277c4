//! Valid, damaged and hostile ZIP files.

use super::*;
use crate::slices::decoded::{Format, UnsupportedFormat};
use crate::slices::forge;
use crate::slices::limits::MAX_FILES;
use crate::slices::open::{OpenResult, open_file};

fn opened(bytes: &[u8]) -> Vec<OpenResult> {
    let mut outcomes = Vec::new();
    open_file("a.zip", bytes, &mut |outcome| outcomes.push(outcome));
    outcomes
}

/// The path of each outcome, and the reason if it was refused.
fn verdicts(bytes: &[u8]) -> Vec<(String, Option<Refusal>)> {
    let verdict = |outcome: OpenResult| match outcome {
        Ok(found) => (found.scan().path, None),
        Err((path, refusal)) => (path, Some(refusal)),
    };
    opened(bytes).into_iter().map(verdict).collect()
}

fn refused(path: &str, refusal: Refusal) -> Vec<(String, Option<Refusal>)> {
    vec![(path.to_owned(), Some(refusal))]
}

fn png() -> Vec<u8> {
    forge::picture(image::ImageFormat::Png, 32, 32)
}

#[test]
fn every_entry_is_read() {
    let png = png();
    let entries = [("b/x.png", &png[..]), ("a/readme.txt", b"words"), ("empty", b"")];
    let wanted = [
        ("a.zip/b/x.png".to_owned(), None),
        ("a.zip/a/readme.txt".to_owned(), Some(Refusal::Unsupported(UnsupportedFormat::Text))),
        ("a.zip/empty".to_owned(), Some(Refusal::Empty)),
    ];
    assert_eq!(verdicts(&forge::zip(&entries)), wanted);
    assert_eq!(verdicts(&forge::stored(&entries, |_| {})), wanted);
    let found = opened(&forge::zip(&entries)).remove(0).unwrap().scan();
    assert_eq!((found.format, found.slices[0].pixels()), (Format::Png, &forge::head(32, 32)[..]));
}

#[test]
fn folders_and_system_files_are_skipped() {
    let png = png();
    let left = [
        ("x/", &b""[..]),
        ("__MACOSX/._a.png", b"?"),
        (".DS_Store", b"?"),
        ("x/Thumbs.db", b"?"),
        ("x/@eaDir/a.png/T.jpg", b"?"),
        ("x/Thumbnails/a.jpg", b"?"),
        ("x/a_thumb.png", b"?"),
        ("x/A-Thumbnail.JPG", b"?"),
        ("Scans Previews.lrdata/1/a.lrprev", b"?"),
        ("Scans Smart Previews.lrdata/1/a.jpg", b"?"),
        ("Desktop.ini", b"?"),
    ];
    assert_eq!(verdicts(&forge::stored(&left, |_| {})), refused("a.zip", Refusal::Empty));
    let more = [&left[..], &[("x/a.png", &png)]].concat();
    assert_eq!(verdicts(&forge::stored(&more, |_| {})), [("a.zip/x/a.png".to_owned(), None)]);
    assert_eq!(verdicts(&forge::zip(&[])), refused("a.zip", Refusal::Empty));
}

#[test]
fn names_are_cleaned() {
    let long = "n".repeat(5000);
    let names = [
        ("../../etc/passwd", "etc/passwd"),
        ("/root/x", "root/x"),
        ("a\\..\\b", "a/b"),
        ("x\u{1b}[2J\n", "x[2J"),
        ("gnp.\u{202E}exe", "gnp.exe"),
        (&long, &long[..200]),
    ];
    for (name, shown) in names {
        let outcomes = verdicts(&forge::stored(&[(name, b"words")], |_| {}));
        assert_eq!(outcomes, refused(&format!("a.zip/{shown}"), Refusal::Unsupported(UnsupportedFormat::Text)));
    }
}

#[test]
fn encrypted_and_unsupported_entries_are_refused() {
    let files = [("a.png", &png()[..])];
    assert_eq!(verdicts(&forge::stored(&files, |entry| entry[8] |= 1)), refused("a.zip/a.png", Refusal::Encrypted));
    for packing in [1, 9, 12, 14, 93, 99] {
        let outcomes = verdicts(&forge::stored(&files, |entry| entry[10] = packing));
        assert_eq!(outcomes, refused("a.zip/a.png", Refusal::UnsupportedCoding));
    }
}

#[test]
fn a_nested_zip_file_is_refused() {
    let inner = forge::zip(&[("a.png", &png())]);
    assert_eq!(verdicts(&forge::zip(&[("b.zip", &inner)])), refused("a.zip/b.zip", Refusal::NestedZip));
}

#[test]
fn too_many_entries_are_refused_before_memory_is_reserved() {
    let names: Vec<String> = (0..=MAX_FILES).map(|index| index.to_string()).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(verdicts(&forge::stored(&entries, |_| {})), refused("a.zip", Refusal::TooManyFiles));
    assert_eq!(opened(&forge::stored(&entries[1..], |_| {})).len(), MAX_FILES);
    // A small file that claims 2^64 - 1 entries in its ZIP64 EOCD.
    assert_eq!(verdicts(&zip64(&[("a", b"b")], u64::MAX)), refused("a.zip", Refusal::TooManyFiles));
}

/// A file whose end records are those of ZIP64 and say that there are `count` entries.
fn zip64(entries: &[(&str, &[u8])], count: u64) -> Vec<u8> {
    let mut file = forge::stored(entries, |_| {});
    let end = file.split_off(file.len() - 22);
    let list = u64::from(u32::from_le_bytes(end[16..20].try_into().unwrap()));
    let large = file.len() as u64;
    file.extend(b"PK\x06\x06");
    // 44 bytes follow: versions and disks, the entries of this disk and of all, size and offset of the directory.
    file.extend(44_u64.to_le_bytes());
    file.extend([0; 12]);
    file.extend([count, count, large - list, list].map(u64::to_le_bytes).concat());
    file.extend([b"PK\x06\x07\0\0\0\0".as_slice(), &large.to_le_bytes(), &[0; 4]].concat());
    file.extend([&end[..8], &[0xFF; 12], &[0; 2]].concat());
    file
}

#[test]
fn a_zip64_directory_is_read() {
    let wanted = refused("a.zip/a.txt", Refusal::Unsupported(UnsupportedFormat::Text));
    assert_eq!(verdicts(&zip64(&[("a.txt", b"words")], 1)), wanted);
    assert_eq!(verdicts(&zip64(&[("a.txt", b"words")], 2)), refused("a.zip", Refusal::DamagedZip), "a false count");
}

#[test]
fn an_entry_that_unpacks_into_too_much_is_refused() {
    let bomb = forge::zip(&[("zeros", &vec![0; MAX_FILE_BYTES + 1])]);
    assert!(bomb.len() < MAX_FILE_BYTES / 500);
    assert_eq!(verdicts(&bomb), refused("a.zip/zeros", Refusal::UnpacksTooLarge));
    // An entry that claims less than it unpacks into: no more than that is unpacked.
    let mut liar = bomb.clone();
    let list = liar.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    liar[list + 24..list + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert_eq!(verdicts(&liar), refused("a.zip/zeros", Refusal::DamagedZip));
}

#[test]
fn entries_that_share_their_bytes_count_together() {
    // Each entry is within the limits, but all together are not. Damaged ones count as well.
    let one = forge::zip(&[("zeros", &vec![0; MAX_FILE_BYTES])]);
    let list = one.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    let mut entry = one[list..one.len() - 22].to_vec();
    entry[16..20].fill(0);
    let count: u16 = 100;
    let entries = entry.repeat(count.into());
    let mut end = one[one.len() - 22..].to_vec();
    end[8..10].copy_from_slice(&count.to_le_bytes());
    end[10..12].copy_from_slice(&count.to_le_bytes());
    let bomb = [&one[..list], &entries, &end].concat();
    let mut unpacked = 0;
    let all = Directory::read(&bomb).unwrap();
    assert_eq!(all.entries.len(), 100);
    assert_eq!(unpack(&all, &all.entries[0], &mut unpacked).unwrap_err(), Refusal::DamagedZip);
    assert_eq!(unpacked, MAX_FILE_BYTES, "bytes of a damaged entry count");
    const { assert!(MAX_ZIP_BYTES / MAX_FILE_BYTES < 100) };
}

#[test]
fn truncated_and_changed_files_are_damaged() {
    let whole = forge::zip(&[("a.png", &png()), ("b.txt", b"words")]);
    for length in 0..whole.len() {
        assert_eq!(for_each_entry(&whole[..length], &mut |_, _| {}), Err(Refusal::DamagedZip), "cut to {length}");
    }
    // Shorter ones are not detected as ZIP.
    for length in 4..whole.len() {
        assert_eq!(verdicts(&whole[..length]), refused("a.zip", Refusal::DamagedZip), "cut to {length}");
    }
    let files = [("a.png", &png()[..])];
    for (at, value) in [(16, 0x55), (20, 0xFF), (24, 0), (42, 9), (43, 0xFF)] {
        let outcomes = verdicts(&forge::stored(&files, |entry| entry[at] = value));
        assert_eq!(outcomes, refused("a.zip/a.png", Refusal::DamagedZip), "byte {at}");
    }
    // The directory is beyond the file.
    for at in [10, 16, 17, 18, 19] {
        let mut changed = whole.clone();
        let end = changed.len() - 22;
        changed[end + at] = 0xFE;
        assert_eq!(verdicts(&changed), refused("a.zip", Refusal::DamagedZip), "byte {at}");
    }
}

#[test]
fn comments_and_appended_bytes_are_accepted() {
    let mut whole = forge::stored(&[("a.txt", b"words")], |_| {});
    let wanted = refused("a.zip/a.txt", Refusal::Unsupported(UnsupportedFormat::Text));
    let mut commented = whole.clone();
    let length = commented.len();
    commented[length - 2] = 7;
    commented.extend(b"PK\x05\x06abc");
    assert_eq!(verdicts(&commented), wanted);
    // The comment contains a whole end record, of a file without entries.
    let mut whole_record = whole.clone();
    whole_record[length - 2] = 30;
    whole_record.extend([b"PK\x05\x06".as_slice(), &[0; 18], b"and more"].concat());
    assert_eq!(verdicts(&whole_record), wanted);
    // As many of them as fit.
    let mut many = whole.clone();
    many[length - 2..].copy_from_slice(&65_535_u16.to_le_bytes());
    many.extend([b"PK\x05\x06".repeat(16_383).as_slice(), b"end"].concat());
    assert_eq!(verdicts(&many), wanted);
    whole.extend(b"\r\n");
    assert_eq!(verdicts(&whole), wanted);
}

/// A stored entry with this name, which is not UTF-8, and this extra field.
fn with_name(name: &[u8], extra: &[u8]) -> Vec<u8> {
    let placeholder = "n".repeat(name.len());
    let mut file = forge::stored(&[(&placeholder, b"words")], |_| {});
    for start in [file.windows(name.len()).rposition(|part| part == placeholder.as_bytes()).unwrap(), 30] {
        file[start..start + name.len()].copy_from_slice(name);
    }
    let header = file.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    file[header + 30..header + 32].copy_from_slice(&(extra.len() as u16).to_le_bytes());
    file.splice(header + 46 + name.len()..header + 46 + name.len(), extra.iter().copied());
    file
}

#[test]
fn names_in_other_encodings_stay_different() {
    let path = |file: Vec<u8>| verdicts(&file).remove(0).0;
    // The Chinese words for tumour and normal, in GBK.
    let (tumour, normal) = (path(with_name(b"\xD6\xD7\xC1\xF6", b"")), path(with_name(b"\xD5\xFD\xB3\xA3", b"")));
    assert_eq!((tumour.as_str(), normal.as_str()), ("a.zip/╓╫┴÷", "a.zip/╒²│ú"));
    assert_eq!(path(with_name(b"g\x82zwel", b"")), "a.zip/gézwel");
    let mut crc = Crc::new();
    crc.update(b"\xD6\xD7\xC1\xF6");
    let unicode = |crc: u32| {
        let name = "肿瘤".as_bytes();
        [b"\x75\x70".as_slice(), &(name.len() as u16 + 5).to_le_bytes(), &[1], &crc.to_le_bytes(), name].concat()
    };
    assert_eq!(path(with_name(b"\xD6\xD7\xC1\xF6", &unicode(crc.sum()))), "a.zip/肿瘤");
    // The field belongs to another name.
    assert_eq!(path(with_name(b"\xD6\xD7\xC1\xF6", &unicode(0))), "a.zip/╓╫┴÷");
}
