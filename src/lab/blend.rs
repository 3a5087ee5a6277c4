//! A generator without a network: it mixes two slices of one class.
//!
//! A weighted mean of two examples of a class is the classic way to make more of them: SMOTE (Chawla et al. 2002, arXiv
//! 1106.1813), here of pixels, and between any two slices of a class instead of near ones. It needs no training, so a tab can
//! make one for every repetition from the few persons of that repetition and nobody else.

use super::people::PersonSlice;
use crate::gan::random::{Purpose, Stream};
use crate::slice::{LabelledSlice, Slice};

/// Makes `each` fakes of every class from `slices`, which all have one size. A fake mixes slices of two persons where its class
/// has two. Classes without slices get none. The same arguments give the same fakes.
pub fn blend(slices: &[&PersonSlice], classes: usize, each: usize, seed: u64) -> Vec<LabelledSlice> {
    let mut stream = Stream::new(Purpose::Step, seed, 81);
    let mut made = Vec::with_capacity(classes * each);
    for class in 0..classes {
        let own: Vec<&PersonSlice> = slices.iter().filter(|slice| slice.labelled.class == class).copied().collect();
        if own.is_empty() {
            continue;
        }
        for _ in 0..each {
            let first = own[stream.below(own.len())];
            let others: Vec<&PersonSlice> = own.iter().filter(|slice| slice.person != first.person).copied().collect();
            let others = if others.is_empty() { &own } else { &others };
            let second = others[stream.below(others.len())];
            let slice = mixed(&first.labelled.slice, &second.labelled.slice, stream.uniform());
            made.push(LabelledSlice { class, slice });
        }
    }
    made
}

/// The weighted mean of image and mask: `part` 0 gives `a`, 1 gives `b`.
fn mixed(a: &Slice, b: &Slice, part: f64) -> Slice {
    let mix = |a: &[u8], b: &[u8]| {
        let pixel = |(a, b): (&u8, &u8)| (f64::from(*a) * (1.0 - part) + f64::from(*b) * part).round() as u8;
        a.iter().zip(b).map(pixel).collect()
    };
    Slice { size: a.size, image: mix(&a.image, &b.image), mask: mix(&a.mask, &b.mask) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(person: &str, class: usize, value: u8) -> PersonSlice {
        let slice = Slice { size: 2, image: vec![value; 4], mask: vec![255 - value; 4] };
        PersonSlice { person: person.to_owned(), labelled: LabelledSlice { class, slice } }
    }

    #[test]
    fn fakes_lie_between_two_people_of_their_class() {
        let all = [slice("Ann", 0, 10), slice("Bea", 0, 20), slice("Cem", 2, 100), slice("Cem", 2, 100)];
        let made = blend(&all.iter().collect::<Vec<_>>(), 3, 30, 1);
        let of = |class: usize| made.iter().filter(move |fake| fake.class == class);
        assert_eq!([0, 1, 2].map(|class| of(class).count()), [30, 0, 30]);
        assert!(of(0).all(|fake| (10..=20).contains(&fake.slice.image[0])));
        assert!(of(0).any(|fake| (12..=18).contains(&fake.slice.image[0])), "mixtures, not copies");
        assert!(of(0).all(|fake| fake.slice.image[0].abs_diff(255 - fake.slice.mask[0]) <= 1), "masks mix alike");
        assert!(of(2).all(|fake| fake.slice.image == [100; 4]), "one person gives copies");
        assert_eq!(made, blend(&all.iter().collect::<Vec<_>>(), 3, 30, 1));
        assert_ne!(made, blend(&all.iter().collect::<Vec<_>>(), 3, 30, 2));
    }
}
