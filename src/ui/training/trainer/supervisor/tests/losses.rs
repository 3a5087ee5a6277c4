//! Workers and graphics cards that fail, stay silent or are lost.

use super::*;

#[test]
fn a_lost_worker_is_replaced_and_the_new_one_runs_on_from_the_checkpoint() {
    let page = Page::running();
    page.worker().fail("out of memory");
    assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed));
    assert_eq!((page.host.started(), page.host.worker(0).is_terminated()), (2, true));
    assert_eq!(page.start(), (checkpoint(&[8, 0]), DeviceKind::Cpu));
    // The visitor sees that it recovers, not that it loads.
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed));
    page.prepare();
    assert_eq!(page.requests(), [TrainingRequest::Go]);
}

#[test]
fn without_a_checkpoint_a_new_worker_begins_as_the_first_did_with_the_hyperparameters_of_now() {
    let page = Page::prepared(DeviceKind::Cpu, false);
    page.requests();
    let tuning = Tuning { rate: 1e-4, ..Tuning::FRESH };
    page.supervisor.tune(tuning);
    assert_eq!(page.requests(), [TrainingRequest::Tune { tuning }]);
    page.worker().fail("out of memory");
    match &page.requests()[..] {
        [TrainingRequest::Begin(begin)] => assert_eq!((&begin.start, begin.tuning), (&random(), tuning)),
        other => panic!("{other:?}"),
    }
    page.prepare();
    assert_eq!(page.requests(), [], "nobody asked it to run");
}

#[test]
fn a_checkpoint_on_disk_is_read_from_there() {
    let page = Page::running();
    page.answer(TrainingEvent::Saved { images: 160, on_disk: true, bytes: Default::default() });
    page.worker().fail("out of memory");
    assert_eq!(page.start().0, StartFrom::Stored);
}

#[test]
fn a_worker_that_fails_again_without_a_checkpoint_is_given_up_and_can_be_resumed() {
    let page = Page::running();
    for _ in 0..MAX_RESTARTS {
        page.worker().fail("out of memory");
        assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed));
        page.prepare();
    }
    page.worker().fail("out of memory");
    assert_eq!(page.phase(), failed(Trouble::Crashed, "out of memory"));
    assert_eq!(page.host.started(), 3);
    assert!(page.supervisor.resume(None));
    assert_eq!(page.start(), (checkpoint(&[8, 0]), DeviceKind::Cpu));
    page.prepare();
    assert_eq!(page.requests(), [TrainingRequest::Go], "it ran before");
}

#[test]
fn a_checkpoint_in_between_allows_more_restarts() {
    let page = Page::running();
    for round in 0..3 * MAX_RESTARTS {
        page.worker().fail("out of memory");
        assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed), "{round}");
        page.prepare();
        page.answer(saved(80, vec![8, round as u8]));
    }
    page.requests();
    page.worker().fail("out of memory");
    assert_eq!(page.start().0, checkpoint(&[8, 5]), "the newest one");
}

#[test]
fn messages_of_an_earlier_worker_are_ignored() {
    let page = Page::running();
    let first = page.worker();
    first.fail("out of memory");
    let (phases, events) = (page.phases.borrow().len(), page.events.borrow().len());
    first.emit(saved(800, vec![9]));
    first.emit(TrainingEvent::Failed { failure: Failure::DeviceLost, detail: String::new() });
    first.fail("once more");
    assert_eq!((page.phases.borrow().len(), page.events.borrow().len()), (phases, events));
    assert_eq!((page.host.started(), page.start().0), (2, checkpoint(&[8, 0])));
    page.supervisor.stop();
    page.worker().emit(running(true));
    assert_eq!(page.phase(), TrainingPhase::Stopped);
}

#[test]
fn weights_that_are_not_usable_fail_at_once() {
    let page = Page::prepared(DeviceKind::Cpu, true);
    page.answer(TrainingEvent::Failed { failure: Failure::WeightsBroken, detail: "NaN".into() });
    assert_eq!(page.phase(), failed(Trouble::WeightsBroken, "NaN"));
    assert_eq!(page.host.started(), 1);
}

