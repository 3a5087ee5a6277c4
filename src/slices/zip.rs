//! Reads the entries of ZIP files (APPNOTE 6.3.10), stored or deflated.
//!
//! Not with the `zip` crate: it reserves memory for as many entries as a file claims, and searches the file for its directory
//! again and again.

mod directory;

use std::borrow::Cow;
use std::io::Read;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::decoded::Refusal;
use super::limits::{MAX_FILE_BYTES, MAX_INFLATE_RATIO, MAX_ZIP_BYTES};
use super::system_files::is_system_file;
use directory::{Compression, Directory, ZipEntry};

/// Longest entry name that is kept, in characters.
const MAX_NAME: usize = 200;

/// Called with the cleaned name of an entry, and its bytes or why it was refused.
pub(super) type OnEntry<'a, 'b> = &'a mut dyn FnMut(&str, Result<Cow<'b, [u8]>, Refusal>);

/// Calls `on_entry` for each entry in the order of the directory, except for folders and system files.
///
/// # Errors
/// If the directory is damaged, has too many entries or none, or the entries together unpack into more than
/// [`MAX_ZIP_BYTES`].
pub(super) fn for_each_entry<'b>(bytes: &'b [u8], on_entry: OnEntry<'_, 'b>) -> Result<(), Refusal> {
    let directory = Directory::read(bytes)?;
    let (mut empty, mut unpacked) = (true, 0);
    for entry in directory.entries.iter().filter(|entry| !is_skipped(&entry.name)) {
        empty = false;
        if unpacked > MAX_ZIP_BYTES {
            return Err(Refusal::UnpacksTooLarge);
        }
        on_entry(&clean_name(&entry.name), unpack(&directory, entry, &mut unpacked));
    }
    if empty { Err(Refusal::Empty) } else { Ok(()) }
}

/// The bytes of an entry. Adds what was unpacked to `unpacked`, also for a damaged entry: unpacking it took as long. No
/// more is unpacked than the entry claims.
fn unpack<'a>(directory: &Directory<'a>, entry: &ZipEntry, unpacked: &mut usize) -> Result<Cow<'a, [u8]>, Refusal> {
    let packed = directory.packed(entry)?;
    if entry.claimed > MAX_FILE_BYTES {
        return Err(Refusal::UnpacksTooLarge);
    }
    let data = match entry.compression {
        Compression::Stored => Cow::Borrowed(packed),
        Compression::Deflate => {
            let mut data = Vec::new();
            data.reserve_exact(packed.len().saturating_mul(MAX_INFLATE_RATIO).min(entry.claimed) + 1);
            // One byte more than claimed: enough to notice that there are too many.
            let read = DeflateDecoder::new(packed).take(entry.claimed as u64 + 1).read_to_end(&mut data);
            *unpacked += data.len();
            read.map_err(|_| Refusal::DamagedZip)?;
            Cow::Owned(data)
        }
        Compression::Other => return Err(Refusal::UnsupportedCoding),
    };
    let mut crc = Crc::new();
    crc.update(&data);
    if data.len() == entry.claimed && crc.sum() == entry.crc { Ok(data) } else { Err(Refusal::DamagedZip) }
}

/// Whether an entry is a folder or a system file.
fn is_skipped(name: &str) -> bool {
    name.ends_with(['/', '\\']) || is_system_file(name)
}

/// The name as a relative path with slashes: at most [`MAX_NAME`] characters, no `..`, no control characters and no
/// characters that reverse the direction of text.
fn clean_name(name: &str) -> String {
    let is_direction_mark =
        |letter| matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let kept = name.chars().filter(|letter| !letter.is_control() && !is_direction_mark(*letter)).take(MAX_NAME);
    let kept: String = kept.map(|letter| if letter == '\\' { '/' } else { letter }).collect();
    let parts = kept.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
