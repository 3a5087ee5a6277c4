//! A look over all of a DICOM file before anything is set aside for it: lengths may lie, and parts may lie in each other
//! without end.

/// How numbers and elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Writing {
    /// Whether each element says its kind.
    pub(super) explicit: bool,
    pub(super) big_endian: bool,
}

/// As most are written, and the start of all.
pub(super) const PLAIN: Writing = Writing { explicit: true, big_endian: false };

/// An element at the top of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: (u16, u16),
    pub(super) value: &'a [u8],
    /// Where it starts and where the next does.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it ends at a mark and does not say its length.
    pub(super) open: bool,
}

/// Parts within parts: scanners write about five.
const DEEPEST: usize = 24;
/// A length that is not said: the part ends where a mark says so.
const OPEN: u32 = u32::MAX;

const ITEM: (u16, u16) = (0xFFFE, 0xE000);
const ITEM_END: (u16, u16) = (0xFFFE, 0xE00D);
const SEQUENCE_END: (u16, u16) = (0xFFFE, 0xE0DD);
const PIXELS: (u16, u16) = (0x7FE0, 0x0010);

/// Shows every element at the top until `show` has enough. Nothing if a length leads beyond its part, a part has no
/// end, or there are more parts within parts than anybody writes.
pub(super) fn walk<'a>(bytes: &'a [u8], writing: Writing, mut show: impl FnMut(Element<'a>) -> bool) -> Option<()> {
    let mut at = 0;
    while at < bytes.len() {
        let head = Head::read(bytes, at, writing)?;
        let end = head.end(bytes, bytes.len(), writing, DEEPEST)?;
        if !show(head.element(bytes, at, end)?) {
            return Some(());
        }
        at = end;
    }
    Some(())
}

/// The elements of group 2, which come first and are always written plainly, and where the rest starts.
pub(super) fn preface(bytes: &[u8]) -> Option<(Vec<Element<'_>>, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while bytes.get(at..)?.starts_with(&[2, 0]) {
        let head = Head::read(bytes, at, PLAIN)?;
        let end = head.end(bytes, bytes.len(), PLAIN, DEEPEST)?;
        found.push(head.element(bytes, at, end)?);
        at = end;
    }
    Some((found, at))
}

/// The pieces of coded pixels, without the table that comes first.
pub(super) fn pieces(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut found, mut at) = (Vec::new(), 0);
    loop {
        let head = Head::read(bytes, at, PLAIN)?;
        match head.tag {
            SEQUENCE_END => break,
            ITEM => {
                let end = head.value.checked_add(usize::try_from(head.length).ok()?)?;
                found.push(bytes.get(head.value..end)?);
                at = end;
            }
            _ => return None,
        }
    }
    (!found.is_empty()).then(|| found.split_off(1))
}

/// What stands before a value.
#[derive(Debug, Clone, Copy)]
struct Head {
    tag: (u16, u16),
    kind: [u8; 2],
    length: u32,
    /// Where the value starts.
    value: usize,
}

