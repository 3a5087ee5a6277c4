//! Reads the central directory of a ZIP file (APPNOTE 4.3.12 to 4.3.16).
//!
//! By hand, not with the crate `rawzip`: rawzip 0.5 refuses a file whose comment contains the signature of the end record, and
//! accepts a directory whose count of entries is false.

use flate2::Crc;

use crate::slices::decoded::Refusal;
use crate::slices::limits::MAX_FILES;

/// Stands for every error of the directory.
const DAMAGED: Refusal = Refusal::DamagedZip;

/// Signatures: end of central directory (EOCD), ZIP64 EOCD, ZIP64 EOCD locator, directory header, local header.
const EOCD: &[u8] = b"PK\x05\x06";
const ZIP64_EOCD: &[u8] = b"PK\x06\x06";
const ZIP64_LOCATOR: &[u8] = b"PK\x06\x07";
const DIRECTORY_HEADER: &[u8] = b"PK\x01\x02";
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
/// Bytes of the EOCD without its comment, and most bytes of the comment.
const EOCD_BYTES: usize = 22;
const MAX_COMMENT: usize = u16::MAX as usize;
/// Bytes of the ZIP64 EOCD locator, which is right before the EOCD.
const ZIP64_LOCATOR_BYTES: usize = 20;
/// Kind of the extra field with ZIP64 numbers.
const ZIP64_EXTRA: u16 = 1;
/// Kind of the extra field with the name in UTF-8.
const UNICODE_PATH_EXTRA: u16 = 0x7075;
/// The characters from 128 on of code page 437, the encoding of names that are not UTF-8.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                             └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

/// Compression method of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Stored,
    Deflate,
    Other,
}

/// An entry of the directory.
#[derive(Debug)]
pub(super) struct ZipEntry {
    pub(super) name: String,
    encrypted: bool,
    pub(super) compression: Compression,
    /// CRC-32 of the unpacked bytes.
    pub(super) crc: u32,
    /// Number of unpacked bytes according to the directory.
    pub(super) claimed: usize,
    /// Number of packed bytes.
    packed: usize,
    /// Offset of the local header.
    start: usize,
}

impl ZipEntry {
    /// The packed bytes.
    ///
    /// # Errors
    /// If the entry is encrypted, or its local header is damaged.
    pub(super) fn packed<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Refusal> {
        if self.encrypted {
            return Err(Refusal::Encrypted);
        }
        let local = Bytes::at(bytes, self.start).filter(|local| local.0.starts_with(LOCAL_HEADER)).ok_or(DAMAGED)?;
        let (name, extra) = (local.u16(26).ok_or(DAMAGED)?, local.u16(28).ok_or(DAMAGED)?);
        let packed = local.0.get(30 + usize::from(name) + usize::from(extra)..).ok_or(DAMAGED)?;
        packed.get(..self.packed).ok_or(DAMAGED)
    }
}

