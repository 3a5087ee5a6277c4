//! What there is to see in a scan, as numbers: symmetry, fine lines, bright dots, the rim of the head, grain.
//!
//! Simple measures of one picture, with no idea what is normal. What a number says is found by comparing it with those of
//! pictures that are known ([`telling`]): a clue is then a fact about these pictures, and not a belief about all.

use super::answers::Share;

/// Brightness from which a pixel is no air.
const TISSUE: u8 = 16;
/// Pictures of the other kind that a clue must be compared with.
const ENOUGH: usize = 8;
/// A clue must set a scan apart from at least this part of the other kind.
const APART: f64 = 0.7;

/// One thing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// How much the left half differs from the right one.
    Symmetry,
    /// Thin dark lines within the brain: the folds.
    Lines,
    /// Small bright dots and streaks: the vessels.
    Vessels,
    /// How unevenly bright the rim of the head is.
    Skull,
    /// How grainy the brain is.
    Texture,
}

impl Mark {
    /// All.
    pub const ALL: [Mark; 5] = [Mark::Symmetry, Mark::Lines, Mark::Vessels, Mark::Skull, Mark::Texture];
}

/// What was measured of a picture: one number a mark, each a part of the brightness of the head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marks([f64; 5]);

impl Marks {
    /// Measures a picture. None if it holds no head.
    pub fn of(image: &[u8], size: usize) -> Option<Self> {
        if size < 16 || image.len() != size * size {
            return None;
        }
        let head = Head::of(image, size)?;
        Some(Self([head.symmetry(), head.lines(), head.vessels(), head.skull(), head.texture()]))
    }

    /// The number of a mark.
    pub fn get(&self, mark: Mark) -> f64 {
        self.0[mark as usize]
    }
}

/// What sets a scan apart from the other kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clue {
    /// What to look at.
    pub mark: Mark,
    /// The scan has more of it; else less.
    pub more: bool,
    /// Than so many of the other kind.
    pub than: Share,
}

/// The mark that sets this scan apart most from the other kind, in the direction in which its own kind differs from that
/// kind as a whole. None if nothing does, or too few pictures are known.
pub fn telling(scan: &Marks, own: &[Marks], other: &[Marks]) -> Option<Clue> {
    if own.len() < ENOUGH || other.len() < ENOUGH {
        return None;
    }
    let clues = Mark::ALL.into_iter().filter_map(|mark| {
        let more = median(own, mark)? > median(other, mark)?;
        let beyond =
            |known: &Marks| if more { scan.get(mark) > known.get(mark) } else { scan.get(mark) < known.get(mark) };
        Some(Clue { mark, more, than: Share::of(other, beyond) })
    });
    let best = clues.max_by(|a, b| a.than.fraction().total_cmp(&b.than.fraction()))?;
    (best.than.fraction() >= APART).then_some(best)
}

/// The middle value of a mark.
pub fn median(known: &[Marks], mark: Mark) -> Option<f64> {
    let mut values: Vec<f64> = known.iter().map(|marks| marks.get(mark)).collect();
    values.sort_by(f64::total_cmp);
    let above = *values.get(values.len() / 2)?;
    let below = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(below, above))
}

/// The picture that is most usual for its kind in one mark: nearest to the median, of those that `free` allows.
pub fn usual(known: &[Marks], mark: Mark, free: impl Fn(usize) -> bool) -> Option<usize> {
    let middle = median(known, mark)?;
    let off = |index: &usize| (known[*index].get(mark) - middle).abs();
    (0..known.len()).filter(|&index| free(index)).min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// A picture with its head found.
struct Head<'a> {
    image: &'a [u8],
    size: usize,
    /// Steps to the nearest pixel outside the head; 0 outside.
    depth: Vec<usize>,
    /// Mean brightness inside.
    brightness: f64,
}

impl<'a> Head<'a> {
    fn of(image: &'a [u8], size: usize) -> Option<Self> {
        let depth = depth(&filled(image, size), size);
        let inside: Vec<f64> =
            image.iter().zip(&depth).filter(|(_, depth)| **depth > 0).map(|(value, _)| f64::from(*value)).collect();
        let brightness = mean(&inside)?;
        let head = Self { image, size, depth, brightness };
        // Something must be left when the rim is taken off.
        (brightness > 0.0 && head.brain().next().is_some()).then_some(head)
    }

