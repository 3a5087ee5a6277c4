//! Requests that wait for the engine. Only one runs at a time, because two futures must never share a device.

use std::collections::VecDeque;

use super::protocol::MakingRequest;

/// The waiting requests, and which one is current.
#[derive(Debug, Default)]
pub struct RequestQueue {
    waiting: VecDeque<MakingRequest>,
    running: bool,
    /// Counts the requests that replaced those before them.
    turn: u64,
    /// The job of this turn, if it makes scans: more parts of it may follow.
    job: Option<u32>,
}

impl RequestQueue {
    /// Adds a request. It replaces all waiting requests except loads, and cancels the running one. Further parts of the
    /// current job cancel nothing. Returns whether nothing was running; then the caller must start to work.
    pub fn push(&mut self, request: MakingRequest) -> bool {
        let job = if let MakingRequest::Generate { job, .. } = request { Some(job) } else { None };
        if job.is_none() || job != self.job {
            self.turn += 1;
            self.job = job;
            self.waiting.retain(|waiting| matches!(waiting, MakingRequest::Load { .. } | MakingRequest::Join { .. }));
        }
        if request != MakingRequest::Cancel {
            self.waiting.push_back(request);
        }
        !std::mem::replace(&mut self.running, true)
    }

    /// The next request and its turn. None ends the work.
    pub fn next(&mut self) -> Option<(MakingRequest, u64)> {
        let next = self.waiting.pop_front();
        self.running = next.is_some();
        next.map(|request| (request, self.turn))
    }

    /// Whether no later request has cancelled this turn.
    pub fn is_current(&self, turn: u64) -> bool {
        self.turn == turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::shared::{DeviceKind, Source};
    use crate::gan::preset::{ScanSpec, Style};

    fn layers(job: u32) -> MakingRequest {
        let scan = ScanSpec { seed: 0, class: 0, toward: None };
        MakingRequest::Layers { job, scan, style: Style::default() }
    }

    fn load() -> MakingRequest {
        let weights = Source::Address { address: "https://here/weights".to_owned() };
        MakingRequest::Load { weights, device: DeviceKind::Cpu }
    }

    fn requests(queue: &mut RequestQueue) -> Vec<MakingRequest> {
        std::iter::from_fn(|| queue.next()).map(|(request, _)| request).collect()
    }

    #[test]
    fn the_first_request_starts_the_work_and_the_last_ends_it() {
        let mut queue = RequestQueue::default();
        assert!(queue.push(layers(1)));
        assert!(!queue.push(layers(2)), "it works already");
        assert_eq!(requests(&mut queue), [layers(2)]);
        assert!(queue.push(layers(3)), "it had stopped");
    }

    #[test]
    fn a_new_job_replaces_the_one_that_waits_but_no_load() {
        let mut queue = RequestQueue::default();
        queue.push(load());
        queue.push(layers(1));
        queue.push(layers(2));
        assert_eq!(requests(&mut queue), [load(), layers(2)]);
    }

    #[test]
    fn a_new_job_ends_the_turn_of_the_one_that_runs() {
        let mut queue = RequestQueue::default();
        queue.push(layers(1));
        let (_, turn) = queue.next().unwrap();
        assert!(queue.is_current(turn));
        queue.push(layers(2));
        assert!(!queue.is_current(turn));
        let (request, turn) = queue.next().unwrap();
        assert_eq!(request, layers(2));
        assert!(queue.is_current(turn));
    }

    #[test]
    fn parts_of_one_job_wait_for_each_other_and_another_job_replaces_them() {
        let part = |job, first| {
            let scans = vec![ScanSpec { seed: 0, class: 0, toward: None }];
            MakingRequest::Generate { job, first, scans, style: Style::default(), stage: None }
        };
        let mut queue = RequestQueue::default();
        queue.push(part(1, 0));
        let (_, turn) = queue.next().unwrap();
        for first in [1, 2] {
            assert!(!queue.push(part(1, first)));
        }
        assert!(queue.is_current(turn));
        let (request, turn) = queue.next().unwrap();
        assert!(request == part(1, 1) && queue.is_current(turn));
        queue.push(part(2, 0));
        assert!(!queue.is_current(turn));
        assert_eq!(requests(&mut queue), [part(2, 0)]);
        queue.push(MakingRequest::Cancel);
        queue.push(part(2, 1));
        assert_eq!(requests(&mut queue), [part(2, 1)], "after a cancellation it is a job like any other");
    }

    #[test]
    fn a_cancellation_ends_the_turn_and_drops_what_waits() {
        let mut queue = RequestQueue::default();
        queue.push(layers(1));
        let (_, turn) = queue.next().unwrap();
        queue.push(layers(2));
        assert!(!queue.push(MakingRequest::Cancel));
        assert!(!queue.is_current(turn));
        assert_eq!(queue.next(), None);
    }
}
