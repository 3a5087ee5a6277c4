//! False lengths, missing delimiters and endless nesting.

use super::*;

fn tags(bytes: &[u8], encoding: ElementEncoding) -> Option<Vec<(u16, u16)>> {
    let mut found = Vec::new();
    for_each_element(bytes, encoding, |element| {
        found.push(element.tag);
        true
    })
    .map(|()| found)
}

/// A sequence with one item that contains these bytes, with lengths or with delimiters.
fn nested(inner: &[u8], open: bool) -> Vec<u8> {
    let item = match open {
        true => [b"\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF".as_slice(), inner, b"\xFE\xFF\x0D\xE0\0\0\0\0"].concat(),
        false => [b"\xFE\xFF\0\xE0".as_slice(), &(inner.len() as u32).to_le_bytes(), inner].concat(),
    };
    let length = if open { u32::MAX } else { item.len() as u32 };
    let mut bytes = [b"\x08\0\x40\x11SQ\0\0".as_slice(), &length.to_le_bytes(), &item].concat();
    if open {
        bytes.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    }
    bytes
}

#[test]
fn elements_come_in_order() {
    let bytes = b"\x08\0\x60\0CS\x02\0MR\x10\0\x20\0LO\x04\0P-42\xE0\x7F\x10\0OW\0\0\x02\0\0\0\x01\x02";
    assert_eq!(tags(bytes, EXPLICIT_LITTLE_ENDIAN).unwrap(), [(8, 0x60), (0x10, 0x20), (0x7FE0, 0x10)]);
    let mut values = Vec::new();
    for_each_element(bytes, EXPLICIT_LITTLE_ENDIAN, |element| {
        values.push((element.value.to_vec(), element.undefined_length));
        values.len() < 2
    })
    .unwrap();
    assert_eq!(values, [(b"MR".to_vec(), false), (b"P-42".to_vec(), false)]);
    let implicit = b"\x08\0\x60\0\x02\0\0\0MR";
    assert_eq!(tags(implicit, IMPLICIT_LITTLE_ENDIAN).unwrap(), [(8, 0x60)]);
    let big = b"\0\x08\0\x60CS\0\x02MR";
    assert_eq!(tags(big, ElementEncoding { big_endian: true, ..EXPLICIT_LITTLE_ENDIAN }).unwrap(), [(8, 0x60)]);
}

#[test]
fn nesting_of_undefined_lengths_is_limited() {
    let (mut open, mut closed) = (b"\x08\0\x60\0CS\x02\0MR".to_vec(), b"\x08\0\x60\0CS\x02\0MR".to_vec());
    for depth in 1..=2 * MAX_DEPTH {
        open = nested(&open, true);
        assert_eq!(tags(&open, EXPLICIT_LITTLE_ENDIAN).is_some(), depth < MAX_DEPTH, "{depth} deep");
        // Values with a length are not looked into.
        closed = nested(&closed, false);
        assert!(tags(&closed, EXPLICIT_LITTLE_ENDIAN).is_some());
    }
}

#[test]
fn thousands_of_nested_sequences_do_not_overflow_the_stack() {
    let bytes = b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF".repeat(100_000);
    assert!(tags(&bytes, EXPLICIT_LITTLE_ENDIAN).is_none());
}

#[test]
fn lengths_beyond_their_container_are_refused() {
    assert!(tags(b"\x08\0\x60\0CS\x03\0MR", EXPLICIT_LITTLE_ENDIAN).is_none());
    assert!(tags(b"\x08\0\x60\0OB\0\0\xFE\xFF\xFF\xFFMR", EXPLICIT_LITTLE_ENDIAN).is_none());
    assert!(tags(b"\x08\0\x60\0\xFE\xFF\xFF\xFFMR", IMPLICIT_LITTLE_ENDIAN).is_none());
    assert!(tags(b"\x08\0\x60\0\xFF\xFF\xFF\xFF", EXPLICIT_LITTLE_ENDIAN).is_none());
    for length in 1..nested(b"\x08\0\x60\0CS\x02\0MR", true).len() {
        assert!(tags(&nested(b"\x08\0\x60\0CS\x02\0MR", true)[..length], EXPLICIT_LITTLE_ENDIAN).is_none());
    }
}

