//! Feature maps of the generator as greyscale images.

use serde::{Deserialize, Serialize};

/// Largest number of maps that are kept of a stage.
pub const MAPS: usize = 8;

/// The feature maps of one stage with the highest variance. Each is rescaled from its own minimum and maximum to 0 and 255.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureMaps {
    /// Side of a map in pixels.
    pub side: usize,
    /// At most [`MAPS`] maps in order of decreasing variance, each `side * side` bytes, row by row.
    pub maps: Vec<Vec<u8>>,
}

impl FeatureMaps {
    /// Selects from all maps of a stage: `values` is `[channels, side, side]`, flattened.
    pub fn of(side: usize, values: &[f32]) -> Self {
        let mut maps: Vec<(f32, &[f32])> = values.chunks_exact(side * side).map(|map| (variance(map), map)).collect();
        maps.sort_by(|a, b| b.0.total_cmp(&a.0));
        Self { side, maps: maps.into_iter().take(MAPS).map(|(_, map)| rescale(map)).collect() }
    }
}

fn variance(map: &[f32]) -> f32 {
    let count = map.len() as f32;
    let mean = map.iter().sum::<f32>() / count;
    map.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / count
}

/// Rescales to 0 (minimum) and 255 (maximum). A constant map becomes 128.
fn rescale(map: &[f32]) -> Vec<u8> {
    let low = map.iter().copied().fold(f32::INFINITY, f32::min);
    let range = map.iter().copied().fold(f32::NEG_INFINITY, f32::max) - low;
    map.iter().map(|x| if range > 0.0 { ((x - low) / range * 255.0).round() as u8 } else { 128 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_sorted_by_variance_and_rescaled() {
        let layer = FeatureMaps::of(2, &[1.0, 1.0, 1.0, 1.0, -5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
        assert_eq!(layer.maps, [vec![0, 255, 128, 128], vec![0, 0, 0, 255], vec![128; 4]]);
    }

    #[test]
    fn the_number_of_maps_is_limited() {
        let values: Vec<f32> = (0..4 * 20).map(|x| (x * x % 7) as f32).collect();
        assert_eq!(FeatureMaps::of(2, &values).maps.len(), MAPS);
    }
}
