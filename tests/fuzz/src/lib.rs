//! Checks that must hold for every input of the reader.

mod memory;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use hersenscan::qr_codes::{self, Effort};
use hersenscan::slices::limits::{MAX_KEPT_SIDE, MAX_SLICES};
use hersenscan::slices::decoded::{DecodedFile, Refusal};
use hersenscan::slices::open;

/// Milliseconds of the slowest input so far.
static SLOWEST: AtomicU64 = AtomicU64::new(0);
/// MiB of the input that needed most memory so far.
static HEAVIEST: AtomicU64 = AtomicU64::new(0);

/// Opens an input of any format, as the reader does.
pub fn open(bytes: &[u8]) {
    measured(bytes, || {
        let mut outcomes = 0;
        open::open_file("folder/file", bytes, &mut |outcome| {
            outcomes += 1;
            match outcome {
                Ok(open::Opened::Scan(found)) => check(&found),
                Ok(open::Opened::People(table)) => assert!(!table.rows.is_empty()),
                Ok(open::Opened::Classes(table)) => assert!(table.rows.iter().all(|row| !row.class.is_empty())),
                Ok(open::Opened::Description) => {}
                Err((path, _)) => assert!(path.starts_with("folder/file")),
            }
        });
        assert!(outcomes > 0, "no outcome for the file");
    });
}

/// Opens an input with the reader of one format.
pub fn open_as(bytes: &[u8], open: impl Fn(&str, &[u8]) -> Result<DecodedFile, Refusal>) {
    measured(bytes, || {
        if let Ok(found) = open("folder/file", bytes) {
            check(&found);
        }
    });
}

/// Looks for QR codes in a photograph.
pub fn open_photo(bytes: &[u8]) {
    measured(bytes, || {
        let Ok(picture) = open::open_photo(bytes) else { return };
        let mut texts: Vec<String> = Vec::new();
        qr_codes::find(&picture, Effort::Photo, &mut |text| texts.push(text));
        assert!(texts.iter().all(|text| !text.chars().any(char::is_control)));
        texts.sort_unstable();
        assert!(texts.windows(2).all(|pair| pair[0] != pair[1]), "a text twice");
    });
}

fn check(file: &DecodedFile) {
    let sizes = |slice: &hersenscan::slices::raster::Raster| (slice.width(), slice.height());
    let first = file.slices.first().map(sizes).expect("a file without slices");
    assert!(file.slices.iter().all(|slice| sizes(slice) == first));
    assert!(first.0.max(first.1) <= MAX_KEPT_SIDE && file.slices.len() <= MAX_SLICES);
    assert!(file.volume == (file.slices.len() > 1));
    assert!(file.position.is_none_or(f32::is_finite));
    assert!(file.personal.windows(2).all(|pair| pair[0] < pair[1]));
}

/// Prints time and memory of an input that needs more than all before.
fn measured(bytes: &[u8], work: impl Fn()) {
    let timed = || {
        let start = Instant::now();
        work();
        start.elapsed().as_millis() as u64
    };
    memory::reset_peak();
    let took = timed();
    let peak = memory::peak() as u64 >> 20;
    if took > SLOWEST.load(Ordering::Relaxed) {
        // Measured again, as the computer may have been busy.
        let took = took.min(timed()).min(timed());
        if took > SLOWEST.fetch_max(took, Ordering::Relaxed) {
            eprintln!("slowest: {took} ms, {} bytes", bytes.len());
        }
    }
    if peak > HEAVIEST.fetch_max(peak, Ordering::Relaxed) {
        eprintln!("heaviest: {peak} MiB, {} bytes", bytes.len());
    }
}
