//! The page's side of the followers: starts them, gives each a channel to the leader (the training worker), and replaces lost
//! ones.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::engine::training::protocol::{FOLLOWER_NAME, FollowerEvent, FollowerRequest, TrainingRequest};
use crate::training::FollowerId;
use crate::worker::{Host, Link, Program, WorkerFailure};

/// Longest time that a follower takes to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most lost followers that are replaced after each start of the leader. Beyond that the training continues with fewer.
const MAX_REPLACEMENTS: u32 = 4;

type FollowerLink = Link<FollowerRequest, FollowerEvent>;

/// The followers of one worker that trains, the leader.
pub struct FollowerPool(Rc<FollowerPoolInner>);

struct FollowerPoolInner {
    host: Rc<dyn Host<FollowerRequest, FollowerEvent>>,
    script: &'static str,
    to_leader: Box<dyn Fn(TrainingRequest)>,
    members: RefCell<Vec<(FollowerId, FollowerLink)>>,
    next: Cell<FollowerId>,
    replaced: Cell<u32>,
}

impl FollowerPool {
    /// A pool without followers. `script` is the address of their script; `to_leader` sends a request to the leader.
    pub fn new(
        host: Rc<dyn Host<FollowerRequest, FollowerEvent>>,
        script: &'static str,
        to_leader: impl Fn(TrainingRequest) + 'static,
    ) -> Self {
        let (members, next, replaced) = Default::default();
        Self(Rc::new(FollowerPoolInner { host, script, to_leader: Box::new(to_leader), members, next, replaced }))
    }

    /// Starts this many followers for a new leader.
    pub fn start(&self, count: usize) {
        self.end();
        self.resize(count);
    }

    /// Starts or ends followers until there are this many.
    pub fn resize(&self, count: usize) {
        while self.len() > count {
            let last = self.0.members.borrow_mut().pop();
            if let Some((id, _)) = last {
                (self.0.to_leader)(TrainingRequest::RemoveFollower { id });
            }
        }
        while self.len() < count {
            if self.0.add().is_err() {
                break;
            }
        }
    }

    /// The leader has lost a follower.
    pub fn on_lost(&self, id: FollowerId) {
        self.0.replace(id);
    }

    /// Ends all followers, together with their leader.
    pub fn end(&self) {
        let members = self.0.members.take();
        drop(members);
        self.0.replaced.set(0);
    }

    fn len(&self) -> usize {
        self.0.members.borrow().len()
    }
}

impl FollowerPoolInner {
    fn add(self: &Rc<Self>) -> Result<(), WorkerFailure> {
        let id = self.next.get();
        self.next.set(id + 1);
        let pool = Rc::downgrade(self);
        let link = Link::new(Rc::clone(&self.host), move |outcome| {
            if let Some(pool) = pool.upgrade() {
                pool.on_outcome(id, outcome);
            }
        });
        link.start(&Program { script: self.script, name: FOLLOWER_NAME, patience: PATIENCE })?;
        let [ours, theirs] = self.host.channel();
        link.request(FollowerRequest::Join { port: Some(theirs) })?;
        self.members.borrow_mut().push((id, link));
        (self.to_leader)(TrainingRequest::AddFollower { id, port: Some(ours) });
        Ok(())
    }

    fn on_outcome(self: &Rc<Self>, id: FollowerId, outcome: Result<FollowerEvent, WorkerFailure>) {
        match outcome {
            Ok(FollowerEvent::Joined) => {
                if let Some((_, link)) = self.members.borrow().iter().find(|(other, _)| *other == id) {
                    link.rest();
                }
            }
            Ok(FollowerEvent::Failed { .. }) | Err(_) => {
                (self.to_leader)(TrainingRequest::RemoveFollower { id });
                self.replace(id);
            }
        }
    }

