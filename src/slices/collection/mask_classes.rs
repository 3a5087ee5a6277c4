//! Classes from masks: a slice whose mask is empty shows no tumour.

use super::Collection;
use super::choice::SliceKey;
use super::head::CollectionSlice;
use crate::slice::marks_tumour;

impl CollectionSlice {
    /// Whether its mask marks a tumour. `None` if it has no mask.
    pub fn has_tumour(&self) -> Option<bool> {
        self.mask.as_ref().map(|mask| marks_tumour(mask.pixels()))
    }
}

impl Collection {
    /// Whether masks can divide the slices: there is one class, every slice in range has a mask, and only some masks are empty.
    pub fn can_divide_by_masks(&self) -> bool {
        let mut found = [false; 2];
        for slice in self.in_range() {
            match slice.has_tumour() {
                Some(tumour) => found[usize::from(tumour)] = true,
                None => return false,
            }
        }
        self.classes.len() == 1 && found == [true; 2]
    }

    /// Divides the slices into two classes with these names: those with a tumour, and those whose mask is empty. Slices without
    /// a mask stay in the first class. Does nothing if there are several classes.
    pub fn divide_by_masks(&mut self, [tumour, none]: [String; 2]) {
        if self.classes.len() != 1 {
            return;
        }
        self.rename_class(0, tumour);
        self.add_class(none);
        let empty = |slice: &&CollectionSlice| slice.has_tumour() == Some(false);
        let keys: Vec<SliceKey> = self.slices.iter().filter(empty).map(|slice| slice.key).collect();
        keys.into_iter().for_each(|key| self.set_class(key, 1));
    }
}
