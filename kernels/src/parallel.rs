//! Independent tasks, on several threads if the feature `rayon` is on.

use std::mem::MaybeUninit;

/// Threads that work at the same time.
pub fn threads() -> usize {
    #[cfg(feature = "rayon")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "rayon"))]
    1
}

/// Calls `task` with the numbers from 0 to `count`, in any order.
pub fn for_each(count: usize, task: impl Fn(usize) + Send + Sync) {
    #[cfg(feature = "rayon")]
    if count > 1 && threads() > 1 {
        use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
        return (0..count).into_par_iter().with_max_len(1).for_each(task);
    }
    (0..count).for_each(task);
}

/// A place that several tasks write to, each to a part of its own.
#[derive(Clone, Copy)]
pub struct Shared(*mut f32);

// Safety: each task writes its own part only.
unsafe impl Send for Shared {}
unsafe impl Sync for Shared {}

impl Shared {
    /// The place behind `values`.
    pub fn new(values: &mut [f32]) -> Self {
        Self(values.as_mut_ptr())
    }

    /// The place of values that are not written yet.
    pub fn unwritten(values: &mut [MaybeUninit<f32>]) -> Self {
        Self(values.as_mut_ptr().cast())
    }

    /// The value at `index`.
    ///
    /// # Safety
    /// `index` must be inside, and no other task may use what is written there.
    #[inline(always)]
    pub unsafe fn at(self, index: usize) -> *mut f32 {
        unsafe { self.0.add(index) }
    }
}
