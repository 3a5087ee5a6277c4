//! The default size of a training, from the speed at which the device makes scans.
//!
//! The networks of 64 pixels are the better start (docs/training-in-the-tab.md, "What minutes bring"), so only a very slow
//! device gets 32.

/// The usual side of scans, in pixels.
pub const USUAL: usize = 64;
/// The side of scans on a slow device, in pixels.
pub const SMALL: usize = 32;

/// Scans that the generator makes in the time that one slice takes in a training of the same size, one worker each.
const SCANS_OF_A_SLICE: f64 = 12.0;
/// Speed that each further worker adds, as a share of the first worker's speed.
const FURTHER_WORKER: f64 = 0.5;
/// Fewest slices a second for the usual size: six hundred in ten minutes.
const MIN_RATE: f64 = 1.0;

/// Slices a second that this many workers of the processor will train with at [`USUAL`] pixels, if one of them needs this many
/// milliseconds for a scan of `side` pixels.
pub fn expected_rate(millis_per_scan: f64, side: usize, workers: usize) -> f64 {
    let pixels = |side: usize| (side * side) as f64;
    // Twice the side takes about twice as long, because the large feature maps have few channels.
    let scan = millis_per_scan * (pixels(USUAL) / pixels(side.max(1))).sqrt();
    let team = 1.0 + FURTHER_WORKER * workers.saturating_sub(1) as f64;
    if scan > 0.0 { 1000.0 * team / (SCANS_OF_A_SLICE * scan) } else { f64::INFINITY }
}

/// The default side of scans on the processor. `test` is the time and the side of a scan, once measured.
pub fn usual(test: Option<(f64, usize)>, workers: usize) -> usize {
    match test {
        Some((millis, side)) if expected_rate(millis, side, workers) < MIN_RATE => SMALL,
        _ => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_very_slow_device_gets_the_small_size() {
        let cases = [
            (None, 1, USUAL),
            // A laptop of two cores.
            (Some((10.0, 64)), 2, USUAL),
            (Some((20.0, 128)), 2, USUAL),
            // A slow phone with four workers, and with one.
            (Some((150.0, 64)), 4, USUAL),
            (Some((150.0, 64)), 1, SMALL),
            (Some((300.0, 128)), 1, SMALL),
            (Some((0.0, 64)), 1, USUAL),
        ];
        for (test, workers, side) in cases {
            assert_eq!(usual(test, workers), side, "{test:?}, {workers} workers");
        }
    }

    #[test]
    fn more_workers_and_smaller_scans_are_faster() {
        assert!(expected_rate(20.0, 64, 2) > expected_rate(20.0, 64, 1));
        assert_eq!(expected_rate(40.0, 128, 1), expected_rate(20.0, 64, 1));
    }
}
