//! The mini-batches of an arm.
//!
//! All arms of a repetition draw the same random numbers: the class of each picture, the place of a real and of a fake slice in
//! its class, and an augmentation. They differ in which of these they use.

use super::arm::Arm;
use super::people::LabError;
use crate::evaluate::small_network::SliceAugmentation;
use crate::gan::random::Stream;
use crate::slice::{LabelledSlice, Slice};

/// One mini-batch: values of the images from -1 to 1, of the masks from 0 to 1, and the classes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MiniBatch {
    /// Images, one after the other.
    pub images: Vec<f32>,
    /// Masks, one after the other.
    pub masks: Vec<f32>,
    /// Class of each picture.
    pub classes: Vec<usize>,
}

/// Draws the mini-batches of an arm. Every class comes equally often.
#[derive(Debug)]
pub struct BatchSource<'a> {
    /// The classes of the real slices, each with its real slices and fakes.
    classes: Vec<(usize, Vec<&'a Slice>, Vec<&'a Slice>)>,
    batch: usize,
    fakes: usize,
    augmented: bool,
}

impl<'a> BatchSource<'a> {
    /// Mini-batches of `batch` pictures. `share` is the part of fakes in a mixed one. `names` are the class names.
    ///
    /// # Errors
    /// [`LabError::NoFakes`] if the arm needs fakes of a class that has none.
    pub fn new(
        arm: Arm,
        share: f64,
        batch: usize,
        real: &[&'a LabelledSlice],
        fakes: &'a [LabelledSlice],
        names: &[String],
    ) -> Result<Self, LabError> {
        let count = arm.fakes(batch, share);
        let mut classes = Vec::new();
        for (class, name) in names.iter().enumerate() {
            let own: Vec<&Slice> = real.iter().filter(|it| it.class == class).map(|it| &it.slice).collect();
            let made: Vec<&Slice> = fakes.iter().filter(|it| it.class == class).map(|it| &it.slice).collect();
            if own.is_empty() {
                continue;
            }
            if count > 0 && made.is_empty() {
                return Err(LabError::NoFakes(name.clone()));
            }
            classes.push((class, own, made));
        }
        if classes.is_empty() {
            return Err(LabError::Empty("train"));
        }
        Ok(Self { classes, batch, fakes: count, augmented: arm.augmented() })
    }

    /// The next mini-batch.
    pub fn draw(&self, stream: &mut Stream) -> MiniBatch {
        let mut batch = MiniBatch::default();
        for place in 0..self.batch {
            let (class, real, fakes) = &self.classes[stream.below(self.classes.len())];
            let [own, made] = [real, fakes].map(|slices| {
                let index = stream.below(slices.len().max(1));
                slices.get(index).copied()
            });
            let drawn = SliceAugmentation::draw(stream);
            let augmentation = if self.augmented { drawn } else { SliceAugmentation::NONE };
            let Some(slice) = (if place < self.fakes { made } else { own }) else { continue };
            batch.images.extend(augmentation.image(&slice.image));
            batch.masks.extend(augmentation.mask(&slice.mask));
            batch.classes.push(*class);
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::random::Purpose;

    /// Real slices have even and fakes odd brightness; the class is in the tens.
    fn slices(first: u8) -> Vec<LabelledSlice> {
        let slice = |index: u8| LabelledSlice {
            class: usize::from(index % 2),
            slice: Slice::without_tumour(16, vec![20 * index + first; 256]),
        };
        (0..6).map(slice).collect()
    }

    fn drawn(arm: Arm, seed: u64) -> MiniBatch {
        let (real, fakes) = (slices(0), slices(1));
        let real: Vec<&LabelledSlice> = real.iter().collect();
        let names = ["a".to_owned(), "b".to_owned()];
        let source = BatchSource::new(arm, 0.5, 8, &real, &fakes, &names).unwrap();
        source.draw(&mut Stream::new(Purpose::Step, seed, 0))
    }

    /// The brightness of each picture in a batch without augmentation.
    fn brightness(batch: &MiniBatch) -> Vec<i32> {
        batch.images.chunks(256).map(|image| ((image[128] + 1.0) * 127.5).round() as i32).collect()
    }

    #[test]
    fn arms_differ_in_the_fakes_only() {
        let [real, mixed, fakes] = [Arm::Real, Arm::RealFakes, Arm::Fakes].map(|arm| drawn(arm, 3));
        assert_eq!((&real.classes, &mixed.classes), (&mixed.classes, &fakes.classes));
        let [real, mixed, fakes] = [real, mixed, fakes].map(|batch| brightness(&batch));
        assert_eq!((mixed[..4].to_vec(), mixed[4..].to_vec()), (fakes[..4].to_vec(), real[4..].to_vec()));
        assert!(fakes.iter().all(|value| value % 2 == 1) && real.iter().all(|value| value % 2 == 0), "{mixed:?}");
    }

    #[test]
    fn augmented_arms_draw_the_same_pictures() {
        let [plain, augmented] = [Arm::Real, Arm::RealAugmented].map(|arm| drawn(arm, 5));
        assert_eq!(plain.classes, augmented.classes);
        assert_ne!(plain.images, augmented.images);
        assert_eq!(drawn(Arm::Both, 5), drawn(Arm::Both, 5));
    }

    #[test]
    fn a_class_without_fakes_is_refused_where_it_matters() {
        let all = slices(0);
        let (real, fakes): (Vec<&LabelledSlice>, _) = (all.iter().collect(), &all[..1]);
        let names = ["a".to_owned(), "b".to_owned()];
        let source = |arm| BatchSource::new(arm, 0.5, 8, &real, fakes, &names).map(|_| ());
        assert_eq!(source(Arm::Fakes), Err(LabError::NoFakes("b".to_owned())));
        assert_eq!(source(Arm::Real), Ok(()));
    }
}