    fn at(&self, x: usize, y: usize) -> f64 {
        f64::from(self.image[y * self.size + x])
    }

    /// Pixels well within the head.
    fn brain(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let rim = self.size / 8;
        (0..self.image.len())
            .filter(move |&index| self.depth[index] > rim)
            .map(|index| (index % self.size, index / self.size))
    }

    fn part(&self, values: &[f64]) -> f64 {
        mean(values).unwrap_or_default() / self.brightness
    }

    /// Around the line through the middle of the head, from top to bottom.
    fn symmetry(&self) -> f64 {
        let columns: Vec<f64> = (0..self.depth.len())
            .filter(|&index| self.depth[index] > 0)
            .map(|index| (index % self.size) as f64)
            .collect();
        let twice = (2.0 * mean(&columns).unwrap_or_default()).round() as usize;
        let differences = (0..self.depth.len()).filter_map(|index| {
            let (x, y) = (index % self.size, index / self.size);
            let other = twice.checked_sub(x).filter(|&other| other < self.size && other > x)?;
            let both = self.depth[index] > 0 && self.depth[y * self.size + other] > 0;
            both.then(|| (self.at(x, y) - self.at(other, y)).abs())
        });
        self.part(&differences.collect::<Vec<_>>())
    }

    /// How much brighter the picture gets when dark lines thinner than three pixels are closed.
    fn lines(&self) -> f64 {
        let closed = self.filter(&self.filter(self.image, |near| near[8]), |near| near[0]);
        let dark = self.brain().map(|(x, y)| f64::from(closed[y * self.size + x]) - self.at(x, y));
        self.part(&dark.collect::<Vec<_>>())
    }

    /// How much the brightest of what is smaller than three pixels stands out.
    fn vessels(&self) -> f64 {
        let opened = self.filter(&self.filter(self.image, |near| near[0]), |near| near[8]);
        let mut bright: Vec<f64> =
            self.brain().map(|(x, y)| self.at(x, y) - f64::from(opened[y * self.size + x])).collect();
        bright.sort_by(|a, b| b.total_cmp(a));
        bright.truncate((bright.len() / 20).max(1));
        self.part(&bright)
    }

    /// Spread of brightness along the rim, by sector.
    fn skull(&self) -> f64 {
        const SECTORS: usize = 24;
        let rim = 1..=self.size / 12;
        let middle = self.size as f64 / 2.0;
        let mut sectors = vec![Vec::new(); SECTORS];
        for (index, _) in self.depth.iter().enumerate().filter(|(_, depth)| rim.contains(depth)) {
            let (x, y) = (index % self.size, index / self.size);
            let angle = (y as f64 + 0.5 - middle).atan2(x as f64 + 0.5 - middle) / std::f64::consts::TAU + 0.5;
            sectors[((angle * SECTORS as f64) as usize).min(SECTORS - 1)].push(self.at(x, y));
        }
        let means: Vec<f64> = sectors.iter().filter_map(|sector| mean(sector)).collect();
        let Some(centre) = mean(&means) else { return 0.0 };
        let squares: Vec<f64> = means.iter().map(|value| (value - centre).powi(2)).collect();
        mean(&squares).unwrap_or_default().sqrt() / self.brightness
    }

    /// How far pixels lie from the middle one of their nine neighbours.
    fn texture(&self) -> f64 {
        let smooth = self.filter(self.image, |near| near[4]);
        let grain = self.brain().map(|(x, y)| (self.at(x, y) - f64::from(smooth[y * self.size + x])).abs());
        self.part(&grain.collect::<Vec<_>>())
    }

    /// Every pixel replaced by what is picked of the nine around it, darkest first.
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

/// The head without holes: what has tissue on all four sides.
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

/// Steps to the nearest pixel outside, by going over the picture forwards and then backwards. Beyond the border is outside.
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
#[path = "marks_tests.rs"]
mod tests;
