//! The messages of a training in the tab.
//!
//! [`Ask`] is sent in [`Request::Train`] and [`Tell`] in [`Event::Training`]. If a `Tell` comes with bytes, the message is a
//! JavaScript array `[event, buffer]`, and the buffer is transferred.

mod ask;
mod copies;
mod measured;
mod notice;
mod stored;
mod tell;

pub use ask::{AUGMENTS, Ask, BATCHES, Base, Begin, GAMMAS, MAX_SLICES, RATES, Set, Tuning, Who};
pub use copies::{Copies, CopyVerdict, Pair};
pub use measured::{Counts, Forecast, Gauge, Point};
pub use notice::{Notice, NoticeKind};
pub use stored::{STORED_FOLDER, STORED_META, StoredMeta};
pub use tell::{FRAME_SCANS, Tell};

use serde::{Deserialize, Serialize};

use crate::engine::shared::{Failure, LoadStage};

/// Name of the workers that train ([`Program::name`](crate::worker::Program::name)).
pub const WORKER_NAME: &str = "training";

/// What the page asks of an engine that trains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Request {
    /// About a training.
    Train(Ask),
}

/// What an engine that trains reports to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// Loading goes on.
    Progress {
        /// The present step.
        stage: LoadStage,
        /// Bytes so far, for [`LoadStage::Weights`].
        done: u32,
        /// Bytes in all. 0 if the server does not say.
        total: u32,
    },
    /// About a training.
    Training(Tell),
    /// The engine cannot go on. Only another worker helps.
    Failed {
        /// Why.
        failure: Failure,
        /// Technical words for diagnostics, English.
        detail: String,
    },
}
