//! What must hold whatever a file holds.

mod memory;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use hersenscan::slices::limits::{KEPT_SIDE, MAX_SLICES};
use hersenscan::slices::open::{Found, Refusal};
use hersenscan::slices::sniff;

/// Milliseconds that the slowest file took so far.
static SLOWEST: AtomicU64 = AtomicU64::new(0);
/// MiB that the heaviest took.
static HEAVIEST: AtomicU64 = AtomicU64::new(0);

/// Opens a file as the reader does.
pub fn open(bytes: &[u8]) {
    measured(bytes, || {
        let mut told = 0;
        sniff::open("folder/file", bytes, &mut |outcome| {
            told += 1;
            match outcome {
                Ok(found) => sound(&found),
                Err((path, _)) => assert!(path.starts_with("folder/file")),
            }
        });
        assert!(told > 0, "nothing was said of the file");
    });
}

/// Opens a file as of one format, whatever its start says.
pub fn open_as(bytes: &[u8], open: impl Fn(&str, &[u8]) -> Result<Found, Refusal>) {
    measured(bytes, || {
        if let Ok(found) = open("folder/file", bytes) {
            sound(&found);
        }
    });
}

fn sound(found: &Found) {
    let sizes = |slice: &hersenscan::slices::raster::Raster| (slice.width(), slice.height());
    let first = found.slices.first().map(sizes).expect("a file without slices");
    assert!(found.slices.iter().all(|slice| sizes(slice) == first));
    assert!(first.0.max(first.1) <= KEPT_SIDE && found.slices.len() <= MAX_SLICES);
    assert!(found.volume == (found.slices.len() > 1));
    assert!(found.position.is_none_or(f32::is_finite));
    assert!(found.personal.windows(2).all(|pair| pair[0] < pair[1]));
}

/// Says when a file took longer or more memory than all before.
fn measured(bytes: &[u8], work: impl Fn()) {
    let timed = || {
        let start = Instant::now();
        work();
        start.elapsed().as_millis() as u64
    };
    memory::forget_peak();
    let took = timed();
    let peak = memory::peak() as u64 >> 20;
    if took > SLOWEST.load(Ordering::Relaxed) {
        // Again: the computer may have been at something else.
        let took = took.min(timed()).min(timed());
        if took > SLOWEST.fetch_max(took, Ordering::Relaxed) {
            eprintln!("slowest: {took} ms, {} bytes", bytes.len());
        }
    }
    if peak > HEAVIEST.fetch_max(peak, Ordering::Relaxed) {
        eprintln!("heaviest: {peak} MiB, {} bytes", bytes.len());
    }
}
