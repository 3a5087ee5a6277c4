//! Requests that wait for the engine. Only one runs at a time, because two futures must never share a device.

use std::collections::VecDeque;

use super::protocol::Request;

/// The waiting requests, and which one is current.
#[derive(Debug, Default)]
pub struct RequestQueue {
    waiting: VecDeque<Request>,
    running: bool,
    /// Number of requests so far.
    turn: u64,
}

impl RequestQueue {
    /// Adds a request. It replaces all that wait, except loads, and ends the turn of the one that runs. Returns whether
    /// nothing was running, so that the caller must start to work.
    pub fn push(&mut self, request: Request) -> bool {
        self.turn += 1;
        self.waiting.retain(|waiting| matches!(waiting, Request::Load { .. }));
        if request != Request::Cancel {
            self.waiting.push_back(request);
        }
        !std::mem::replace(&mut self.running, true)
    }

    /// The next request and its turn. None ends the work.
    pub fn next(&mut self) -> Option<(Request, u64)> {
        let next = self.waiting.pop_front();
        self.running = next.is_some();
        next.map(|request| (request, self.turn))
    }

    /// Whether no other request came since this turn began.
    pub fn is_current(&self, turn: u64) -> bool {
        self.turn == turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::shared::{DeviceKind, Source};
    use crate::gan::preset::{ScanSpec, Style};

    fn layers(job: u32) -> Request {
        let scan = ScanSpec { seed: 0, class: 0, toward: None };
        Request::Layers { job, scan, style: Style::default() }
    }

    fn load() -> Request {
        let weights = Source::Address { address: "https://here/weights".to_owned() };
        Request::Load { weights, device: DeviceKind::Cpu }
    }

    fn requests(queue: &mut RequestQueue) -> Vec<Request> {
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
    fn a_cancellation_ends_the_turn_and_drops_what_waits() {
        let mut queue = RequestQueue::default();
        queue.push(layers(1));
        let (_, turn) = queue.next().unwrap();
        queue.push(layers(2));
        assert!(!queue.push(Request::Cancel));
        assert!(!queue.is_current(turn));
        assert_eq!(queue.next(), None);
    }
}
