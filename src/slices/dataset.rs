//! A folder of labelled slices, read for training.
//!
//! A folder holds `slices.csv` with the columns `file`, `patient`, `label` and `split` (`train` or `test`), and
//! under the same file names grey PNGs in `image/` and tumour masks in `mask/` (0 = background, 255 = tumour).
//! A patient is a unit: framed together ([`Framing`]) and on one side of every split.

mod error;
mod split;
mod table;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::{ImageReader, Limits};
use rayon::prelude::*;

pub use error::{DatasetError, Reason};
use table::Row;

use super::normalise::Framing;
use super::raster::Raster;
use crate::slice::{LabelledSlice, Slice};

/// Longest side of a slice that is read, in pixels.
pub const MAX_SIDE: u32 = 4096;

/// One slice, normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetSlice {
    /// File name inside `image/` and `mask/`.
    pub file: String,
    /// Whose head it is.
    pub patient: String,
    /// The pixels, and the class as an index into [`Dataset::classes`].
    pub labelled: LabelledSlice,
}

/// All slices of a folder, in three parts that share no patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Side of every image and mask, in pixels.
    pub size: usize,
    /// The labels that occur, sorted.
    pub classes: Vec<String>,
    /// To learn from. Never empty; has every class that `split=train` has.
    pub train: Vec<DatasetSlice>,
    /// About a tenth of the patients of `split=train`, to watch learning with. Empty where there are few.
    pub validation: Vec<DatasetSlice>,
    /// `split=test`: for the final numbers and for the real scans of the game.
    pub test: Vec<DatasetSlice>,
}

impl Dataset {
    /// Reads the folder and brings every slice to `size` x `size` pixels. Examples keep the order of
    /// `slices.csv`.
    pub fn read(dir: &Path, size: usize) -> Result<Self, DatasetError> {
        let rows = table::read(dir)?;
        let classes = table::classes(&rows)?;
        let parts = split::parts(&rows);
        let patients = table::by_patient(&rows);
        let read: Vec<Vec<(usize, DatasetSlice)>> = patients
            .into_par_iter()
            .map(|indices| read_patient(dir, &rows, &indices, &classes, size))
            .collect::<Result<_, _>>()?;
        let mut examples: Vec<(usize, DatasetSlice)> = read.into_iter().flatten().collect();
        examples.sort_by_key(|(index, _)| *index);

        let mut dataset = Self { size, classes, train: Vec::new(), validation: Vec::new(), test: Vec::new() };
        for (index, example) in examples {
            match parts[index] {
                split::Part::Train => dataset.train.push(example),
                split::Part::Validation => dataset.validation.push(example),
                split::Part::Test => dataset.test.push(example),
            }
        }
        Ok(dataset)
    }
}

/// All slices of one patient, given the indices of their rows, which come back with them.
fn read_patient(
    dir: &Path,
    rows: &[Row],
    indices: &[usize],
    classes: &[String],
    size: usize,
) -> Result<Vec<(usize, DatasetSlice)>, DatasetError> {
    let mut images: Vec<Raster> = Vec::with_capacity(indices.len());
    let mut masks = Vec::with_capacity(indices.len());
    for &index in indices {
        let row = &rows[index];
        let image = read_png(dir, "image", row)?;
        let mask = read_png(dir, "mask", row)?;
        let side = |raster: &Raster| (raster.width(), raster.height());
        if side(&mask) != side(&image) {
            return Err(row.error(Reason::MaskSize { image: side(&image), mask: side(&mask) }));
        }
        if let Some(first) = images.first().filter(|first| side(first) != side(&image)) {
            return Err(row.error(Reason::OtherSize { here: side(&image), before: side(first) }));
        }
        images.push(image);
        masks.push(mask);
    }
    let framing = Framing::of(&images);
    let example = |((&index, image), mask): ((&usize, &Raster), &Raster)| {
        let row = &rows[index];
        let class = classes.iter().position(|class| *class == row.label).unwrap_or_default();
        let (image, mask) = (framing.apply(image, size), framing.apply_mask(mask, size));
        let slice = Slice { size, image: image.into_pixels(), mask: mask.into_pixels() };
        let labelled = LabelledSlice { class, slice };
        (index, DatasetSlice { file: row.file.clone(), patient: row.patient.clone(), labelled })
    };
    Ok(indices.iter().zip(&images).zip(&masks).map(example).collect())
}

/// A picture from `image/` or `mask/`.
fn read_png(dir: &Path, folder: &'static str, row: &Row) -> Result<Raster, DatasetError> {
    let path = dir.join(folder).join(&row.file);
    let file = File::open(&path).map_err(|source| row.error(Reason::NotThere { path: path.clone(), source }))?;
    let grey = grey_png(file).map_err(|source| row.error(Reason::Unreadable { folder, source }))?;
    let (width, height) = grey.dimensions();
    Raster::new(width as usize, height as usize, grey.into_raw()).map_err(|_| row.error(Reason::Empty { folder }))
}

/// Reads a PNG of at most [`MAX_SIDE`] pixels a side; colours become brightness.
pub(crate) fn grey_png(file: File) -> image::ImageResult<image::GrayImage> {
    let mut reader = ImageReader::with_format(BufReader::new(file), image::ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    reader.limits(limits);
    Ok(image::DynamicImage::from_decoder(reader.into_decoder()?)?.into_luma8())
}

#[cfg(test)]
mod tests;
