//! The real scans that a game is dealt from: the site's, or the visitor's own.

use std::sync::Arc;

use crate::engine::making::protocol::ModelInfo;
use crate::game::deal::RealSlice;
use crate::slice::Slice;
use crate::slices::pack::{Pack, downscale};

/// Real scans, whoever brought them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reals {
    /// The scans. Own slices have an empty mask.
    pub pixels: Vec<Arc<Slice>>,
    /// Class of each, as the data names it; none for own slices.
    pub classes: Vec<Option<String>>,
    /// Whose head each is.
    pub patients: Vec<u32>,
    /// Whom to thank for them; none for own slices.
    pub credit: Option<Credit>,
}

/// Where scans come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Credit {
    /// What they are.
    pub source: String,
    /// Whom to name.
    pub attribution: String,
    /// Their licence.
    pub licence: String,
}

impl Reals {
    /// The site's scans.
    pub fn of_pack(pack: &Pack) -> Self {
        let pixels = |slice: &crate::slices::pack::PackSlice| {
            Arc::new(Slice { size: pack.size, image: slice.image.clone(), mask: slice.mask.clone() })
        };
        Self {
            pixels: pack.slices.iter().map(pixels).collect(),
            classes: pack.slices.iter().map(|slice| pack.classes.get(slice.class).cloned()).collect(),
            patients: pack.slices.iter().map(|slice| slice.patient).collect(),
            credit: Some(Credit {
                source: pack.source.clone(),
                attribution: pack.attribution.clone(),
                licence: pack.licence.clone(),
            }),
        }
    }

    /// The visitor's. Each counts as another head, as nothing is known of them.
    pub fn own(pixels: Vec<Arc<Slice>>) -> Self {
        let patients = (0..).zip(&pixels).map(|(patient, _)| patient).collect();
        Self { classes: vec![None; pixels.len()], patients, pixels, credit: None }
    }

    /// The same at `size` pixels a side; none where they cannot be brought down to it.
    pub fn sized(self: &Arc<Self>, size: usize) -> Option<Arc<Self>> {
        if self.pixels.iter().all(|pixels| pixels.size == size) {
            return Some(Arc::clone(self));
        }
        let smaller = |pixels: &Arc<Slice>| {
            let part = |part: &[u8]| downscale(part, pixels.size, size);
            Some(Arc::new(Slice { size, image: part(&pixels.image)?, mask: part(&pixels.mask)? }))
        };
        let pixels = self.pixels.iter().map(smaller).collect::<Option<_>>()?;
        Some(Arc::new(Self { pixels, ..(**self).clone() }))
    }

    /// What a deal must know of them; classes are matched to those of the generator by name.
    pub fn slices(&self, model: &ModelInfo) -> Vec<RealSlice> {
        let class = |name: &Option<String>| model.classes.iter().position(|known| Some(known) == name.as_ref());
        let slices = self.classes.iter().zip(&self.patients);
        slices.map(|(name, &patient)| RealSlice { class: class(name), patient }).collect()
    }
}
