//! Collections whole, broken and made to burst.

use super::*;
use crate::slices::limits::MAX_FILES;
use crate::slices::open::{Format, Found, Other};
use crate::slices::sniff::forge;

type Told = Vec<Result<Found, (String, Refusal)>>;

fn opened(bytes: &[u8]) -> Told {
    let mut told = Vec::new();
    open("a.zip", bytes, &mut |outcome| told.push(outcome));
    told
}

/// Of each thing that was told its path, and what was wrong.
fn verdicts(bytes: &[u8]) -> Vec<(String, Option<Refusal>)> {
    let verdict = |outcome: Result<Found, (String, Refusal)>| match outcome {
        Ok(found) => (found.path, None),
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
fn every_entry_is_read_by_its_own_name() {
    let png = png();
    let entries = [("b/x.png", &png[..]), ("a/readme.txt", b"words"), ("empty", b"")];
    let wanted = [
        ("a.zip/b/x.png".to_owned(), None),
        ("a.zip/a/readme.txt".to_owned(), Some(Refusal::Other(Other::Text))),
        ("a.zip/empty".to_owned(), Some(Refusal::Empty)),
    ];
    assert_eq!(verdicts(&forge::zip(&entries)), wanted);
    assert_eq!(verdicts(&forge::stored(&entries, |_| {})), wanted);
    let found = opened(&forge::zip(&entries)).remove(0).unwrap();
    assert_eq!((found.format, found.slices[0].pixels()), (Format::Png, &forge::head(32, 32)[..]));
}

#[test]
fn what_systems_leave_behind_is_passed_over() {
    let png = png();
    let left = [("x/", &b""[..]), ("__MACOSX/._a.png", b"?"), (".DS_Store", b"?"), ("x/Thumbs.db", b"?")];
    assert_eq!(verdicts(&forge::stored(&left, |_| {})), refused("a.zip", Refusal::Empty));
    let more = [&left[..], &[("x/a.png", &png)]].concat();
    assert_eq!(verdicts(&forge::stored(&more, |_| {})), [("a.zip/x/a.png".to_owned(), None)]);
    assert_eq!(verdicts(&forge::zip(&[])), refused("a.zip", Refusal::Empty));
}

#[test]
fn names_lead_nowhere_and_do_no_tricks() {
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
        let told = verdicts(&forge::stored(&[(name, b"words")], |_| {}));
        assert_eq!(told, refused(&format!("a.zip/{shown}"), Refusal::Other(Other::Text)));
    }
}

#[test]
fn a_password_is_asked_for_and_other_packing_named() {
    let files = [("a.png", &png()[..])];
    assert_eq!(verdicts(&forge::stored(&files, |entry| entry[8] |= 1)), refused("a.zip/a.png", Refusal::Locked));
    for packing in [1, 9, 12, 14, 93, 99] {
        let told = verdicts(&forge::stored(&files, |entry| entry[10] = packing));
        assert_eq!(told, refused("a.zip/a.png", Refusal::Coding));
    }
}

#[test]
fn a_zip_file_within_is_not_opened() {
    let inner = forge::zip(&[("a.png", &png())]);
    assert_eq!(verdicts(&forge::zip(&[("b.zip", &inner)])), refused("a.zip/b.zip", Refusal::Nested));
}

#[test]
fn more_entries_than_allowed_are_refused_before_any_is_looked_at() {
    let names: Vec<String> = (0..=MAX_FILES).map(|index| index.to_string()).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(verdicts(&forge::stored(&entries, |_| {})), refused("a.zip", Refusal::TooMany));
    assert_eq!(opened(&forge::stored(&entries[1..], |_| {})).len(), MAX_FILES);
    // A file of a few bytes that claims more entries than memory could list.
    let mut place = forge::stored(&[("a", b"b")], |_| {});
    let end = place.split_off(place.len() - 22);
    let large = place.len() as u64;
    place.extend(b"PK\x06\x06");
    place.extend([0; 28]);
    place.extend(u64::MAX.to_le_bytes());
    place.extend([0; 16]);
    place.extend([b"PK\x06\x07\0\0\0\0".as_slice(), &large.to_le_bytes(), &[0; 4]].concat());
    place.extend([&end[..8], &[0xFF; 12], &[0; 2]].concat());
    assert_eq!(verdicts(&place), refused("a.zip", Refusal::TooMany));
}

#[test]
fn a_large_list_is_found_by_its_own_mark() {
    let mut file = forge::stored(&[("a.txt", b"words")], |_| {});
    let end = file.split_off(file.len() - 22);
    let list = u64::from(u32::from_le_bytes(end[16..20].try_into().unwrap()));
    let large = file.len() as u64;
    file.extend([b"PK\x06\x06".as_slice(), &[0; 28], &1_u64.to_le_bytes(), &[0; 8], &list.to_le_bytes()].concat());
    file.extend([b"PK\x06\x07\0\0\0\0".as_slice(), &large.to_le_bytes(), &[0; 4]].concat());
    file.extend([&end[..8], &[0xFF; 12], &[0; 2]].concat());
    assert_eq!(verdicts(&file), refused("a.zip/a.txt", Refusal::Other(Other::Text)));
}

#[test]
fn what_unpacks_into_too_much_is_given_up() {
    let bomb = forge::zip(&[("zeros", &vec![0; MAX_BYTES + 1])]);
    assert!(bomb.len() < MAX_BYTES / 500);
    assert_eq!(verdicts(&bomb), refused("a.zip/zeros", Refusal::Bursts));
    // One that claims less than it becomes: no more is unpacked than claimed.
    let mut liar = bomb.clone();
    let list = liar.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    liar[list + 24..list + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert_eq!(verdicts(&liar), refused("a.zip/zeros", Refusal::DamagedZip));
}

#[test]
fn many_entries_that_share_their_bytes_are_given_up_together() {
    // Each is within the limit, and so is the file: together they are not. Broken ones count as well.
    let one = forge::zip(&[("zeros", &vec![0; MAX_BYTES])]);
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
    let all = directory::read(&bomb).unwrap();
    assert_eq!(all.len(), 100);
    assert_eq!(unpack(&bomb, &all[0], &mut unpacked).unwrap_err(), Refusal::DamagedZip);
    assert_eq!(unpacked, MAX_BYTES, "what was unpacked of a broken entry counts");
    const { assert!(MAX_UNPACKED / MAX_BYTES < 100) };
}

#[test]
fn what_is_cut_off_or_changed_is_damaged() {
    let whole = forge::zip(&[("a.png", &png()), ("b.txt", b"words")]);
    for length in 0..whole.len() {
        assert_eq!(verdicts(&whole[..length]), refused("a.zip", Refusal::DamagedZip), "cut to {length}");
    }
    let files = [("a.png", &png()[..])];
    for (at, value) in [(16, 0x55), (20, 0xFF), (24, 0), (42, 9), (43, 0xFF)] {
        let told = verdicts(&forge::stored(&files, |entry| entry[at] = value));
        assert_eq!(told, refused("a.zip/a.png", Refusal::DamagedZip), "byte {at}");
    }
    // A list that leads beyond the file.
    for at in [10, 16, 17, 18, 19] {
        let mut bent = whole.clone();
        let end = bent.len() - 22;
        bent[end + at] = 0xFE;
        assert_eq!(verdicts(&bent), refused("a.zip", Refusal::DamagedZip), "byte {at}");
    }
}

#[test]
fn words_and_bytes_after_the_end_do_no_harm() {
    let mut whole = forge::stored(&[("a.txt", b"words")], |_| {});
    let wanted = refused("a.zip/a.txt", Refusal::Other(Other::Text));
    let mut commented = whole.clone();
    let length = commented.len();
    commented[length - 2] = 7;
    commented.extend(b"PK\x05\x06abc");
    assert_eq!(verdicts(&commented), wanted);
    whole.extend(b"\r\n");
    assert_eq!(verdicts(&whole), wanted);
}
