//! Finder patterns: the squares in three corners of a QR code. Any line through the middle of one crosses ink, paper, ink, paper and ink
//! in lengths of 1 : 1 : 3 : 1 : 1, at whatever angle the code lies.

use super::contrast::Contrast;

/// Fewest pixels of a module.
const MIN_MODULE: f64 = 1.7;
/// Most pixels of a run that is followed. Larger patterns are found in a smaller copy of the picture.
const MAX_RUN: usize = 80;
/// Most patterns of a picture that are kept: those crossed by the most rows.
const MAX_FINDERS: usize = 240;

/// A finder pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finder {
    /// Middle, in pixels from the left top corner of the picture.
    pub at: (f64, f64),
    /// Width of a module in pixels.
    pub module: f64,
    /// Number of rows that cross it in the right lengths.
    rows: usize,
}

/// The finder patterns of a picture.
pub fn finders(contrast: &Contrast) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    for y in 0..contrast.height() {
        let mut runs = [0_usize; 5];
        let mut ink = false;
        // One column more, which is paper, ends the last run.
        for x in 0..=contrast.width() {
            if contrast.is_ink(x, y) == ink {
                runs[4] += 1;
                continue;
            }
            if ink && are_lengths_of_a_finder(runs.map(|run| run as f64)) {
                let middle = (x - runs[4] - runs[3]) as f64 - runs[2] as f64 / 2.0;
                note(contrast, (middle, y as f64 + 0.5), &mut found);
            }
            runs.rotate_left(1);
            runs[4] = 1;
            ink = !ink;
        }
    }
    found.sort_by_key(|finder| std::cmp::Reverse(finder.rows));
    found.truncate(MAX_FINDERS);
    found
}

/// Adds the pattern around this point, or counts a row of one that is known.
fn note(contrast: &Contrast, point: (f64, f64), found: &mut Vec<Finder>) {
    let is_inside = |finder: &&mut Finder| distance(finder.at, point) < 2.0 * finder.module;
    if let Some(known) = found.iter_mut().rev().find(is_inside) {
        known.rows += 1;
    } else if found.len() < 10 * MAX_FINDERS
        && let Some(finder) = finder_around(contrast, point)
    {
        found.push(finder);
    }
}

fn finder_around(contrast: &Contrast, point: (f64, f64)) -> Option<Finder> {
    let (x, y) = point;
    let down = crossing(contrast, (x, y), (0.0, 1.0))?;
    let across = crossing(contrast, down.middle, (1.0, 0.0))?;
    let at = across.middle;
    let slopes = [(1.0, 1.0), (1.0, -1.0)];
    let diagonals: Vec<f64> =
        slopes.into_iter().filter_map(|slope| Some(crossing(contrast, at, slope)?.length)).collect();
    // Across a corner the lengths are a little longer than 7 modules.
    let shortest = diagonals.iter().copied().fold(down.length.min(across.length), f64::min);
    (!diagonals.is_empty()).then_some(Finder { at, module: shortest / 7.0, rows: 1 })
}

/// A line through a finder pattern.
pub struct Crossing {
    /// Middle of the inner square on this line.
    pub middle: (f64, f64),
    /// Length from side to side, in pixels.
    pub length: f64,
}

/// The line through this point in this direction, if it crosses a finder pattern.
pub fn crossing(contrast: &Contrast, (x, y): (f64, f64), (dx, dy): (f64, f64)) -> Option<Crossing> {
    let is_ink = |steps: f64| contrast.is_ink_at((x + steps * dx, y + steps * dy));
    if !is_ink(0.0) {
        return None;
    }
    // Lengths of ink, paper and ink on the way out, the first without the point itself.
    let way = |sign: f64| {
        let mut runs = [0_usize; 3];
        let mut at = 0;
        for (index, ink) in [true, false, true].into_iter().enumerate() {
            while is_ink(sign * (at + 1) as f64) == ink {
                at += 1;
                runs[index] += 1;
                if runs[index] > MAX_RUN {
                    return None;
                }
            }
        }
        Some(runs.map(|run| run as f64))
    };
    let ([inner, paper, outer], [inner_back, paper_back, outer_back]) = (way(1.0)?, way(-1.0)?);
    let runs = [outer_back, paper_back, inner_back + 1.0 + inner, paper, outer];
    let shift = (inner - inner_back) / 2.0;
    let length = runs.iter().sum::<f64>() * dx.hypot(dy);
    are_lengths_of_a_finder(runs).then_some(Crossing { middle: (x + shift * dx, y + shift * dy), length })
}

/// Whether these are 1 : 1 : 3 : 1 : 1, give or take half a module or almost a pixel.
fn are_lengths_of_a_finder(runs: [f64; 5]) -> bool {
    let module = runs.iter().sum::<f64>() / 7.0;
    let slack = (module * 0.55).max(0.9);
    let is_near = |run: f64, modules: f64| (run - modules * module).abs() <= slack * modules.sqrt();
    module >= MIN_MODULE
        && runs.iter().all(|run| *run >= 1.0)
        && is_near(runs[2], 3.0)
        && [0, 1, 3, 4].into_iter().all(|index| is_near(runs[index], 1.0))
}

pub fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}
