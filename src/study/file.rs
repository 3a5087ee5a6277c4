//! A study as a file: pictures, settings and right answers, without names of files.
//!
//! One line of JSON after [`PREFIX`], then the pixels: the pictures of all cases in order, then the real and the generated
//! examples, each `side * side` bytes. Whoever opens the file in a text editor can read the right answers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::plan::StudyPlan;
use super::settings::StudySettings;
use super::sheet::{Reply, Sheet, VERSION, checksum};
use crate::slice::Slice;
use crate::slices::raster::{Raster, Square};

const PREFIX: &str = "hersenscan-study-file ";
/// Longest line of settings, in bytes.
const MAX_HEADER: usize = 4096;

/// A picture of a folder.
#[derive(Debug, Clone)]
pub struct SourcePicture {
    /// Path of its file.
    pub path: String,
    /// Name of its class, if known.
    pub class: Option<String>,
    /// Number of its volume or person.
    pub group: usize,
    /// The picture as it was read.
    pub raster: Arc<Raster>,
}

/// A case with its pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyCase {
    /// The right answer: for one picture, whether it was generated; for two, whether the right one is real.
    pub truth: bool,
    /// The picture, or the left and the right one.
    pub pictures: Vec<Arc<Slice>>,
    /// Paths of their files. Empty if the study was opened from a file.
    pub paths: Vec<String>,
    /// Names of their classes, as far as known. Empty if the study was opened from a file.
    pub classes: Vec<Option<String>>,
}

/// A study with its pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The settings.
    pub settings: StudySettings,
    /// Side of all pictures in pixels.
    pub side: usize,
    /// The cases.
    pub cases: Vec<StudyCase>,
    /// Real and generated examples.
    pub examples: [Vec<Arc<Slice>>; 2],
    /// Mark of settings, pictures and right answers.
    pub mark: String,
}

/// Why a file is not a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StudyFileError {
    /// It does not begin like a study.
    #[error("not a study of this site")]
    NotAStudy,
    /// It was made by another version of the site.
    #[error("version {0} of the file")]
    Version(u32),
    /// It is incomplete or was changed.
    #[error("the file is incomplete or was changed")]
    Changed,
}

#[derive(Serialize, Deserialize)]
struct StudyHeader {
    version: u32,
    mark: String,
    settings: StudySettings,
    side: usize,
    key: String,
}

impl Study {
    /// The study of a plan. All pictures get the size of the smallest one, because sharpness would give the others away, and
    /// black edges where they are not square.
    pub fn new(settings: StudySettings, plan: &StudyPlan, sources: [&[SourcePicture]; 2]) -> Self {
        let cases = plan.cases.iter().flat_map(|case| &case.pictures);
        let used = cases.map(|picture| &sources[usize::from(picture.generated)][picture.index]);
        let examples = (0..2).flat_map(|kind| plan.examples[kind].iter().map(move |index| &sources[kind][*index]));
        let side = used.chain(examples).map(|source| longest(&source.raster)).min().unwrap_or(1);
        let shown = |source: &SourcePicture| {
            let long = longest(&source.raster);
            let margin = |length: usize| -(((long - length) / 2) as isize);
            let (left, top) = (margin(source.raster.width()), margin(source.raster.height()));
            let square = source.raster.crop(Square { left, top, side: long });
            Arc::new(Slice::without_tumour(side, square.resize(side, side).into_pixels()))
        };
        let cases = plan.cases.iter().map(|case| {
            let sources = case.pictures.iter().map(|picture| &sources[usize::from(picture.generated)][picture.index]);
            StudyCase {
                truth: case.truth,
                pictures: sources.clone().map(shown).collect(),
                paths: sources.clone().map(|source| source.path.clone()).collect(),
                classes: sources.map(|source| source.class.clone()).collect(),
            }
        });
        let cases = cases.collect();
        let examples =
            [0, 1].map(|kind| plan.examples[kind].iter().map(|index| shown(&sources[kind][*index])).collect());
        Self { settings, side, cases, examples, mark: String::new() }.marked()
    }

    fn marked(mut self) -> Self {
        let mut bytes = serde_json::to_vec(&self.settings).unwrap_or_default();
        bytes.extend_from_slice(self.key().as_bytes());
        self.pictures().for_each(|picture| bytes.extend_from_slice(&picture.image));
        self.mark = format!("{:016x}", checksum(&bytes));
        self
    }

    fn key(&self) -> String {
        self.cases.iter().map(|case| if case.truth { '1' } else { '0' }).collect()
    }

    fn pictures(&self) -> impl Iterator<Item = &Arc<Slice>> {
        self.cases.iter().flat_map(|case| &case.pictures).chain(self.examples.iter().flatten())
    }

