//! ZIP archives, in memory or as a stream.
//!
//! Files are stored without compression, because PNGs would not get smaller. The time stamp is always the start of 1980,
//! so that the same scans give the same bytes.

use std::io::{self, Cursor, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::shared_buffer::SharedBuffer;

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The name exists already, or the file is too large for the format.
    #[error("\"{name}\" could not be added to the archive")]
    Add {
        /// Name of the file.
        name: String,
        /// Error of the ZIP library.
        source: zip::result::ZipError,
    },
    /// The central directory could not be written.
    #[error("the archive could not be finished")]
    Finish(#[source] zip::result::ZipError),
}

/// An archive that is being written.
pub struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Default for Archive {
    fn default() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }
}

impl Archive {
    /// Adds a file. Folders in `name` are separated by `/`.
    ///
    /// # Errors
    /// If the archive has a file of this name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        add(&mut self.0, name, bytes)
    }

    /// Finishes the archive and returns its bytes.
    ///
    /// # Errors
    /// If the archive is too large for the format.
    pub fn finish(self) -> Result<Vec<u8>, ArchiveError> {
        self.0.finish().map(Cursor::into_inner).map_err(ArchiveError::Finish)
    }
}

fn add<W: Write + io::Seek>(zip: &mut ZipWriter<W>, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let failed = |source| ArchiveError::Add { name: name.to_owned(), source };
    zip.start_file(name, options).map_err(failed)?;
    zip.write_all(bytes).map_err(|error| failed(error.into()))
}

/// An archive whose bytes are taken away while it is written, so that a large one needs little memory.
pub struct StreamedArchive {
    zip: ZipWriter<StreamWriter<SharedBuffer>>,
    pipe: SharedBuffer,
}

impl Default for StreamedArchive {
    fn default() -> Self {
        let pipe = SharedBuffer::default();
        Self { zip: ZipWriter::new_stream(pipe.clone()), pipe }
    }
}

impl StreamedArchive {
    /// Adds a file; see [`Archive::add`].
    ///
    /// # Errors
    /// If the archive has a file of this name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        add(&mut self.zip, name, bytes)
    }

    /// The bytes since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        self.pipe.take()
    }

    /// Finishes the archive and returns its last bytes.
    ///
    /// # Errors
    /// If the archive is too large for the format.
    pub fn finish(self) -> Result<Vec<u8>, ArchiveError> {
        self.zip.finish().map_err(ArchiveError::Finish)?;
        Ok(self.pipe.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    fn two_files() -> Result<Vec<u8>, ArchiveError> {
        let mut archive = Archive::default();
        archive.add("a.txt", b"one")?;
        archive.add("more/b.txt", &[0; 1000])?;
        archive.finish()
    }

    #[test]
    fn files_are_read_back() -> Tested {
        let mut archive = zip::ZipArchive::new(Cursor::new(two_files()?))?;
        assert_eq!(archive.len(), 2);
        let mut text = String::new();
        archive.by_name("a.txt")?.read_to_string(&mut text)?;
        assert_eq!(text, "one");
        assert_eq!(archive.by_name("more/b.txt")?.size(), 1000);
        Ok(())
    }

    #[test]
    fn a_stream_is_taken_in_parts() -> Tested {
        let mut archive = StreamedArchive::default();
        archive.add("a.txt", b"one")?;
        let mut bytes = archive.take();
        assert!(!bytes.is_empty() && archive.take().is_empty());
        archive.add("more/b.txt", &[7; 1000])?;
        bytes.extend(archive.take());
        assert!(archive.add("a.txt", b"two").is_err(), "a name can be used only once");
        bytes.extend(archive.finish()?);
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
        let mut content = Vec::new();
        archive.by_name("more/b.txt")?.read_to_end(&mut content)?;
        assert_eq!((archive.len(), content), (2, vec![7; 1000]));
        Ok(())
    }

    #[test]
    fn the_same_files_give_the_same_bytes() -> Tested {
        assert_eq!(two_files()?, two_files()?);
        Ok(())
    }

    #[test]
    fn a_name_can_be_used_only_once() -> Tested {
        let mut archive = Archive::default();
        archive.add("a.txt", b"one")?;
        assert!(archive.add("a.txt", b"two").is_err());
        Ok(())
    }
}
