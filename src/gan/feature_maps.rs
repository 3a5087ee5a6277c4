//! What a generator's layers hold on the way from noise to a scan, as pictures.

use serde::{Deserialize, Serialize};

/// Most feature maps of a layer that are shown.
pub const MAPS: usize = 8;

/// Some feature maps of one resolution, each stretched to its own brightest and darkest value: 0 to 255.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureMaps {
    /// Side of a map.
    pub side: usize,
    /// The maps that vary most over the picture, each `side * side` bytes, row by row.
    pub maps: Vec<Vec<u8>>,
}

impl FeatureMaps {
    /// From all maps of a layer: `channels` times `side * side` values.
    pub fn of(side: usize, values: &[f32]) -> Self {
        let mut maps: Vec<(f32, &[f32])> = values.chunks_exact(side * side).map(|map| (variance(map), map)).collect();
        maps.sort_by(|a, b| b.0.total_cmp(&a.0));
        Self { side, maps: maps.into_iter().take(MAPS).map(|(_, map)| stretch(map)).collect() }
    }
}

fn variance(map: &[f32]) -> f32 {
    let count = map.len() as f32;
    let mean = map.iter().sum::<f32>() / count;
    map.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / count
}

/// Black for the smallest value, white for the largest; gray if all are alike.
fn stretch(map: &[f32]) -> Vec<u8> {
    let low = map.iter().copied().fold(f32::INFINITY, f32::min);
    let range = map.iter().copied().fold(f32::NEG_INFINITY, f32::max) - low;
    map.iter().map(|x| if range > 0.0 { ((x - low) / range * 255.0).round() as u8 } else { 128 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_liveliest_maps_come_first_and_are_stretched() {
        let layer = FeatureMaps::of(2, &[1.0, 1.0, 1.0, 1.0, -5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
        assert_eq!(layer.maps, [vec![0, 255, 128, 128], vec![0, 0, 0, 255], vec![128; 4]]);
    }

    #[test]
    fn only_so_many_are_shown() {
        let values: Vec<f32> = (0..4 * 20).map(|x| (x * x % 7) as f32).collect();
        assert_eq!(FeatureMaps::of(2, &values).maps.len(), MAPS);
    }
}
