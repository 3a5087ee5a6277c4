//! Codes: three finder patterns at the corners of a square, and the modules between them.

use std::iter;

use rqrr::{BitGrid, Grid};

use super::contrast::Contrast;
use super::finder::{Finder, crossing, distance, finders};

/// Distances of two finder patterns of a code, in modules: from version 1 to version 13.
const SIDES: std::ops::RangeInclusive<f64> = 11.0..=66.0;
/// Largest ratio of two sides, and of the modules of two finder patterns. A photograph from the side shortens one.
const MAX_RATIO: f64 = 1.6;
/// Largest cosine of the angle between two sides. A photograph from the side changes it.
const MAX_COSINE: f64 = 0.45;
/// Most triples of finder patterns that are tried.
const MAX_TRIPLES: usize = 6000;
/// Most grids of a picture that are decoded.
const MAX_DECODED: usize = 500;
/// Share of the modules between two finder patterns that may be wrong.
const MAX_WRONG: f64 = 0.2;
/// Distances of the fourth corner from where it would be without perspective, in modules, and their steps.
const CORNER_REACH: i32 = 5;
const CORNER_STEP: f64 = 0.5;
/// Places of the fourth corner that are tried, the clearest first.
const MAX_GRIDS: usize = 6;

/// Three finder patterns, by their place in the list.
struct Triple {
    corner: usize,
    right: usize,
    below: usize,
    /// Small if it is probably a code.
    score: f64,
}

/// What the codes in this picture say.
pub fn texts(contrast: &Contrast) -> Vec<String> {
    let finders = finders(contrast);
    let mut used = vec![false; finders.len()];
    let mut budget = MAX_DECODED;
    let mut texts = Vec::new();
    for Triple { corner, right, below, .. } in triples(&finders) {
        if [corner, right, below].into_iter().any(|index| used[index]) {
            continue;
        }
        if let Some(text) = text(contrast, [finders[corner], finders[right], finders[below]], &mut budget) {
            [corner, right, below].into_iter().for_each(|index| used[index] = true);
            texts.push(text);
        }
    }
    texts
}

/// Triples that may be codes, the most probable first.
fn triples(finders: &[Finder]) -> Vec<Triple> {
    let mut triples = Vec::new();
    for (corner, middle) in finders.iter().enumerate() {
        let is_near = |other: &Finder| {
            let module = (middle.module + other.module) / 2.0;
            ratio(middle.module, other.module) <= MAX_RATIO && SIDES.contains(&(distance(middle.at, other.at) / module))
        };
        let near: Vec<usize> = (0..finders.len()).filter(|index| is_near(&finders[*index])).collect();
        for (index, &right) in near.iter().enumerate() {
            for &below in &near[index + 1..] {
                triples.extend(triple(finders, corner, right, below));
            }
        }
    }
    triples.sort_by(|one, other| one.score.total_cmp(&other.score));
    triples.truncate(MAX_TRIPLES);
    triples
}

fn triple(finders: &[Finder], corner: usize, right: usize, below: usize) -> Option<Triple> {
    let middle = finders[corner];
    let arm = |index: usize| (finders[index].at.0 - middle.at.0, finders[index].at.1 - middle.at.1);
    let ((ax, ay), (bx, by)) = (arm(right), arm(below));
    let (a, b) = (ax.hypot(ay), bx.hypot(by));
    let cosine = ((ax * bx + ay * by) / (a * b)).abs();
    let uneven = ratio(a, b);
    if uneven > MAX_RATIO || cosine > MAX_COSINE {
        return None;
    }
    let score = (a + b) / middle.module * (uneven + cosine);
    // Seen from the corner, the other two lie clockwise.
    let (right, below) = if ax * by - ay * bx > 0.0 { (right, below) } else { (below, right) };
    Some(Triple { corner, right, below, score })
}

fn ratio(a: f64, b: f64) -> f64 {
    a.max(b) / a.min(b)
}

/// What the code with these finder patterns says. `budget` is how many grids may still be decoded.
fn text(contrast: &Contrast, finders: [Finder; 3], budget: &mut usize) -> Option<String> {
    let [corner, right, below] = finders;
    let modules = (modules_between(contrast, corner, right) + modules_between(contrast, corner, below)) / 2.0 + 7.0;
    // A code of version n has 17 + 4 n modules a side.
    let version = (modules - 17.0) / 4.0;
    let nearest = version.round();
    let next = if version > nearest { nearest + 1.0 } else { nearest - 1.0 };
    for version in [nearest, next] {
        if !(1.0..=13.0).contains(&version) {
            continue;
        }
        let project = |shift| Homography::new(finders.map(|finder| finder.at), 17 + 4 * version as usize, shift);
        let plain = project((0.0, 0.0));
        if plain.wrong_timing(contrast) > MAX_WRONG {
            continue;
        }
        let mut grids: Vec<Homography> = fourth_corners().map(project).collect();
        grids.sort_by_cached_key(|grid| std::cmp::Reverse(grid.clarity(contrast) as u32));
        for grid in iter::once(plain).chain(grids.into_iter().take(MAX_GRIDS)) {
            *budget = budget.checked_sub(1)?;
            if let Ok((_, text)) = Grid::new(grid.read(contrast)).decode() {
                return Some(text);
            }
        }
    }
    None
}

