//! The session of a follower: a worker that computes gradients for the worker that trains.

use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use wasm_bindgen_futures::spawn_local;

use super::protocol::{FollowerEvent, FollowerMessage, FollowerRequest, LeaderMessage, TeamJudge, TeamSetup};
use super::run::sampler;
use crate::gan::judge::backbone::Backbone;
use crate::gan::preset::Preset;
use crate::training::team::{Follower, FollowerSetup};
use crate::worker::channel::Channel;
use crate::worker::{Port, port};

/// The leader and the work for it.
#[derive(Default)]
struct FollowerSession {
    leader: RefCell<Option<Channel>>,
    /// None before the setup, and while it computes an order. The leader sends the next order after the answer to this one.
    follower: RefCell<Option<Follower>>,
}

/// Works for a leader for as long as the worker lives.
pub fn start() {
    let session = Rc::new(FollowerSession::default());
    port::listen(move |request| {
        let joined = request.and_then(|request| match request {
            FollowerRequest::Join { port: Some(port) } => session.join(port),
            FollowerRequest::Join { port: None } => Err("no channel to the leader".to_owned()),
        });
        port::post(match joined {
            Ok(()) => FollowerEvent::Joined,
            Err(detail) => FollowerEvent::Failed { detail },
        });
    });
}

impl FollowerSession {
    fn join(self: &Rc<Self>, port: Port) -> Result<(), String> {
        let session = Rc::clone(self);
        let handle = move |message| spawn_local(Rc::clone(&session).answer(message));
        self.leader.replace(Some(Channel::open(port, handle)?));
        Ok(())
    }

    async fn answer(self: Rc<Self>, message: Result<LeaderMessage, String>) {
        let answer = match message {
            Ok(LeaderMessage::Setup(setup)) => self.set_up(setup),
            Ok(LeaderMessage::Share { order, .. }) => match self.follower.take() {
                Some(mut follower) => {
                    let values = follower.answer(&order).await;
                    self.follower.replace(Some(follower));
                    values.map(|values| FollowerMessage::Gradient { values })
                }
                None => Err("an order before the setup, or before the last one was answered".to_owned()),
            },
            Err(detail) => Err(detail),
        };
        let answer = answer.unwrap_or_else(|detail| FollowerMessage::Refused { detail });
        if let Some(leader) = self.leader.borrow().as_ref()
            && let Err(detail) = leader.post(answer)
        {
            port::post(FollowerEvent::Failed { detail });
        }
    }

    fn set_up(&self, setup: TeamSetup) -> Result<FollowerMessage, String> {
        let TeamSetup { preset, classes, seed, trainable, judge, train } = setup;
        let preset = Preset::by_name(&preset).ok_or_else(|| format!("no preset {preset}"))?;
        let device = Device::flex();
        let judge = match judge {
            Some(TeamJudge { weight, network }) => {
                let backbone = Backbone::from_bytes(&network, &device).map_err(|error| error.to_string())?;
                Some((weight, backbone))
            }
            None => None,
        };
        let setup = FollowerSetup { preset, classes, seed, trainable, judge, slices: sampler(&train, classes) };
        self.follower.replace(Some(Follower::new(setup, &device)));
        Ok(FollowerMessage::Ready)
    }
}
