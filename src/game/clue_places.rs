//! Where in a scan a feature shows, to mark it in the picture.

use super::features::{HeadRegion, ImageFeature};

/// Side of the square that is searched for, as a fraction of the side of the image.
const WINDOW: f64 = 0.2;

/// An ellipse in an image, as fractions of its side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CluePlace {
    /// Centre from the left.
    pub x: f64,
    /// Centre from the top.
    pub y: f64,
    /// Half of the width.
    pub rx: f64,
    /// Half of the height.
    pub ry: f64,
}

impl CluePlace {
    fn circle(x: f64, y: f64, radius: f64) -> Self {
        Self { x, y, rx: radius, ry: radius }
    }
}

/// Where a feature of a square grey image of `size * size` bytes is strongest (`more`) or weakest. For symmetry two
/// mirrored places. Empty if the image shows no head.
pub fn locate(image: &[u8], size: usize, feature: ImageFeature, more: bool) -> Vec<CluePlace> {
    if size < 16 || image.len() != size * size {
        return Vec::new();
    }
    let Some(head) = HeadRegion::of(image, size) else { return Vec::new() };
    match feature {
        ImageFeature::Symmetry => mirrored(&head, more),
        ImageFeature::Lines => within_brain(&head, &head.dark_lines(), more),
        ImageFeature::Vessels => within_brain(&head, &head.bright_dots(), more),
        ImageFeature::Texture => within_brain(&head, &head.grain(), more),
        ImageFeature::Skull if more => uneven_rim(&head),
        ImageFeature::Skull => whole_rim(&head),
    }
}

/// The square in the brain with the highest or lowest mean.
fn within_brain(head: &HeadRegion, values: &[u8], more: bool) -> Vec<CluePlace> {
    let mut brain = vec![false; values.len()];
    head.brain().for_each(|(x, y)| brain[y * head.size + x] = true);
    best_window(head.size, values, &brain, more).into_iter().collect()
}

/// The square where left and right differ most or least, and its mirror image.
fn mirrored(head: &HeadRegion, more: bool) -> Vec<CluePlace> {
    let (size, mirror) = (head.size, head.mirror());
    let mut left = vec![false; head.image.len()];
    let mut differences = vec![0; head.image.len()];
    for (index, value) in head.image.iter().enumerate() {
        let (x, y) = (index % size, index / size);
        let Some(other) = mirror(x).filter(|&other| other > x).map(|other| y * size + other) else { continue };
        left[index] = head.depth[index] > 0 && head.depth[other] > 0;
        differences[index] = value.abs_diff(head.image[other]);
    }
    let Some(place) = best_window(size, &differences, &left, more) else { return Vec::new() };
    let column = ((place.x * size as f64) as usize).min(size - 1);
    let other = mirror(column).map(|other| CluePlace { x: (other as f64 + 0.5) / size as f64, ..place });
    std::iter::once(place).chain(other).collect()
}

/// The square with the highest (`more`) or lowest mean of `values`. Only squares with at least 80 % of their area in `region`
/// count; if there are none, those with the largest share.
fn best_window(size: usize, values: &[u8], region: &[bool], more: bool) -> Option<CluePlace> {
    let side = ((size as f64 * WINDOW).round() as usize).max(3);
    let sums = |of: &dyn Fn(usize) -> u32| integral(size, of);
    let inside = sums(&|index| u32::from(region[index]));
    let total = sums(&|index| if region[index] { u32::from(values[index]) } else { 0 });
    let windows: Vec<(usize, usize, u32, u32)> = (0..=size - side)
        .flat_map(|y| (0..=size - side).map(move |x| (x, y)))
        .map(|(x, y)| (x, y, window(&inside, size, x, y, side), window(&total, size, x, y, side)))
        .filter(|(_, _, count, _)| *count > 0)
        .collect();
    let fullest = windows.iter().map(|(_, _, count, _)| *count).max()?;
    let least = fullest.min((side * side * 4 / 5) as u32);
    let mean = |(_, _, count, sum): &(usize, usize, u32, u32)| f64::from(*sum) / f64::from(*count);
    let candidates = windows.iter().filter(|(_, _, count, _)| *count >= least);
    let best = match more {
        true => candidates.max_by(|a, b| mean(a).total_cmp(&mean(b))),
        false => candidates.min_by(|a, b| mean(a).total_cmp(&mean(b))),
    }?;
    let middle = |start: usize| (start as f64 + side as f64 / 2.0) / size as f64;
    Some(CluePlace::circle(middle(best.0), middle(best.1), WINDOW / 2.0 * 1.2))
}

/// Sums over all pixels above and to the left, with a row and a column of zeros.
fn integral(size: usize, of: &dyn Fn(usize) -> u32) -> Vec<u32> {
    let width = size + 1;
    let mut sums = vec![0; width * width];
    for index in 0..size * size {
        let (x, y) = (index % size + 1, index / size + 1);
        sums[y * width + x] =
            of(index) + sums[(y - 1) * width + x] + sums[y * width + x - 1] - sums[(y - 1) * width + x - 1];
    }
    sums
}

fn window(sums: &[u32], size: usize, x: usize, y: usize, side: usize) -> u32 {
    let width = size + 1;
    let at = |x: usize, y: usize| sums[y * width + x];
    at(x + side, y + side) + at(x, y) - at(x + side, y) - at(x, y + side)
}

