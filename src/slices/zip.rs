//! ZIP files: a file for each entry.
//!
//! Read by hand: libraries set aside room for as many entries as a file claims, and look for its list of them again and
//! again.

mod directory;

use std::borrow::Cow;
use std::io::Read;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::limits::{MAX_BYTES, MAX_RATIO};
use super::open::Refusal;
use super::sniff::{self, Tell};
use directory::{Entry, Packing};

/// Bytes that all entries together may unpack into: more is no collection of scans.
const MAX_UNPACKED: usize = 16 * MAX_BYTES;

/// Longest name that is kept, in letters.
const MAX_NAME: usize = 200;

/// Reads every entry, and tells of each by its own name. What an entry claims to unpack into is not believed.
pub fn open(path: &str, bytes: &[u8], tell: Tell) {
    let entries = match directory::read(bytes) {
        Ok(entries) => entries,
        Err(refusal) => return tell(Err((path.to_owned(), refusal))),
    };
    let (mut told, mut unpacked) = (false, 0);
    for entry in entries.iter().filter(|entry| !skipped(&entry.name)) {
        told = true;
        // Counted for broken entries too: unpacking them took as long.
        if unpacked > MAX_UNPACKED {
            return tell(Err((path.to_owned(), Refusal::Bursts)));
        }
        let name = format!("{path}/{}", plain(&entry.name));
        let found = unpack(bytes, entry, &mut unpacked).and_then(|bytes| sniff::one(&name, &bytes));
        tell(found.map_err(|refusal| (name, refusal)));
    }
    if !told {
        tell(Err((path.to_owned(), Refusal::Empty)));
    }
}

/// The bytes of an entry; adds their number to `unpacked`, also if they are refused.
fn unpack<'a>(bytes: &'a [u8], entry: &Entry, unpacked: &mut usize) -> Result<Cow<'a, [u8]>, Refusal> {
    let packed = entry.packed(bytes)?;
    if entry.claimed > MAX_BYTES {
        return Err(Refusal::Bursts);
    }
    let found = match entry.packing {
        Packing::Stored => Cow::Borrowed(packed),
        Packing::Deflated => {
            let mut found = Vec::new();
            found.reserve_exact(packed.len().saturating_mul(MAX_RATIO).min(entry.claimed) + 1);
            // One byte more than it should be: enough to see that there are too many.
            let read = DeflateDecoder::new(packed).take(entry.claimed as u64 + 1).read_to_end(&mut found);
            *unpacked += found.len();
            read.map_err(|_| Refusal::DamagedZip)?;
            Cow::Owned(found)
        }
        Packing::Other => return Err(Refusal::Coding),
    };
    let mut sum = Crc::new();
    sum.update(&found);
    if found.len() == entry.claimed && sum.sum() == entry.sum { Ok(found) } else { Err(Refusal::DamagedZip) }
}

/// Folders, and what systems leave behind: nobody chose those.
fn skipped(name: &str) -> bool {
    let hidden = |part: &str| {
        let own = part.starts_with('.') && !part.trim_start_matches('.').is_empty();
        own || part == "__MACOSX" || part == "Thumbs.db"
    };
    name.ends_with(['/', '\\']) || name.split(['/', '\\']).any(hidden)
}

/// A name as a path to show: with slashes, of sane length, without what would lead elsewhere or turn text around.
fn plain(name: &str) -> String {
    let turning =
        |letter| matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let shown = name.chars().filter(|letter| !letter.is_control() && !turning(*letter)).take(MAX_NAME);
    let shown: String = shown.map(|letter| if letter == '\\' { '/' } else { letter }).collect();
    let parts = shown.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
