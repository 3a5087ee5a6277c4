//! An allocator with as little memory as the reader has. An allocation beyond it fails, which aborts the program.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Most bytes in use. The reader has 256 MiB, of which the file itself takes up to 64.
const MAX_BYTES: usize = 192 << 20;

struct LimitedAllocator;

#[global_allocator]
static ALLOCATOR: LimitedAllocator = LimitedAllocator;
static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Most bytes in use since [`reset_peak`].
pub fn peak() -> usize {
    PEAK.load(Relaxed)
}

/// Starts measuring [`peak`] again.
pub fn reset_peak() {
    PEAK.store(IN_USE.load(Relaxed), Relaxed);
}

/// Counts an allocation. Returns false, and counts nothing, if it exceeds the limit.
fn reserve(bytes: usize) -> bool {
    let in_use = IN_USE.fetch_add(bytes, Relaxed).saturating_add(bytes);
    if in_use > MAX_BYTES {
        IN_USE.fetch_sub(bytes, Relaxed);
        return false;
    }
    PEAK.fetch_max(in_use, Relaxed);
    true
}

// SAFETY: every call is passed unchanged to the system allocator, or returns null, which means that there is no memory.
unsafe impl GlobalAlloc for LimitedAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !reserve(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !reserve(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Counts the old and the new block together, as memory may not grow in place.
        if !reserve(size) {
            return std::ptr::null_mut();
        }
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }
}
