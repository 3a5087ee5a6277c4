//! The real scans of a game: those of the site, or the visitor's own slices.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::making::protocol::ModelInfo;
use crate::game::quiz::{MIN_PEOPLE, RealSliceInfo};
use crate::game::sharpness::SharpnessLimit;
use crate::slice::Slice;
use crate::slices::pack::Pack;
use crate::ui::logic::own_slices::OwnSlice;

/// Real scans with their classes and persons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RealSet {
    /// The scans. Own slices have an empty mask.
    pub pixels: Vec<Arc<Slice>>,
    /// Name of the class of each; `None` if it is not known, as for most own slices.
    pub classes: Vec<Option<String>>,
    /// Person of each.
    pub patients: Vec<u32>,
    /// Whether a game shows several scans of one person.
    pub repeats_people: bool,
}

impl RealSet {
    /// The scans of a pack.
    pub fn from_pack(pack: &Pack) -> Self {
        Self {
            pixels: pack.slices.iter().map(|slice| Arc::new(slice.labelled.slice.clone())).collect(),
            classes: pack.slices.iter().map(|slice| pack.classes.get(slice.labelled.class).cloned()).collect(),
            patients: pack.slices.iter().map(|slice| slice.patient).collect(),
            repeats_people: false,
        }
    }

    /// The visitor's slices. Slices of fewer than [`MIN_PEOPLE`] people count as of one person each, because there would be no
    /// game without them.
    pub fn own(slices: Vec<OwnSlice>) -> Self {
        let people: BTreeSet<usize> = slices.iter().map(|slice| slice.group).collect();
        let few = people.len() < MIN_PEOPLE;
        let number = |(index, slice): (usize, &OwnSlice)| if few { index } else { slice.group } as u32;
        let patients = slices.iter().enumerate().map(number).collect();
        let (classes, pixels) = slices.into_iter().map(|slice| (slice.class, Arc::new(slice.slice))).unzip();
        Self { classes, patients, pixels, repeats_people: few }
    }

    /// Number of people.
    pub fn count_people(&self) -> usize {
        self.patients.iter().collect::<BTreeSet<_>>().len()
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

    /// The same scans, those of these indices no sharper than `limit`.
    pub fn limited(self: &Arc<Self>, limit: SharpnessLimit, indices: impl Iterator<Item = usize>) -> Arc<Self> {
        let mut set = (**self).clone();
        for index in indices {
            if let Some(scan) = set.pixels.get_mut(index) {
                *scan = limited(scan, limit);
            }
        }
        Arc::new(set)
    }

    /// What a plan needs to know about them. Classes are matched by name with those of the generator.
    pub fn slices(&self, model: &ModelInfo) -> Vec<RealSliceInfo> {
        let class = |name: &Option<String>| model.classes.iter().position(|known| Some(known) == name.as_ref());
        let slices = self.classes.iter().zip(&self.patients);
        slices.map(|(name, &patient)| RealSliceInfo { class: class(name), patient }).collect()
    }
}

/// The scan, no sharper than `limit`. Its mask stays.
pub fn limited(scan: &Arc<Slice>, limit: SharpnessLimit) -> Arc<Slice> {
    match limit.apply(&scan.image, scan.size) {
        (_, 0.0) => Arc::clone(scan),
        (image, _) => Arc::new(Slice { size: scan.size, image, mask: scan.mask.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(people: &[usize]) -> RealSet {
        let class = |group: usize| (group == 9).then(|| "glioma".to_owned());
        let slice =
            |&group: &usize| OwnSlice { group, class: class(group), slice: Slice::without_tumour(4, vec![0; 16]) };
        RealSet::own(people.iter().map(slice).collect())
    }

    #[test]
    fn own_slices_are_of_the_people_that_the_files_tell() {
        let several = own(&[4, 4, 9]);
        assert_eq!((several.patients, several.repeats_people), (vec![4, 4, 9], false));
        assert_eq!(several.classes, [None, None, Some("glioma".to_owned())]);
        let one = own(&[4, 4, 4]);
        assert_eq!((one.patients, one.repeats_people), (vec![0, 1, 2], true), "a game all the same, and it says so");
    }
}
