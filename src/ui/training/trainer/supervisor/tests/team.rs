//! Followers, and the judge.

use super::*;

#[test]
fn followers_start_when_the_worker_has_answered_and_end_with_it() {
    let page = Page::new();
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, Begin { followers: 2, ..begin(DeviceKind::Cpu) }, true);
    assert_eq!(page.followers.started(), 0, "its program is not there yet");
    page.requests();
    page.answer(TrainingEvent::Progress { stage: LoadStage::Device, done: 0, total: 0 });
    assert_eq!(page.followers.started(), 2);
    let requests = page.requests();
    assert!(matches!(
        requests[..],
        [TrainingRequest::AddFollower { id: 0, port: Some(_) }, TrainingRequest::AddFollower { id: 1, port: Some(_) },]
    ));
    page.prepare();
    assert_eq!(page.followers.started(), 2);

    // The worker lost one: there is another.
    page.answer(TrainingEvent::FollowerLost { id: 0 });
    assert!(page.followers.worker(0).is_terminated());
    assert!(matches!(page.requests()[..], [TrainingRequest::AddFollower { id: 2, .. }]));
    page.supervisor.set_followers(1);
    assert!(page.followers.worker(2).is_terminated());
    assert!(matches!(page.requests()[..], [TrainingRequest::RemoveFollower { id: 2 }]));

    page.supervisor.stop();
    assert!(page.followers.worker(1).is_terminated());
    assert!(page.supervisor.resume(None));
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    assert_eq!(page.followers.started(), 4, "as many as before it was stopped");
}

#[test]
fn on_a_graphics_card_there_are_no_followers() {
    let page = Page::prepared(DeviceKind::Gpu, true);
    page.supervisor.set_followers(3);
    assert_eq!(page.followers.started(), 0);
    // Its failure leaves the processor.
    page.worker().fail("lost");
    page.worker().fail("lost again");
    assert_eq!(page.start().1, DeviceKind::Cpu);
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    assert_eq!(page.followers.started(), 3);
}

#[test]
fn a_training_with_a_judge_tells_a_new_worker_where_its_network_is() {
    let page = Page::new();
    let network = Source::Address { address: "https://here/judge".into() };
    let judge = Some(JudgeChoice { wanted: true, network });
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, Begin { judge: judge.clone(), ..begin(DeviceKind::Cpu) }, true);
    page.prepare();
    page.answer(saved(80, vec![8, 0]));
    page.worker().fail("out of memory");
    match &page.requests()[..] {
        [TrainingRequest::Begin(begin)] => assert_eq!((&begin.start, &begin.judge), (&checkpoint(&[8, 0]), &judge)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_judge_whose_network_does_not_arrive_is_named_and_not_asked_for_again() {
    let page = Page::running();
    page.worker().fail("out of memory");
    page.prepare();
    let started = page.host.started();
    page.answer(TrainingEvent::Failed { failure: Failure::JudgeMissing, detail: "offline".into() });
    assert_eq!((page.phase(), page.host.started()), (failed(Trouble::JudgeMissing, "offline"), started));
    // The checkpoint is still there.
    assert!(page.supervisor.resume(None));
    assert_eq!(page.start().0, checkpoint(&[8, 0]));
}
