//! The current job, and those that wait.

use std::collections::VecDeque;

use super::job::{EngineTask, Job, JobOwner, JobProgress, OnJobEvent};
use super::parts::{Part, Parts};
use crate::engine::making::protocol::MakingRequest;
use crate::engine::shared::DeviceKind;
use crate::slice::Slice;

/// All jobs of the page.
#[derive(Default)]
pub struct JobQueue {
    current: Option<CurrentJob>,
    /// Oldest first.
    waiting: VecDeque<Job>,
    last_number: u32,
    last_owner: u32,
}

struct CurrentJob {
    /// Number in the messages. Each start gets a new one, so that late answers are recognised.
    number: u32,
    /// The device that has it. None while no engine is ready.
    device: Option<DeviceKind>,
    job: Job,
    /// Its scans, or one part for all of it.
    parts: Parts,
    /// Scans that are to be delivered, in their order.
    ready: Vec<(usize, Slice)>,
    /// Scans that are delivered, and other answers.
    answers: usize,
    /// When it started, in milliseconds.
    start: f64,
}

/// A job that is done.
pub struct Finished {
    /// Who is told.
    pub on_event: OnJobEvent,
    /// When it started, in milliseconds.
    pub start: f64,
}

/// Scans to deliver, in their order, and who gets them.
pub type Delivery = (OnJobEvent, Vec<(usize, Slice)>);

impl JobQueue {
    /// A new owner of jobs.
    pub fn new_owner(&mut self) -> JobOwner {
        self.last_owner += 1;
        JobOwner(self.last_owner)
    }

    /// Adds a job. Returns the jobs that it replaces: all of the same owner. But a live job does not replace a live job that an
    /// engine is working on.
    pub fn submit(&mut self, job: Job) -> Vec<Job> {
        let owner = job.owner;
        let moving = self
            .current
            .as_ref()
            .is_some_and(|current| current.job.owner == owner && current.job.live && current.device.is_some());
        let dropped = if job.live && moving { self.remove_waiting(owner) } else { self.remove(owner) };
        self.waiting.push_back(job);
        self.advance();
        dropped
    }

    /// Removes all jobs of an owner, and returns them.
    pub fn remove(&mut self, owner: JobOwner) -> Vec<Job> {
        let current = self.current.take_if(|current| current.job.owner == owner);
        let mut removed: Vec<Job> = current.map(|current| current.job).into_iter().collect();
        removed.extend(self.remove_waiting(owner));
        self.advance();
        removed
    }

    fn remove_waiting(&mut self, owner: JobOwner) -> Vec<Job> {
        let (own, others): (VecDeque<_>, _) = self.waiting.drain(..).partition(|job| job.owner == owner);
        self.waiting = others;
        Vec::from(own)
    }

    /// Removes all jobs, and returns them.
    pub fn clear(&mut self) -> Vec<Job> {
        self.current.take().map(|current| current.job).into_iter().chain(self.waiting.drain(..)).collect()
    }

    /// Makes the oldest waiting job the current one, if there is none.
    fn advance(&mut self) {
        if self.current.is_none() {
            self.current = self.waiting.pop_front().map(|job| CurrentJob {
                number: 0,
                device: None,
                parts: parts(&job),
                ready: Vec::new(),
                job,
                answers: 0,
                start: 0.0,
            });
        }
    }

    /// Gives the current job to a device, unless that has it already. Returns the number of the current job.
    pub fn assign(&mut self, device: DeviceKind, now: f64) -> Option<u32> {
        let current = self.current.as_mut()?;
        if current.device != Some(device) {
            self.last_number += 1;
            (current.number, current.device, current.start) = (self.last_number, Some(device), now);
            (current.parts, current.ready, current.answers) = (parts(&current.job), Vec::new(), 0);
        }
        Some(current.number)
    }

    /// Deals parts of the current job to these workers of its device. `spread` cuts it into single scans, for several
    /// workers. `absolute` makes a relative address absolute. Returns a worker with each request.
    pub fn deal(
        &mut self,
        workers: &[usize],
        spread: bool,
        absolute: impl Fn(&str) -> String,
    ) -> Vec<(usize, MakingRequest)> {
        let Some(current) = self.current.as_mut() else { return Vec::new() };
        let (workers, size) = match current.job.task {
            EngineTask::Scans { weights: None, .. } if spread => (workers, 1),
            // Everything else needs weights that each worker would fetch for itself.
            _ => (&workers[..workers.len().min(1)], usize::MAX),
        };
        let dealt = current.parts.deal(workers, size);
        dealt.iter().map(|part| (part.worker, request(current.number, &current.job.task, part, &absolute))).collect()
    }

