//! The real scans of a game: those of the site, or the visitor's own slices.

use std::sync::Arc;

use crate::engine::making::protocol::ModelInfo;
use crate::game::quiz::RealSliceInfo;
use crate::game::sharpness;
use crate::slice::Slice;
use crate::slices::pack::Pack;

/// Real scans with what is known of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RealSet {
    /// The scans. Own slices have an empty mask.
    pub pixels: Vec<Arc<Slice>>,
    /// Name of the class of each; `None` for own slices.
    pub classes: Vec<Option<String>>,
    /// Person of each.
    pub patients: Vec<u32>,
}

impl RealSet {
    /// The scans of a pack.
    pub fn from_pack(pack: &Pack) -> Self {
        Self {
            pixels: pack.slices.iter().map(|slice| Arc::new(slice.labelled.slice.clone())).collect(),
            classes: pack.slices.iter().map(|slice| pack.classes.get(slice.labelled.class).cloned()).collect(),
            patients: pack.slices.iter().map(|slice| slice.patient).collect(),
        }
    }

    /// The visitor's slices. Each counts as another person, because nothing is known of them.
    pub fn own(pixels: Vec<Arc<Slice>>) -> Self {
        let patients = (0..).zip(&pixels).map(|(patient, _)| patient).collect();
        Self { classes: vec![None; pixels.len()], patients, pixels }
    }

    /// The same scans at `size` pixels a side. `None` if they cannot be reduced to it.
    pub fn sized(self: &Arc<Self>, size: usize) -> Option<Arc<Self>> {
        if self.pixels.iter().all(|pixels| pixels.size == size) {
            return Some(Arc::clone(self));
        }
        let smaller = |pixels: &Arc<Slice>| pixels.downscale(size).map(Arc::new);
        let pixels = self.pixels.iter().map(smaller).collect::<Option<_>>()?;
        Some(Arc::new(Self { pixels, ..(**self).clone() }))
    }

    /// The same scans, smoothed by a Gaussian of `sigma` pixels.
    pub fn smoothed(self: &Arc<Self>, sigma: f64) -> Arc<Self> {
        match sigma > 0.0 {
            true => Arc::new(Self { pixels: smoothed(&self.pixels, sigma), ..(**self).clone() }),
            false => Arc::clone(self),
        }
    }

    /// What a plan has to know of them. Classes are matched by name with those of the generator.
    pub fn slices(&self, model: &ModelInfo) -> Vec<RealSliceInfo> {
        let class = |name: &Option<String>| model.classes.iter().position(|known| Some(known) == name.as_ref());
        let slices = self.classes.iter().zip(&self.patients);
        slices.map(|(name, &patient)| RealSliceInfo { class: class(name), patient }).collect()
    }
}

/// These scans, smoothed by a Gaussian of `sigma` pixels. Their masks stay.
pub fn smoothed(scans: &[Arc<Slice>], sigma: f64) -> Vec<Arc<Slice>> {
    let smooth = |scan: &Arc<Slice>| match sigma > 0.0 {
        true => {
            let image = sharpness::smoothed(&scan.image, scan.size, sigma);
            Arc::new(Slice { size: scan.size, image, mask: scan.mask.clone() })
        }
        false => Arc::clone(scan),
    };
    scans.iter().map(smooth).collect()
}
