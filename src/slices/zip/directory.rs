//! The list of entries at the end of a ZIP file.

use crate::slices::limits::MAX_FILES;
use crate::slices::open::Refusal;

/// What stands for all that is wrong with the list.
const DAMAGED: Refusal = Refusal::DamagedZip;

/// Start of the mark at the end of the file, of that of large files, and of where that is.
const END: &[u8] = b"PK\x05\x06";
const LARGE_END: &[u8] = b"PK\x06\x06";
const LARGE_PLACE: &[u8] = b"PK\x06\x07";
/// Start of an entry in the list, and of one before its bytes.
const LISTED: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
/// Bytes of the mark at the end without the words after it, and of those words.
const END_BYTES: usize = 22;
const MAX_WORDS: usize = u16::MAX as usize;
/// Bytes of the place of the mark of large files, which lies before the other mark.
const LARGE_PLACE_BYTES: usize = 20;

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Stored,
    Deflated,
    Other,
}

/// An entry, as the list says.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    locked: bool,
    pub(super) packing: Packing,
    /// What its bytes must add up to.
    pub(super) sum: u32,
    /// Bytes that it says it unpacks into.
    pub(super) claimed: usize,
    length: usize,
    start: usize,
}

impl Entry {
    /// Its bytes as they are in the file.
    pub(super) fn packed<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Refusal> {
        if self.locked {
            return Err(Refusal::Locked);
        }
        let local = Bytes::at(bytes, self.start).filter(|local| local.0.starts_with(LOCAL)).ok_or(DAMAGED)?;
        let (name, extra) = (local.short(26).ok_or(DAMAGED)?, local.short(28).ok_or(DAMAGED)?);
        let packed = local.0.get(30 + usize::from(name) + usize::from(extra)..).ok_or(DAMAGED)?;
        packed.get(..self.length).ok_or(DAMAGED)
    }
}

/// All entries in their order.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let (count, start) = end(bytes).ok_or(DAMAGED)?;
    // Before room is set aside for them.
    if count > MAX_FILES {
        return Err(Refusal::TooMany);
    }
    let mut entries = Vec::with_capacity(count);
    let mut rest = Bytes::at(bytes, start).ok_or(DAMAGED)?;
    for _ in 0..count {
        let (entry, after) = listed(rest).ok_or(DAMAGED)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

/// How many entries are listed, and where the list starts.
fn end(bytes: &[u8]) -> Option<(usize, usize)> {
    let from = bytes.len().saturating_sub(END_BYTES + MAX_WORDS);
    let near = bytes.get(from..)?;
    // The last mark whose words end where the file does, or else the last: some programs write on behind it.
    let marks = || (0..near.len().saturating_sub(END_BYTES - 1)).rev().filter(|at| near[*at..].starts_with(END));
    let whole = |at: &usize| {
        let words = Bytes(&near[*at..]).short(20).map(usize::from);
        words.is_some_and(|words| at + END_BYTES + words == near.len())
    };
    let at = from + marks().find(whole).or_else(|| marks().next())?;
    let mark = Bytes::at(bytes, at)?;
    let (count, start) = (mark.short(10)?, mark.long(16)?);
    if count != u16::MAX && start != u32::MAX {
        return Some((count.into(), usize::try_from(start).ok()?));
    }
    let place = Bytes::at(bytes, at.checked_sub(LARGE_PLACE_BYTES)?)?;
    if !place.0.starts_with(LARGE_PLACE) {
        return None;
    }
    let mark = Bytes::at(bytes, place.huge(8)?).filter(|mark| mark.0.starts_with(LARGE_END))?;
    Some((mark.huge(32)?, mark.huge(48)?))
}

/// An entry of the list, and what follows it.
fn listed(entry: Bytes) -> Option<(Entry, Bytes)> {
    if !entry.0.starts_with(LISTED) {
        return None;
    }
    let packing = match entry.short(10)? {
        0 => Packing::Stored,
        8 => Packing::Deflated,
        _ => Packing::Other,
    };
    let [name, extra, words] = [entry.short(28)?, entry.short(30)?, entry.short(32)?].map(usize::from);
    let mut more = Large { rest: entry.0.get(46 + name..46 + name + extra)? }.numbers();
    // What does not fit in four bytes follows elsewhere, in this order.
    let mut number = |at: usize| match entry.long(at)? {
        u32::MAX => more.next()?,
        number => usize::try_from(number).ok(),
    };
    let (claimed, length, start) = (number(24)?, number(20)?, number(42)?);
    let found = Entry {
        name: String::from_utf8_lossy(entry.0.get(46..46 + name)?).into_owned(),
        locked: entry.short(8)? & 1 == 1,
        packing,
        sum: entry.long(16)?,
        claimed,
        length,
        start,
    };
    Some((found, Bytes(entry.0.get(46 + name + extra + words..)?)))
}

/// What programs add to an entry: parts of a kind and a length.
struct Large<'a> {
    rest: &'a [u8],
}

impl<'a> Large<'a> {
    /// The numbers of eight bytes in the part for large ones.
    fn numbers(mut self) -> impl Iterator<Item = Option<usize>> + 'a {
        let mut found: &[u8] = &[];
        while let (Some(kind), Some(length)) = (Bytes(self.rest).short(0), Bytes(self.rest).short(2)) {
            let Some(part) = self.rest.get(4..4 + usize::from(length)) else { break };
            if kind == 1 {
                found = part;
                break;
            }
            self.rest = &self.rest[4 + part.len()..];
        }
        found.chunks_exact(8).map(|number| Bytes(number).huge(0))
    }
}

/// Numbers as ZIP files write them.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        bytes.get(at..).map(Bytes)
    }

    fn some<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn short(self, at: usize) -> Option<u16> {
        self.some(at).map(u16::from_le_bytes)
    }

    fn long(self, at: usize) -> Option<u32> {
        self.some(at).map(u32::from_le_bytes)
    }

    /// None also where it is beyond what memory could hold.
    fn huge(self, at: usize) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.some(at)?)).ok()
    }
}
