//! The messages of a training in the tab.
//!
//! [`Ask`] rides in [`Request::Train`](crate::engine::protocol::Request::Train) and [`Tell`] in
//! [`Event::Training`](crate::engine::protocol::Event::Training). Where a `Tell` comes with bytes, the message is a
//! JavaScript array `[event, buffer]`, `buffer` being transferred.

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
