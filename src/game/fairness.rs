//! Whether a single number of an image tells real from generated scans.
//!
//! Such a number, as in "smooth means real", would win a game without a look at the anatomy. The game gives no clue about it.

use std::fmt;

use super::features::{FeatureValues, ImageFeature};
use super::sharpness::SharpnessLimit;
use crate::slices::air;

/// A number gives the answer away if it is larger for one kind in more than this fraction of all pairs of a real and a
/// generated scan.
pub const GIVES_AWAY: f64 = 0.85;

/// Names of [`numbers`], in the same order.
pub const NAMES: [&str; 11] = [
    "mean of the border",
    "black part",
    "nearly black part",
    "brightest pixel",
    "mean of the picture",
    "different grey levels",
    "symmetry",
    "lines",
    "vessels",
    "skull",
    "texture",
];

/// Numbers of a square grey image of `size * size` bytes, in the order of [`NAMES`]. `None` if it shows no head.
pub fn numbers(image: &[u8], size: usize) -> Option<[f64; NAMES.len()]> {
    let features = FeatureValues::measure(image, size)?;
    let [symmetry, lines, vessels, skull, texture] = ImageFeature::ALL.map(|feature| features.get(feature));
    let part = |of: &dyn Fn(u8) -> bool| image.iter().filter(|pixel| of(**pixel)).count() as f64 / image.len() as f64;
    Some([
        border(image, size),
        part(&|pixel| pixel == 0),
        part(&|pixel| (1..=20).contains(&pixel)),
        image.iter().copied().max().map_or(0.0, f64::from),
        mean(image.iter().copied()),
        levels(image),
        symmetry,
        lines,
        vessels,
        skull,
        texture,
    ])
}

/// Mean of the outermost two pixels on each side.
fn border(image: &[u8], size: usize) -> f64 {
    let outer = |at: usize| at < 2 || at >= size - 2;
    mean((0..size * size).filter(|index| outer(index % size) || outer(index / size)).map(|index| image[index]))
}

fn mean(pixels: impl Iterator<Item = u8>) -> f64 {
    let (sum, count) = pixels.fold((0.0, 0.0), |(sum, count), pixel| (sum + f64::from(pixel), count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn levels(image: &[u8]) -> f64 {
    let mut there = [false; 256];
    image.iter().for_each(|&pixel| there[usize::from(pixel)] = true);
    there.iter().filter(|there| **there).count() as f64
}

/// Probability that a value of the first list is below one of the second (ties count half): 0.5 says nothing, 0 and 1
/// everything. 0.5 for an empty list.
pub fn probability_below(first: &[f64], second: &[f64]) -> f64 {
    if first.is_empty() || second.is_empty() {
        return 0.5;
    }
    let less = |a: f64, b: f64| if a < b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 };
    let sum: f64 = first.iter().flat_map(|&a| second.iter().map(move |&b| less(a, b))).sum();
    sum / (first.len() * second.len()) as f64
}

/// Whether these values of real and of generated scans give the answer away; see [`GIVES_AWAY`].
pub fn gives_away(real: &[f64], generated: &[f64]) -> bool {
    let below = probability_below(real, generated);
    below.max(1.0 - below) > GIVES_AWAY
}

/// A number of [`NAMES`] in real and in generated scans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberComparison {
    /// Name of the number.
    pub name: &'static str,
    /// Median of real scans.
    pub real: f64,
    /// Median of generated scans.
    pub generated: f64,
    /// See [`probability_below`]: how often a real scan has less than a generated one.
    pub below: f64,
    /// See [`gives_away`].
    pub gives_away: bool,
}

impl fmt::Display for NumberComparison {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, real, generated, below, gives_away } = self;
        let left = if *gives_away { "  tells them apart: no clue is given about it" } else { "" };
        write!(to, "{name:22} {real:8.3} {generated:8.3} {below:6.2}{left}")
    }
}

