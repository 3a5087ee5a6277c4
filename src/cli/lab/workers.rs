//! Runs on all cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use super::fakes::FakeSupply;
use crate::lab::learner::Learning;
use crate::lab::outcomes::LabRun;
use crate::lab::people::People;
use crate::lab::report::LabJob;

/// Everything that runs share.
pub struct LabWorkers {
    pub people: People,
    pub supply: FakeSupply,
    /// Train persons of each repetition, in the order in which they are taken.
    pub persons: Vec<Vec<String>>,
    pub learning: Learning,
}

/// A job that is done.
pub struct FinishedJob {
    pub job: LabJob,
    pub run: Result<LabRun, String>,
    pub seconds: f64,
}

impl LabWorkers {
    /// Starts the jobs in order, one on each core, and returns where the results arrive, in any order. Threads that still work
    /// when the program ends are lost with it.
    pub fn start(self, jobs: Vec<LabJob>) -> Receiver<FinishedJob> {
        let (workers, jobs) = (Arc::new(self), Arc::new(jobs));
        let next = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = channel();
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (workers, jobs, next, sender) =
                (Arc::clone(&workers), Arc::clone(&jobs), Arc::clone(&next), sender.clone());
            // Plain threads instead of rayon: a waiting rayon worker may steal work of another run.
            thread::spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let start = Instant::now();
                    let run = workers.run(&job);
                    let done = FinishedJob { job, run, seconds: start.elapsed().as_secs_f64() };
                    if sender.send(done).is_err() {
                        break;
                    }
                }
            });
        }
        receiver
    }

    fn run(&self, job: &LabJob) -> Result<LabRun, String> {
        let fakes = self.supply.of(job.repetition, &self.people)?;
        let persons = self.persons.get(job.repetition).and_then(|all| all.get(..job.patients)).unwrap_or_default();
        let run = job.learner.run(job.arm, job.repetition, persons, &self.people, &fakes, &self.learning);
        run.map_err(|error| error.to_string())
    }
}
