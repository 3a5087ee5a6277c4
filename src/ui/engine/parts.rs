//! One job in parts: which worker has which part, what has arrived, and what is left.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use crate::slice::Slice;

/// Parts that a worker has at a time. It goes on with the second while the page answers the first.
const DEPTH: usize = 2;

/// The units of a job, by index: its scans, or the job itself if it has one answer only.
#[derive(Default)]
pub struct Parts {
    /// Units that no worker has.
    todo: BTreeSet<usize>,
    /// Parts that a worker has, oldest first.
    dealt: VecDeque<Part>,
    /// Scans that arrived before an earlier one.
    early: BTreeMap<usize, Slice>,
    /// Scans before this one are delivered.
    next: usize,
}

/// Consecutive units that one worker has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The worker.
    pub worker: usize,
    /// The units.
    pub units: Range<usize>,
}

impl Parts {
    /// A job of this many units.
    pub fn new(units: usize) -> Self {
        Self { todo: (0..units).collect(), ..Self::default() }
    }

    /// Deals parts of at most `size` units to the workers in turn, until each has `DEPTH` parts or nothing is left.
    pub fn deal(&mut self, workers: &[usize], size: usize) -> Vec<Part> {
        let mut dealt = Vec::new();
        for depth in 1..=DEPTH {
            for &worker in workers {
                if self.held_by(worker).count() < depth
                    && let Some(units) = self.take(size)
                {
                    let part = Part { worker, units };
                    self.dealt.push_back(part.clone());
                    dealt.push(part);
                }
            }
        }
        dealt
    }

    /// The first units that follow each other, at most `size`.
    fn take(&mut self, size: usize) -> Option<Range<usize>> {
        let first = *self.todo.first()?;
        let mut end = first;
        while end - first < size && self.todo.remove(&end) {
            end += 1;
        }
        Some(first..end)
    }

    fn held_by(&self, worker: usize) -> impl Iterator<Item = &Part> {
        self.dealt.iter().filter(move |part| part.worker == worker)
    }

    /// Units that no worker has.
    pub fn todo(&self) -> usize {
        self.todo.len()
    }

    /// Whether this worker has a part.
    pub fn is_held_by(&self, worker: usize) -> bool {
        self.held_by(worker).next().is_some()
    }

    /// A scan arrived. Returns the scans that are now to be delivered, in their order.
    pub fn arrive(&mut self, index: usize, scan: Slice) -> Vec<(usize, Slice)> {
        // A scan that a lost worker had sent, and another one made again, is delivered once.
        if index >= self.next {
            self.early.insert(index, scan);
        }
        let mut ready = Vec::new();
        while let Some(scan) = self.early.remove(&self.next) {
            ready.push((self.next, scan));
            self.next += 1;
        }
        ready
    }

    /// The worker is done with the oldest of its parts.
    pub fn finish(&mut self, worker: usize) {
        if let Some(oldest) = self.dealt.iter().position(|part| part.worker == worker) {
            self.dealt.remove(oldest);
        }
    }

    /// The worker is gone. Units that it had and did not send must be done again.
    pub fn lose(&mut self, worker: usize) {
        let (lost, kept): (VecDeque<_>, _) = self.dealt.drain(..).partition(|part| part.worker == worker);
        self.dealt = kept;
        let units = lost.into_iter().flat_map(|part| part.units);
        self.todo.extend(units.filter(|index| *index >= self.next && !self.early.contains_key(index)));
    }

    /// Whether nothing is left, neither to deal nor with a worker.
    pub fn are_done(&self) -> bool {
        self.todo.is_empty() && self.dealt.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan() -> Slice {
        Slice::without_tumour(1, vec![0])
    }

    /// What is dealt, as (worker, first, end).
    fn dealt(parts: &mut Parts, workers: &[usize], size: usize) -> Vec<(usize, usize, usize)> {
        parts.deal(workers, size).into_iter().map(|part| (part.worker, part.units.start, part.units.end)).collect()
    }

    fn indices(delivered: Vec<(usize, Slice)>) -> Vec<usize> {
        delivered.into_iter().map(|(index, _)| index).collect()
    }

    #[test]
    fn every_worker_gets_one_part_before_any_gets_a_second() {
        let mut parts = Parts::new(5);
        assert_eq!(dealt(&mut parts, &[0, 1], 1), [(0, 0, 1), (1, 1, 2), (0, 2, 3), (1, 3, 4)]);
        assert_eq!(dealt(&mut parts, &[0, 1], 1), []);
        parts.finish(1);
        assert_eq!(dealt(&mut parts, &[0, 1], 1), [(1, 4, 5)]);
        assert_eq!((parts.todo(), parts.are_done()), (0, false));
    }

    #[test]
    fn a_worker_without_others_gets_the_whole_job() {
        let mut parts = Parts::new(64);
        assert_eq!(dealt(&mut parts, &[8], usize::MAX), [(8, 0, 64)]);
        parts.finish(8);
        assert!(parts.are_done());
    }

    #[test]
    fn scans_are_delivered_in_order_and_once() {
        let mut parts = Parts::new(3);
        parts.deal(&[0, 1, 2], 1);
        assert_eq!(indices(parts.arrive(1, scan())), [0; 0]);
        assert_eq!(indices(parts.arrive(0, scan())), [0, 1]);
        assert_eq!(indices(parts.arrive(0, scan())), [0; 0]);
        assert_eq!(indices(parts.arrive(2, scan())), [2]);
    }

    #[test]
    fn a_lost_worker_costs_what_it_had_and_did_not_send() {
        let mut parts = Parts::new(6);
        assert_eq!(dealt(&mut parts, &[0, 1], 2), [(0, 0, 2), (1, 2, 4), (0, 4, 6)]);
        parts.arrive(4, scan());
        parts.lose(0);
        assert!(!parts.is_held_by(0) && parts.is_held_by(1));
        assert_eq!(parts.todo(), 3, "scans 0, 1 and 5");
        assert_eq!(dealt(&mut parts, &[1], 2), [(1, 0, 2)]);
        parts.finish(1);
        parts.finish(1);
        assert!(!parts.are_done());
        assert_eq!(dealt(&mut parts, &[1], 2), [(1, 5, 6)]);
        parts.finish(1);
        assert!(parts.are_done());
    }
}
