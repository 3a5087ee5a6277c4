//! What there can be to say of a training.

use serde::{Deserialize, Serialize};

/// Something to say of the course of a training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Slices the discriminator had been shown when it was first true.
    pub images: u64,
}

/// What there can be to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Fewer than 50 slices: only a small part of the networks learns, and copies are likely.
    FewSlices,
    /// Nothing is held out, so that learning by heart cannot be seen.
    NothingHeldOut,
    /// Generated scans hardly differ from each other: mode collapse.
    Collapse,
    /// The discriminator tells all apart with ease, and the generator learns little from it.
    DiscriminatorStrong,
    /// The discriminator knows its slices by heart, or samples come close to them.
    Copying,
    /// Numbers ran away; the training went back to its last good state with half the learning rate.
    Diverged,
}

impl NoticeKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [NoticeKind; 6] = [
        NoticeKind::Diverged,
        NoticeKind::Copying,
        NoticeKind::Collapse,
        NoticeKind::DiscriminatorStrong,
        NoticeKind::FewSlices,
        NoticeKind::NothingHeldOut,
    ];
}
