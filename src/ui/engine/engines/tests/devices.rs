//! The choice of a device, and failures.

use super::*;
use crate::engine::shared::Failure;

#[test]
fn the_processor_starts_and_serves_where_there_is_no_webgpu() {
    let page = Page::start();
    assert_eq!(page.worker(0).program, program(DeviceKind::Cpu));
    let load = MakingRequest::Load { weights: weights("first"), device: DeviceKind::Cpu };
    assert_eq!(page.worker(0).posted(), [load]);
    page.worker(0).emit(MakingEvent::Progress { stage: LoadStage::Weights, done: 1, total: 4 });
    assert_eq!(page.phase(), Phase::Loading(Some(LoadStage::Weights), Some(0.25)));
    page.ready(0, DeviceKind::Cpu, 12.0);
    assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::NoWebGpu));
    assert_eq!(page.host.started(), 1);
}

#[test]
fn the_graphics_card_is_tried_once_the_processor_is_ready_and_the_faster_one_stays() {
    for (millis, kept, ended) in [(4.0, 1, 0), (24.0, 0, 1)] {
        let page = Page::with_gpu();
        assert_eq!(page.host.started(), 1);
        page.ready(0, DeviceKind::Cpu, 12.0);
        assert_eq!((page.phase(), page.reason(), page.host.started()), (Phase::Ready, Reason::Testing, 2));
        page.ready(1, DeviceKind::Gpu, millis);
        assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::Faster(if kept == 1 { 3.0 } else { 2.0 })));
        assert!(!page.worker(kept).is_terminated() && page.worker(ended).is_terminated());
        assert!(page.engines.measured().0.is_some(), "the test of the processor stays known");
    }
}

#[test]
fn a_crashed_processor_is_reported_and_its_job_starts_anew() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    page.worker(0).fail("unreachable executed");
    let detail = "unreachable executed".to_owned();
    assert_eq!(page.phase(), Phase::Failed(TroubleReport { trouble: Trouble::Crashed, detail }));
    assert!(page.worker(0).is_terminated());
    assert_eq!(page.changes.borrow().iter().filter(|change| **change == EnginesChange::Device(None)).count(), 1);
    page.engines.resume();
    page.ready(1, DeviceKind::Cpu, 12.0);
    let number = page.asked(1).unwrap();
    page.send_scans(0, number, 0, 2);
    assert!(page.events().is_empty(), "the first worker is gone");
    page.worker(1).emit(MakingEvent::Done { job: number, millis: 1.0, memory: 0 });
    assert_eq!(page.events(), ["a: done"]);
}

#[test]
fn a_new_job_after_a_failure_starts_the_engine_again() {
    let page = Page::start();
    page.host.spawns_to_fail.set(1);
    page.worker(0).emit(MakingEvent::Failed { failure: Failure::WeightsMissing, detail: "404".to_owned() });
    assert_eq!(page.trouble(), Some(Trouble::WeightsMissing));
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    assert_eq!((page.trouble(), page.host.started()), (Some(Trouble::Crashed), 1), "the browser refused a worker");
    page.engines.resume();
    page.ready(1, DeviceKind::Cpu, 12.0);
    assert!(page.asked(1).is_some());
}

#[test]
fn a_silent_engine_is_given_up_but_not_while_it_answers() {
    let page = Page::start();
    page.host.advance(PATIENCE / 2);
    page.worker(0).emit(MakingEvent::Progress { stage: LoadStage::Device, done: 0, total: 0 });
    page.host.advance(PATIENCE - Duration::from_secs(1));
    assert_eq!(page.trouble(), None);
    page.host.advance(Duration::from_secs(1));
    assert_eq!(page.trouble(), Some(Trouble::Silence));
}

#[test]
fn a_graphics_card_that_does_not_start_leaves_the_processor_at_work() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.worker(1).emit(MakingEvent::Failed { failure: Failure::SelfTest, detail: "off by 9".to_owned() });
    assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::GpuWrong));
    assert!(page.worker(1).is_terminated() && !page.worker(0).is_terminated());
    page.engines.prefer(Preference::Auto);
    assert_eq!(page.host.started(), 3, "asked for again, it is tried again");
}

#[test]
fn a_graphics_card_that_is_lost_at_work_leaves_its_job_to_the_processor() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.ready(1, DeviceKind::Gpu, 4.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    assert!(page.asked(1).is_some());
    page.host.advance(program(DeviceKind::Gpu).patience);
    assert_eq!(page.trouble(), Some(Trouble::GpuLost), "silent or crashed, it is lost");
    page.engines.resume();
    page.ready(2, DeviceKind::Cpu, 12.0);
    assert_eq!((page.phase(), page.reason(), page.host.started()), (Phase::Ready, Reason::GpuLost, 3));
    assert!(page.asked(2).is_some());
}

#[test]
fn the_visitor_chooses_the_device() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.ready(1, DeviceKind::Gpu, 4.0);
    page.engines.prefer(Preference::Only(DeviceKind::Cpu));
    assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::Testing), "the card serves until then");
    page.ready(2, DeviceKind::Cpu, 12.0);
    assert_eq!(page.reason(), Reason::Chosen);
    assert!(page.worker(1).is_terminated() && !page.worker(2).is_terminated());
}

#[test]
fn other_weights_drop_all_jobs_and_all_that_the_earlier_workers_say() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    let number = page.asked(0).unwrap();
    page.engines.change_weights(weights("second"));
    page.send_scans(0, number, 0, 2);
    assert_eq!(page.events(), ["a: dropped"]);
    assert_eq!(page.worker(1).posted(), [MakingRequest::Load { weights: weights("second"), device: DeviceKind::Cpu }]);
    assert!(page.worker(0).is_terminated());
    assert!(page.changes.borrow().contains(&EnginesChange::Model(None)));
}

#[test]
fn ended_engines_start_nothing_any_more() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.engines.end();
    assert!(page.worker(0).is_terminated() && page.worker(1).is_terminated());
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    page.engines.prefer(Preference::Auto);
    assert_eq!((page.host.started(), page.events()), (2, Vec::new()));
}
