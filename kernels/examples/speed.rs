//! Times of the convolution and its gradient to the weights at the sizes of the networks:
//! `cargo run --release -p hersenscan-kernels --example speed [--features rayon] [BATCH]`.

use std::time::Instant;

use hersenscan_kernels::{Epilogue, Prologue, Size, Weights, convolve, weight_gradient};

fn main() {
    let batch = std::env::args().nth(1).and_then(|batch| batch.parse().ok()).unwrap_or(16);
    println!("batch {batch}; milliseconds, best of several; GMAC/s as if computed directly");
    for (channels, side) in [(128, 4), (128, 8), (96, 16), (48, 32), (64, 32), (24, 64), (32, 64), (16, 128)] {
        let size = Size { batch, inputs: channels, outputs: channels, side };
        let values = vec![0.5f32; batch * channels * side * side];
        let mut output = vec![0.0f32; values.len()];
        let plain = vec![0.01f32; channels * channels * 9];
        let mut gradient = vec![0.0f32; plain.len()];
        let weights = Weights::new(&plain, channels, channels);
        let transform = best(|| drop(Weights::new(&plain, channels, channels)));
        let forward =
            best(|| convolve(size, &weights, &values, Prologue::Leaky(0.2), &mut output, Epilogue::default()));
        let backward =
            best(|| weight_gradient(size, (&values, Prologue::Leaky(0.2)), (&values, Prologue::Plain), &mut gradient));
        let work = (batch * channels * channels * 9 * side * side) as f64 / 1e6;
        println!(
            "{channels:4} channels, {side:3} px: weights {transform:6.3}, forward {forward:7.3} ({:6.1}), gradient {backward:7.3} ({:6.1})",
            work / forward,
            work / backward
        );
    }
}

fn best(mut work: impl FnMut()) -> f64 {
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e3
    };
    let start = Instant::now();
    let mut best = f64::INFINITY;
    while start.elapsed().as_millis() < 300 {
        best = best.min(once(&mut work));
    }
    best
}