    /// Scans of the current job that no worker has, if they could be spread over more workers.
    pub fn to_spread(&self) -> usize {
        self.current.as_ref().map_or(0, |current| match current.job.task {
            EngineTask::Scans { weights: None, .. } => current.parts.todo(),
            _ => 0,
        })
    }

    /// Whether this worker has a part of the current job.
    pub fn is_held_by(&self, worker: usize) -> bool {
        self.current.as_ref().is_some_and(|current| current.parts.is_held_by(worker))
    }

    /// All engines of a device failed: the current job starts anew on another one.
    pub fn unassign(&mut self, device: DeviceKind) {
        if let Some(current) = self.current.as_mut().filter(|current| current.device == Some(device)) {
            current.device = None;
        }
    }

    /// A worker is gone: others do its parts.
    pub fn lose(&mut self, worker: usize) {
        if let Some(current) = &mut self.current {
            current.parts.lose(worker);
        }
    }

    fn numbered(&mut self, number: u32) -> Option<&mut CurrentJob> {
        self.current.as_mut().filter(|current| current.number == number)
    }

    /// Scans of the job with this number arrived. Returns whether they are the last ones; `None` if the job is not the current
    /// one.
    pub fn scans(&mut self, number: u32, first: usize, scans: Vec<Slice>) -> Option<bool> {
        let current = self.numbered(number)?;
        let ready = (first..).zip(scans).flat_map(|(index, scan)| current.parts.arrive(index, scan));
        current.ready.extend(ready);
        Some(current.answers + current.ready.len() >= current.job.total())
    }

    /// Takes the scans of the current job that are to be delivered. None if there are none.
    pub fn deliver(&mut self) -> Option<Delivery> {
        let current = self.current.as_mut()?;
        let ready = std::mem::take(&mut current.ready);
        current.answers += ready.len();
        (!ready.is_empty()).then(|| (current.job.on_event.clone(), ready))
    }

    /// Another answer to the job of this number arrived. None for a job that is not the current one.
    pub fn answer(&mut self, number: u32) -> Option<OnJobEvent> {
        let current = self.numbered(number)?;
        current.answers += 1;
        Some(current.job.on_event.clone())
    }

    /// A worker is done with a part of the job of this number. Returns the job if it was the last part.
    pub fn finish_part(&mut self, worker: usize, number: u32) -> Option<Finished> {
        let current = self.numbered(number)?;
        current.parts.finish(worker);
        if current.parts.are_done() { self.finish(number) } else { None }
    }

    /// Ends the job of this number. None for a job that is not the current one.
    pub fn finish(&mut self, number: u32) -> Option<Finished> {
        let current = self.current.take_if(|current| current.number == number)?;
        self.advance();
        Some(Finished { on_event: current.job.on_event, start: current.start })
    }

    /// Progress of the current job. None if there is no job.
    pub fn progress(&self) -> Option<JobProgress> {
        let current = self.current.as_ref()?;
        Some(JobProgress { done: current.answers, total: current.job.total(), live: current.job.live })
    }
}

/// A job that asks for nothing has one part too: an engine refuses it.
fn parts(job: &Job) -> Parts {
    Parts::new(job.total().max(1))
}

