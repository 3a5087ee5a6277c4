//! Typed access to the attributes of a data set.

use std::collections::BTreeMap;

use super::elements::{ElementEncoding, PIXEL_DATA, RawElement, Tag, for_each_element, items, nested_encoding};
use super::personal::PERSONAL_TAGS;
use super::tags;

/// The attributes of a file or of an item of a sequence, without those that are not read.
#[derive(Clone)]
pub(super) struct Attributes<'a> {
    encoding: ElementEncoding,
    elements: BTreeMap<Tag, RawElement<'a>>,
}

impl<'a> Attributes<'a> {
    /// The attributes before the pixel data, and the pixel data if there is any. `None` if an element before it does not end
    /// within the data set.
    pub(super) fn read(bytes: &'a [u8], encoding: ElementEncoding) -> Option<(Self, Option<RawElement<'a>>)> {
        let (mut elements, mut pixel_data) = (BTreeMap::new(), None);
        for_each_element(bytes, encoding, |element| {
            if element.tag == PIXEL_DATA {
                pixel_data = Some(element);
            } else if tags::IMAGE_TAGS.contains(&element.tag)
                || PERSONAL_TAGS.iter().any(|(tag, _)| *tag == element.tag)
            {
                elements.insert(element.tag, element);
            }
            pixel_data.is_none()
        })?;
        Some((Self { encoding, elements }, pixel_data))
    }

    /// The value as it is in the file.
    pub(super) fn bytes(&self, tag: Tag) -> Option<&'a [u8]> {
        self.elements.get(&tag).map(|element| element.value)
    }

    /// The value as text without surrounding blanks. `None` if it is missing or empty.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        let text = String::from_utf8_lossy(self.elements.get(&tag)?.value);
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The value as a whole number from 0, written as text or as 1, 2 or 4 bytes.
    pub(super) fn unsigned(&self, tag: Tag) -> Option<usize> {
        let element = self.elements.get(&tag)?;
        let bytes = match (&element.vr, element.value.len()) {
            (b"IS" | b"DS" | b"LO" | b"SH" | b"CS", _) => return self.text(tag)?.parse().ok(),
            (b"US" | b"SS", 2..) => element.value.get(..2)?,
            (_, 1 | 2 | 4) => element.value,
            _ => return None,
        };
        let append = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        let number =
            if self.encoding.big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) };
        usize::try_from(number).ok()
    }

    /// The first `N` numbers of the value, written as text or as floats. `None` if there are fewer or one is not finite.
    pub(super) fn numbers<const N: usize>(&self, tag: Tag) -> Option<[f64; N]> {
        let element = self.elements.get(&tag)?;
        let mut numbers = [0.0; N];
        match &element.vr {
            b"FD" => {
                for (number, bytes) in numbers.iter_mut().zip(element.value.as_chunks::<8>().0.get(..N)?) {
                    *number =
                        if self.encoding.big_endian { f64::from_be_bytes(*bytes) } else { f64::from_le_bytes(*bytes) };
                }
            }
            b"FL" => {
                for (number, bytes) in numbers.iter_mut().zip(element.value.as_chunks::<4>().0.get(..N)?) {
                    let value =
                        if self.encoding.big_endian { f32::from_be_bytes(*bytes) } else { f32::from_le_bytes(*bytes) };
                    *number = value.into();
                }
            }
            _ => {
                let text = self.text(tag)?;
                let mut parts = text.split('\\');
                for number in &mut numbers {
                    *number = parts.next()?.trim_matches([' ', '\0']).parse().ok()?;
                }
            }
        }
        numbers.iter().all(|number| number.is_finite()).then_some(numbers)
    }

    /// The data sets of the items of a sequence, and their encoding. Empty if there is no such sequence.
    fn items(&self, sequence: Tag) -> (Vec<&'a [u8]>, ElementEncoding) {
        match self.elements.get(&sequence) {
            Some(element) => (items(element, self.encoding), nested_encoding(element.vr, self.encoding)),
            None => (Vec::new(), self.encoding),
        }
    }
}

/// The functional groups of a multi-frame file (PS3.3 C.7.6.16). Items are parsed when they are used: an attacker may write
/// many.
pub(super) struct FrameAttributes<'a> {
    file: &'a Attributes<'a>,
    encoding: ElementEncoding,
    frames: Vec<&'a [u8]>,
    shared: Option<Attributes<'a>>,
}

impl<'a> FrameAttributes<'a> {
    pub(super) fn of(file: &'a Attributes<'a>) -> Self {
        let (frames, encoding) = file.items(tags::PER_FRAME_FUNCTIONAL_GROUPS);
        let shared = first_item(file, tags::SHARED_FUNCTIONAL_GROUPS);
        Self { file, encoding, frames, shared }
    }

    /// The first `N` numbers of an attribute for a frame: in the functional group of the frame, else in the one shared by
    /// all frames, else in the file itself.
    pub(super) fn numbers<const N: usize>(&self, frame: usize, group: Tag, tag: Tag) -> Option<[f64; N]> {
        let own = self.frames.get(frame).and_then(|item| Attributes::read(item, self.encoding));
        let own = own.and_then(|(item, _)| first_item(&item, group)).and_then(|group| group.numbers(tag));
        let shared =
            || self.shared.as_ref().and_then(|item| first_item(item, group)).and_then(|group| group.numbers(tag));
        own.or_else(shared).or_else(|| self.file.numbers(tag))
    }
}

/// The attributes of the first item of a sequence.
fn first_item<'a>(attributes: &Attributes<'a>, sequence: Tag) -> Option<Attributes<'a>> {
    let (items, encoding) = attributes.items(sequence);
    items.first().and_then(|item| Attributes::read(item, encoding)).map(|(item, _)| item)
}
