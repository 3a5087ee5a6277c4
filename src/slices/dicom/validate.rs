//! Walks over the elements of a file before memory is reserved for any of them. Lengths may be false, and sequences may
//! be nested without end.

/// How elements are encoded (PS3.5 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ElementEncoding {
    /// Whether each element has its value representation (VR).
    pub(super) explicit_vr: bool,
    pub(super) big_endian: bool,
}

/// The encoding of most files, and of the file meta information of all.
pub(super) const EXPLICIT_LITTLE_ENDIAN: ElementEncoding = ElementEncoding { explicit_vr: true, big_endian: false };

/// An element at the top level of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawElement<'a> {
    pub(super) tag: (u16, u16),
    pub(super) value: &'a [u8],
    /// Offset of the element.
    pub(super) start: usize,
    /// Offset of the next element.
    pub(super) end: usize,
    /// Whether a delimiter ends the value instead of a length.
    pub(super) undefined_length: bool,
}

/// Deepest nesting of sequences. Scanners write about five levels.
const MAX_DEPTH: usize = 24;
/// Stands for an undefined length.
const UNDEFINED: u32 = u32::MAX;

const ITEM: (u16, u16) = (0xFFFE, 0xE000);
const ITEM_DELIMITER: (u16, u16) = (0xFFFE, 0xE00D);
const SEQUENCE_DELIMITER: (u16, u16) = (0xFFFE, 0xE0DD);
const PIXEL_DATA: (u16, u16) = (0x7FE0, 0x0010);

/// Value representations with a length of 2 bytes. All others have 2 reserved bytes and a length of 4.
const SHORT_VRS: [&[u8; 2]; 21] = [
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FL", b"FD", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS",
    b"ST", b"TM", b"UI", b"UL", b"US",
];

/// Calls `on_element` with each top-level element until it returns false. `None` if a length exceeds what contains it, a
/// delimiter is missing, or sequences are nested deeper than [`MAX_DEPTH`].
pub(super) fn for_each_element<'a>(
    bytes: &'a [u8],
    encoding: ElementEncoding,
    mut on_element: impl FnMut(RawElement<'a>) -> bool,
) -> Option<()> {
    let mut at = 0;
    while at < bytes.len() {
        let header = ElementHeader::read(bytes, at, encoding)?;
        let end = header.end(bytes, bytes.len(), encoding, MAX_DEPTH)?;
        if !on_element(header.element(bytes, at, end)?) {
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
        found.push(header.element(bytes, at, end)?);
        at = end;
    }
    Some((found, at))
}

/// The fragments of encapsulated pixel data, without the basic offset table that comes first.
pub(super) fn fragments(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut found, mut at) = (Vec::new(), 0);
    loop {
        let header = ElementHeader::read(bytes, at, EXPLICIT_LITTLE_ENDIAN)?;
        match header.tag {
            SEQUENCE_DELIMITER => break,
            ITEM => {
                let end = header.value.checked_add(usize::try_from(header.length).ok()?)?;
                found.push(bytes.get(header.value..end)?);
                at = end;
            }
            _ => return None,
        }
    }
    (!found.is_empty()).then(|| found.split_off(1))
}

/// The bytes before a value.
#[derive(Debug, Clone, Copy)]
struct ElementHeader {
    tag: (u16, u16),
    /// Value representation; blank if the encoding has none.
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
        // Items and delimiters never have a VR.
        if !encoding.explicit_vr || tag.0 == ITEM.0 {
            return Some(Self { tag, vr: *b"  ", length: four(at + 4)?, value: at + 8 });
        }
        let vr: [u8; 2] = bytes.get(at + 4..at + 6)?.try_into().ok()?;
        if !vr.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let (length, value) =
            if SHORT_VRS.contains(&&vr) { (two(at + 6)?.into(), at + 8) } else { (four(at + 8)?, at + 12) };
        Some(Self { tag, vr, length, value })
    }

    fn element<'a>(&self, bytes: &'a [u8], start: usize, end: usize) -> Option<RawElement<'a>> {
        let value = bytes.get(self.value..end)?;
        Some(RawElement { tag: self.tag, value, start, end, undefined_length: self.length == UNDEFINED })
    }

    /// Offset after the element. `None` if the element, or anything nested in it, does not end by `limit`.
    fn end(&self, bytes: &[u8], limit: usize, encoding: ElementEncoding, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        if self.length == UNDEFINED {
            if self.tag == PIXEL_DATA {
                return fragments_end(bytes, self.value, limit, encoding);
            }
            // UN with an undefined length contains implicit VR (CP-246).
            let explicit_vr = encoding.explicit_vr && &self.vr != b"UN";
            return items_end(bytes, self.value, limit, None, ElementEncoding { explicit_vr, ..encoding }, depth);
        }
        let end = self.value.checked_add(usize::try_from(self.length).ok()?).filter(|end| *end <= limit)?;
        let item = if encoding.big_endian { [0xFF, 0xFE, 0xE0, 0x00] } else { [0xFE, 0xFF, 0x00, 0xE0] };
        let looks_nested = &self.vr == b"  " && bytes.get(self.value..end)?.starts_with(&item);
        if &self.vr == b"SQ" || looks_nested {
            return items_end(bytes, self.value, limit, Some(end), encoding, depth);
        }
        Some(end)
    }
}

/// Offset after the items of a sequence: `end` if the sequence has a length, else after its delimiter.
fn items_end(
    bytes: &[u8],
    mut at: usize,
    limit: usize,
    end: Option<usize>,
    encoding: ElementEncoding,
    depth: usize,
) -> Option<usize> {
    let limit = end.unwrap_or(limit);
    loop {
        if end.is_some_and(|end| at == end) {
            return end;
        }
        let header = ElementHeader::read(bytes, at, encoding).filter(|header| header.value <= limit)?;
        match (header.tag, header.length) {
            (SEQUENCE_DELIMITER, _) => return Some(header.value),
            (ITEM, UNDEFINED) => at = elements_end(bytes, header.value, limit, None, encoding, depth)?,
            (ITEM, length) => {
                let end = header.value.checked_add(usize::try_from(length).ok()?).filter(|end| *end <= limit)?;
                at = elements_end(bytes, header.value, limit, Some(end), encoding, depth)?;
            }
            _ => return None,
        }
    }
}

/// Offset after the elements of an item: `end` if the item has a length, else after its delimiter.
fn elements_end(
    bytes: &[u8],
    mut at: usize,
    limit: usize,
    end: Option<usize>,
    encoding: ElementEncoding,
    depth: usize,
) -> Option<usize> {
    let limit = end.unwrap_or(limit);
    loop {
        if end.is_some_and(|end| at == end) {
            return end;
        }
        let header = ElementHeader::read(bytes, at, encoding).filter(|header| header.value <= limit)?;
        if header.tag == ITEM_DELIMITER {
            return Some(header.value);
        }
        at = header.end(bytes, limit, encoding, depth)?;
    }
}

/// Offset after the fragments of encapsulated pixel data and their delimiter.
fn fragments_end(bytes: &[u8], mut at: usize, limit: usize, encoding: ElementEncoding) -> Option<usize> {
    loop {
        let header = ElementHeader::read(bytes, at, encoding).filter(|header| header.value <= limit)?;
        match header.tag {
            SEQUENCE_DELIMITER => return Some(header.value),
            ITEM => at = header.value.checked_add(usize::try_from(header.length).ok()?).filter(|end| *end <= limit)?,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests;
