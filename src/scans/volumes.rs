//! Reads slices from volumes with labelled tumours.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::selection::Candidate;
use crate::slice::{LabelledSlice, Slice};
use crate::slices::normalise::Framing;
use crate::slices::nrrd::{self, MAX_FILE};
use crate::slices::raster::Raster;
use crate::slices::volume::Volume;

/// Largest distance between pixels within an axial slice, in millimetres. Coronal and sagittal scans are coarser than this
/// in one direction of the axial plane.
const MAX_SPACING: f64 = 2.5;

/// Reads all slices with labels from pairs of an image volume and a label volume. Each pair is one patient.
///
/// # Errors
/// If a volume cannot be read, if the grids of a pair differ, or if the volume is not axial.
pub(super) fn read(files: &[PathBuf], size: usize) -> Result<Vec<Candidate>, Box<dyn Error>> {
    let mut candidates = Vec::new();
    for (number, pair) in files.chunks_exact(2).enumerate() {
        let (image, labels) = (open(&pair[0])?, open(&pair[1])?);
        let refused = |why: &str| format!("{} and {}: {why}", pair[0].display(), pair[1].display());
        if !image.same_grid(&labels) {
            return Err(refused("the labels must have the size, position and orientation of the image").into());
        }
        if image.spacing[0].max(image.spacing[1]) > MAX_SPACING {
            return Err(refused("the slices are not axial, and too coarse to be resliced").into());
        }
        candidates.extend(slices(&image, &labels, &number.to_string(), size));
    }
    Ok(candidates)
}

/// The slices with labels. Only these decide the framing of the head, as in a data folder: slices with nose or neck would
/// make the head small.
fn slices(image: &Volume, labels: &Volume, patient: &str, size: usize) -> Vec<Candidate> {
    let masks = labels.masks().into_iter();
    let labelled = |mask: &Raster| mask.pixels().iter().any(|&pixel| pixel > 0);
    let (images, masks): (Vec<Raster>, Vec<Raster>) =
        image.rasters().into_iter().zip(masks).filter(|(_, mask)| labelled(mask)).unzip();
    let framing = Framing::of(&images);
    let candidate = |(index, (image, mask)): (usize, (&Raster, &Raster))| Candidate {
        patient: patient.to_owned(),
        name: format!("{index:04}"),
        labelled: LabelledSlice {
            class: 0,
            slice: Slice {
                size,
                image: framing.apply(image, size).into_pixels(),
                mask: framing.apply_mask(mask, size).into_pixels(),
            },
        },
    };
    images.iter().zip(&masks).enumerate().map(candidate).collect()
}

fn open(path: &Path) -> Result<Volume, Box<dyn Error>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(nrrd::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))?)
}
