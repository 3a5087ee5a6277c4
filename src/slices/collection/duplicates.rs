//! Finds copies of slices. Copies make a network overfit sooner, and a copy among the held-out slices hides that.
//!
//! Candidates come from a difference hash (Krawetz 2013, "Kind of Like That"): for each of 8 x 8 pixels, whether it is
//! brighter than its right neighbour. Then small versions of equal brightness are compared. Neighbouring slices of one head
//! are similar without being copies, so within a head only slices with equal pixels count. The limit also separates
//! neighbours whose head is not known: see `near_copies_of_real_series` below. The visitor says what differs between slices of
//! different classes, so among those only equal pixels count too.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::slices::raster::Raster;

/// Side of the small version, in pixels.
const SMALL: usize = 32;
/// Most bits of 64 in which the hashes of near copies differ.
const MAX_HASH_BITS: u32 = 8;
/// Percentile of the small version that becomes [`BRIGHT`].
const PERCENTILE: f32 = 0.99;
/// Grey level of that percentile.
const BRIGHT: f32 = 220.0;
/// Largest root mean square difference of near copies in grey levels, over the pixels that are not dark in both. Another JPEG
/// quality, size or brightness causes less, the next slice of a head more: it differs in few pixels, but there by much.
const MAX_DIFFERENCE: f64 = 5.0;
/// Grey level below which a pixel of the small version is dark.
const DARK: u8 = 16;
/// From this grey level on a pixel may be cut off in one of two copies, and is not compared.
const CUT_OFF: u8 = 250;
/// A slice is blank if a smaller fraction of its small version is not dark.
const MIN_VISIBLE: f32 = 0.04;

/// What is stored of a slice to compare it with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Hash of the size and all pixels.
    exact_hash: u64,
    difference_hash: u64,
    blank: bool,
    small: Vec<u8>,
}

/// A slice that is a copy of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duplicate {
    /// Index of the earlier slice.
    pub of: usize,
    /// Whether all pixels are equal.
    pub exact: bool,
}

impl Fingerprint {
    /// The fingerprint of a slice.
    pub fn of(raster: &Raster) -> Self {
        let mut hasher = DefaultHasher::new();
        (raster.width(), raster.height(), raster.pixels()).hash(&mut hasher);
        let wide = raster.resize(9, 8);
        let brighter = wide.rows().flat_map(|row| row.windows(2).map(|pair| u64::from(pair[0] > pair[1])));
        let hash = brighter.fold(0, |hash, bit| hash << 1 | bit);
        let mut small = raster.resize(SMALL, SMALL).into_pixels();
        let shown = small.iter().filter(|pixel| **pixel >= DARK).count();
        let blank = (shown as f32) < MIN_VISIBLE * small.len() as f32;
        equalise_brightness(&mut small);
        Self { exact_hash: hasher.finish(), difference_hash: hash, blank, small }
    }

    /// Whether the slice is nearly black.
    pub fn is_blank(&self) -> bool {
        self.blank
    }

    /// Whether two slices are near copies.
    fn is_near(&self, other: &Self) -> bool {
        if (self.difference_hash ^ other.difference_hash).count_ones() > MAX_HASH_BITS {
            return false;
        }
        let (mut count, mut aa, mut ab, mut bb) = (0.0, 0.0, 0.0, 0.0);
        for (a, b) in self.small.iter().zip(&other.small) {
            if (DARK..CUT_OFF).contains(a.max(b)) {
                let (a, b) = (f64::from(*a), f64::from(*b));
                (count, aa, ab, bb) = (count + 1.0, aa + a * a, ab + a * b, bb + b * b);
            }
        }
        // The sum of the squared differences, with the brightness of `self` that makes it least.
        let squares = if aa > 0.0 { bb - ab * ab / aa } else { bb };
        squares <= MAX_DIFFERENCE * MAX_DIFFERENCE * count
    }
}

/// Scales the pixels so that their percentile becomes [`BRIGHT`].
fn equalise_brightness(pixels: &mut [u8]) {
    let mut sorted = pixels.to_vec();
    let at = ((sorted.len() - 1) as f32 * PERCENTILE) as usize;
    let (_, percentile, _) = sorted.select_nth_unstable(at);
    let factor = BRIGHT / f32::from(*percentile).max(1.0);
    pixels.iter_mut().for_each(|pixel| *pixel = (f32::from(*pixel) * factor).round().min(255.0) as u8);
}

