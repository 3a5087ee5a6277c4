//! Jobs of one worker.

use std::cell::Cell;

use super::*;
use crate::engine::shared::Failure;
use crate::gan::logit_reference::LogitReference;

#[test]
fn a_job_waits_for_an_engine_and_gets_its_scans() {
    let page = Page::start();
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    assert_eq!(page.asked(0), None);
    page.ready(0, DeviceKind::Cpu, 12.0);
    let number = page.asked(0).unwrap();
    page.send_scans(0, number, 0, 1);
    assert_eq!(
        page.changes.borrow().last(),
        Some(&EnginesChange::Progress(Some(JobProgress { done: 1, total: 2, live: false })))
    );
    page.send_scans(0, number, 1, 1);
    page.worker(0).emit(MakingEvent::Done { job: number, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["a: scan 0 of 2", "a: scan 1 of 2", "a: done"]);
    assert_eq!(page.worker(0).posted(), [], "nothing else is expected of it");
    page.host.advance(10 * PATIENCE);
    assert_eq!(page.phase(), Phase::Ready, "an engine without a job may be silent");
}

#[test]
fn a_new_job_of_the_same_owner_replaces_the_earlier_one_and_late_answers_are_ignored() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    let first = page.asked(0).unwrap();
    page.engines.submit(page.job(owner, "b"));
    let second = page.asked(0).unwrap();
    page.send_scans(0, first, 0, 2);
    page.worker(0).emit(MakingEvent::Done { job: first, millis: 1.0, memory: 0 });
    page.send_scans(0, second, 0, 2);
    page.worker(0).emit(MakingEvent::Done { job: second, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["a: dropped", "b: scan 0 of 2", "b: scan 1 of 2", "b: done"]);
}

#[test]
fn answers_of_every_kind_reach_the_job_and_the_next_job_follows() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    for name in ["a", "b"] {
        let owner = page.engines.new_owner();
        page.engines.submit(page.job(owner, name));
    }
    let first = page.asked(0).unwrap();
    page.worker(0).emit(MakingEvent::Layers { job: first, layers: Vec::new() });
    let reference = LogitReference { real: Vec::new(), generated: Vec::new() };
    let verdicts = crate::engine::making::protocol::Verdicts { logits: vec![0.5], reference };
    page.worker(0).emit(MakingEvent::Verdicts { job: first, verdicts });
    page.worker(0).emit(MakingEvent::Refused {
        job: first,
        failure: Failure::BadRequest,
        detail: "too many".to_owned(),
    });
    assert_eq!(page.events(), ["a: layers", "a: verdicts", "a: refused"]);
    let second = page.asked(0).unwrap();
    assert!(second > first);
    page.worker(0).emit(MakingEvent::Done { job: second, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["b: done"]);
}

#[test]
fn an_owner_that_is_gone_hears_nothing_and_blocks_nobody() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let [one, two] = [(); 2].map(|()| page.engines.new_owner());
    page.engines.submit(page.job(one, "a"));
    page.engines.submit(page.job(two, "b"));
    let first = page.asked(0).unwrap();
    page.engines.remove_owner(one);
    let second = page.asked(0).unwrap();
    page.send_scans(0, first, 0, 2);
    page.worker(0).emit(MakingEvent::Done { job: second, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["b: done"]);
}

#[test]
fn a_job_may_submit_the_next_one_from_its_own_event() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    let (engines, again, submitted) = (Rc::clone(&page.engines), page.job(owner, "b"), Rc::new(Cell::new(false)));
    let once = Rc::clone(&submitted);
    let on_event = Rc::new(move |_| {
        if !once.replace(true) {
            engines.submit(again.clone());
        }
    });
    page.engines.submit(Job { on_event, ..page.job(owner, "a") });
    let first = page.asked(0).unwrap();
    page.worker(0).emit(MakingEvent::Done { job: first, millis: 1.0, memory: 0 });
    let second = page.asked(0).unwrap();
    page.worker(0).emit(MakingEvent::Done { job: second, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["b: done"]);
}

#[test]
fn scans_that_follow_each_other_fast_are_delivered_together() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "a", 5));
    let number = page.asked(0).unwrap();
    let done = || match page.changes.borrow().last() {
        Some(EnginesChange::Progress(Some(progress))) => progress.done,
        other => unreachable!("{other:?}"),
    };
    page.send_scans(0, number, 0, 1);
    assert_eq!((page.events().len(), done()), (1, 1), "the first at once");
    page.send_scans(0, number, 1, 1);
    page.send_scans(0, number, 2, 1);
    assert_eq!((page.events().len(), done()), (0, 1), "they wait");
    page.host.advance(PAUSE);
    assert_eq!(page.events(), ["a: scan 1 of 2", "a: scan 2 of 2"]);
    assert_eq!(done(), 3);
    page.host.advance(2 * PAUSE);
    page.send_scans(0, number, 3, 1);
    assert_eq!((page.events().len(), done()), (1, 4), "after a pause at once");
    page.send_scans(0, number, 4, 1);
    assert_eq!((page.events().len(), done()), (1, 5), "the last at once");
    page.worker(0).emit(MakingEvent::Done { job: number, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["a: done"]);
}

#[test]
fn scans_that_wait_are_dropped_with_their_job() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job_of(owner, "a", 5));
    let first = page.asked(0).unwrap();
    page.send_scans(0, first, 0, 1);
    page.send_scans(0, first, 1, 2);
    page.engines.submit(page.job(owner, "b"));
    page.host.advance(2 * PAUSE);
    let second = page.asked(0).unwrap();
    page.send_scans(0, second, 0, 1);
    assert_eq!(page.events(), ["a: scan 0 of 2", "a: dropped", "b: scan 0 of 2"]);
}