    /// The file.
    pub fn write(&self) -> Vec<u8> {
        let (mark, settings, side, key) = (self.mark.clone(), self.settings, self.side, self.key());
        let header =
            serde_json::to_string(&StudyHeader { version: VERSION, mark, settings, side, key }).unwrap_or_default();
        let mut bytes = format!("{PREFIX}{header}\n").into_bytes();
        self.pictures().for_each(|picture| bytes.extend_from_slice(&picture.image));
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A [`StudyFileError`] that says what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, StudyFileError> {
        let rest = bytes.strip_prefix(PREFIX.as_bytes()).ok_or(StudyFileError::NotAStudy)?;
        let end = rest.iter().take(MAX_HEADER).position(|byte| *byte == b'\n').ok_or(StudyFileError::Changed)?;
        let (header, pixels) = (&rest[..end], &rest[end + 1..]);
        let header: StudyHeader = serde_json::from_slice(header).map_err(|_| StudyFileError::Changed)?;
        if header.version != VERSION {
            return Err(StudyFileError::Version(header.version));
        }
        let StudyHeader { mark, settings, side, key, .. } = header;
        let per_case = settings.pictures();
        let count = settings.cases.saturating_mul(per_case).saturating_add(2 * settings.examples());
        let area = side.saturating_mul(side);
        if !settings.is_valid()
            || key.len() != settings.cases
            || area == 0
            || count.checked_mul(area) != Some(pixels.len())
        {
            return Err(StudyFileError::Changed);
        }
        let mut pictures = pixels.chunks_exact(area).map(|image| Arc::new(Slice::without_tumour(side, image.to_vec())));
        let case = |digit: u8| {
            let pictures = pictures.by_ref().take(per_case).collect();
            StudyCase { truth: digit == b'1', pictures, paths: Vec::new(), classes: Vec::new() }
        };
        let cases = key.bytes().map(case).collect();
        let examples = [0, 1].map(|_| pictures.by_ref().take(settings.examples()).collect());
        let study = Self { settings, side, cases, examples, mark: String::new() }.marked();
        if study.mark == mark { Ok(study) } else { Err(StudyFileError::Changed) }
    }

    /// The sheet of a reader with these answers.
    pub fn sheet(&self, reader: usize, tag: u32, answers: Vec<Option<Reply>>) -> Sheet {
        let (study, settings, side, key) = (self.mark.clone(), self.settings, self.side, self.key());
        Sheet { version: VERSION, study, settings, side, key, reader, tag, answers }
    }
}

fn longest(raster: &Raster) -> usize {
    raster.width().max(raster.height())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::plan::plan;
    use crate::study::settings::StudyFormat;

    fn study(format: StudyFormat, clues: bool) -> Study {
        let source = |kind: usize, index: usize| SourcePicture {
            path: format!("{kind}/{index}.png"),
            class: (kind == 1).then(|| format!("kind {}", index % 3)),
            group: index,
            raster: Arc::new(Raster::from_fn(12 + 4 * kind, 10 + index % 2, |x, y| (100 * kind + index + x + y) as u8)),
        };
        let sources = [0, 1].map(|kind| (0..24).map(|index| source(kind, index)).collect::<Vec<_>>());
        let groups = sources.each_ref().map(|all| all.iter().map(|one| one.group).collect::<Vec<_>>());
        let settings = StudySettings { format, clues, cases: 12, ..StudySettings::default() };
        let plan = plan(&settings, [&groups[0], &groups[1]]).unwrap();
        Study::new(settings, &plan, [&sources[0], &sources[1]])
    }

    #[test]
    fn all_pictures_have_the_size_of_the_smallest() {
        let study = study(StudyFormat::Pairs, true);
        assert_eq!(study.side, 12);
        assert!(study.pictures().all(|picture| picture.image.len() == 144 && picture.image[143] == 0));
        assert_eq!(study.pictures().count(), 2 * 12 + 2 * 4);
        assert!(study.cases.iter().all(|case| case.paths[0].starts_with(if case.truth { "1/" } else { "0/" })));
    }

    #[test]
    fn a_file_gives_the_study_back_without_names() {
        for (format, clues) in [(StudyFormat::Single, false), (StudyFormat::Single, true), (StudyFormat::Pairs, true)] {
            let study = study(format, clues);
            let bytes = study.write();
            assert!(!String::from_utf8_lossy(&bytes).contains(".png"));
            let mut again = Study::read(&bytes).unwrap();
            for (case, before) in again.cases.iter_mut().zip(&study.cases) {
                assert!(case.paths.is_empty() && case.classes.is_empty());
                (case.paths, case.classes) = (before.paths.clone(), before.classes.clone());
            }
            assert_eq!(again, study);
        }
    }

    #[test]
    fn other_files_and_changed_ones_are_refused() {
        let bytes = study(StudyFormat::Single, false).write();
        assert_eq!(Study::read(b"\x89PNG"), Err(StudyFileError::NotAStudy));
        assert_eq!(Study::read(&bytes[..bytes.len() - 1]), Err(StudyFileError::Changed));
        assert_eq!(Study::read(&bytes[..40]), Err(StudyFileError::Changed));
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(Study::read(&changed), Err(StudyFileError::Changed));
        let text = |from: &str, to: &str| {
            let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
            let mut changed = String::from_utf8_lossy(&bytes[..end]).replacen(from, to, 1).into_bytes();
            changed.extend_from_slice(&bytes[end..]);
            changed
        };
        assert_eq!(Study::read(&text("\"version\":1", "\"version\":9")), Err(StudyFileError::Version(9)));
        assert_eq!(Study::read(&text("\"side\":12", "\"side\":4294967295")), Err(StudyFileError::Changed));
        assert_eq!(Study::read(&text("\"seed\":1", "\"seed\":2")), Err(StudyFileError::Changed));
    }
}
