//! Messages between the page and a follower: a worker that helps with a training.
//!
//! The page starts a follower and gives it one end of a channel. The leader, the worker that trains, gets the other end. All
//! else goes through that channel.

use serde::{Deserialize, Serialize};

use crate::worker::{Message, Port};

/// A request of the page to a follower.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FollowerRequest {
    /// Work for the leader at the other end of the channel. Answer: `Joined`.
    Join {
        /// This end of the channel.
        #[serde(skip)]
        port: Option<Port>,
    },
}

/// An event of a follower, for the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FollowerEvent {
    /// It listens to the leader.
    Joined,
    /// It cannot work.
    Failed {
        /// Technical details, English.
        detail: String,
    },
}

impl Message for FollowerEvent {}

impl Message for FollowerRequest {
    fn take_ports(&mut self) -> Vec<Port> {
        let Self::Join { port } = self;
        port.take().into_iter().collect()
    }

    fn put_ports(&mut self, ports: Vec<Port>) -> Result<(), String> {
        let Self::Join { port } = self;
        *port = Some(Port::single(ports)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follower_joins_through_exactly_one_channel() {
        assert!(FollowerRequest::Join { port: None }.put_ports(Vec::new()).is_err());
    }
}
