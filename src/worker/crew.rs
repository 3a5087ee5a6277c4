//! What each worker of a [`Pool`](super::Pool) does, and whether a lost one is replaced.

/// Workers that may be lost one after the other, without a finished job in between.
pub const MAX_LOSSES: usize = 3;

/// What one worker does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum WorkerDuty<Job> {
    /// It does not run.
    #[default]
    Absent,
    /// It loads what it needs for its jobs.
    Starting,
    Idle,
    Busy(Job),
}

/// What to do about a lost worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Start another in its place.
    Replace,
    /// Go on with fewer workers.
    GoOn,
    /// Too many were lost without a finished job in between.
    GiveUp,
}

/// Workers that do jobs of one kind, told apart by their index in the pool.
#[derive(Debug)]
pub struct Crew<Job> {
    duties: Vec<WorkerDuty<Job>>,
    limit: usize,
    /// Losses since the last finished job.
    losses: usize,
}

impl<Job: Copy + PartialEq> Crew<Job> {
    /// A crew for a pool of `size` workers, of which at most `limit` run, and at least one. None runs yet.
    pub fn new(size: usize, limit: usize) -> Self {
        Self { duties: vec![WorkerDuty::Absent; size], limit: limit.clamp(1, size.max(1)), losses: 0 }
    }

    /// All workers were terminated. Their jobs are open again.
    pub fn dismiss(&mut self) {
        self.duties.fill(WorkerDuty::Absent);
    }

    /// Forgets earlier losses, because the visitor asked to go on.
    pub fn reset_losses(&mut self) {
        self.losses = 0;
    }

    /// A worker was started.
    pub fn start(&mut self, worker: usize) {
        self.duties[worker] = WorkerDuty::Starting;
    }

    /// A worker is ready for a job.
    pub fn ready(&mut self, worker: usize) {
        self.duties[worker] = WorkerDuty::Idle;
    }

    /// A worker got a job.
    pub fn assign(&mut self, worker: usize, job: Job) {
        self.duties[worker] = WorkerDuty::Busy(job);
    }

    /// A worker finished its job, which is returned, and is ready for another.
    pub fn finish(&mut self, worker: usize) -> Option<Job> {
        self.losses = 0;
        match std::mem::replace(&mut self.duties[worker], WorkerDuty::Idle) {
            WorkerDuty::Busy(job) => Some(job),
            _ => None,
        }
    }

    /// A worker is gone. Its job is open again. After two losses in a row only one worker goes on: there may be too little
    /// memory for more.
    pub fn lose(&mut self, worker: usize) -> Loss {
        self.duties[worker] = WorkerDuty::Absent;
        self.losses += 1;
        if self.losses > 1 {
            self.limit = 1;
        }
        if self.losses > MAX_LOSSES {
            Loss::GiveUp
        } else if worker < self.limit || self.present() == 0 {
            Loss::Replace
        } else {
            Loss::GoOn
        }
    }

    /// Number of workers that run.
    pub fn present(&self) -> usize {
        self.duties.iter().filter(|duty| **duty != WorkerDuty::Absent).count()
    }

    /// Whether a worker runs.
    pub fn is_present(&self, worker: usize) -> bool {
        self.duties[worker] != WorkerDuty::Absent
    }

    /// Workers that are ready for a job.
    pub fn idle(&self) -> Vec<usize> {
        (0..self.duties.len()).filter(|worker| self.duties[*worker] == WorkerDuty::Idle).collect()
    }

    /// Workers that may run and do not.
    pub fn missing(&self) -> Vec<usize> {
        (0..self.limit).filter(|worker| !self.is_present(*worker)).collect()
    }

    /// Jobs that are being done.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        self.duties.iter().filter_map(|duty| match duty {
            WorkerDuty::Busy(job) => Some(*job),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_start_within_the_limit_and_take_jobs() {
        let mut crew = Crew::new(4, 2);
        assert_eq!((crew.missing(), crew.present()), (vec![0, 1], 0));
        crew.start(0);
        assert_eq!((crew.missing(), crew.idle()), (vec![1], vec![]));
        crew.ready(0);
        assert_eq!(crew.idle(), [0]);
        crew.assign(0, 'a');
        assert_eq!((crew.idle(), crew.jobs().collect::<Vec<_>>()), (vec![], vec!['a']));
        assert_eq!((crew.finish(0), crew.idle()), (Some('a'), vec![0]));
        crew.dismiss();
        assert_eq!((crew.present(), crew.missing()), (0, vec![0, 1]));
    }

    #[test]
    fn a_lost_worker_is_replaced_and_its_job_is_open_again() {
        let mut crew = Crew::new(4, 2);
        for worker in [0, 1] {
            crew.start(worker);
            crew.assign(worker, worker);
        }
        assert_eq!(crew.lose(1), Loss::Replace);
        assert_eq!(crew.jobs().collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn after_two_losses_in_a_row_one_worker_goes_on() {
        let mut crew = Crew::<()>::new(4, 3);
        (0..3).for_each(|worker| crew.start(worker));
        assert_eq!([crew.lose(2), crew.lose(1)], [Loss::Replace, Loss::GoOn]);
        assert_eq!((crew.present(), crew.missing()), (1, vec![]));
        assert_eq!(crew.lose(0), Loss::Replace, "somebody has to do the work");
    }

    #[test]
    fn it_gives_up_after_too_many_losses_without_a_finished_job() {
        let mut crew = Crew::new(2, 1);
        let lose = |crew: &mut Crew<()>| {
            crew.start(0);
            crew.lose(0)
        };
        for _ in 0..MAX_LOSSES {
            assert_eq!(lose(&mut crew), Loss::Replace);
        }
        crew.assign(0, ());
        crew.finish(0);
        for _ in 0..MAX_LOSSES {
            assert_eq!(lose(&mut crew), Loss::Replace, "a finished job in between");
        }
        assert_eq!(lose(&mut crew), Loss::GiveUp);
        crew.reset_losses();
        assert_eq!(lose(&mut crew), Loss::Replace);
    }
}
