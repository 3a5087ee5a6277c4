//! A scan growing out of its layers: which feature map of each to show, so that one picture follows from another.

use crate::gan::feature_maps::FeatureMaps;
use crate::slice::Slice;

/// The map of a layer that looks most like the finished scan, as a picture without a mask.
pub fn most_similar_map(layer: &FeatureMaps, scan: &Slice) -> Option<Slice> {
    let small = shrink(scan, layer.side)?;
    let best = layer.maps.iter().max_by(|a, b| likeness(a, &small).total_cmp(&likeness(b, &small)))?;
    Some(map_as_slice(layer.side, best))
}

/// A feature map as a picture without a mask.
pub fn map_as_slice(side: usize, map: &[u8]) -> Slice {
    Slice::without_tumour(side, map.to_vec())
}

/// The scan at a smaller side, by averaging. None if the sides do not fit.
fn shrink(scan: &Slice, side: usize) -> Option<Vec<f32>> {
    let part = scan.size.checked_div(side).filter(|part| part * side == scan.size)?;
    let mean = |cell: usize| {
        let (x, y) = (cell % side * part, cell / side * part);
        let rows = (y..y + part).filter_map(|row| scan.image.get(row * scan.size + x..row * scan.size + x + part));
        rows.flatten().map(|value| f32::from(*value)).sum::<f32>() / (part * part) as f32
    };
    Some((0..side * side).map(mean).collect())
}

/// Correlation of a map with a small scan, -1 to 1; 0 if one of them is a single shade.
fn likeness(map: &[u8], scan: &[f32]) -> f32 {
    let count = scan.len().max(1) as f32;
    let map_mean = map.iter().map(|value| f32::from(*value)).sum::<f32>() / count;
    let scan_mean = scan.iter().sum::<f32>() / count;
    let (mut both, mut map_spread, mut scan_spread) = (0.0, 0.0, 0.0);
    for (a, b) in map.iter().zip(scan) {
        let (a, b) = (f32::from(*a) - map_mean, b - scan_mean);
        both += a * b;
        map_spread += a * a;
        scan_spread += b * b;
    }
    if map_spread * scan_spread > 0.0 { both / (map_spread * scan_spread).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left half white, right half black.
    fn scan() -> Slice {
        let image = (0..16).map(|index| if index % 4 < 2 { 255 } else { 0 }).collect();
        Slice { size: 4, image, mask: vec![0; 16] }
    }

    #[test]
    fn the_map_that_looks_like_the_scan_is_taken() {
        let maps = vec![vec![0, 255, 0, 255], vec![128; 4], vec![200, 90, 255, 0], vec![255, 255, 0, 0]];
        let likest = most_similar_map(&FeatureMaps { side: 2, maps }, &scan()).expect("the sides fit");
        assert_eq!(likest, Slice { size: 2, image: vec![200, 90, 255, 0], mask: vec![0; 4] });
    }

    #[test]
    fn sides_that_do_not_fit_give_nothing() {
        assert_eq!(most_similar_map(&FeatureMaps { side: 3, maps: vec![vec![0; 9]] }, &scan()), None);
        assert_eq!(most_similar_map(&FeatureMaps { side: 0, maps: Vec::new() }, &scan()), None);
        assert_eq!(most_similar_map(&FeatureMaps { side: 2, maps: Vec::new() }, &scan()), None);
    }

    #[test]
    fn a_scan_shrinks_by_averaging() {
        assert_eq!(shrink(&scan(), 2), Some(vec![255.0, 0.0, 255.0, 0.0]));
        assert_eq!(shrink(&scan(), 1), Some(vec![127.5]));
    }
}