#[test]
fn un_of_undefined_length_contains_implicit_vr() {
    let inner = b"\xFE\xFF\0\xE0\x0A\0\0\0\x08\0\x60\0\x02\0\0\0MR\xFE\xFF\xDD\xE0\0\0\0\0";
    let bytes = [b"\x09\0\x10\x10UN\0\0\xFF\xFF\xFF\xFF".as_slice(), inner].concat();
    assert_eq!(tags(&bytes, EXPLICIT_LITTLE_ENDIAN).unwrap(), [(9, 0x1010)]);
}

#[test]
fn text_in_place_of_items_and_unknown_vrs_are_skipped() {
    let after = b"\x10\0\x20\0LO\x04\0P-42";
    let text = [b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFFREMOVED \xFE\xFF\xDD\xE0\0\0\0\0".as_slice(), after].concat();
    assert_eq!(tags(&text, EXPLICIT_LITTLE_ENDIAN).unwrap(), [(8, 0x1140), (0x10, 0x20)]);
    assert!(tags(&text[..20], EXPLICIT_LITTLE_ENDIAN).is_none(), "without a delimiter it has no end");
    let unknown = [b"\x09\0\x10\x10??\x02\0ab".as_slice(), after].concat();
    assert_eq!(tags(&unknown, EXPLICIT_LITTLE_ENDIAN).unwrap(), [(9, 0x1010), (0x10, 0x20)]);
}

#[test]
fn file_meta_ends_where_another_group_starts() {
    let bytes = b"\x02\0\x10\0UI\x02\x001\0\x08\0\x60\0CS\x02\0MR";
    let (found, start) = file_meta(bytes).unwrap();
    assert_eq!((found.len(), found[0].tag, found[0].value, start), (1, (2, 0x10), b"1\0".as_slice(), 10));
    assert!(file_meta(&bytes[..9]).is_none());
}

#[test]
fn fragments_come_without_the_offset_table() {
    let bytes =
        b"\xFE\xFF\0\xE0\x04\0\0\0\0\0\0\0\xFE\xFF\0\xE0\x02\0\0\0ab\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0";
    assert_eq!(fragments(bytes).unwrap(), [b"ab".as_slice(), b""]);
    assert!(fragments(b"").is_none() && fragments(b"\xFE\xFF\xDD\xE0\0\0\0\0").is_none());
    // The delimiter may be missing or cut off, but no part of a fragment.
    let end = bytes.len() - 8;
    for length in (0..end).filter(|length| ![12, 22].contains(length)).chain(end + 1..end + 3) {
        assert!(fragments(&bytes[..length]).is_none(), "{length}");
    }
    for length in [end].into_iter().chain(end + 3..bytes.len()) {
        assert_eq!(fragments(&bytes[..length]).unwrap(), [b"ab".as_slice(), b""]);
    }
    let other = [&bytes[..end], &[0; 512]].concat();
    assert_eq!(fragments(&other).unwrap(), [b"ab".as_slice(), b""]);
    assert!(fragments(b"\xFE\xFF\0\xE0\xFF\xFF\xFF\xFFab").is_none());
}

#[test]
fn items_are_read_up_to_the_first_damaged_one() {
    let sequence = |value: &'static [u8]| RawElement { tag: (8, 0x1140), vr: *b"SQ", value, undefined_length: false };
    let whole = b"\xFE\xFF\0\xE0\x02\0\0\0ab\xFE\xFF\0\xE0\x02\0\0\0cd";
    assert_eq!(items(&sequence(whole), EXPLICIT_LITTLE_ENDIAN), [b"ab", b"cd"]);
    assert_eq!(items(&sequence(&whole[..19]), EXPLICIT_LITTLE_ENDIAN), [b"ab"]);
    assert!(items(&sequence(b"text instead of items"), EXPLICIT_LITTLE_ENDIAN).is_empty());
}

#[test]
fn the_encoding_is_guessed_from_the_first_elements() {
    let explicit = b"\x08\0\x05\0CS\x02\0IS\x08\0\x60\0CS\x02\0MR";
    let implicit = b"\x08\0\x05\0\x02\0\0\0IS\x08\0\x60\0\x02\0\0\0MR";
    assert_eq!(guess_encoding(explicit), Some(EXPLICIT_LITTLE_ENDIAN));
    assert_eq!(guess_encoding(implicit), Some(IMPLICIT_LITTLE_ENDIAN));
    for other in [b"".as_slice(), b"\x08\0", b"PK\x03\x04 and more than that", &implicit[..10]] {
        assert_eq!(guess_encoding(other), None);
    }
}
