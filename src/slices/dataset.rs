//! Reads a folder of labelled slices for training on the command line.
//!
//! The folder holds `slices.csv` with the columns `file`, `patient`, `label` and `split` (`train` or `test`), and
//! under the same file names grey PNGs in `image/` and tumour masks in `mask/` (0 is background, 255 is tumour).
//!
//! If one person has several names in the column `patient`, such as one for each examination, a fifth column `person` says who
//! they are. The slices of one name in `patient` share one [`Framing`]; all slices of a person are on one side of every split.

mod error;
mod split;
mod table;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::{DynamicImage, GrayImage, ImageReader, Limits, Luma};
use rayon::prelude::*;

pub use error::{DatasetError, RowError};
use table::TableRow;

use super::limits::MAX_SIDE;
use super::normalise::Framing;
use super::raster::Raster;
use crate::slice::{LabelledSlice, Slice};

/// A mask whose largest value is at most this holds labels, not grey levels.
const MAX_LABEL: u8 = 15;

/// One normalised slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetSlice {
    /// File name inside `image/` and `mask/`.
    pub file: String,
    /// The person: column `person`, or `patient` if there is none.
    pub patient: String,
    /// The examination: column `patient`.
    pub examination: String,
    /// The pixels, and the class as an index into [`Dataset::classes`].
    pub labelled: LabelledSlice,
}

/// The slices of a folder in three parts. No patient is in two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Side of every image and mask, in pixels.
    pub size: usize,
    /// The labels, sorted.
    pub classes: Vec<String>,
    /// Slices to train with. Never empty; has every class that `split=train` has.
    pub train: Vec<DatasetSlice>,
    /// About a tenth of the patients of `split=train`, to check the training with. Empty if there are few.
    pub validation: Vec<DatasetSlice>,
    /// `split=test`: for the final measurements and the real scans of the game.
    pub test: Vec<DatasetSlice>,
}

impl Dataset {
    /// Reads the folder. Normalises every slice to `size * size` pixels, and keeps the order of `slices.csv`.
    ///
    /// # Errors
    /// If the table or a file is missing, damaged or inconsistent. The message says what to do.
    pub fn read(dir: &Path, size: usize) -> Result<Self, DatasetError> {
        let rows = table::read(dir)?;
        let classes = table::classes(&rows)?;
        let parts = split::parts(&rows);
        let examinations = table::by_examination(&rows);
        let read: Vec<Vec<(usize, DatasetSlice)>> = examinations
            .into_par_iter()
            .map(|indices| read_examination(dir, &rows, &indices, &classes, size))
            .collect::<Result<_, _>>()?;
        let mut slices: Vec<(usize, DatasetSlice)> = read.into_iter().flatten().collect();
        slices.sort_by_key(|(index, _)| *index);

        let mut dataset = Self { size, classes, train: Vec::new(), validation: Vec::new(), test: Vec::new() };
        for (index, slice) in slices {
            match parts[index] {
                split::DatasetPart::Train => dataset.train.push(slice),
                split::DatasetPart::Validation => dataset.validation.push(slice),
                split::DatasetPart::Test => dataset.test.push(slice),
            }
        }
        Ok(dataset)
    }
}

/// The slices of one examination, each with the index of its row.
fn read_examination(
    dir: &Path,
    rows: &[TableRow],
    indices: &[usize],
    classes: &[String],
    size: usize,
) -> Result<Vec<(usize, DatasetSlice)>, DatasetError> {
    let mut images: Vec<Raster> = Vec::with_capacity(indices.len());
    let mut masks = Vec::with_capacity(indices.len());
    for &index in indices {
        let row = &rows[index];
        let image = read_png(dir, "image", row, DynamicImage::into_luma8)?;
        let mask = binary_mask(read_png(dir, "mask", row, mask_levels)?);
        let side = |raster: &Raster| (raster.width(), raster.height());
        if side(&mask) != side(&image) {
            return Err(row.error(RowError::MaskSize { image: side(&image), mask: side(&mask) }));
        }
        if let Some(first) = images.first().filter(|first| side(first) != side(&image)) {
            return Err(row.error(RowError::OtherSize { here: side(&image), before: side(first) }));
        }
        images.push(image);
        masks.push(mask);
    }
    let framing = Framing::of(&images);
    let slice = |((&index, image), mask): ((&usize, &Raster), &Raster)| {
        let row = &rows[index];
        let class = classes.iter().position(|class| *class == row.label).unwrap_or_default();
        let (image, mask) = (framing.apply(image, size), framing.apply_mask(mask, size));
        let slice = Slice { size, image: image.into_pixels(), mask: mask.into_pixels() };
        let labelled = LabelledSlice { class, slice };
        let (file, patient, examination) = (row.file.clone(), row.patient.clone(), row.examination.clone());
        (index, DatasetSlice { file, patient, examination, labelled })
    };
    Ok(indices.iter().zip(&images).zip(&masks).map(slice).collect())
}

/// The mask with 255 for every label, if it holds the labels themselves: 0 and 1, or a few more.
fn binary_mask(mask: Raster) -> Raster {
    if mask.pixels().iter().any(|pixel| *pixel > MAX_LABEL) {
        return mask;
    }
    Raster::from_fn(mask.width(), mask.height(), |x, y| if mask.pixels()[y * mask.width() + x] > 0 { 255 } else { 0 })
}

/// The grey levels of a mask. Labels of 16 bits stay labels, and a colour is 255: annotation tools write labels in colours.
fn mask_levels(mask: DynamicImage) -> GrayImage {
    let (width, height) = (mask.width(), mask.height());
    if mask.color().has_color() {
        let colours = mask.into_rgb8();
        return GrayImage::from_fn(width, height, |x, y| {
            let [red, green, blue] = colours.get_pixel(x, y).0;
            let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
            Luma([if most - least > MAX_LABEL { 255 } else { most }])
        });
    }
    match mask {
        DynamicImage::ImageLuma16(deep) if deep.pixels().all(|pixel| pixel.0[0] <= u16::from(MAX_LABEL)) => {
            GrayImage::from_fn(width, height, |x, y| Luma([deep.get_pixel(x, y).0[0] as u8]))
        }
        mask => mask.into_luma8(),
    }
}

/// Reads a picture in `image/` or `mask/`, and takes its grey levels with `levels`.
fn read_png(
    dir: &Path,
    folder: &'static str,
    row: &TableRow,
    levels: impl Fn(DynamicImage) -> GrayImage,
) -> Result<Raster, DatasetError> {
    let path = dir.join(folder).join(&row.file);
    let file = File::open(&path).map_err(|source| row.error(RowError::NotThere { path: path.clone(), source }))?;
    let picture = decode_png(file).map_err(|source| row.error(RowError::Unreadable { folder, source }))?;
    let grey = levels(picture);
    let (width, height) = grey.dimensions();
    Raster::new(width as usize, height as usize, grey.into_raw()).map_err(|_| row.error(RowError::Empty { folder }))
}

/// Reads a PNG of at most [`MAX_SIDE`] pixels a side as grey.
#[cfg(any(feature = "native", test))]
pub(crate) fn read_grey_png(file: File) -> image::ImageResult<GrayImage> {
    Ok(decode_png(file)?.into_luma8())
}

fn decode_png(file: File) -> image::ImageResult<DynamicImage> {
    let mut reader = ImageReader::with_format(BufReader::new(file), image::ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE as u32);
    limits.max_image_height = Some(MAX_SIDE as u32);
    reader.limits(limits);
    DynamicImage::from_decoder(reader.into_decoder()?)
}

#[cfg(test)]
mod tests;
