//! Reads the directory of a ZIP file with the crate `rawzip`, within our limits.

use flate2::Crc;
use rawzip::extra_fields::ExtraFieldId;
use rawzip::{
    CompressionMethod, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord,
    ZipLocator,
};

use crate::slices::decoded::Refusal;
use crate::slices::limits::MAX_FILES;

/// Stands for every error of the directory.
const DAMAGED: Refusal = Refusal::DamagedZip;

/// Bytes of the end record (EOCD) without its comment, most bytes of the comment, and where the record has the offset of the
/// directory.
const EOCD_BYTES: usize = 22;
const MAX_COMMENT: usize = u16::MAX as usize;
const EOCD_DIRECTORY: usize = 16;
/// Bytes that are read at once in search of the end record.
const SEARCH_BYTES: usize = 1024;
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
    /// Where it is.
    place: ZipArchiveEntryWayfinder,
}

/// A ZIP file with its entries, in the order of the directory.
#[derive(Debug)]
pub(super) struct Directory<'a> {
    archive: ZipArchive<&'a [u8]>,
    pub(super) entries: Vec<ZipEntry>,
}

impl<'a> Directory<'a> {
    /// Reads the entries.
    ///
    /// # Errors
    /// If the directory is damaged or has more than [`MAX_FILES`] entries.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let archive = locate(bytes).ok_or(DAMAGED)?;
        let count = archive.entries_hint();
        // Checked before memory is reserved.
        if count > MAX_FILES as u64 {
            return Err(Refusal::TooManyFiles);
        }
        let mut entries = Vec::with_capacity(count as usize);
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let mut records = archive.entries(&mut buffer);
        for _ in 0..count {
            let record = records.next_entry().ok().flatten().ok_or(DAMAGED)?;
            entries.push(ZipEntry::new(&record));
        }
        Ok(Self { archive, entries })
    }

    /// The packed bytes of an entry.
    ///
    /// # Errors
    /// If the entry is encrypted, or its local header is damaged.
    pub(super) fn packed(&self, entry: &ZipEntry) -> Result<&'a [u8], Refusal> {
        if entry.encrypted {
            return Err(Refusal::Encrypted);
        }
        let (from, to) = self.archive.get_entry(entry.place).map_err(|_| DAMAGED)?.compressed_data_range();
        let range = usize::try_from(from).map_err(|_| DAMAGED)?..usize::try_from(to).map_err(|_| DAMAGED)?;
        self.archive.get_ref().get(range).ok_or(DAMAGED)
    }
}

impl ZipEntry {
    fn new(record: &ZipFileHeaderRecord<'_>) -> Self {
        Self {
            name: decode_name(record),
            encrypted: record.flags().is_encrypted(),
            compression: match record.compression_method() {
                CompressionMethod::STORE => Compression::Stored,
                CompressionMethod::DEFLATE => Compression::Deflate,
                _ => Compression::Other,
            },
            crc: record.crc32(),
            claimed: usize::try_from(record.uncompressed_size_hint()).unwrap_or(usize::MAX),
            place: record.wayfinder(),
        }
    }
}

/// Finds the last end record whose comment ends with the file; else the last one, as some programs append bytes. rawzip takes
/// the last one in any case, although a comment can contain one.
fn locate(bytes: &[u8]) -> Option<ZipArchive<&[u8]>> {
    let length = bytes.len() as u64;
    let from = length.saturating_sub((EOCD_BYTES + MAX_COMMENT) as u64);
    let mut buffer = [0; SEARCH_BYTES];
    let (mut end, mut last) = (length, None);
    while end > from {
        let locator = ZipLocator::new().max_search_space(end - from);
        match locator.locate_in_reader(bytes, &mut buffer, end) {
            Ok(archive) if archive.end_offset() == length => {
                last = Some(archive);
                break;
            }
            Ok(archive) => {
                end = archive.eocd_offset();
                last = last.or(Some(archive));
            }
            Err((_, error)) => match error.eocd_offset() {
                Some(before) => end = before,
                None => break,
            },
        }
    }
    last.filter(|archive| is_directory_where_it_says(bytes, archive))
}

/// Whether the directory is where the end record says. If it is not, rawzip looks for it right before the end record.
fn is_directory_where_it_says(bytes: &[u8], archive: &ZipArchive<&[u8]>) -> bool {
    let at = archive.eocd_offset() as usize + EOCD_DIRECTORY;
    let said = bytes.get(at..at + 4).and_then(|said| said.try_into().ok()).map(u32::from_le_bytes);
    // With ZIP64 another record has the offset.
    said == Some(u32::MAX) || said.map(u64::from) == Some(archive.directory_offset())
}

/// The name of an entry: as UTF-8, else from the Unicode path extra field (APPNOTE 4.6.9), else as code page 437, in which
/// every byte is a character, so that different names stay different.
fn decode_name(record: &ZipFileHeaderRecord<'_>) -> String {
    let path = record.file_path();
    let name = path.as_bytes();
    let unicode_path = || {
        let (_, field) = record.extra_fields().find(|(id, _)| *id == ExtraFieldId::INFO_ZIP_UNICODE_PATH)?;
        let mut crc = Crc::new();
        crc.update(name);
        let valid = field.first() == Some(&1) && field.get(1..5) == Some(&crc.sum().to_le_bytes());
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
