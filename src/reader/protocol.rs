//! The messages between the page and the reader.

use serde::{Deserialize, Serialize};

use crate::slices::class_table::ClassTable;
use crate::slices::decoded::{DecodedFile, Refusal};
use crate::slices::people::PeopleTable;
use crate::slices::raster::Raster;
use crate::worker::{Buffer, Message};

/// Asks the reader to read a file. Answers: the events of the [task](ReadTask), [`ReadEvent::Refused`] for each file or entry
/// that cannot be read, then [`ReadEvent::Done`].
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadRequest {
    /// Name of the file, with its folders.
    pub path: String,
    /// What to look for.
    #[serde(default)]
    pub task: ReadTask,
    /// Content of the file, as the buffer of the message.
    #[serde(skip)]
    pub bytes: Buffer,
}

/// What the reader looks for in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadTask {
    /// Slices, and tables about them. Answers: [`ReadEvent::Found`], [`ReadEvent::People`] and [`ReadEvent::Classes`].
    #[default]
    Slices,
    /// QR codes in a photograph. Answers: [`ReadEvent::Code`].
    Photo,
    /// QR codes in a picture of the camera: instead of a file, grey pixels in rows of this width. Answers: [`ReadEvent::Code`].
    Frame {
        /// Width in pixels.
        width: usize,
    },
}

/// What the reader reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ReadEvent {
    /// The reader has started.
    Ready,
    /// A picture or a volume was read, made by [`ReadEvent::found`]. The pixels of its slices are one buffer.
    Found {
        /// What was read.
        found: DecodedFile,
        /// Width of each slice in pixels.
        width: usize,
        /// Height of each slice in pixels.
        height: usize,
    },
    /// A table of persons was read.
    People(PeopleTable),
    /// The table of a download of this program was read.
    Classes(ClassTable),
    /// A QR code was read.
    Code {
        /// In which file.
        path: String,
        /// What it says.
        text: String,
    },
    /// A file, or an entry of an archive, could not be read.
    Refused {
        /// Which one.
        path: String,
        /// Why.
        refusal: Refusal,
    },
    /// The file is done.
    Done,
}

impl ReadEvent {
    /// A picture or a volume. All slices have the size of the first.
    pub fn found(found: DecodedFile) -> Self {
        let (width, height) = found.slices.first().map_or((0, 0), |slice| (slice.width(), slice.height()));
        Self::Found { found, width, height }
    }
}

impl Message for ReadRequest {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        vec![std::mem::take(&mut self.bytes)]
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        self.bytes = Buffer::single(buffers)?;
        Ok(())
    }
}

impl Message for ReadEvent {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Found { found, .. } => {
                let slices = std::mem::take(&mut found.slices);
                vec![Buffer::from(slices.iter().flat_map(Raster::pixels).copied().collect::<Vec<u8>>())]
            }
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Found { found, width, height } => {
                found.slices = split(*width, *height, &Buffer::single(buffers)?.into_bytes());
                if found.slices.is_empty() { Err("the pixels do not fit the slices".to_owned()) } else { Ok(()) }
            }
            _ => Buffer::none(&buffers),
        }
    }
}

/// The slices in a buffer. Empty if the buffer does not hold whole slices.
fn split(width: usize, height: usize, bytes: &[u8]) -> Vec<Raster> {
    let pixels = width.saturating_mul(height).max(1);
    if !bytes.len().is_multiple_of(pixels) {
        return Vec::new();
    }
    bytes.chunks_exact(pixels).filter_map(|slice| Raster::new(width, height, slice.to_vec()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::decoded::Format;

    fn found(slices: Vec<Raster>) -> DecodedFile {
        DecodedFile { slices, ..DecodedFile::new("a.png", Format::Png) }
    }

    #[test]
    fn slices_travel_as_one_buffer() {
        let slices: Vec<Raster> = (0..3).map(|z| Raster::from_fn(4, 2, |x, y| (x + 10 * y + 100 * z) as u8)).collect();
        let event = ReadEvent::found(found(slices));
        let mut sent = event.clone();
        let buffers = sent.take_buffers();
        let header = serde_json::to_string(&sent).unwrap();
        let mut received: ReadEvent = serde_json::from_str(&header).unwrap();
        assert_eq!(received.put_buffers(buffers), Ok(()));
        assert_eq!(received, event);
    }

    #[test]
    fn buffers_that_do_not_fit_are_refused() {
        let event = |width, height| ReadEvent::Found { found: found(Vec::new()), width, height };
        for (width, height, length) in [(4, 2, 9), (0, 0, 0), (4, 2, 0), (usize::MAX, 2, 1)] {
            assert!(event(width, height).put_buffers(vec![Buffer::from(vec![0; length])]).is_err(), "{width} {height}");
        }
        assert!(event(4, 2).put_buffers(Vec::new()).is_err());
        assert!(ReadEvent::Done.put_buffers(vec![Buffer::default()]).is_err());
    }

    #[test]
    fn a_file_travels_beside_its_name() {
        let mut request = ReadRequest { path: "a".to_owned(), task: ReadTask::Photo, bytes: Buffer::from(vec![1, 2]) };
        let buffers = request.take_buffers();
        assert_eq!(serde_json::to_string(&request).unwrap(), r#"{"path":"a","task":"Photo"}"#);
        assert_eq!(request.put_buffers(buffers), Ok(()));
        assert_eq!(request.bytes.into_bytes(), [1, 2]);
    }
}
