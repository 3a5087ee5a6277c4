//! Image features of a scan as numbers: symmetry, thin dark lines, bright dots, the rim of the head, texture.
//!
//! Each feature is a simple measure of one image. A value means something only in comparison with known scans
//! ([`find_clue`]), so a clue is a fact about these scans and not a general rule.

use super::answers::Proportion;
use super::fairness::gives_away;

/// Pixels below this value are air.
const TISSUE: u8 = 16;
/// Fewest scans of each kind for a comparison.
pub const MIN_REFERENCE_IMAGES: usize = 8;
/// A clue must separate a scan from at least this fraction of the other kind.
const MIN_SEPARATION: f64 = 0.7;

/// An image feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageFeature {
    /// Difference between the left and right half.
    Symmetry,
    /// Thin dark lines within the brain: sulci.
    Lines,
    /// Small bright dots and streaks: vessels.
    Vessels,
    /// Variation of brightness along the rim of the head.
    Skull,
    /// Local variation of brightness within the brain.
    Texture,
}

impl ImageFeature {
    /// All features.
    pub const ALL: [ImageFeature; 5] = [
        ImageFeature::Symmetry,
        ImageFeature::Lines,
        ImageFeature::Vessels,
        ImageFeature::Skull,
        ImageFeature::Texture,
    ];
}

/// The value of each feature of one image, in the order of [`ImageFeature::ALL`], divided by the mean brightness of the
/// head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureValues([f64; 5]);

impl FeatureValues {
    /// Measures a square grey image of `size * size` bytes. `None` if it shows no head, or has another length.
    pub fn measure(image: &[u8], size: usize) -> Option<Self> {
        if size < 16 || image.len() != size * size {
            return None;
        }
        let head = HeadRegion::of(image, size)?;
        Some(Self([head.symmetry(), head.lines(), head.vessels(), head.skull(), head.texture()]))
    }

    /// The value of a feature.
    pub fn get(&self, feature: ImageFeature) -> f64 {
        self.0[feature as usize]
    }
}

/// A feature that separates a scan from scans of the other kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clue {
    /// The feature.
    pub feature: ImageFeature,
    /// Whether the scan has a higher value than the others, or a lower one.
    pub more: bool,
    /// How many scans of the other kind it is separated from.
    pub than: Proportion,
}

/// Whether a feature alone tells scans of one kind from those of the other; see [`gives_away`].
pub fn tells_kinds_apart(one: &[FeatureValues], other: &[FeatureValues], feature: ImageFeature) -> bool {
    let values = |known: &[FeatureValues]| known.iter().map(|values| values.get(feature)).collect::<Vec<_>>();
    gives_away(&values(one), &values(other))
}

/// The feature that separates `scan` from most scans of the other kind, in the direction in which the medians of both
/// kinds differ. Left out are features that alone tell the kinds apart, which would win the game by one number, and those in
/// `mentioned`. `None` if no feature separates the scan from enough of them, or too few scans are known.
pub fn find_clue(
    scan: &FeatureValues,
    own: &[FeatureValues],
    other: &[FeatureValues],
    mentioned: &[ImageFeature],
) -> Option<Clue> {
    if own.len() < MIN_REFERENCE_IMAGES || other.len() < MIN_REFERENCE_IMAGES {
        return None;
    }
    let usable = |feature: &ImageFeature| !mentioned.contains(feature) && !tells_kinds_apart(own, other, *feature);
    let clues = ImageFeature::ALL.into_iter().filter(usable).filter_map(|feature| {
        let more = median(own, feature)? > median(other, feature)?;
        let beyond = |known: &FeatureValues| {
            if more { scan.get(feature) > known.get(feature) } else { scan.get(feature) < known.get(feature) }
        };
        Some(Clue { feature, more, than: Proportion::of(other, beyond) })
    });
    let best = clues.max_by(|a, b| a.than.fraction().total_cmp(&b.than.fraction()))?;
    (best.than.fraction() >= MIN_SEPARATION).then_some(best)
}

/// Median of a feature; `None` for an empty list.
pub fn median(known: &[FeatureValues], feature: ImageFeature) -> Option<f64> {
    let mut values: Vec<f64> = known.iter().map(|values| values.get(feature)).collect();
    values.sort_by(f64::total_cmp);
    let above = *values.get(values.len() / 2)?;
    let below = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(below, above))
}