    /// Ends a follower, and starts another one in its place.
    fn replace(self: &Rc<Self>, id: FollowerId) {
        let place = self.members.borrow().iter().position(|(other, _)| *other == id);
        let Some(place) = place else { return };
        let lost = self.members.borrow_mut().remove(place);
        drop(lost);
        self.replaced.set(self.replaced.get() + 1);
        if self.replaced.get() <= MAX_REPLACEMENTS {
            // Without another one the training goes on with fewer.
            let _ = self.add();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::fake::FakeHost;

    struct Page {
        host: Rc<FakeHost<FollowerRequest, FollowerEvent>>,
        pool: FollowerPool,
        sent: Rc<RefCell<Vec<TrainingRequest>>>,
    }

    impl Page {
        fn new(count: usize) -> Self {
            let host = FakeHost::new();
            let sent = Rc::<RefCell<Vec<TrainingRequest>>>::default();
            let to_leader = {
                let sent = Rc::clone(&sent);
                move |request| sent.borrow_mut().push(request)
            };
            let pool = FollowerPool::new(host.as_host(), "trainer.js", to_leader);
            pool.start(count);
            Self { host, pool, sent }
        }

        /// The followers that the leader was told to add since the last call; negative numbers for those to remove.
        fn told(&self) -> Vec<i64> {
            let number = |request| match request {
                TrainingRequest::AddFollower { id, port: Some(_) } => i64::from(id),
                TrainingRequest::RemoveFollower { id } => -i64::from(id),
                other => panic!("{other:?}"),
            };
            self.sent.take().into_iter().map(number).collect()
        }
    }

    #[test]
    fn followers_and_the_leader_get_a_channel_each() {
        let page = Page::new(2);
        assert_eq!((page.host.started(), page.told()), (2, vec![0, 1]));
        for index in [0, 1] {
            let worker = page.host.worker(index);
            assert_eq!((worker.program.script, worker.program.name), ("trainer.js", "follower"));
            assert!(matches!(&worker.posted()[..], [FollowerRequest::Join { port: Some(_) }]));
            worker.emit(FollowerEvent::Joined);
        }
        // No answer is expected any more, so no alarm rings.
        page.host.advance(10 * PATIENCE);
        assert!(page.told().is_empty() && !page.host.worker(0).is_terminated());
    }

    #[test]
    fn a_lost_follower_is_replaced_but_not_for_ever() {
        let page = Page::new(1);
        assert_eq!(page.told(), [0]);
        page.host.last().fail("out of memory");
        assert_eq!((page.host.started(), page.told()), (2, vec![0, 1]));
        page.host.last().emit(FollowerEvent::Failed { detail: "no channel".into() });
        assert_eq!((page.host.started(), page.told()), (3, vec![-1, 2]));
        page.pool.on_lost(2);
        assert!(page.host.worker(2).is_terminated());
        assert_eq!((page.host.started(), page.told()), (4, vec![3]), "the leader knows already");
        page.host.advance(PATIENCE);
        assert_eq!((page.host.started(), page.told()), (5, vec![-3, 4]), "it never joined");
        page.pool.on_lost(4);
        assert_eq!(page.host.started(), 5, "that was enough");
        page.pool.on_lost(4);
        // A new leader starts with new followers.
        page.pool.start(1);
        assert_eq!((page.host.started(), page.told()), (6, vec![5]));
    }

    #[test]
    fn their_number_can_be_changed() {
        let page = Page::new(3);
        page.told();
        page.pool.resize(1);
        assert_eq!(page.told(), [-2, -1]);
        assert!(page.host.worker(2).is_terminated() && page.host.worker(1).is_terminated());
        page.pool.resize(2);
        assert_eq!(page.told(), [3]);
        page.pool.end();
        assert!(page.host.worker(0).is_terminated() && page.host.worker(3).is_terminated());
        assert!(page.told().is_empty(), "the leader ends too");
    }

    #[test]
    fn a_browser_that_starts_no_more_workers_leaves_fewer() {
        let page = Page::new(0);
        page.host.spawns_to_fail.set(1);
        page.pool.resize(3);
        assert_eq!((page.host.started(), page.told()), (0, vec![]));
    }
}
