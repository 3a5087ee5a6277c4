//! Followers that are threads of this program.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use burn::tensor::{Device, read_sync};

use super::{Follower, FollowerAnswer, FollowerAnswers, FollowerSetup, Followers, Order};
use crate::training::FollowerId;

/// Followers on threads, each with one core. A thread ends when its orders end.
#[derive(Debug)]
pub struct Threads {
    members: Vec<FollowerThread>,
    /// Followers that have not answered yet, in the order in which they were asked.
    asked: Vec<FollowerId>,
}

#[derive(Debug)]
struct FollowerThread {
    id: FollowerId,
    orders: Sender<Order>,
    answers: Receiver<Vec<f32>>,
}

impl Threads {
    /// `count` followers on the processor.
    ///
    /// # Errors
    /// If the system starts no more threads.
    pub fn start(count: usize, setup: &FollowerSetup) -> io::Result<Self> {
        let members = (0..count).map(|index| FollowerThread::start(index as FollowerId, setup.clone()));
        Ok(Self { members: members.collect::<io::Result<_>>()?, asked: Vec::new() })
    }
}

impl FollowerThread {
    fn start(id: FollowerId, setup: FollowerSetup) -> io::Result<Self> {
        let (orders, inbox) = channel::<Order>();
        let (outbox, answers) = channel();
        // Without a pool of its own, the operations of all followers would share one.
        let pool = single_core_pool()?;
        thread::Builder::new().name(format!("follower {id}")).spawn(move || {
            pool.install(move || {
                let mut follower = Follower::new(setup, &Device::flex());
                for order in inbox {
                    // An order that cannot be fulfilled ends the thread; the leader goes on without it.
                    let Ok(answer) = read_sync(follower.answer(&order)) else { break };
                    if outbox.send(answer).is_err() {
                        break;
                    }
                }
            });
        })?;
        Ok(Self { id, orders, answers })
    }
}

/// A pool in which the operations of a worker use one core.
///
/// # Errors
/// If the system starts no more threads.
pub fn single_core_pool() -> io::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(io::Error::other)
}

impl Followers for Threads {
    fn ready(&mut self) -> Vec<FollowerId> {
        self.members.iter().map(|member| member.id).collect()
    }

    fn send(&mut self, follower: FollowerId, order: Order) {
        self.asked.push(follower);
        if let Some(member) = self.members.iter().find(|member| member.id == follower) {
            // A thread that has ended gives no answer either.
            let _ = member.orders.send(order);
        }
    }

    fn answers(&mut self) -> FollowerAnswers<'_> {
        let asked = std::mem::take(&mut self.asked);
        let answers: Vec<FollowerAnswer> =
            asked.iter().map(|id| self.members.iter().find(|member| member.id == *id)?.answers.recv().ok()).collect();
        for (id, answer) in asked.iter().zip(&answers) {
            if answer.is_none() {
                self.dismiss(*id);
            }
        }
        Box::pin(std::future::ready(answers))
    }

    fn dismiss(&mut self, follower: FollowerId) {
        self.members.retain(|member| member.id != follower);
    }
}