/// For each slice, given by its fingerprint, its head and its class, the earlier slice that it is a copy of. Blank slices are
/// no copies.
pub fn find<'a>(slices: impl IntoIterator<Item = (&'a Fingerprint, usize, usize)>) -> Vec<Option<Duplicate>> {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let mut first: Vec<(usize, &Fingerprint, usize, usize)> = Vec::new();
    let mut found = Vec::new();
    for (index, (print, head, class)) in slices.into_iter().enumerate() {
        if print.is_blank() {
            found.push(None);
            continue;
        }
        let exact = seen.get(&print.exact_hash).map(|&of| Duplicate { of, exact: true });
        let near = || {
            let like =
                first.iter().find(|(_, other, there, kind)| *there != head && *kind == class && print.is_near(other));
            like.map(|&(of, ..)| Duplicate { of, exact: false })
        };
        let duplicate = exact.or_else(near);
        if duplicate.is_none() {
            seen.insert(print.exact_hash, index);
            first.push((index, print, head, class));
        }
        found.push(duplicate);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(left: usize, noise: usize) -> Raster {
        Raster::from_fn(96, 96, |x, y| {
            let far = (x.abs_diff(left)).pow(2) + (y.abs_diff(48)).pow(2);
            let grain = (x * 31 + y * 17) % (noise + 1);
            if far < 1600 { (60 + far / 12 + 8 * (x / 12 % 3) + grain) as u8 } else { 0 }
        })
    }

    fn found(slices: &[(Raster, usize)]) -> Vec<Option<Duplicate>> {
        let prints: Vec<_> = slices.iter().map(|(raster, head)| (Fingerprint::of(raster), *head)).collect();
        find(prints.iter().map(|(print, head)| (print, *head, 0)))
    }

    #[test]
    fn copies_are_found_and_the_first_stays() {
        let slices = [(head(48, 3), 0), (head(40, 3), 1), (head(48, 3), 2), (head(48, 5), 3)];
        let near = Some(Duplicate { of: 0, exact: false });
        assert_eq!(found(&slices), [None, None, Some(Duplicate { of: 0, exact: true }), near]);
    }

    #[test]
    fn another_size_of_the_same_picture_is_a_near_copy() {
        let small = head(48, 3).resize(64, 64);
        assert_eq!(found(&[(head(48, 3), 0), (small, 1)])[1], Some(Duplicate { of: 0, exact: false }));
    }

    #[test]
    fn a_brighter_version_is_a_near_copy() {
        let plain = head(48, 3);
        let brighter = Raster::from_fn(96, 96, |x, y| (f32::from(plain.pixels()[y * 96 + x]) * 1.2) as u8);
        assert_eq!(found(&[(plain, 0), (brighter, 1)])[1], Some(Duplicate { of: 0, exact: false }));
    }

    #[test]
    fn within_a_head_only_equal_slices_are_copies() {
        assert_eq!(found(&[(head(48, 3), 0), (head(48, 5), 0)]), [None, None]);
        assert!(found(&[(head(48, 3), 0), (head(48, 3), 0)])[1].is_some_and(|duplicate| duplicate.exact));
    }

    #[test]
    fn in_another_class_only_equal_slices_are_copies() {
        let prints = [head(48, 3), head(48, 5), head(48, 3)].map(|raster| Fingerprint::of(&raster));
        let classes = [0, 1, 1];
        let found = find(prints.iter().zip(classes).enumerate().map(|(head, (print, class))| (print, head, class)));
        assert_eq!(found, [None, None, Some(Duplicate { of: 0, exact: true })]);
    }

    /// A phantom: an ellipse of brain in a ring of scalp that grows from one slice to the next, as in a series through a head.
    fn phantom(width: f32) -> Raster {
        Raster::from_fn(96, 96, |x, y| {
            let (x, y) = ((x as f32 - 48.0) / width, (y as f32 - 48.0) / (1.2 * width));
            match x.hypot(y) {
                far if far > 1.0 => 0,
                far if far > 0.9 => 230,
                far if far < 0.25 => 60,
                _ => 120,
            }
        })
    }

    #[test]
    fn drawn_neighbours_stay() {
        let series: Vec<(Raster, usize)> =
            (0..6_u8).map(|at| (phantom(28.0 + 0.15 * f32::from(at)), at.into())).collect();
        assert_eq!(found(&series), [None; 6]);
    }

    #[test]
    fn blank_slices_are_no_copies() {
        let black = Raster::from_fn(50, 50, |x, _| (x % 3) as u8);
        assert!(Fingerprint::of(&black).is_blank() && !Fingerprint::of(&head(48, 3)).is_blank());
        assert_eq!(found(&[(black.clone(), 0), (black, 1)]), [None, None]);
    }

    /// How often real neighbours and real copies are taken for copies, if every slice is a head of its own. A measurement: it
    /// needs a data folder, whose files are sorted by patient and position.
    #[cfg(feature = "native")]
    #[test]
    #[ignore = "needs a data folder in the environment variable DATA"]
    fn near_copies_of_real_series() {
        use crate::slices::dataset::read_grey_png;
        use image::codecs::jpeg::JpegEncoder;

        let folder = std::path::PathBuf::from(std::env::var_os("DATA").unwrap());
        let table = std::fs::read_to_string(folder.join("slices.csv")).unwrap();
        let rows: Vec<(&str, &str)> = table
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(',').map(|(file, rest)| (file, rest.split(',').next().unwrap_or(""))))
            .collect();
        let read = |file: &str| {
            let grey = read_grey_png(std::fs::File::open(folder.join("image").join(file)).unwrap()).unwrap();
            Raster::new(grey.width() as usize, grey.height() as usize, grey.into_raw()).unwrap()
        };
        let slices: Vec<Raster> = rows.iter().map(|(file, _)| read(file)).collect();
        let prints: Vec<Fingerprint> = slices.iter().map(Fingerprint::of).collect();
        let brighter = |slice: &Raster, factor: f32| {
            let pixels = slice.pixels().iter().map(|pixel| (f32::from(*pixel) * factor).min(255.0) as u8).collect();
            Raster::new(slice.width(), slice.height(), pixels).unwrap()
        };
        let jpeg = |slice: &Raster, quality: u8| {
            let mut bytes = Vec::new();
            let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            let (width, height) = (slice.width() as u32, slice.height() as u32);
            image::ImageEncoder::write_image(encoder, slice.pixels(), width, height, image::ExtendedColorType::L8)
                .unwrap();
            let grey = image::load_from_memory(&bytes).unwrap().into_luma8();
            Raster::new(slice.width(), slice.height(), grey.into_raw()).unwrap()
        };

        for factor in [1.0, 1.5, 2.0] {
            let bright: Vec<Fingerprint> =
                slices.iter().map(|slice| Fingerprint::of(&brighter(slice, factor))).collect();
            let pairs = rows.windows(2).zip(bright.windows(2)).filter(|(rows, _)| rows[0].1 == rows[1].1);
            let near: Vec<bool> = pairs.map(|(_, prints)| prints[0].is_near(&prints[1])).collect();
            let share = near.iter().filter(|near| **near).count();
            println!("neighbours, brightness x {factor}: {share} of {} are near copies", near.len());
        }
        type Copy<'a> = (&'a str, &'a dyn Fn(&Raster) -> Raster);
        let copies: [Copy; 10] = [
            ("JPEG of quality 95", &|slice| jpeg(slice, 95)),
            ("JPEG of quality 80", &|slice| jpeg(slice, 80)),
            ("JPEG of quality 60", &|slice| jpeg(slice, 60)),
            ("half the side", &|slice| slice.resize(slice.width() / 2, slice.height() / 2)),
            ("90 % of the side", &|slice| slice.resize(slice.width() * 9 / 10, slice.height() * 9 / 10)),
            ("110 % of the side", &|slice| slice.resize(slice.width() * 11 / 10, slice.height() * 11 / 10)),
            ("10 % darker", &|slice| brighter(slice, 0.9)),
            ("10 % brighter", &|slice| brighter(slice, 1.1)),
            ("20 % brighter", &|slice| brighter(slice, 1.2)),
            ("10 % brighter, half the side, JPEG of quality 60", &|slice| {
                jpeg(&brighter(&slice.resize(slice.width() / 2, slice.height() / 2), 1.1), 60)
            }),
        ];
        for (name, copy) in copies {
            let found =
                slices.iter().zip(&prints).filter(|(slice, print)| print.is_near(&Fingerprint::of(&copy(slice))));
            println!("copies, {name}: {} of {} are found", found.count(), slices.len());
        }
        let others = (0..rows.len()).step_by(7).flat_map(|a| (a + 1..rows.len()).step_by(7).map(move |b| (a, b)));
        let (mut pairs, mut near) = (0, 0);
        for (a, b) in others.filter(|(a, b)| rows[*a].1 != rows[*b].1) {
            (pairs, near) = (pairs + 1, near + usize::from(prints[a].is_near(&prints[b])));
        }
        println!("slices of different patients: {near} of {pairs} are near copies");
    }
}