/// Index of the scan that is nearest to the median of a feature, of those that `free` accepts.
pub fn typical(known: &[FeatureValues], feature: ImageFeature, free: impl Fn(usize) -> bool) -> Option<usize> {
    let middle = median(known, feature)?;
    let off = |index: &usize| (known[*index].get(feature) - middle).abs();
    (0..known.len()).filter(|&index| free(index)).min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// An image and the region of the head in it.
pub(super) struct HeadRegion<'a> {
    pub(super) image: &'a [u8],
    pub(super) size: usize,
    /// City-block distance to the nearest pixel outside the head; 0 outside.
    pub(super) depth: Vec<usize>,
    /// Mean brightness of the head.
    brightness: f64,
}

impl<'a> HeadRegion<'a> {
    pub(super) fn of(image: &'a [u8], size: usize) -> Option<Self> {
        let depth = depth(&filled(image, size), size);
        let inside: Vec<f64> =
            image.iter().zip(&depth).filter(|(_, depth)| **depth > 0).map(|(value, _)| f64::from(*value)).collect();
        let brightness = mean(&inside)?;
        let head = Self { image, size, depth, brightness };
        // The brain is the head without its rim; it must not be empty.
        (brightness > 0.0 && head.brain().next().is_some()).then_some(head)
    }

    fn at(&self, x: usize, y: usize) -> f64 {
        f64::from(self.image[y * self.size + x])
    }

    /// Pixels of the brain: deeper than an eighth of the image side.
    pub(super) fn brain(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let rim = self.size / 8;
        (0..self.image.len())
            .filter(move |&index| self.depth[index] > rim)
            .map(|index| (index % self.size, index / self.size))
    }

    fn part(&self, values: &[f64]) -> f64 {
        mean(values).unwrap_or_default() / self.brightness
    }

    /// Column that mirrors column `x`, if it lies within the image. The axis is the vertical line through the centre of the
    /// head.
    pub(super) fn mirror(&self) -> impl Fn(usize) -> Option<usize> {
        let columns: Vec<f64> = (0..self.depth.len())
            .filter(|&index| self.depth[index] > 0)
            .map(|index| (index % self.size) as f64)
            .collect();
        let twice = (2.0 * mean(&columns).unwrap_or_default()).round() as usize;
        let size = self.size;
        move |x| twice.checked_sub(x).filter(|&other| other < size)
    }

    /// Mean absolute difference between mirrored pixels.
    fn symmetry(&self) -> f64 {
        let mirror = self.mirror();
        let differences = (0..self.depth.len()).filter_map(|index| {
            let (x, y) = (index % self.size, index / self.size);
            let other = mirror(x).filter(|&other| other > x)?;
            let both = self.depth[index] > 0 && self.depth[y * self.size + other] > 0;
            both.then(|| (self.at(x, y) - self.at(other, y)).abs())
        });
        self.part(&differences.collect::<Vec<_>>())
    }

    /// How much darker each pixel is than after a 3 x 3 closing.
    pub(super) fn dark_lines(&self) -> Vec<u8> {
        let closed = self.filter(&self.filter(self.image, |near| near[8]), |near| near[0]);
        closed.iter().zip(self.image).map(|(closed, value)| closed - value).collect()
    }

    /// Mean increase of brightness by a 3 x 3 closing.
    fn lines(&self) -> f64 {
        self.mean_in_brain(&self.dark_lines())
    }

    /// How much brighter each pixel is than after a 3 x 3 opening.
    pub(super) fn bright_dots(&self) -> Vec<u8> {
        let opened = self.filter(&self.filter(self.image, |near| near[0]), |near| near[8]);
        self.image.iter().zip(opened).map(|(value, opened)| value - opened).collect()
    }

    /// Mean decrease of brightness by a 3 x 3 opening, of the 5 % of brain pixels with the largest decrease.
    fn vessels(&self) -> f64 {
        let dots = self.bright_dots();
        let mut bright: Vec<f64> = self.brain().map(|(x, y)| f64::from(dots[y * self.size + x])).collect();
        bright.sort_by(|a, b| b.total_cmp(a));
        bright.truncate((bright.len() / 20).max(1));
        self.part(&bright)
    }

    /// Pixels of the rim, by 24 sectors around the centre of the image.
    pub(super) fn rim(&self) -> Vec<Vec<(usize, usize)>> {
        const SECTORS: usize = 24;
        let rim = 1..=self.size / 12;
        let middle = self.size as f64 / 2.0;
        let mut sectors = vec![Vec::new(); SECTORS];
        for (index, _) in self.depth.iter().enumerate().filter(|(_, depth)| rim.contains(depth)) {
            let (x, y) = (index % self.size, index / self.size);
            let angle = (y as f64 + 0.5 - middle).atan2(x as f64 + 0.5 - middle) / std::f64::consts::TAU + 0.5;
            sectors[((angle * SECTORS as f64) as usize).min(SECTORS - 1)].push((x, y));
        }
        sectors
    }

