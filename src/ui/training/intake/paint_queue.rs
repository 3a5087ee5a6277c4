//! A queue of drawing jobs. Jobs run in short turns, so that the page stays responsive.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use leptos::prelude::*;

/// Milliseconds of work in one turn of the event loop.
const TURN_MILLIS: f64 = 12.0;

type PaintTask = Box<dyn FnOnce()>;

thread_local! {
    static JOBS: RefCell<VecDeque<PaintTask>> = const { RefCell::new(VecDeque::new()) };
}

/// Adds a job to the end of the queue.
pub fn enqueue(job: impl FnOnce() + 'static) {
    let idle = JOBS.with_borrow_mut(|jobs| {
        jobs.push_back(Box::new(job));
        jobs.len() == 1
    });
    if idle {
        set_timeout(run_turn, Duration::ZERO);
    }
}

fn run_turn() {
    let now = || window().performance().map_or(0.0, |clock| clock.now());
    let start = now();
    // A running job keeps its place in the queue: a job that enqueues another must not start a second turn.
    while let Some(job) =
        JOBS.with_borrow_mut(|jobs| jobs.front_mut().map(|job| std::mem::replace(job, Box::new(|| ()))))
    {
        job();
        let left = JOBS.with_borrow_mut(|jobs| {
            jobs.pop_front();
            jobs.len()
        });
        if left > 0 && now() - start > TURN_MILLIS {
            set_timeout(run_turn, Duration::ZERO);
            return;
        }
    }
}