/// Distance of two finder patterns in modules, which are measured on the line between them.
fn modules_between(contrast: &Contrast, a: Finder, b: Finder) -> f64 {
    let length = distance(a.at, b.at);
    let direction = ((b.at.0 - a.at.0) / length, (b.at.1 - a.at.1) / length);
    let module =
        |finder: Finder| crossing(contrast, finder.at, direction).map_or(finder.module, |line| line.length / 7.0);
    2.0 * length / (module(a) + module(b))
}

/// Where the fourth corner may be, in modules from where it would be without perspective.
fn fourth_corners() -> impl Iterator<Item = (f64, f64)> {
    let steps = || (-CORNER_REACH..=CORNER_REACH).map(|step| f64::from(step) * CORNER_STEP);
    steps().flat_map(move |x| steps().map(move |y| (x, y)))
}

/// A code in the picture: where its modules lie.
///
/// The square between the middles of four corners is projected to the picture (Heckbert 1989, "Fundamentals of texture mapping and image
/// warping", 2.2.3).
struct Homography {
    /// Number of modules in a row.
    size: usize,
    x: [f64; 3],
    y: [f64; 3],
    w: [f64; 3],
}

impl Homography {
    /// `finders` are the left top, right top and left bottom ones. The fourth corner is `shift` modules from where it would be without
    /// perspective.
    fn new(finders: [(f64, f64); 3], size: usize, shift: (f64, f64)) -> Self {
        let [(x0, y0), (x1, y1), (x3, y3)] = finders;
        let side = (size - 7) as f64;
        let (u, v) = (shift.0 / side, shift.1 / side);
        // From where the fourth corner would be to where it is, and from there to the second and to the third.
        let (dx, dy) = ((x1 - x0) * u + (x3 - x0) * v, (y1 - y0) * u + (y3 - y0) * v);
        let (x2, y2) = (x1 + x3 - x0 + dx, y1 + y3 - y0 + dy);
        let (ax, ay) = (x1 - x2, y1 - y2);
        let (bx, by) = (x3 - x2, y3 - y2);
        let area = ax * by - bx * ay;
        let (g, h) = ((dx * by - bx * dy) / area, (ax * dy - dx * ay) / area);
        Self {
            size,
            x: [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            y: [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            w: [g, h, 1.0],
        }
    }

    /// The point of the picture at the middle of a module. If the corners lie on a line, it is no number.
    fn point(&self, column: usize, row: usize) -> (f64, f64) {
        let side = (self.size - 7) as f64;
        let (u, v) = ((column as f64 - 3.0) / side, (row as f64 - 3.0) / side);
        let at = |[a, b, c]: [f64; 3]| a * u + b * v + c;
        (at(self.x) / at(self.w), at(self.y) / at(self.w))
    }

    fn is_dark(&self, contrast: &Contrast, column: usize, row: usize) -> bool {
        contrast.darkness_at(self.point(column, row)) > 0.0
    }

    /// Share of the modules between the finder patterns that do not alternate.
    fn wrong_timing(&self, contrast: &Contrast) -> f64 {
        let places = 8..self.size - 8;
        let wrong = |dark: bool, place: usize| usize::from(dark != place.is_multiple_of(2));
        let wrongs = places.clone().map(|place| {
            wrong(self.is_dark(contrast, place, 6), place) + wrong(self.is_dark(contrast, 6, place), place)
        });
        wrongs.sum::<usize>() as f64 / (2 * places.len()) as f64
    }

    /// How far the modules near the fourth corner are from grey, in all. It is largest if the points lie in the middle of the modules.
    fn clarity(&self, contrast: &Contrast) -> f64 {
        let places = || self.size / 2..self.size;
        let darkness = |row| places().map(move |column| contrast.darkness_at(self.point(column, row)).abs());
        places().flat_map(darkness).sum()
    }

    fn read(&self, contrast: &Contrast) -> Modules {
        let size = self.size;
        let dark = (0..size * size).map(|index| self.is_dark(contrast, index % size, index / size)).collect();
        Modules { size, dark }
    }
}

/// The modules of a code: whether they are dark, row by row.
struct Modules {
    size: usize,
    dark: Vec<bool>,
}

impl BitGrid for Modules {
    fn size(&self) -> usize {
        self.size
    }

    fn bit(&self, row: usize, column: usize) -> bool {
        self.dark[row * self.size + column]
    }
}