    /// Mean brightness of these pixels; `None` if there are none.
    pub(super) fn brightness_of(&self, pixels: &[(usize, usize)]) -> Option<f64> {
        mean(&pixels.iter().map(|&(x, y)| self.at(x, y)).collect::<Vec<_>>())
    }

    /// Standard deviation of the mean brightness of the sectors of the rim.
    fn skull(&self) -> f64 {
        let means: Vec<f64> = self.rim().iter().filter_map(|sector| self.brightness_of(sector)).collect();
        let Some(centre) = mean(&means) else { return 0.0 };
        let squares: Vec<f64> = means.iter().map(|value| (value - centre).powi(2)).collect();
        mean(&squares).unwrap_or_default().sqrt() / self.brightness
    }

    /// Absolute difference of each pixel from a 3 x 3 median filter.
    pub(super) fn grain(&self) -> Vec<u8> {
        let smooth = self.filter(self.image, |near| near[4]);
        self.image.iter().zip(smooth).map(|(value, smooth)| value.abs_diff(smooth)).collect()
    }

    /// Mean absolute difference from a 3 x 3 median filter.
    fn texture(&self) -> f64 {
        self.mean_in_brain(&self.grain())
    }

    fn mean_in_brain(&self, values: &[u8]) -> f64 {
        self.part(&self.brain().map(|(x, y)| f64::from(values[y * self.size + x])).collect::<Vec<_>>())
    }

    /// Rank filter: replaces each pixel by one of the nine pixels around it, which `pick` gets in ascending order.
    fn filter(&self, image: &[u8], pick: impl Fn(&[u8; 9]) -> u8) -> Vec<u8> {
        let last = self.size as isize - 1;
        let clamped = |at: usize, by: isize| (at as isize + by).clamp(0, last) as usize;
        let around = |index: usize| {
            let (x, y) = (index % self.size, index / self.size);
            let mut near = [0; 9];
            for (place, value) in near.iter_mut().enumerate() {
                let (dx, dy) = (place as isize % 3 - 1, place as isize / 3 - 1);
                *value = image[clamped(y, dy) * self.size + clamped(x, dx)];
            }
            near.sort_unstable();
            pick(&near)
        };
        (0..image.len()).map(around).collect()
    }
}

/// The head without holes: pixels with tissue on all four sides.
fn filled(image: &[u8], size: usize) -> Vec<bool> {
    let tissue = |x: usize, y: usize| image[y * size + x] >= TISSUE;
    let ends = |line: &dyn Fn(usize) -> bool| {
        let first = (0..size).find(|&at| line(at))?;
        let last = (0..size).rfind(|&at| line(at))?;
        Some(first..=last)
    };
    let rows: Vec<_> = (0..size).map(|y| ends(&|x| tissue(x, y))).collect();
    let columns: Vec<_> = (0..size).map(|x| ends(&|y| tissue(x, y))).collect();
    let within =
        |range: &Option<std::ops::RangeInclusive<usize>>, at: usize| range.as_ref().is_some_and(|r| r.contains(&at));
    (0..image.len())
        .map(|index| within(&rows[index / size], index % size) && within(&columns[index % size], index / size))
        .collect()
}

/// City-block distance to the nearest pixel outside the head, in two passes. Pixels beyond the border are outside.
fn depth(head: &[bool], size: usize) -> Vec<usize> {
    let mut depth: Vec<usize> = head.iter().map(|&inside| if inside { usize::MAX } else { 0 }).collect();
    let forward = (0..depth.len()).map(|index| (index, false));
    let backward = (0..depth.len()).rev().map(|index| (index, true));
    for (index, back) in forward.chain(backward) {
        let (x, y) = (index % size, index / size);
        let [side, line] = match back {
            false => [(x > 0).then(|| index - 1), (y > 0).then(|| index - size)],
            true => [(x + 1 < size).then(|| index + 1), (y + 1 < size).then(|| index + size)],
        };
        let nearest = [side, line].into_iter().map(|near| near.map_or(0, |near| depth[near])).min().unwrap_or(0);
        depth[index] = depth[index].min(nearest.saturating_add(1));
    }
    depth
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
#[path = "features_tests.rs"]
mod tests;
