//! Generated tumour masks compared with real ones: agreement with a segmentation network, area and position.

use serde_json::{Value, json};

use crate::gan::random::{Purpose, Stream};

use super::masks::{NEARLY_EMPTY, area, centre, dice};
use super::statistics::{ClusterBootstrap, DRAWS, Estimate, centred_interval, kolmogorov_smirnov, summary};
use super::unet::UNet;

/// Training steps of the segmentation network.
const STEPS: usize = 600;

/// Trains a segmentation network on real slices of 64 x 64 bytes.
pub fn network(images: &[Vec<u8>], masks: &[Vec<u8>], seed: u64) -> UNet {
    UNet::train(images, masks, STEPS, seed)
}

/// Dice coefficient of each mask and the mask that the network predicts for its image.
pub fn agreement(network: &UNet, images: &[Vec<u8>], masks: &[Vec<u8>]) -> Vec<f64> {
    network.masks(images).iter().zip(masks).map(|(found, mask)| dice(found, mask)).collect()
}

/// The share of masks that are nearly empty.
pub fn nearly_empty(masks: &[&Vec<u8>]) -> f64 {
    masks.iter().filter(|mask| area(mask) <= NEARLY_EMPTY).count() as f64 / masks.len().max(1) as f64
}

/// Compares areas and centres of generated and real masks of one class, as JSON for the report.
pub fn shape(generated: &[&Vec<u8>], real: &[&Vec<u8>], side: usize) -> Value {
    let compare = |of: &dyn Fn(&Vec<u8>) -> Option<f64>| {
        let values = |masks: &[&Vec<u8>]| masks.iter().filter_map(|mask| of(mask)).collect::<Vec<f64>>();
        let (generated, real) = (values(generated), values(real));
        let distance = kolmogorov_smirnov(&generated, &real);
        json!({ "generated": summary(&generated), "real": summary(&real), "kolmogorov_smirnov": distance })
    };
    json!({
        "area": compare(&|mask| Some(area(mask))),
        "centre_from_left": compare(&|mask| centre(mask, side).map(|[x, _]| x)),
        "centre_from_top": compare(&|mask| centre(mask, side).map(|[_, y]| y)),
        "nearly_empty": { "generated": nearly_empty(generated), "real": nearly_empty(real) },
    })
}

/// The Kolmogorov-Smirnov statistic of two samples, with its interval from a cluster bootstrap of both.
pub fn ks_distance(samples: [&[f64]; 2], groups: [&ClusterBootstrap; 2], seed: u64) -> Estimate {
    let mut stream = Stream::new(Purpose::Step, seed, 78);
    let value = kolmogorov_smirnov(samples[0], samples[1]);
    let draw = |_| {
        let [a, b] = [0, 1].map(|side| {
            groups[side].draw(&mut stream).into_iter().map(|index| samples[side][index]).collect::<Vec<f64>>()
        });
        kolmogorov_smirnov(&a, &b)
    };
    let draws: Vec<f64> = (0..DRAWS).map(draw).collect();
    // Resampling increases the difference of two samples.
    centred_interval(value, &draws)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifted_samples_have_a_larger_distance_than_equal_ones() {
        let values: Vec<f64> = (0..60).map(|index| f64::from(index * 37 % 60)).collect();
        let far: Vec<f64> = values.iter().map(|value| value + 40.0).collect();
        let alone = ClusterBootstrap::independent(60);
        let [same, other] = [&values, &far].map(|with| ks_distance([&values, with], [&alone, &alone], 1));
        assert_eq!(same.value, 0.0);
        assert!((other.value - 40.0 / 60.0).abs() < 1e-9 && same.high < other.low, "{same:?} {other:?}");
    }

    #[test]
    fn shapes_are_compared() {
        let mask = |from: usize| -> Vec<u8> {
            (0..64).map(|index| if (from..from + 8).contains(&index) { 255 } else { 0 }).collect()
        };
        let (top, bottom, none) = (mask(0), mask(56), vec![0; 64]);
        let found = shape(&[&top, &none], &[&bottom, &bottom], 8);
        assert_eq!(found["centre_from_top"]["kolmogorov_smirnov"], 1.0);
        assert_eq!(found["centre_from_left"]["kolmogorov_smirnov"], 0.0);
        assert_eq!(found["nearly_empty"], json!({ "generated": 0.5, "real": 0.0 }));
        assert_eq!(found["area"]["generated"]["mean"], 0.0625);
    }
}
