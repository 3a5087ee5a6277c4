//! Work that can wait, a little at a time: the page answers in between.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use leptos::prelude::*;

/// Milliseconds of work before the page may answer somebody.
const TURN: f64 = 12.0;

type Job = Box<dyn FnOnce()>;

thread_local! {
    static JOBS: RefCell<VecDeque<Job>> = const { RefCell::new(VecDeque::new()) };
}

/// Does something soon, after what was asked before.
pub fn enqueue(job: impl FnOnce() + 'static) {
    let idle = JOBS.with_borrow_mut(|jobs| {
        jobs.push_back(Box::new(job));
        jobs.len() == 1
    });
    if idle {
        set_timeout(work, Duration::ZERO);
    }
}

fn work() {
    let now = || window().performance().map_or(0.0, |clock| clock.now());
    let start = now();
    // The job stays in the queue until it is done: a job that asks for another starts no second turn.
    while let Some(job) =
        JOBS.with_borrow_mut(|jobs| jobs.front_mut().map(|job| std::mem::replace(job, Box::new(|| ()))))
    {
        job();
        let left = JOBS.with_borrow_mut(|jobs| {
            jobs.pop_front();
            jobs.len()
        });
        if left > 0 && now() - start > TURN {
            set_timeout(work, Duration::ZERO);
            return;
        }
    }
}