/// The entries in their order.
///
/// # Errors
/// If the directory is damaged or has more than [`MAX_FILES`] entries.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<ZipEntry>, Refusal> {
    let (count, start) = find_directory(bytes).ok_or(DAMAGED)?;
    // Checked before memory is reserved.
    if count > MAX_FILES {
        return Err(Refusal::TooManyFiles);
    }
    let mut entries = Vec::with_capacity(count);
    let mut rest = Bytes::at(bytes, start).ok_or(DAMAGED)?;
    for _ in 0..count {
        let (entry, after) = parse_entry(rest).ok_or(DAMAGED)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

/// The number of entries, and the offset of the directory.
fn find_directory(bytes: &[u8]) -> Option<(usize, usize)> {
    let from = bytes.len().saturating_sub(EOCD_BYTES + MAX_COMMENT);
    let near = bytes.get(from..)?;
    // The last EOCD whose comment ends with the file; else the last one, as some programs append bytes.
    let candidates = || (0..near.len().saturating_sub(EOCD_BYTES - 1)).rev().filter(|at| near[*at..].starts_with(EOCD));
    let ends_with_file = |at: &usize| {
        let comment = Bytes(&near[*at..]).u16(20).map(usize::from);
        comment.is_some_and(|comment| at + EOCD_BYTES + comment == near.len())
    };
    let at = from + candidates().find(ends_with_file).or_else(|| candidates().next())?;
    let eocd = Bytes::at(bytes, at)?;
    let (count, start) = (eocd.u16(10)?, eocd.u32(16)?);
    if count != u16::MAX && start != u32::MAX {
        return Some((count.into(), usize::try_from(start).ok()?));
    }
    let locator = Bytes::at(bytes, at.checked_sub(ZIP64_LOCATOR_BYTES)?)?;
    if !locator.0.starts_with(ZIP64_LOCATOR) {
        return None;
    }
    let eocd = Bytes::at(bytes, locator.u64(8)?).filter(|eocd| eocd.0.starts_with(ZIP64_EOCD))?;
    Some((eocd.u64(32)?, eocd.u64(48)?))
}

/// Parses a directory header. Returns the entry and the bytes after it.
fn parse_entry(entry: Bytes) -> Option<(ZipEntry, Bytes)> {
    if !entry.0.starts_with(DIRECTORY_HEADER) {
        return None;
    }
    let compression = match entry.u16(10)? {
        0 => Compression::Stored,
        8 => Compression::Deflate,
        _ => Compression::Other,
    };
    let [name, extra, comment] = [entry.u16(28)?, entry.u16(30)?, entry.u16(32)?].map(usize::from);
    let mut zip64 = zip64_numbers(entry.0.get(46 + name..46 + name + extra)?);
    // Numbers that do not fit in 4 bytes are in the ZIP64 extra field, in this order.
    let mut number = |at: usize| match entry.u32(at)? {
        u32::MAX => zip64.next()?,
        number => usize::try_from(number).ok(),
    };
    let (claimed, packed, start) = (number(24)?, number(20)?, number(42)?);
    let found = ZipEntry {
        name: decode_name(entry.0.get(46..46 + name)?, entry.0.get(46 + name..46 + name + extra)?),
        encrypted: entry.u16(8)? & 1 == 1,
        compression,
        crc: entry.u32(16)?,
        claimed,
        packed,
        start,
    };
    Some((found, Bytes(entry.0.get(46 + name + extra + comment..)?)))
}

/// The name of an entry: as UTF-8, else from the Unicode path extra field (APPNOTE 4.6.9), else as code page 437, in which
/// every byte is a character, so that different names stay different.
fn decode_name(name: &[u8], extra: &[u8]) -> String {
    let unicode_path = || {
        let field = extra_field(extra, UNICODE_PATH_EXTRA)?;
        let mut crc = Crc::new();
        crc.update(name);
        let valid = field.first() == Some(&1) && Bytes(field).u32(1) == Some(crc.sum());
        String::from_utf8(field.get(5..)?.to_vec()).ok().filter(|_| valid)
    };
    let code_page_437 = || {
        let character = |byte: &u8| match byte.checked_sub(128) {
            Some(index) => CODE_PAGE_437.chars().nth(index.into()).unwrap_or(char::REPLACEMENT_CHARACTER),
            None => char::from(*byte),
        };
        name.iter().map(character).collect()
    };
    String::from_utf8(name.to_vec()).ok().or_else(unicode_path).unwrap_or_else(code_page_437)
}

/// The data of a part of an extra field. Each part has a kind, a length and data.
fn extra_field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    while let (Some(kind), Some(length)) = (Bytes(extra).u16(0), Bytes(extra).u16(2)) {
        let part = extra.get(4..4 + usize::from(length))?;
        if kind == wanted {
            return Some(part);
        }
        extra = &extra[4 + part.len()..];
    }
    None
}

/// The 8-byte numbers in the ZIP64 part of an extra field.
fn zip64_numbers(extra: &[u8]) -> impl Iterator<Item = Option<usize>> + '_ {
    let numbers = extra_field(extra, ZIP64_EXTRA).unwrap_or_default();
    numbers.chunks_exact(8).map(|number| Bytes(number).u64(0))
}

/// Reads little-endian numbers.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        bytes.get(at..).map(Bytes)
    }

    fn array<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn u16(self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    fn u32(self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    /// `None` also for a number that does not fit in `usize`.
    fn u64(self, at: usize) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.array(at)?)).ok()
    }
}
