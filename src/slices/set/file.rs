//! A file that was read, as a collection keeps it.

use std::sync::Arc;

use super::duplicates::Fingerprint;
use crate::slices::open::{Found, Personal, Plane};
use crate::slices::raster::Raster;

/// A file's slices and the little that is kept of what it said.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it was.
    pub path: String,
    /// As they were read.
    pub slices: Vec<Arc<Raster>>,
    /// One for each slice.
    pub prints: Vec<Fingerprint>,
    /// Masks that come with the slices.
    pub masks: Option<Vec<Arc<Raster>>>,
    /// Class that comes with the slices.
    pub class: Option<usize>,
    /// Whether the slices are normalised already.
    pub ready: bool,
    /// Whether the slices are of one head.
    pub volume: bool,
    /// Shared by files of one series or person.
    pub group: Option<u64>,
    /// Where along the head it lies.
    pub position: Option<f32>,
    /// Whether it shows the profile of a face.
    pub sagittal: bool,
    /// Kinds of personal fields.
    pub personal: Vec<Personal>,
    /// Whether text may be drawn into the pixels.
    pub burnt_in: bool,
    /// Whether it looks like drawn areas.
    pub labels: bool,
}

impl File {
    /// Of a visitor.
    pub fn found(found: Found) -> Self {
        Self {
            path: found.path,
            prints: found.slices.iter().map(Fingerprint::of).collect(),
            slices: found.slices.into_iter().map(Arc::new).collect(),
            masks: None,
            class: None,
            ready: false,
            volume: found.volume,
            group: found.group,
            position: found.position,
            sagittal: found.plane == Some(Plane::Sagittal),
            personal: found.personal,
            burnt_in: found.burnt_in,
            labels: found.labels,
        }
    }

    /// A normalised slice of this site, with its mask, class and person.
    pub fn ready(path: String, slice: Raster, mask: Raster, class: usize, group: Option<u64>) -> Self {
        Self {
            path,
            prints: vec![Fingerprint::of(&slice)],
            slices: vec![Arc::new(slice)],
            masks: Some(vec![Arc::new(mask)]),
            class: Some(class),
            ready: true,
            volume: false,
            group,
            position: None,
            sagittal: false,
            personal: Vec::new(),
            burnt_in: false,
            labels: false,
        }
    }

    /// Width, height and number of slices.
    pub fn shape(&self) -> (usize, usize, usize) {
        let (width, height) = self.slices.first().map_or((0, 0), |slice| (slice.width(), slice.height()));
        (width, height, self.slices.len())
    }

    /// Its masks, all black or white, laid over masks there are already. Any brightness at all is mask.
    pub fn add_to(&self, masks: &mut Vec<Arc<Raster>>) {
        let over = |(index, mine): (usize, &Arc<Raster>)| {
            let below = masks.get(index).map(|below| below.pixels());
            let (width, height) = (mine.width(), mine.height());
            let pixel = |at: usize| mine.pixels()[at] > 0 || below.is_some_and(|below| below.get(at) == Some(&255));
            Arc::new(Raster::from_fn(width, height, |x, y| if pixel(y * width + x) { 255 } else { 0 }))
        };
        *masks = self.slices.iter().enumerate().map(over).collect();
    }
}
