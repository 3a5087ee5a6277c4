//! A file that was read, as a collection stores it.

use std::sync::Arc;

use super::duplicates::Fingerprint;
use crate::slice::MASK_THRESHOLD;
use crate::slices::decoded::{DecodedFile, PersonalField, Plane};
use crate::slices::raster::Raster;

/// The slices of a file, with masks, class and other properties.
#[derive(Debug, Clone)]
pub struct CollectionFile {
    /// Path of the file.
    pub path: String,
    /// The slices as they were read. All have the same size.
    pub slices: Vec<Arc<Raster>>,
    /// Fingerprint of each slice.
    pub fingerprints: Vec<Fingerprint>,
    /// Masks that belong to the slices.
    pub masks: Option<Vec<Arc<Raster>>>,
    /// Class of the slices, if it is given.
    pub class: Option<usize>,
    /// Whether the slices are already normalised.
    pub normalised: bool,
    /// Whether the slices are one head, in order.
    pub volume: bool,
    /// Equal for files of one series or person.
    pub group: Option<u64>,
    /// The stored values that became black and white.
    pub window: Option<[f32; 2]>,
    /// Position along the normal in millimetres, or the number of the slice.
    pub position: Option<f32>,
    /// Whether it shows the profile of a face.
    pub sagittal: bool,
    /// Kinds of personal fields.
    pub personal: Vec<PersonalField>,
    /// Whether text may be burned into the pixels.
    pub burned_in: bool,
    /// Whether it looks like a label map. Then every pixel above 0 is marked.
    pub labels: bool,
}

impl CollectionFile {
    /// A file of the visitor.
    pub fn new(file: DecodedFile) -> Self {
        Self {
            path: file.path,
            fingerprints: file.slices.iter().map(Fingerprint::of).collect(),
            slices: file.slices.into_iter().map(Arc::new).collect(),
            masks: None,
            class: None,
            normalised: false,
            volume: file.volume,
            group: file.group,
            window: file.window,
            position: file.position,
            sagittal: file.plane == Some(Plane::Sagittal),
            personal: file.personal,
            burned_in: file.burned_in,
            labels: file.labels,
        }
    }

    /// A normalised slice of this site, with its mask, class and person.
    pub fn normalised(path: String, slice: Raster, mask: Raster, class: usize, group: Option<u64>) -> Self {
        Self {
            path,
            fingerprints: vec![Fingerprint::of(&slice)],
            slices: vec![Arc::new(slice)],
            masks: Some(vec![Arc::new(mask)]),
            class: Some(class),
            normalised: true,
            volume: false,
            group,
            window: None,
            position: None,
            sagittal: false,
            personal: Vec::new(),
            burned_in: false,
            labels: false,
        }
    }

    /// Width, height and number of slices.
    pub fn dimensions(&self) -> (usize, usize, usize) {
        let (width, height) = self.slices.first().map_or((0, 0), |slice| (slice.width(), slice.height()));
        (width, height, self.slices.len())
    }

    /// Adds the masks of this file to `masks`: a pixel that is marked in either becomes 255. Of a label map,
    /// all pixels above 0 are marked, of others those of at least [`MASK_THRESHOLD`].
    pub fn merge_into(&self, masks: &mut Vec<Arc<Raster>>) {
        let threshold = if self.labels { 1 } else { MASK_THRESHOLD };
        let merged = |(index, mine): (usize, &Arc<Raster>)| {
            let below = masks.get(index).map(|below| below.pixels());
            let (width, height) = (mine.width(), mine.height());
            let is_mask =
                |at: usize| mine.pixels()[at] >= threshold || below.is_some_and(|below| below.get(at) == Some(&255));
            Arc::new(Raster::from_fn(width, height, |x, y| if is_mask(y * width + x) { 255 } else { 0 }))
        };
        *masks = self.slices.iter().enumerate().map(merged).collect();
    }
}
