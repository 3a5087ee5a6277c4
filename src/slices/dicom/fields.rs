//! What the elements of a file say.

use dicom_dictionary_std::tags;
use dicom_object::mem::InMemElement;
use dicom_object::{InMemDicomObject, Tag};

/// The elements of a file or of a part of it.
#[derive(Clone, Copy)]
pub(in crate::slices) struct Fields<'a>(pub(super) &'a InMemDicomObject);

impl<'a> Fields<'a> {
    fn get(self, tag: Tag) -> Option<&'a InMemElement> {
        self.0.get(tag)
    }

    /// Words, without the blanks around them; none if there is nothing else.
    pub(in crate::slices) fn text(self, tag: Tag) -> Option<String> {
        let text = self.get(tag)?.to_str().ok()?;
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether an element is there and says anything.
    pub(in crate::slices) fn says(self, tag: Tag) -> bool {
        self.get(tag).is_some_and(|element| match element.items() {
            Some(items) => !items.is_empty(),
            None => self.text(tag).is_some(),
        })
    }

    /// A whole number.
    pub(super) fn whole(self, tag: Tag) -> Option<usize> {
        self.get(tag)?.to_int::<u32>().ok().and_then(|number| usize::try_from(number).ok())
    }

    /// A number that may be below 0, as it is written in two bytes: some write it as if it never were.
    pub(super) fn signed(self, tag: Tag) -> Option<i64> {
        self.get(tag)?.to_int::<i64>().ok()
    }

    /// As many numbers, all finite, as there are in the array.
    pub(super) fn numbers<const N: usize>(self, tag: Tag) -> Option<[f64; N]> {
        let numbers = self.get(tag)?.to_multi_float64().ok()?;
        let numbers: [f64; N] = numbers.get(..N)?.try_into().ok()?;
        numbers.iter().all(|number| number.is_finite()).then_some(numbers)
    }

    /// The first part of a sequence, or that of a number.
    pub(super) fn part(self, sequence: Tag, index: usize) -> Option<Self> {
        self.get(sequence)?.items()?.get(index).map(Fields)
    }

    /// What holds for a frame alone, or else for all: a group of that kind within the functional groups, or else the
    /// file itself.
    pub(super) fn of_frame(self, frame: usize, kind: Tag) -> Self {
        let own = self.part(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frame).and_then(|part| part.part(kind, 0));
        let shared = || self.part(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0).and_then(|part| part.part(kind, 0));
        own.or_else(shared).unwrap_or(self)
    }
}
