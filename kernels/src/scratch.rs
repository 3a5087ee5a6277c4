//! Memory for intermediate results. Each thread keeps what it has used and uses it again.

use std::cell::RefCell;

/// Values in a cache line.
const LINE: usize = 16;

thread_local! {
    static FREE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// A piece of memory that goes back to its thread when it is dropped.
///
/// Not a function that takes a closure: a closure is compiled without the vector instructions of its caller.
#[derive(Debug)]
pub struct Scratch {
    memory: Vec<f32>,
    start: usize,
}

impl Scratch {
    /// Memory for pieces of these lengths, see [`pieces`](Self::pieces).
    pub fn new<const N: usize>(lengths: [usize; N]) -> Self {
        let mut memory = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
        let total: usize = lengths.iter().map(|length| length.next_multiple_of(LINE)).sum::<usize>() + LINE;
        if memory.len() < total {
            // The old one is freed first, so that both do not exist at the same time.
            drop(memory);
            memory = vec![0.0; total];
        }
        let start = memory.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
        Self { memory, start }
    }

    /// One piece for each of `lengths`. Pieces start at a cache line, and their contents are whatever was written there
    /// last.
    pub fn pieces<const N: usize>(&mut self, lengths: [usize; N]) -> [&mut [f32]; N] {
        let mut rest = &mut self.memory[self.start..];
        lengths.map(|length| {
            let (piece, after) = std::mem::take(&mut rest).split_at_mut(length.next_multiple_of(LINE));
            rest = after;
            &mut piece[..length]
        })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        // Fails while the thread ends.
        let _ = FREE.try_with(|free| free.borrow_mut().push(memory));
    }
}
