//! ZIP archives in memory.
//!
//! Files are stored, not compressed: PNGs would not get smaller. Their time is always the start of 1980, so the
//! same scans give the same bytes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A name that is there already, or too much for the format.
    #[error("\"{name}\" could not be added to the archive")]
    Add {
        /// Which file.
        name: String,
        /// What the library said.
        source: zip::result::ZipError,
    },
    /// The end could not be written.
    #[error("the archive could not be finished")]
    Finish(#[source] zip::result::ZipError),
}

/// An archive that grows.
pub struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Default for Archive {
    fn default() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }
}

impl Archive {
    /// Adds a file; folders in its name are separated by `/`.
    ///
    /// # Errors
    /// If there is one of that name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let failed = |source| ArchiveError::Add { name: name.to_owned(), source };
        self.0.start_file(name, options).map_err(failed)?;
        self.0.write_all(bytes).map_err(|error| failed(error.into()))
    }

    /// The bytes of the whole.
    ///
    /// # Errors
    /// If the archive is too large for the format.
    pub fn finish(self) -> Result<Vec<u8>, ArchiveError> {
        self.0.finish().map(Cursor::into_inner).map_err(ArchiveError::Finish)
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
    fn what_went_in_comes_out() -> Tested {
        let mut archive = zip::ZipArchive::new(Cursor::new(two_files()?))?;
        assert_eq!(archive.len(), 2);
        let mut text = String::new();
        archive.by_name("a.txt")?.read_to_string(&mut text)?;
        assert_eq!(text, "one");
        assert_eq!(archive.by_name("more/b.txt")?.size(), 1000);
        Ok(())
    }

    #[test]
    fn the_same_files_give_the_same_bytes() -> Tested {
        assert_eq!(two_files()?, two_files()?);
        Ok(())
    }

    #[test]
    fn a_name_is_used_once() -> Tested {
        let mut archive = Archive::default();
        archive.add("a.txt", b"one")?;
        assert!(archive.add("a.txt", b"two").is_err());
        Ok(())
    }
}
