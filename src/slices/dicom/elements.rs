//! Walks over the elements of a data set without reserving memory. Lengths may be false, and sequences may be nested
//! without end.
//!
//! As tolerant as GDCM and dcm2niix: a value with a length is skipped without looking inside, so damage in an element that
//! is not read does not matter.

/// How elements are encoded (PS3.5 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ElementEncoding {
    /// Whether each element has its value representation (VR).
    pub(super) explicit_vr: bool,
    pub(super) big_endian: bool,
}

/// The encoding of most files, and of the file meta information of all.
pub(super) const EXPLICIT_LITTLE_ENDIAN: ElementEncoding = ElementEncoding { explicit_vr: true, big_endian: false };
/// The default encoding.
pub(super) const IMPLICIT_LITTLE_ENDIAN: ElementEncoding = ElementEncoding { explicit_vr: false, big_endian: false };

/// Group and element number.
pub(super) type Tag = (u16, u16);

/// An element of a data set.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawElement<'a> {
    pub(super) tag: Tag,
    /// Value representation; blank if the element has none.
    pub(super) vr: [u8; 2],
    pub(super) value: &'a [u8],
    /// Whether a delimiter ends the value instead of a length.
    pub(super) undefined_length: bool,
}

/// Deepest nesting of sequences of undefined length. Scanners write about five levels.
const MAX_DEPTH: usize = 24;
/// Stands for an undefined length.
const UNDEFINED: u32 = u32::MAX;

const ITEM: Tag = (0xFFFE, 0xE000);
const ITEM_DELIMITER: Tag = (0xFFFE, 0xE00D);
const SEQUENCE_DELIMITER: Tag = (0xFFFE, 0xE0DD);
/// Tag of the pixel data.
pub(super) const PIXEL_DATA: Tag = (0x7FE0, 0x0010);

/// Value representations with a length of 2 bytes. All others have 2 reserved bytes and a length of 4.
const SHORT_VRS: [&[u8; 2]; 21] = [
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FL", b"FD", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS",
    b"ST", b"TM", b"UI", b"UL", b"US",
];

/// Calls `on_element` with each top-level element until it returns false. `None` if an element does not end within the data
/// set, or sequences of undefined length are nested deeper than [`MAX_DEPTH`].
pub(super) fn for_each_element<'a>(
    bytes: &'a [u8],
    encoding: ElementEncoding,
    mut on_element: impl FnMut(RawElement<'a>) -> bool,
) -> Option<()> {
    let mut at = 0;
    while at < bytes.len() {
        let header = ElementHeader::read(bytes, at, encoding)?;
        let end = header.end(bytes, bytes.len(), encoding, MAX_DEPTH)?;
        if !on_element(header.element(bytes, end)?) {
            return Some(());
        }
        at = end;
    }
    Some(())
}

/// The elements of the file meta information (group 2), and the offset of the data set.
pub(super) fn file_meta(bytes: &[u8]) -> Option<(Vec<RawElement<'_>>, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while bytes.get(at..)?.starts_with(&[2, 0]) {
        let header = ElementHeader::read(bytes, at, EXPLICIT_LITTLE_ENDIAN)?;
        let end = header.end(bytes, bytes.len(), EXPLICIT_LITTLE_ENDIAN, MAX_DEPTH)?;
        found.push(header.element(bytes, end)?);
        at = end;
    }
    Some((found, at))
}

/// The encoding of a little-endian data set without file meta information, by its first element: a group 8 element and, in
/// explicit VR, a VR after its tag. `None` if the first element is another one or does not fit.
pub(super) fn guess_encoding(data_set: &[u8]) -> Option<ElementEncoding> {
    let fits = |encoding| {
        let header = ElementHeader::read(data_set, 0, encoding)?;
        let end = header.end(data_set, data_set.len(), encoding, MAX_DEPTH)?;
        let next = ElementHeader::read(data_set, end, encoding)?;
        (header.tag.0 == 8 && next.tag > header.tag).then_some(encoding)
    };
    let has_vr = data_set.get(4..6).is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    if has_vr { fits(EXPLICIT_LITTLE_ENDIAN) } else { fits(IMPLICIT_LITTLE_ENDIAN) }
}

/// The data sets of the items of a sequence. Ends at the first damaged item.
pub(super) fn items<'a>(sequence: &RawElement<'a>, encoding: ElementEncoding) -> Vec<&'a [u8]> {
    let (value, encoding) = (sequence.value, nested_encoding(sequence.vr, encoding));
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(header) = ElementHeader::read(value, at, encoding).filter(|header| header.tag == ITEM) {
        let end = match header.length {
            UNDEFINED => elements_end(value, header.value, value.len(), encoding, MAX_DEPTH),
            length => header.value.checked_add(length as usize).filter(|end| *end <= value.len()),
        };
        let Some(item) = end.and_then(|end| value.get(header.value..end)) else { break };
        found.push(item);
        at = header.value + item.len();
    }
    found
}

/// The encoding inside a sequence. UN of undefined length contains implicit VR (CP-246).
pub(super) fn nested_encoding(vr: [u8; 2], encoding: ElementEncoding) -> ElementEncoding {
    ElementEncoding { explicit_vr: encoding.explicit_vr && &vr != b"UN", ..encoding }
}

/// The fragments of encapsulated pixel data, without the basic offset table that comes first. The delimiter after the last
/// fragment may be missing or cut off, and other bytes may stand in its place.
pub(super) fn fragments(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if is_cut_delimiter(bytes, at) {
            break;
        }
        let header = ElementHeader::read(bytes, at, EXPLICIT_LITTLE_ENDIAN)?;
        if header.tag != ITEM {
            break;
        }
        let end = header.value.checked_add(usize::try_from(header.length).ok()?)?;
        found.push(bytes.get(header.value..end)?);
        at = end;
    }
    (!found.is_empty()).then(|| found.split_off(1))
}