impl Head {
    fn read(bytes: &[u8], at: usize, writing: Writing) -> Option<Self> {
        let two = |place: usize| {
            let pair: [u8; 2] = bytes.get(place..place.checked_add(2)?)?.try_into().ok()?;
            Some(if writing.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
        };
        let four = |place: usize| {
            let (first, second) = (u32::from(two(place)?), u32::from(two(place + 2)?));
            Some(if writing.big_endian { first << 16 | second } else { second << 16 | first })
        };
        let tag = (two(at)?, two(at + 2)?);
        // Marks never say their kind.
        if !writing.explicit || tag.0 == ITEM.0 {
            return Some(Self { tag, kind: *b"  ", length: four(at + 4)?, value: at + 8 });
        }
        let kind: [u8; 2] = bytes.get(at + 4..at + 6)?.try_into().ok()?;
        if !kind.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let short = matches!(
            &kind,
            b"AE"
                | b"AS"
                | b"AT"
                | b"CS"
                | b"DA"
                | b"DS"
                | b"DT"
                | b"FL"
                | b"FD"
                | b"IS"
                | b"LO"
                | b"LT"
                | b"PN"
                | b"SH"
                | b"SL"
                | b"SS"
                | b"ST"
                | b"TM"
                | b"UI"
                | b"UL"
                | b"US"
        );
        let (length, value) = if short { (two(at + 6)?.into(), at + 8) } else { (four(at + 8)?, at + 12) };
        Some(Self { tag, kind, length, value })
    }

    fn element<'a>(&self, bytes: &'a [u8], start: usize, end: usize) -> Option<Element<'a>> {
        let value = bytes.get(self.value..end)?;
        Some(Element { tag: self.tag, value, start, end, open: self.length == OPEN })
    }

    /// Where the element ends, if everything in it keeps to its part, which ends at `limit`.
    fn end(&self, bytes: &[u8], limit: usize, writing: Writing, deeper: usize) -> Option<usize> {
        let deeper = deeper.checked_sub(1)?;
        if self.length == OPEN {
            if self.tag == PIXELS {
                return fragments(bytes, self.value, limit, writing);
            }
            // What is of an unknown kind and has no length is written as if nothing said its kind.
            let explicit = writing.explicit && &self.kind != b"UN";
            return items(bytes, self.value, limit, None, Writing { explicit, ..writing }, deeper);
        }
        let end = self.value.checked_add(usize::try_from(self.length).ok()?).filter(|end| *end <= limit)?;
        let mark = if writing.big_endian { [0xFF, 0xFE, 0xE0, 0x00] } else { [0xFE, 0xFF, 0x00, 0xE0] };
        let looks_nested = &self.kind == b"  " && bytes.get(self.value..end)?.starts_with(&mark);
        if &self.kind == b"SQ" || looks_nested {
            return items(bytes, self.value, limit, Some(end), writing, deeper);
        }
        Some(end)
    }
}

/// Where the items of a sequence end: at `end`, or else at a mark.
fn items(
    bytes: &[u8],
    mut at: usize,
    limit: usize,
    end: Option<usize>,
    writing: Writing,
    deeper: usize,
) -> Option<usize> {
    let limit = end.unwrap_or(limit);
    loop {
        if end.is_some_and(|end| at == end) {
            return end;
        }
        let head = Head::read(bytes, at, writing).filter(|head| head.value <= limit)?;
        match (head.tag, head.length) {
            (SEQUENCE_END, _) => return Some(head.value),
            (ITEM, OPEN) => at = elements(bytes, head.value, limit, None, writing, deeper)?,
            (ITEM, length) => {
                let end = head.value.checked_add(usize::try_from(length).ok()?).filter(|end| *end <= limit)?;
                at = elements(bytes, head.value, limit, Some(end), writing, deeper)?;
            }
            _ => return None,
        }
    }
}

/// Where the elements of an item end: at `end`, or else at a mark.
fn elements(
    bytes: &[u8],
    mut at: usize,
    limit: usize,
    end: Option<usize>,
    writing: Writing,
    deeper: usize,
) -> Option<usize> {
    let limit = end.unwrap_or(limit);
    loop {
        if end.is_some_and(|end| at == end) {
            return end;
        }
        let head = Head::read(bytes, at, writing).filter(|head| head.value <= limit)?;
        if head.tag == ITEM_END {
            return Some(head.value);
        }
        at = head.end(bytes, limit, writing, deeper)?;
    }
}

/// Where coded pixels end: after pieces of which each says its length.
fn fragments(bytes: &[u8], mut at: usize, limit: usize, writing: Writing) -> Option<usize> {
    loop {
        let head = Head::read(bytes, at, writing).filter(|head| head.value <= limit)?;
        match head.tag {
            SEQUENCE_END => return Some(head.value),
            ITEM => at = head.value.checked_add(usize::try_from(head.length).ok()?).filter(|end| *end <= limit)?,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests;
