//! Selects the feature map of each layer that looks most like the finished scan.

use crate::gan::feature_maps::FeatureMaps;
use crate::slice::Slice;

/// The feature map of a layer that correlates most with the finished scan, as a slice without a mask. None if the side of the
/// scan is not a multiple of the layer's side, or if the layer has no maps.
pub fn most_similar_map(layer: &FeatureMaps, scan: &Slice) -> Option<Slice> {
    let small = downscale(scan, layer.side)?;
    let best = layer.maps.iter().max_by(|a, b| correlation(a, &small).total_cmp(&correlation(b, &small)))?;
    Some(map_as_slice(layer.side, best))
}

/// A feature map of `side` x `side` values as a slice without a mask.
pub fn map_as_slice(side: usize, map: &[u8]) -> Slice {
    Slice::without_tumour(side, map.to_vec())
}

/// The image of a scan averaged down to `side` x `side`. None if the side of the scan is not a multiple of it.
fn downscale(scan: &Slice, side: usize) -> Option<Vec<f32>> {
    let part = scan.size.checked_div(side).filter(|part| part * side == scan.size)?;
    let mean = |cell: usize| {
        let (x, y) = (cell % side * part, cell / side * part);
        let rows = (y..y + part).filter_map(|row| scan.image.get(row * scan.size + x..row * scan.size + x + part));
        rows.flatten().map(|value| f32::from(*value)).sum::<f32>() / (part * part) as f32
    };
    Some((0..side * side).map(mean).collect())
}

/// Pearson correlation of a map with a scan of the same size, -1 to 1; 0 if one of them is constant.
fn correlation(map: &[u8], scan: &[f32]) -> f32 {
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

    /// 4 x 4 pixels: left half white, right half black.
    fn scan() -> Slice {
        let image = (0..16).map(|index| if index % 4 < 2 { 255 } else { 0 }).collect();
        Slice { size: 4, image, mask: vec![0; 16] }
    }

    #[test]
    fn the_most_similar_map_is_selected() {
        let maps = vec![vec![0, 255, 0, 255], vec![128; 4], vec![200, 90, 255, 0], vec![255, 255, 0, 0]];
        let map = most_similar_map(&FeatureMaps { side: 2, maps }, &scan()).expect("the sides fit");
        assert_eq!(map, Slice { size: 2, image: vec![200, 90, 255, 0], mask: vec![0; 4] });
    }

    #[test]
    fn sides_that_do_not_divide_give_none() {
        assert_eq!(most_similar_map(&FeatureMaps { side: 3, maps: vec![vec![0; 9]] }, &scan()), None);
        assert_eq!(most_similar_map(&FeatureMaps { side: 0, maps: Vec::new() }, &scan()), None);
        assert_eq!(most_similar_map(&FeatureMaps { side: 2, maps: Vec::new() }, &scan()), None);
    }

    #[test]
    fn a_scan_is_downscaled_by_averaging() {
        assert_eq!(downscale(&scan(), 2), Some(vec![255.0, 0.0, 255.0, 0.0]));
        assert_eq!(downscale(&scan(), 1), Some(vec![127.5]));
    }
}