fn request(job: u32, task: &EngineTask, part: &Part, absolute: impl Fn(&str) -> String) -> MakingRequest {
    match task {
        EngineTask::Scans { scans, style, weights } => MakingRequest::Generate {
            job,
            first: part.units.start,
            scans: scans.get(part.units.clone()).unwrap_or_default().to_vec(),
            style: style.clone(),
            stage: weights.map(absolute),
        },
        EngineTask::Layers { scan, style } => MakingRequest::Layers { job, scan: *scan, style: style.clone() },
        EngineTask::Verdicts { scans, weights } => {
            MakingRequest::Judge { job, weights: absolute(weights), scans: scans.clone() }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::gan::preset::{ScanSpec, Style};

    fn job(owner: JobOwner, seed: u32, live: bool) -> Job {
        let scans = vec![ScanSpec { seed, class: 0, toward: None }];
        let task = EngineTask::Scans { scans, style: Style::default(), weights: Some("stage") };
        Job { owner, task, live, on_event: Rc::new(|_| ()) }
    }

    fn seed(task: &EngineTask) -> u32 {
        match task {
            EngineTask::Scans { scans, .. } => scans[0].seed,
            _ => unreachable!("all jobs of these tests make scans"),
        }
    }

    fn seeds(jobs: &[Job]) -> Vec<u32> {
        jobs.iter().map(|job| seed(&job.task)).collect()
    }

    fn sent(queue: &mut JobQueue) -> Option<(u32, u32)> {
        queue.assign(DeviceKind::Cpu, 0.0)?;
        match queue.deal(&[0], false, |relative| format!("https://here/{relative}")).pop()? {
            (0, MakingRequest::Generate { job, first: 0, scans, stage, .. }) => {
                assert_eq!(stage.as_deref(), Some("https://here/stage"));
                Some((job, scans[0].seed))
            }
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn a_job_replaces_the_one_of_its_owner_and_waits_for_others() {
        let mut queue = JobQueue::default();
        let [one, two] = [queue.new_owner(), queue.new_owner()];
        assert!(queue.submit(job(one, 1, false)).is_empty());
        assert_eq!(sent(&mut queue), Some((1, 1)));
        assert!(queue.submit(job(two, 2, false)).is_empty());
        assert_eq!(sent(&mut queue), None, "the engine is at work");
        assert_eq!(seeds(&queue.submit(job(two, 3, false))), [2]);
        assert_eq!(seeds(&queue.submit(job(one, 4, false))), [1]);
        assert_eq!(sent(&mut queue), Some((2, 3)), "it was submitted before");
        assert!(queue.finish(2).is_some());
        assert_eq!(sent(&mut queue), Some((3, 4)));
    }

    #[test]
    fn a_live_job_waits_for_the_one_that_is_seen_next() {
        let mut queue = JobQueue::default();
        let owner = queue.new_owner();
        queue.submit(job(owner, 1, true));
        assert_eq!(seeds(&queue.submit(job(owner, 2, true))), [1], "nothing has it yet");
        assert_eq!(sent(&mut queue), Some((1, 2)));
        assert!(queue.submit(job(owner, 3, true)).is_empty());
        assert_eq!(seeds(&queue.submit(job(owner, 4, true))), [3]);
        assert_eq!(seeds(&queue.submit(job(owner, 5, false))), [2, 4], "the hand rests");
    }

    #[test]
    fn late_answers_are_recognised_by_their_number() {
        let mut queue = JobQueue::default();
        let owner = queue.new_owner();
        queue.submit(job(owner, 1, false));
        assert_eq!(sent(&mut queue), Some((1, 1)));
        queue.submit(job(owner, 2, false));
        assert_eq!(sent(&mut queue), Some((2, 2)));
        assert!(queue.answer(1).is_none() && queue.finish(1).is_none());
        assert!(queue.answer(2).is_some());
        assert_eq!(queue.progress(), Some(JobProgress { done: 1, total: 1, live: false }));
        assert!(queue.finish(2).is_some() && queue.finish(2).is_none());
        assert_eq!(queue.progress(), None);
    }

    #[test]
    fn the_job_of_a_failed_engine_starts_anew_elsewhere() {
        let mut queue = JobQueue::default();
        let owner = queue.new_owner();
        queue.submit(job(owner, 1, false));
        assert_eq!(sent(&mut queue), Some((1, 1)));
        assert!(queue.answer(1).is_some());
        queue.unassign(DeviceKind::Gpu);
        assert_eq!(sent(&mut queue), None, "another engine failed");
        queue.unassign(DeviceKind::Cpu);
        assert_eq!(sent(&mut queue), Some((2, 1)));
        assert_eq!(queue.progress().map(|progress| progress.done), Some(0));
    }

    #[test]
    fn an_owner_that_goes_takes_its_jobs_along() {
        let mut queue = JobQueue::default();
        let [one, two] = [queue.new_owner(), queue.new_owner()];
        queue.submit(job(one, 1, false));
        queue.submit(job(two, 2, false));
        assert_eq!(seeds(&queue.remove(one)), [1]);
        assert_eq!(sent(&mut queue), Some((1, 2)));
        assert_eq!(seeds(&queue.clear()), [2]);
        assert_eq!(queue.assign(DeviceKind::Cpu, 0.0), None);
    }
}
