//! The leader's way to its followers in other workers.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::protocol::{FollowerMessage, LeaderMessage, TeamSetup, TrainingEvent};
use crate::training::FollowerId;
use crate::training::team::{FollowerAnswer, FollowerAnswers, Followers, Order};
use crate::worker::channel::Channel;
use crate::worker::{Alarm, Port, browser, port};

/// Longest wait for a follower's gradient once the leader has its own. Their shares have about the same size.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest time that a training waits for followers before it begins.
const START: Duration = Duration::from_secs(10);

/// The followers of this worker. Clones are the same followers.
#[derive(Clone)]
pub struct WorkerFollowers(Rc<FollowersState>);

struct FollowersState {
    /// What each follower gets first. None before a training has begun.
    setup: RefCell<Option<TeamSetup>>,
    members: RefCell<Vec<FollowerWorker>>,
    /// Followers that have not answered yet, in the order in which they were asked.
    asked: RefCell<Vec<FollowerId>>,
    /// The task that waits for a message.
    waker: RefCell<Option<Waker>>,
    alarm: Alarm,
}

struct FollowerWorker {
    id: FollowerId,
    channel: Channel,
    ready: bool,
    answer: FollowerAnswer,
}

impl WorkerFollowers {
    /// No followers yet.
    pub fn new() -> Self {
        let (setup, members, asked, waker) = Default::default();
        Self(Rc::new(FollowersState { setup, members, asked, waker, alarm: Alarm::new(browser::clock()) }))
    }

    /// Adds a follower. It can take orders as soon as it has said that it is ready.
    ///
    /// # Errors
    /// A message in English if it is not a port.
    pub fn add(&self, id: FollowerId, port: Port) -> Result<(), String> {
        let shared = Rc::downgrade(&self.0);
        let channel = Channel::open(port, move |message| {
            if let Some(shared) = shared.upgrade() {
                shared.receive(id, message);
            }
        })?;
        let setup = self.0.setup.borrow().clone();
        if let Some(setup) = setup {
            channel.post(LeaderMessage::Setup(setup))?;
        }
        self.0.members.borrow_mut().push(FollowerWorker { id, channel, ready: false, answer: None });
        Ok(())
    }

    /// Goes on without a follower.
    pub fn remove(&self, id: FollowerId) {
        self.0.members.borrow_mut().retain(|member| member.id != id);
        self.0.wake();
    }

    /// Tells all followers, also those that come later, about a training that begins.
    pub fn begin(&self, setup: TeamSetup) {
        for member in self.0.members.borrow_mut().iter_mut() {
            member.ready = false;
            // A follower that cannot be reached never becomes ready.
            let _ = member.channel.post(LeaderMessage::Setup(setup.clone()));
        }
        self.0.setup.replace(Some(setup));
    }

    /// Waits until this many followers are ready, but not for long.
    pub async fn wait_for(&self, count: usize) {
        let rung = Rc::new(RefCell::new(false));
        let (shared, ring) = (Rc::downgrade(&self.0), Rc::clone(&rung));
        self.0.alarm.set(START, move || {
            ring.replace(true);
            if let Some(shared) = shared.upgrade() {
                shared.wake();
            }
        });
        let ready = || self.0.members.borrow().iter().filter(|member| member.ready).count();
        self.0.until(|| ready() >= count || *rung.borrow()).await;
        self.0.alarm.cancel();
    }
}

impl FollowersState {
    fn receive(&self, id: FollowerId, message: Result<FollowerMessage, String>) {
        {
            let mut members = self.members.borrow_mut();
            let Some(member) = members.iter_mut().find(|member| member.id == id) else { return };
            match message {
                Ok(FollowerMessage::Ready) => member.ready = true,
                Ok(FollowerMessage::Gradient { values }) => member.answer = Some(values),
                Ok(FollowerMessage::Refused { .. }) | Err(_) => {
                    members.retain(|member| member.id != id);
                    port::post(TrainingEvent::FollowerLost { id });
                }
            }
        }
        self.wake();
    }

    /// Followers that have not answered are lost.
    fn give_up(&self) {
        let asked = self.asked.borrow().clone();
        self.members.borrow_mut().retain(|member| {
            let lost = asked.contains(&member.id) && member.answer.is_none();
            if lost {
                port::post(TrainingEvent::FollowerLost { id: member.id });
            }
            !lost
        });
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Waits until `done` is true. It is checked after each message.
    async fn until(&self, done: impl Fn() -> bool) {
        poll_fn(|context| {
            if done() {
                return Poll::Ready(());
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    async fn answers(self: Rc<Self>) -> Vec<FollowerAnswer> {
        let shared = Rc::downgrade(&self);
        self.alarm.set(PATIENCE, move || {
            if let Some(shared) = shared.upgrade() {
                shared.give_up();
            }
        });
        let owes =
            |id: &FollowerId| self.members.borrow().iter().any(|member| member.id == *id && member.answer.is_none());
        self.until(|| !self.asked.borrow().iter().any(owes)).await;
        self.alarm.cancel();
        let mut members = self.members.borrow_mut();
        let mut answer = |id| members.iter_mut().find(|member| member.id == id)?.answer.take();
        self.asked.take().into_iter().map(&mut answer).collect()
    }
}

impl Followers for WorkerFollowers {
    fn ready(&mut self) -> Vec<FollowerId> {
        self.0.members.borrow().iter().filter(|member| member.ready).map(|member| member.id).collect()
    }

    fn send(&mut self, follower: FollowerId, order: Order) {
        self.0.asked.borrow_mut().push(follower);
        let mut members = self.0.members.borrow_mut();
        if let Some(member) = members.iter_mut().find(|member| member.id == follower) {
            member.answer = None;
            // A follower that cannot be reached does not answer.
            let _ = member.channel.post(LeaderMessage::Share { order, networks: Vec::new() });
        }
    }

    fn answers(&mut self) -> FollowerAnswers<'_> {
        Box::pin(Rc::clone(&self.0).answers())
    }

    fn dismiss(&mut self, follower: FollowerId) {
        self.remove(follower);
        port::post(TrainingEvent::FollowerLost { id: follower });
    }
}
