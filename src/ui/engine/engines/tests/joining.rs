//! Several workers on the processor.

use super::*;
use crate::engine::shared::Failure;

impl Page {
    /// Engines on a computer with these cores, and a job for this many scans of which the first is made.
    fn at_work(cores: usize, scans: u32) -> (Self, u32) {
        let page = Self::with_cores(cores);
        page.ready(0, DeviceKind::Cpu, 12.0);
        let owner = page.engines.new_owner();
        page.engines.submit(page.job_of(owner, "a", scans));
        let (job, parts) = page.parts(0).pop().map(|(job, first)| (job, first + 1)).unwrap();
        assert_eq!(parts, 2, "two parts at a time");
        page.make(0, job, 0);
        (page, job)
    }

    /// The parts that this worker was just asked for: number of the job, and index of the scan.
    fn parts(&self, start: usize) -> Vec<(u32, usize)> {
        let part = |request| match request {
            MakingRequest::Generate { job, first, scans, .. } => {
                assert_eq!(scans.len(), 1);
                assert_eq!(scans[0].seed as usize, first, "the scan of this index");
                Some((job, first))
            }
            _ => None,
        };
        self.worker(start).posted().into_iter().filter_map(part).collect()
    }

    /// A worker makes one scan, which is a part.
    fn make(&self, start: usize, job: u32, index: usize) {
        self.send_scans(start, job, index, 1);
        self.worker(start).emit(MakingEvent::Done { job, millis: 1.0, memory: 1 << 20 });
    }

    fn join(&self, start: usize) {
        let join = MakingRequest::Join { weights: Buffer::from(vec![7]) };
        assert_eq!(self.worker(start).posted(), [join], "the weights of the first worker");
        self.worker(start).emit(MakingEvent::Joined { memory: 2 << 20 });
    }

    fn workers(&self) -> usize {
        let workers =
            |change: &EnginesChange| if let EnginesChange::Workers(count) = change { Some(*count) } else { None };
        self.changes.borrow().iter().rev().find_map(workers).unwrap()
    }
}

/// The events of job "a" when all its scans arrive in order.
fn all_in_order(scans: usize) -> Vec<String> {
    (0..scans).map(|index| format!("a: scan {index} of 2")).chain(["a: done".to_owned()]).collect()
}

#[test]
fn others_join_after_the_first_scan_and_only_if_there_is_work_for_them() {
    let page = Page::with_cores(4);
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "a", 5));
    assert_eq!((page.host.started(), page.workers()), (1, 1));
    let parts = page.parts(0);
    let job = parts[0].0;
    assert_eq!(parts, [(job, 0), (job, 1)]);
    page.make(0, job, 0);
    assert_eq!(page.parts(0), [(job, 2)]);
    assert_eq!(page.host.started(), 3, "nobody has the last two scans");
    page.join(1);
    assert_eq!((page.parts(1), page.workers()), (vec![(job, 3), (job, 4)], 2));
    page.join(2);
    assert_eq!((page.parts(2), page.workers()), (vec![], 3));
    assert_eq!(page.engines.memory(), [1 << 20, 2 << 20, 2 << 20]);
}

#[test]
fn scans_of_several_workers_are_delivered_in_order() {
    let (page, job) = Page::at_work(2, 6);
    page.join(1);
    assert_eq!((page.parts(0), page.parts(1)), (vec![(job, 2)], vec![(job, 3), (job, 4)]));
    page.make(1, job, 3);
    page.make(1, job, 4);
    assert_eq!(page.events(), ["a: scan 0 of 2"]);
    assert_eq!(page.parts(1), [(job, 5)]);
    page.make(1, job, 5);
    page.make(0, job, 1);
    page.make(0, job, 2);
    assert_eq!(page.events(), all_in_order(6)[1..]);
    page.host.advance(10 * PATIENCE);
    assert_eq!((page.phase(), page.workers()), (Phase::Ready, 2), "nobody owes an answer");
}

