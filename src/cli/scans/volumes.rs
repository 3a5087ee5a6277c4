//! Slices from volumes with their tumours drawn in.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::choice::Candidate;
use crate::slices::normalise::Framing;
use crate::slices::nrrd::{self, MAX_FILE};
use crate::slices::raster::Raster;
use crate::slices::volume::Volume;

/// Largest distance between samples within a slice, in millimetres. Slices that were scanned from the front or the
/// side have thick stripes when they are cut across.
const COARSEST: f64 = 2.5;

/// All slices with something drawn in, from pairs of an image and its labels. Each pair is a person of its own.
pub(super) fn read(files: &[PathBuf], size: usize) -> Result<Vec<Candidate>, Box<dyn Error>> {
    let mut candidates = Vec::new();
    for (number, pair) in files.chunks_exact(2).enumerate() {
        let (image, labels) = (open(&pair[0])?, open(&pair[1])?);
        let refused = |why: &str| format!("{} and {}: {why}", pair[0].display(), pair[1].display());
        if !image.same_grid(&labels) {
            return Err(refused("the labels must have the sizes and the place of the image").into());
        }
        if image.spacing[0].max(image.spacing[1]) > COARSEST {
            return Err(refused("these are not axial slices; they are too coarse to be cut anew").into());
        }
        candidates.extend(slices(&image, &labels, &number.to_string(), size));
    }
    Ok(candidates)
}

/// The slices with something drawn in. As in a data folder they alone decide how the head is framed: noses and necks
/// in other slices would make it small.
fn slices(image: &Volume, labels: &Volume, patient: &str, size: usize) -> Vec<Candidate> {
    let masks = labels.masks().into_iter();
    let drawn = |mask: &Raster| mask.pixels().iter().any(|&pixel| pixel > 0);
    let (images, masks): (Vec<Raster>, Vec<Raster>) =
        image.rasters().into_iter().zip(masks).filter(|(_, mask)| drawn(mask)).unzip();
    let framing = Framing::of(&images);
    let candidate = |(index, (image, mask)): (usize, (&Raster, &Raster))| Candidate {
        class: 0,
        patient: patient.to_owned(),
        name: format!("{index:04}"),
        image: framing.apply(image, size).into_pixels(),
        mask: framing.apply_mask(mask, size).into_pixels(),
    };
    images.iter().zip(&masks).enumerate().map(candidate).collect()
}

fn open(path: &Path) -> Result<Volume, Box<dyn Error>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(nrrd::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))?)
}