/// The sector of the rim whose brightness differs most from the others.
fn uneven_rim(head: &HeadRegion) -> Vec<CluePlace> {
    let sectors: Vec<(Vec<(usize, usize)>, f64)> =
        head.rim().into_iter().filter_map(|sector| head.brightness_of(&sector).map(|mean| (sector, mean))).collect();
    let middle = sectors.iter().map(|(_, mean)| mean).sum::<f64>() / sectors.len().max(1) as f64;
    let off = |(_, mean): &&(Vec<(usize, usize)>, f64)| (mean - middle).abs();
    let Some((sector, _)) = sectors.iter().max_by(|a, b| off(a).total_cmp(&off(b))) else { return Vec::new() };
    let mean = |of: fn(&(usize, usize)) -> usize| {
        let sum: usize = sector.iter().map(of).sum();
        (sum as f64 / sector.len() as f64 + 0.5) / head.size as f64
    };
    vec![CluePlace::circle(mean(|(x, _)| *x), mean(|(_, y)| *y), WINDOW / 2.0)]
}

/// The ellipse around the head.
fn whole_rim(head: &HeadRegion) -> Vec<CluePlace> {
    let inside = (0..head.depth.len()).filter(|&index| head.depth[index] > 0);
    let mut ends = [usize::MAX, 0, usize::MAX, 0];
    for index in inside {
        let (x, y) = (index % head.size, index / head.size);
        ends = [ends[0].min(x), ends[1].max(x + 1), ends[2].min(y), ends[3].max(y + 1)];
    }
    let [left, right, top, bottom] = ends.map(|end| end as f64 / head.size as f64);
    let (rx, ry) = ((right - left) / 2.0, (bottom - top) / 2.0);
    vec![CluePlace { x: left + rx, y: top + ry, rx, ry }]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 64;

    /// A round head of brightness 100 in air, changed by `paint`.
    fn head(paint: impl Fn(usize, usize) -> i32) -> Vec<u8> {
        (0..SIZE * SIZE)
            .map(|index| {
                let (x, y) = (index % SIZE, index / SIZE);
                let inside = (x as f64 - 31.5).hypot(y as f64 - 31.5) <= 28.0;
                if inside { (100 + paint(x, y)) as u8 } else { 0 }
            })
            .collect()
    }

    fn near(place: CluePlace, x: f64, y: f64) -> bool {
        (place.x * SIZE as f64 - x).hypot(place.y * SIZE as f64 - y) < 6.0
    }

    #[test]
    fn a_pattern_is_found_where_it_is() {
        let patch = |x: usize, y: usize| (34..46).contains(&x) && (20..32).contains(&y);
        let grainy = head(|x, y| if patch(x, y) && (x * 7 + y * 13) % 5 == 0 { 40 } else { 0 });
        for feature in [ImageFeature::Texture, ImageFeature::Vessels] {
            let found = locate(&grainy, SIZE, feature, true);
            assert!(found.len() == 1 && near(found[0], 40.0, 26.0), "{feature:?}: {found:?}");
        }
        let lined = head(|x, y| if patch(x, y) && x % 4 == 0 { -40 } else { 0 });
        assert!(near(locate(&lined, SIZE, ImageFeature::Lines, true)[0], 40.0, 26.0));
        // Where it is weakest is elsewhere.
        assert!(!near(locate(&grainy, SIZE, ImageFeature::Texture, false)[0], 40.0, 26.0));
    }

    #[test]
    fn a_difference_between_the_halves_is_marked_on_both_sides() {
        let spot = head(|x, y| if (12..22).contains(&x) && (28..38).contains(&y) { 80 } else { 0 });
        let found = locate(&spot, SIZE, ImageFeature::Symmetry, true);
        assert!(found.len() == 2 && near(found[0], 17.0, 33.0) && near(found[1], 47.0, 33.0), "{found:?}");
    }

    #[test]
    fn a_spot_on_the_rim_is_marked_and_an_even_rim_as_a_whole() {
        let off = |x: usize, y: usize| (x as f64 - 31.5).hypot(y as f64 - 31.5);
        let gap = head(|x, y| if off(x, y) > 23.0 && x > 50 && y.abs_diff(32) < 6 { -60 } else { 0 });
        let found = locate(&gap, SIZE, ImageFeature::Skull, true);
        assert!(found.len() == 1 && found[0].x > 0.8 && (found[0].y - 0.5).abs() < 0.1, "{found:?}");
        let whole = locate(&gap, SIZE, ImageFeature::Skull, false)[0];
        assert!((whole.x - 0.5).abs() < 0.01 && (whole.rx - 0.44).abs() < 0.01, "{whole:?}");
    }

    #[test]
    fn every_place_lies_in_the_image_and_nothing_is_marked_without_a_head() {
        let plain = head(|_, _| 0);
        for feature in ImageFeature::ALL {
            for more in [true, false] {
                let found = locate(&plain, SIZE, feature, more);
                assert!(!found.is_empty(), "{feature:?}");
                assert!(found.iter().all(|place| (0.0..=1.0).contains(&place.x) && (0.0..=1.0).contains(&place.y)));
                assert_eq!(locate(&[0; SIZE * SIZE], SIZE, feature, more), []);
            }
        }
        assert_eq!(locate(&plain, 32, ImageFeature::Lines, true), []);
    }
}