#[test]
fn a_worker_that_is_lost_costs_only_its_own_scans() {
    for lost in [0, 1] {
        let (page, job) = Page::at_work(2, 8);
        page.join(1);
        page.make(1, job, 3);
        for worker in [0, 1] {
            page.parts(worker);
        }
        page.worker(lost).fail("out of memory");
        assert_eq!((page.phase(), page.workers()), (Phase::Ready, 1));
        assert_eq!(page.host.started(), 3, "another one takes its place");
        let mut made = if lost == 0 { vec![4, 5] } else { vec![1, 2] };
        let mut also_made = vec![0, 3];
        let other = 1 - lost;
        while let Some(index) = made.pop() {
            assert!(!also_made.contains(&index), "scan {index} is made once");
            also_made.push(index);
            page.make(other, job, index);
            made.extend(page.parts(other).into_iter().map(|(_, index)| index));
        }
        assert_eq!(page.events(), all_in_order(8));
        page.send_scans(lost, job, 7, 1);
        assert_eq!(page.events(), [""; 0], "nothing of it arrives any more");
    }
}

#[test]
fn a_silent_worker_is_replaced_while_the_others_work() {
    let (page, job) = Page::at_work(2, 64);
    page.join(1);
    page.parts(1);
    for index in [1, 2] {
        page.host.advance(PATIENCE - Duration::from_secs(1));
        page.make(0, job, index);
    }
    assert!(page.worker(1).is_terminated() && !page.worker(0).is_terminated());
    assert_eq!((page.phase(), page.host.started()), (Phase::Ready, 3));
}

#[test]
fn when_the_last_worker_is_lost_the_job_starts_anew_with_the_first() {
    let (page, job) = Page::at_work(2, 8);
    page.worker(0).fail("unreachable executed");
    assert_eq!((page.trouble(), page.workers()), (Some(Trouble::Crashed), 0));
    assert!(page.worker(1).is_terminated(), "it had not joined yet");
    page.engines.resume();
    page.ready(2, DeviceKind::Cpu, 12.0);
    assert_eq!(page.parts(2), [(job + 1, 0), (job + 1, 1)]);
}

#[test]
fn workers_that_cannot_start_leave_the_first_one_at_work_and_are_not_tried_for_ever() {
    let (page, job) = Page::at_work(8, 3);
    assert_eq!(page.host.started(), 1, "nobody is needed for three scans");
    page.host.spawns_to_fail.set(usize::MAX);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "b", 64));
    for index in [1, 2] {
        page.make(0, job, index);
    }
    assert_eq!(page.events(), all_in_order(3));
    assert_eq!((page.phase(), page.workers()), (Phase::Ready, 1));
    let tried = usize::MAX - page.host.spawns_to_fail.get();
    assert!((7..=10).contains(&tried), "{tried} starts");
    page.host.spawns_to_fail.set(0);
    page.make(0, job + 1, 0);
    assert_eq!(page.host.started(), 1);
    assert_eq!(page.parts(0).last(), Some(&(job + 1, 2)));
}

#[test]
fn broken_weights_of_one_worker_are_its_own_loss() {
    let (page, _) = Page::at_work(2, 8);
    page.worker(1).emit(MakingEvent::Failed { failure: Failure::WeightsBroken, detail: "too short".to_owned() });
    assert_eq!((page.phase(), page.workers()), (Phase::Ready, 1));
}

#[test]
fn a_new_job_stops_all_workers_of_the_earlier_one() {
    let page = Page::with_cores(3);
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "a", 9));
    page.make(0, 1, 0);
    page.join(1);
    page.join(2);
    (0..3).for_each(|worker| drop(page.worker(worker).posted()));
    page.engines.submit(page.job_of(owner, "b", 1));
    assert_eq!(page.parts(0), [(2, 0)]);
    assert_eq!([1, 2].map(|worker| page.worker(worker).posted()), [[MakingRequest::Cancel], [MakingRequest::Cancel]]);
    for worker in 0..3 {
        page.send_scans(worker, 1, 1, 1);
    }
    page.make(0, 2, 0);
    assert_eq!(page.events(), ["a: scan 0 of 2", "a: dropped", "b: scan 0 of 2", "b: done"]);
    page.host.advance(10 * PATIENCE);
    assert_eq!(page.workers(), 3, "those that were stopped owe no answer");
}

