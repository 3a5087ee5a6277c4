//! Messages between the worker that trains, the leader, and its followers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::gan::preset::Network;
use crate::gan::trainable::Trainable;
use crate::slice::LabelledSlice;
use crate::training::team::Order;
use crate::worker::{Buffer, Message, put_pixels, take_pixels};

/// A message of the leader to a follower.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum LeaderMessage {
    /// The training. Answer: `Ready`.
    Setup(TeamSetup),
    /// The next share. Answer: `Gradient`.
    Share {
        /// What to compute.
        order: Order,
        /// The networks whose parameters are sent with the order, each as a buffer.
        networks: Vec<Network>,
    },
}

/// What a follower needs to know of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamSetup {
    /// Name of the preset.
    pub preset: String,
    /// Number of classes.
    pub classes: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// Parameters that are trained.
    pub trainable: Trainable,
    /// The judge, if there is one.
    pub judge: Option<TeamJudge>,
    /// The training slices. Their pixels travel as a buffer.
    pub train: Vec<LabelledSlice>,
}

/// The judge of a training, for its followers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamJudge {
    /// Weight of its logits in the generator's loss.
    pub weight: f64,
    /// The file of its feature network. It travels as a buffer.
    #[serde(skip)]
    pub network: Arc<Vec<u8>>,
}

/// A message of a follower to the leader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FollowerMessage {
    /// It has networks and slices.
    Ready,
    /// The gradient of its share, with the losses. It travels as a buffer.
    Gradient {
        /// See [`crate::gan::parameters::gradient`].
        #[serde(skip)]
        values: Vec<f32>,
    },
    /// It cannot compute its share.
    Refused {
        /// Technical details, English.
        detail: String,
    },
}

impl Message for LeaderMessage {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Setup(setup) => {
                let pixels = take_pixels(setup.train.iter_mut().map(|labelled| &mut labelled.slice));
                let network = setup.judge.as_mut().map(|judge| std::mem::take(&mut judge.network));
                [pixels].into_iter().chain(network.map(|file| Arc::unwrap_or_clone(file).into())).collect()
            }
            Self::Share { order, networks } => {
                let parameters = std::mem::take(&mut order.parameters);
                *networks = parameters.iter().map(|(network, _)| *network).collect();
                parameters.iter().map(|(_, values)| Buffer::from(values.as_slice())).collect()
            }
        }
    }

    fn put_buffers(&mut self, mut buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Setup(setup) => {
                if let Some(judge) = &mut setup.judge {
                    let network = buffers.pop().ok_or("no network of the judge")?;
                    judge.network = Arc::new(network.into_bytes());
                }
                let slices = setup.train.iter_mut().map(|labelled| &mut labelled.slice);
                put_pixels(slices, Buffer::single(buffers)?)
            }
            Self::Share { order, networks } => {
                if networks.len() != buffers.len() {
                    return Err(format!("{} buffers for {} networks", buffers.len(), networks.len()));
                }
                let values = |buffer: Buffer| buffer.into_floats().map(Arc::new);
                let each = networks.iter().zip(buffers).map(|(network, buffer)| Ok((*network, values(buffer)?)));
                order.parameters = each.collect::<Result<_, String>>()?;
                Ok(())
            }
        }
    }
}

impl Message for FollowerMessage {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Gradient { values } => vec![Buffer::from(std::mem::take(values).as_slice())],
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Gradient { values } => {
                *values = Buffer::single(buffers)?.into_floats()?;
                Ok(())
            }
            _ => Buffer::none(&buffers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::adaptive_augment::AdaptiveAugment;
    use crate::gan::schedule::Schedule;
    use crate::slice::Slice;

    /// Sends a message as JSON and buffers, and receives it. Also returns the JSON.
    fn sent<M: Message>(mut message: M) -> Result<(M, String), String> {
        let buffers = message.take_buffers();
        let header = serde_json::to_string(&message).map_err(|error| error.to_string())?;
        let mut message: M = serde_json::from_str(&header).map_err(|error| error.to_string())?;
        message.put_buffers(buffers)?;
        Ok((message, header))
    }

    fn share() -> LeaderMessage {
        let order = Order {
            network: Network::Generator,
            alone: false,
            rows: 3..7,
            progress: 0.1,
            steps: 12,
            batch: 8,
            schedule: Schedule::for_data(16, 8),
            augment: AdaptiveAugment { probability: 0.1 + 0.2 },
            anchors: Some([0.1, -1e-20]),
            parameters: vec![
                (Network::Discriminator, Arc::new(vec![77.5, -0.1])),
                (Network::Generator, Arc::new(vec![f32::MIN_POSITIVE])),
            ],
        };
        // Filled in when it is sent.
        let networks = vec![Network::Discriminator, Network::Generator];
        LeaderMessage::Share { order, networks }
    }

    #[test]
    fn orders_and_gradients_arrive_bit_for_bit_and_numbers_are_not_in_the_header() {
        let (arrived, header) = sent(share()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(arrived, share());
        assert!(!header.contains("77.5"), "{header}");
        let gradient = || FollowerMessage::Gradient { values: vec![1.0, f32::EPSILON] };
        assert_eq!(sent(gradient()).map(|(arrived, _)| arrived), Ok(gradient()));
    }

    #[test]
    fn slices_and_the_network_of_the_judge_arrive_as_they_were() {
        let slice = |class, value| LabelledSlice { class, slice: Slice::without_tumour(2, vec![value; 4]) };
        let setup = || {
            LeaderMessage::Setup(TeamSetup {
                preset: "n16".into(),
                classes: 2,
                seed: 7,
                trainable: Trainable::FreezeD,
                judge: Some(TeamJudge { weight: 0.5, network: Arc::new(vec![222; 7]) }),
                train: vec![slice(0, 1), slice(1, 9)],
            })
        };
        let (arrived, header) = sent(setup()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(arrived, setup());
        assert!(!header.contains("222"), "{header}");
        assert!(setup().put_buffers(vec![vec![1; 16].into()]).is_err(), "without the judge's network");
    }

    #[test]
    fn messages_with_missing_parts_are_refused() {
        assert!(share().put_buffers(vec![Buffer::default()]).is_err());
        assert!(share().put_buffers(vec![vec![0; 3].into(), vec![0; 4].into()]).is_err());
        assert!(FollowerMessage::Ready.put_buffers(vec![Buffer::default()]).is_err());
    }
}
