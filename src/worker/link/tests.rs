use std::time::Duration;

use super::*;
use crate::worker::fake::FakeHost;

const PATIENCE: Duration = Duration::from_secs(60);
const PROGRAM: Program = Program { script: "a.js", name: "a", patience: PATIENCE };
const HALF: Duration = Duration::from_secs(30);
const SECOND: Duration = Duration::from_secs(1);

type Received = Rc<RefCell<Vec<Result<u32, WorkerFailure>>>>;

fn link() -> (Rc<FakeHost<&'static str, u32>>, Link<&'static str, u32>, Received) {
    let host = FakeHost::new();
    let outcomes = Received::default();
    let seen = Rc::clone(&outcomes);
    let link = Link::new(host.as_host(), move |outcome| seen.borrow_mut().push(outcome));
    (host, link, outcomes)
}

#[test]
fn requests_go_out_and_events_come_back() {
    let (host, link, outcomes) = link();
    assert!(matches!(link.request("too early"), Err(WorkerFailure::Unsent(_))));
    assert!(!link.is_waiting());
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    assert_eq!(host.last().posted(), ["load"]);
    assert_eq!(host.last().program, PROGRAM);
    host.last().emit(1);
    host.last().emit(2);
    assert_eq!(*outcomes.borrow(), [Ok(1), Ok(2)]);
}

#[test]
fn late_messages_of_an_earlier_worker_are_ignored() {
    let (host, link, outcomes) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    let earlier = link.generation();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert!(link.generation() > earlier);
    assert!(host.worker(0).is_terminated() && !host.worker(1).is_terminated());
    host.worker(0).emit(1);
    host.worker(0).fail("too late to matter");
    assert!(outcomes.borrow().is_empty() && link.is_running());
    link.end();
    host.worker(1).emit(2);
    drop(link);
    host.worker(1).emit(3);
    assert!(outcomes.borrow().is_empty());
}

#[test]
fn a_dropped_link_terminates_its_worker() {
    let (host, link, _) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    drop(link);
    assert!(host.last().is_terminated());
    host.advance(4 * PATIENCE);
}

#[test]
fn the_alarm_rings_after_twice_half_of_the_patience() {
    let (host, link, outcomes) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    host.advance(PATIENCE - SECOND);
    assert!(outcomes.borrow().is_empty());
    host.advance(SECOND);
    assert_eq!(*outcomes.borrow(), [Err(WorkerFailure::Silent)]);
    assert!(host.last().is_terminated() && !link.is_running());
    host.advance(4 * PATIENCE);
    assert_eq!(outcomes.borrow().len(), 1, "a failure is reported once");
}

#[test]
fn a_tab_that_wakes_up_reads_the_waiting_answer_before_it_gives_up() {
    let (host, link, outcomes) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    host.sleep(10 * PATIENCE);
    host.last().emit(1);
    assert_eq!(*outcomes.borrow(), [Ok(1)]);
    assert!(link.is_running());
    // A worker that has nothing to say is given up all the same.
    host.sleep(10 * PATIENCE);
    host.advance(HALF);
    assert_eq!(outcomes.borrow()[1..], [Err(WorkerFailure::Silent)]);
}

#[test]
fn each_event_sets_the_alarm_anew_while_an_answer_is_expected() {
    let (host, link, outcomes) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    for event in 0..5 {
        host.advance(PATIENCE - SECOND);
        host.last().emit(event);
    }
    assert_eq!(outcomes.borrow().len(), 5);
    host.advance(PATIENCE);
    assert_eq!(outcomes.borrow().last(), Some(&Err(WorkerFailure::Silent)));
}

#[test]
fn a_link_at_rest_waits_for_nothing() {
    let (host, link, outcomes) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    link.rest();
    host.advance(4 * PATIENCE);
    // Neither a request without an answer nor a late event starts the alarm again.
    assert_eq!(link.notify("cancel"), Ok(()));
    host.last().emit(1);
    host.advance(4 * PATIENCE);
    assert_eq!(*outcomes.borrow(), [Ok(1)]);
    assert!(link.is_running() && !link.is_waiting());
}

#[test]
fn a_worker_that_crashes_is_terminated_and_can_be_started_again() {
    let (host, link, outcomes) = link();
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.request("load"), Ok(()));
    host.last().fail("unreachable executed");
    assert_eq!(*outcomes.borrow(), [Err(WorkerFailure::Crashed("unreachable executed".to_owned()))]);
    assert!(host.last().is_terminated() && !link.is_running() && !link.is_waiting());
    host.last().emit(1);
    assert_eq!(outcomes.borrow().len(), 1, "nothing arrives after a failure");
    assert_eq!(link.start(&PROGRAM), Ok(()));
    host.last().emit(2);
    assert_eq!(outcomes.borrow()[1..], [Ok(2)]);
}

#[test]
fn starts_without_an_event_are_counted() {
    let (host, link, _) = link();
    host.spawns_to_fail.set(1);
    assert!(matches!(link.start(&PROGRAM), Err(WorkerFailure::Spawn(_))));
    assert!(!link.is_running());
    assert_eq!(link.start(&PROGRAM), Ok(()));
    host.last().fail("could not load a.js");
    assert_eq!(link.silent_starts(), 2);
    assert_eq!(link.start(&PROGRAM), Ok(()));
    assert_eq!(link.silent_starts(), 3);
    host.last().emit(1);
    assert_eq!(link.silent_starts(), 0);
    host.last().fail("unreachable executed");
    assert_eq!(link.silent_starts(), 0, "this worker had said something");
}

#[test]
fn a_link_may_be_ended_or_restarted_from_within_its_own_callback() {
    let host = FakeHost::<&'static str, u32>::new();
    let slot = Rc::new(RefCell::new(None::<Rc<Link<&'static str, u32>>>));
    let own = Rc::clone(&slot);
    let link = Rc::new(Link::new(host.as_host(), move |outcome| {
        let link = own.borrow().clone();
        match (outcome, link) {
            (Err(_), Some(link)) => assert_eq!(link.start(&PROGRAM), Ok(())),
            (Ok(_), Some(link)) => link.end(),
            _ => {}
        }
    }));
    slot.replace(Some(Rc::clone(&link)));
    assert_eq!(link.start(&PROGRAM), Ok(()));
    host.last().fail("once");
    assert!(link.is_running() && host.started() == 2);
    host.last().emit(1);
    assert!(!link.is_running() && host.last().is_terminated());
    slot.take();
}
