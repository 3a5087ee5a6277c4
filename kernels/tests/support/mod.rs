//! Helpers of all tests, including those inside the library.
#![allow(dead_code, reason = "each test program uses a part")]

pub mod convolution;
pub mod resampling;

/// Numbers between -1 and 1 that look random.
pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect()
}

/// Asserts that each number differs by at most `tolerance` times the largest one.
pub fn assert_close(name: &str, got: &[f32], wanted: &[f64], tolerance: f64) {
    assert_eq!(got.len(), wanted.len());
    let largest = wanted.iter().fold(1e-9f64, |most, x| most.max(x.abs()));
    for (i, (&got, wanted)) in got.iter().zip(wanted).enumerate() {
        let error = (f64::from(got) - wanted).abs();
        assert!(error <= tolerance * largest, "{name}[{i}]: {got}, expected {wanted}");
    }
}