#[test]
fn a_graphics_card_that_fails_is_left_for_the_processor_unless_the_visitor_chose_it() {
    let lost = || TrainingEvent::Failed { failure: Failure::NoGpu, detail: String::new() };
    for automatic in [true, false] {
        let page = Page::new();
        let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
        page.supervisor.begin(token, begin(DeviceKind::Gpu), automatic);
        assert_eq!(page.worker().program.patience, PATIENCE_GPU);
        page.requests();
        page.answer(lost());
        if automatic {
            assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::NoGpu));
            assert_eq!(page.start(), (random(), DeviceKind::Cpu));
        } else {
            assert!(matches!(page.phase(), TrainingPhase::Failed(TroubleReport { trouble: Trouble::NoGpu, .. })));
            assert!(page.supervisor.resume(Some(DeviceKind::Cpu)));
            assert_eq!(page.start(), (random(), DeviceKind::Cpu));
        }
    }
}

#[test]
fn a_graphics_card_that_is_lost_twice_is_left_for_the_processor() {
    let page = Page::prepared(DeviceKind::Gpu, true);
    for device in [DeviceKind::Gpu, DeviceKind::Cpu] {
        page.requests();
        page.answer(TrainingEvent::Failed { failure: Failure::DeviceLost, detail: String::new() });
        assert_eq!(page.start().1, device);
        page.prepare();
    }
}

#[test]
fn a_worker_that_does_not_start_is_a_failure() {
    let page = Page::new();
    page.host.spawns_to_fail.set(1);
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, begin(DeviceKind::Cpu), true);
    assert!(matches!(page.phase(), TrainingPhase::Failed(TroubleReport { trouble: Trouble::Crashed, .. })));
}

#[test]
fn exports_are_answered_in_order_and_when_the_worker_is_lost() {
    let page = Page::running();
    let answers = Rc::<RefCell<Vec<(u32, Result<Vec<u8>, String>)>>>::default();
    let export = |number: u32, network| {
        let answers = Rc::clone(&answers);
        page.supervisor.export(network, false, Box::new(move |file| answers.borrow_mut().push((number, file))));
    };
    export(0, Network::Generator);
    export(1, Network::Discriminator);
    export(2, Network::Generator);
    let asked = |network| TrainingRequest::Export { network, last: false };
    let requests = [Network::Generator, Network::Discriminator, Network::Generator].map(asked);
    assert_eq!(page.requests(), requests);
    let exported = |network, byte| TrainingEvent::Exported { network, bytes: vec![byte].into() };
    page.answer(exported(Network::Generator, 10));
    page.answer(exported(Network::Discriminator, 11));
    assert_eq!(*answers.borrow(), [(0, Ok(vec![10])), (1, Ok(vec![11]))]);
    page.worker().fail("out of memory");
    assert_eq!(answers.borrow()[2], (2, Err("the worker was lost".to_owned())));
    export(3, Network::Generator);
    assert!(answers.borrow()[3].1.is_err(), "the new worker has no networks yet");
    page.prepare();
    export(4, Network::Generator);
    page.supervisor.stop();
    assert!(matches!(&answers.borrow()[4], (4, Err(_))));
}

#[test]
fn a_silent_worker_is_replaced_and_one_that_owes_nothing_is_not() {
    let page = Page::running();
    page.host.advance(PATIENCE_CPU - Duration::from_secs(1));
    page.answer(TrainingEvent::Tuned { tuning: Tuning::FRESH });
    page.host.advance(PATIENCE_CPU - Duration::from_secs(1));
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Running, 1), "each event sets the alarm anew");
    page.host.advance(Duration::from_secs(2));
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Recovering(Trouble::Silence), 2));
    page.prepare();
    page.answer(running(true));
    page.supervisor.pause();
    page.answer(running(false));
    // A paused worker changes its hyperparameters without an answer.
    page.supervisor.tune(Tuning::TRAINED);
    page.host.advance(20 * PATIENCE_CPU);
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Paused(Pause::Asked), 2));
    // While it owes a file, it is watched.
    page.supervisor.export(Network::Generator, false, Box::new(|_| ()));
    page.host.advance(2 * PATIENCE_CPU);
    assert_eq!(page.host.started(), 3);
}

#[test]
fn a_tab_that_slept_does_not_give_up_a_worker_that_answered() {
    let page = Page::running();
    page.host.sleep(10 * PATIENCE_CPU);
    page.answer(TrainingEvent::Tuned { tuning: Tuning::FRESH });
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Running, 1));
}