/// Compares each number of [`NAMES`] between real and generated scans of `size * size` bytes, as shown. Empty if no scan of
/// a kind shows a head.
pub fn compare(real: &[Vec<u8>], generated: &[Vec<u8>], size: usize) -> Vec<NumberComparison> {
    let measure = |images: &[Vec<u8>]| -> Vec<[f64; NAMES.len()]> {
        images.iter().filter_map(|image| numbers(image, size)).collect()
    };
    let (real, generated) = (measure(real), measure(generated));
    if real.is_empty() || generated.is_empty() {
        return Vec::new();
    }
    let compared = |(index, name): (usize, &'static str)| {
        let of = |all: &[[f64; NAMES.len()]]| all.iter().map(|numbers| numbers[index]).collect::<Vec<_>>();
        let (a, b) = (of(&real), of(&generated));
        NumberComparison {
            name,
            real: median(&a),
            generated: median(&b),
            below: probability_below(&a, &b),
            gives_away: gives_away(&a, &b),
        }
    };
    NAMES.into_iter().enumerate().map(compared).collect()
}

/// The upper median of a list that is not empty.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Real and generated scans of `size * size` bytes, as a game with all of them would show them: their air cleared
/// ([`air::clear`]) and none sharper than the [`SharpnessLimit`]. Returns both kinds, and how many of each kind were smoothed.
pub fn as_shown(real: &[Vec<u8>], generated: &[Vec<u8>], size: usize) -> ([Vec<Vec<u8>>; 2], [usize; 2]) {
    let clear = |images: &[Vec<u8>]| -> Vec<Vec<u8>> { images.iter().map(|image| air::clear(image, size)).collect() };
    let both = [clear(real), clear(generated)];
    let [real, generated] = both.each_ref().map(|images| images.iter().map(Vec::as_slice).collect::<Vec<&[u8]>>());
    let limit = SharpnessLimit::of(&real, &generated, size);
    let show = |images: &[Vec<u8>]| -> (Vec<Vec<u8>>, usize) {
        let shown: Vec<_> = images.iter().map(|image| limit.apply(image, size)).collect();
        let smoothed = shown.iter().filter(|(_, sigma)| *sigma > 0.0).count();
        (clear(&shown.into_iter().map(|(image, _)| image).collect::<Vec<_>>()), smoothed)
    };
    let [(real, real_smoothed), (generated, generated_smoothed)] = both.each_ref().map(|images| show(images));
    ([real, generated], [real_smoothed, generated_smoothed])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_counts_pairs() {
        assert_eq!(probability_below(&[1.0, 3.0], &[2.0, 4.0]), 0.75);
        assert_eq!(probability_below(&[1.0], &[1.0]), 0.5);
        assert_eq!(probability_below(&[], &[1.0]), 0.5);
    }

    #[test]
    fn a_number_gives_the_answer_away_in_either_direction() {
        let (low, high): (Vec<f64>, Vec<f64>) = ((0..10).map(f64::from).collect(), (10..20).map(f64::from).collect());
        assert!(gives_away(&low, &high) && gives_away(&high, &low));
        let mixed: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(!gives_away(&low, &mixed) && !gives_away(&mixed, &mixed));
        // Eight of ten pairs are not enough.
        assert!(!gives_away(&[0.0], &(0..10).map(|at| f64::from(at) - 1.5).collect::<Vec<_>>()));
    }

    #[test]
    fn a_drawn_head_is_measured() {
        let size = 64;
        let head = |bright: u8| -> Vec<u8> {
            let inside = |at: usize| ((at % size) as f64 - 31.5).hypot((at / size) as f64 - 31.5) < 28.0;
            (0..size * size).map(|at| if inside(at) { bright } else { 0 }).collect()
        };
        let [border, black, nearly, brightest, mean, levels, ..] = numbers(&head(200), size).expect("a head");
        assert_eq!((border, nearly, brightest, levels), (0.0, 0.0, 200.0, 2.0));
        assert!((black - 0.4).abs() < 0.02 && (mean - 120.0).abs() < 4.0, "{black} {mean}");
        assert_eq!(numbers(&vec![0; size * size], size), None);
    }
}