#[test]
fn the_next_job_waits_until_all_workers_are_done_with_the_one_before() {
    let (page, job) = Page::at_work(2, 4);
    page.join(1);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "b", 2));
    page.parts(0);
    assert_eq!(page.parts(1), [(job, 3)]);
    page.make(0, job, 1);
    page.make(0, job, 2);
    assert_eq!(page.parts(0), [], "the other worker still has a scan");
    page.make(1, job, 3);
    assert_eq!(page.events(), all_in_order(4));
    assert_eq!((page.parts(0), page.parts(1)), (vec![(job + 1, 0)], vec![(job + 1, 1)]));
}

#[test]
fn jobs_that_cannot_be_spread_go_to_one_worker() {
    let (page, job) = Page::at_work(2, 4);
    page.join(1);
    for (worker, index) in [(0, 1), (0, 2), (1, 3)] {
        page.make(worker, job, index);
    }
    let owner = page.engines.new_owner();
    let other = page.job_of(owner, "b", 6);
    let EngineTask::Scans { scans, style, .. } = other.task.clone() else { unreachable!("it makes scans") };
    let stage = EngineTask::Scans { scans: scans.clone(), style: style.clone(), weights: Some("stage") };
    for (number, task) in [stage, EngineTask::Layers { scan: scans[0], style }].into_iter().enumerate() {
        (0..2).for_each(|worker| drop(page.worker(worker).posted()));
        page.engines.submit(Job { task, ..other.clone() });
        assert_eq!((page.worker(0).posted().len(), page.worker(1).posted().len()), (1, 0), "task {number}");
    }
}

#[test]
fn fewer_workers_go_on_with_the_scans_of_those_that_end() {
    let (page, job) = Page::at_work(2, 6);
    page.join(1);
    page.parts(0);
    page.engines.limit_workers(1);
    assert!(page.worker(1).is_terminated() && !page.worker(0).is_terminated());
    assert_eq!(page.workers(), 1);
    page.make(0, job, 1);
    page.make(0, job, 2);
    let rest = page.worker(0).posted();
    assert!(matches!(&rest[..], [MakingRequest::Generate { first: 3, scans, .. }] if scans.len() == 3), "{rest:?}");
    page.send_scans(0, job, 3, 3);
    page.worker(0).emit(MakingEvent::Done { job, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), all_in_order(6));
    page.engines.limit_workers(2);
    assert_eq!(page.host.started(), 2, "nobody is needed without a job");
}

#[test]
fn nobody_joins_while_a_graphics_card_may_take_over() {
    let page = Page::with_cores(4);
    page.gpu.replace(Gpu::Unknown);
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "a", 64));
    page.make(0, 1, 0);
    assert_eq!(page.host.started(), 2, "the processor and the card");
    page.ready(1, DeviceKind::Gpu, 24.0);
    assert!(page.worker(1).is_terminated());
    assert_eq!(page.host.started(), 5, "the processor is faster, and three join it");
    page.engines.prefer(Preference::Only(DeviceKind::Gpu));
    page.ready(5, DeviceKind::Gpu, 24.0);
    assert_eq!(page.workers(), 1);
    assert!((0..5).all(|worker| page.worker(worker).is_terminated()));
    let whole = page.worker(5).posted();
    assert!(
        matches!(&whole[..], [MakingRequest::Load { .. }, MakingRequest::Generate { scans, .. }] if scans.len() == 64)
    );
}

#[test]
fn other_weights_start_with_one_worker_again() {
    let (page, _) = Page::at_work(2, 8);
    page.join(1);
    page.engines.change_weights(weights("second"));
    assert!(page.worker(0).is_terminated() && page.worker(1).is_terminated());
    assert_eq!((page.host.started(), page.workers()), (3, 0));
    page.ready(2, DeviceKind::Cpu, 12.0);
    assert_eq!(page.workers(), 1);
}