/// The bytes before a value.
#[derive(Debug, Clone, Copy)]
struct ElementHeader {
    tag: Tag,
    vr: [u8; 2],
    length: u32,
    /// Offset of the value.
    value: usize,
}

impl ElementHeader {
    fn read(bytes: &[u8], at: usize, encoding: ElementEncoding) -> Option<Self> {
        let two = |place: usize| {
            let pair: [u8; 2] = bytes.get(place..place.checked_add(2)?)?.try_into().ok()?;
            Some(if encoding.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
        };
        let four = |place: usize| {
            let (first, second) = (u32::from(two(place)?), u32::from(two(place + 2)?));
            Some(if encoding.big_endian { first << 16 | second } else { second << 16 | first })
        };
        let tag = (two(at)?, two(at + 2)?);
        let vr: [u8; 2] = bytes.get(at + 4..at + 6)?.try_into().ok()?;
        // Items and delimiters have no VR. Some programs write elements without a VR among others that have one, and some write
        // `??`. Then the length has 2 bytes, as 4 would be far too long.
        if !encoding.explicit_vr || tag.0 == ITEM.0 || !vr.iter().all(u8::is_ascii_uppercase) {
            let length = match encoding.explicit_vr && &vr == b"??" {
                true => two(at + 6)?.into(),
                false => four(at + 4)?,
            };
            return Some(Self { tag, vr: *b"  ", length, value: at + 8 });
        }
        let (length, value) =
            if SHORT_VRS.contains(&&vr) { (two(at + 6)?.into(), at + 8) } else { (four(at + 8)?, at + 12) };
        Some(Self { tag, vr, length, value })
    }

    fn element<'a>(&self, bytes: &'a [u8], end: usize) -> Option<RawElement<'a>> {
        let value = bytes.get(self.value..end)?;
        Some(RawElement { tag: self.tag, vr: self.vr, value, undefined_length: self.length == UNDEFINED })
    }

    /// Offset after the element. `None` if the element, or anything nested in a value of undefined length, does not end by
    /// `limit`. Pixel data that claims to be longer ends at `limit`: whether it has enough pixels is checked later.
    fn end(&self, bytes: &[u8], limit: usize, encoding: ElementEncoding, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        if self.length == UNDEFINED {
            if self.tag == PIXEL_DATA {
                return fragments_end(bytes, self.value, limit, encoding);
            }
            let nested = nested_encoding(self.vr, encoding);
            let has_items = ElementHeader::read(bytes, self.value, nested)
                .is_some_and(|header| [ITEM, SEQUENCE_DELIMITER].contains(&header.tag));
            return match has_items {
                true => items_end(bytes, self.value, limit, nested, depth),
                // Text that took the place of the items, when personal data was removed.
                false => delimiter_end(bytes, self.value, limit, encoding),
            };
        }
        let end = self.value.checked_add(usize::try_from(self.length).ok()?)?;
        match self.tag {
            PIXEL_DATA if self.value <= limit => Some(end.min(limit)),
            _ => (end <= limit).then_some(end),
        }
    }
}

/// Offset after the first delimiter of a sequence, whatever comes before it.
fn delimiter_end(bytes: &[u8], at: usize, limit: usize, encoding: ElementEncoding) -> Option<usize> {
    let delimiter = if encoding.big_endian { b"\xFF\xFE\xE0\xDD\0\0\0\0" } else { b"\xFE\xFF\xDD\xE0\0\0\0\0" };
    let place = bytes.get(at..limit)?.windows(delimiter.len()).position(|window| window == delimiter)?;
    Some(at + place + delimiter.len())
}

/// Whether a delimiter begins here that the end of the file cuts off.
fn is_cut_delimiter(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    (3..8).contains(&rest.len()) && b"\xFE\xFF\xDD\xE0\0\0\0\0".starts_with(rest)
}

/// Offset after the delimiter of a sequence.
fn items_end(bytes: &[u8], mut at: usize, limit: usize, encoding: ElementEncoding, depth: usize) -> Option<usize> {
    loop {
        let header = ElementHeader::read(bytes, at, encoding).filter(|header| header.value <= limit)?;
        at = match (header.tag, header.length) {
            (SEQUENCE_DELIMITER, _) => return Some(header.value),
            (ITEM, UNDEFINED) => elements_end(bytes, header.value, limit, encoding, depth)?,
            (ITEM, length) => header.value.checked_add(usize::try_from(length).ok()?).filter(|end| *end <= limit)?,
            _ => return None,
        };
    }
}

/// Offset after the delimiter of an item.
fn elements_end(bytes: &[u8], mut at: usize, limit: usize, encoding: ElementEncoding, depth: usize) -> Option<usize> {
    loop {
        let header = ElementHeader::read(bytes, at, encoding).filter(|header| header.value <= limit)?;
        if header.tag == ITEM_DELIMITER {
            return Some(header.value);
        }
        at = header.end(bytes, limit, encoding, depth)?;
    }
}

/// Offset after the fragments of encapsulated pixel data and their delimiter, which may be missing or cut off.
fn fragments_end(bytes: &[u8], mut at: usize, limit: usize, encoding: ElementEncoding) -> Option<usize> {
    let first = at;
    while at < limit {
        if is_cut_delimiter(bytes, at) {
            return Some(limit);
        }
        let header = ElementHeader::read(bytes, at, encoding).filter(|header| header.value <= limit)?;
        match header.tag {
            SEQUENCE_DELIMITER => return Some(header.value),
            ITEM => at = header.value.checked_add(usize::try_from(header.length).ok()?).filter(|end| *end <= limit)?,
            _ if at > first => return Some(at),
            _ => return None,
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests;
