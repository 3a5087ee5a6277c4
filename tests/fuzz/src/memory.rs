//! Memory as scarce as it is in the reader: who asks for more gets none, which ends the program.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes at once. The reader has 256 MiB, of which a file itself takes up to 64.
const MOST: usize = 192 << 20;

struct Scarce;

#[global_allocator]
static MEMORY: Scarce = Scarce;
static TAKEN: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Most bytes at once since [`forget_peak`].
pub fn peak() -> usize {
    PEAK.load(Relaxed)
}

pub fn forget_peak() {
    PEAK.store(TAKEN.load(Relaxed), Relaxed);
}

/// Whether there is room for so many more.
fn take(bytes: usize) -> bool {
    let taken = TAKEN.fetch_add(bytes, Relaxed).saturating_add(bytes);
    if taken > MOST {
        TAKEN.fetch_sub(bytes, Relaxed);
        return false;
    }
    PEAK.fetch_max(taken, Relaxed);
    true
}

// SAFETY: every call is handed to the system's allocator as it came, or answered with null, which means that there is
// no memory.
unsafe impl GlobalAlloc for Scarce {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !take(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !take(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new together, as where memory cannot be moved in place.
        if !take(size) {
            return std::ptr::null_mut();
        }
        TAKEN.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }
}
