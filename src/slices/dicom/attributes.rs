//! Typed access to the attributes of a file.

use dicom_dictionary_std::tags;
use dicom_object::mem::InMemElement;
use dicom_object::{InMemDicomObject, Tag};

/// The attributes of a file, or of an item of a sequence.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(pub(super) &'a InMemDicomObject);

impl<'a> Attributes<'a> {
    fn get(self, tag: Tag) -> Option<&'a InMemElement> {
        self.0.get(tag)
    }

    /// The value as text without surrounding blanks. `None` if it is missing or empty.
    pub(super) fn text(self, tag: Tag) -> Option<String> {
        let text = self.get(tag)?.to_str().ok()?;
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether the attribute is present and not empty.
    pub(super) fn has_value(self, tag: Tag) -> bool {
        self.get(tag).is_some_and(|element| match element.items() {
            Some(items) => !items.is_empty(),
            None => self.text(tag).is_some(),
        })
    }

    /// The value as a whole number from 0.
    pub(super) fn unsigned(self, tag: Tag) -> Option<usize> {
        self.get(tag)?.to_int::<u32>().ok().and_then(|number| usize::try_from(number).ok())
    }

    /// The value as a whole number.
    pub(super) fn signed(self, tag: Tag) -> Option<i64> {
        self.get(tag)?.to_int::<i64>().ok()
    }

    /// The first `N` numbers of the value. `None` if there are fewer or one is not finite.
    pub(super) fn numbers<const N: usize>(self, tag: Tag) -> Option<[f64; N]> {
        let numbers = self.get(tag)?.to_multi_float64().ok()?;
        let numbers: [f64; N] = numbers.get(..N)?.try_into().ok()?;
        numbers.iter().all(|number| number.is_finite()).then_some(numbers)
    }

    /// An item of a sequence.
    pub(super) fn item(self, sequence: Tag, index: usize) -> Option<Self> {
        self.get(sequence)?.items()?.get(index).map(Attributes)
    }

    /// The attributes of a frame in this functional group macro (PS3.3 C.7.6.16): per frame, else shared by all frames,
    /// else the attributes of the file itself.
    pub(super) fn of_frame(self, frame: usize, group: Tag) -> Self {
        let own = self.item(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frame).and_then(|item| item.item(group, 0));
        let shared = || self.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0).and_then(|item| item.item(group, 0));
        own.or_else(shared).unwrap_or(self)
    }
}
