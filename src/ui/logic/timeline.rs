//! The frame of a training's timeline that is on screen.

/// The position in the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimelinePosition {
    /// The newest frame, followed as new ones arrive.
    #[default]
    Live,
    /// The frame at this number of slices seen. Not an index, because indices shift when old frames are dropped.
    At(u64),
}

impl TimelinePosition {
    /// Index of the frame, given the numbers of slices of all frames, ascending. None without frames.
    pub fn index(self, images: &[u64]) -> Option<usize> {
        let last = images.len().checked_sub(1)?;
        match self {
            Self::Live => Some(last),
            Self::At(wanted) => Some(images.partition_point(|images| *images < wanted).min(last)),
        }
    }

    /// The position of the frame at an index. The last frame is live.
    pub fn at(index: usize, images: &[u64]) -> Self {
        match images.get(index) {
            Some(&images_then) if index + 1 < images.len() => Self::At(images_then),
            _ => Self::Live,
        }
    }

    /// The position of the next frame; none at the last frame.
    pub fn next(self, images: &[u64]) -> Option<Self> {
        let index = self.index(images)?;
        (index + 1 < images.len()).then(|| Self::at(index + 1, images))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_follows_the_newest() {
        assert_eq!(TimelinePosition::Live.index(&[]), None);
        assert_eq!(TimelinePosition::Live.index(&[0, 80, 160]), Some(2));
        assert_eq!(TimelinePosition::Live.next(&[0, 80]), None);
    }

    #[test]
    fn a_position_in_the_past_stays_while_frames_are_dropped() {
        let position = TimelinePosition::at(2, &[0, 80, 160, 240, 320]);
        assert_eq!(position, TimelinePosition::At(160));
        assert_eq!(position.index(&[0, 160, 320, 400]), Some(1));
        // The frame itself was dropped: the next one is shown.
        assert_eq!(position.index(&[0, 240, 400]), Some(1));
        assert_eq!(TimelinePosition::At(900).index(&[0, 240]), Some(1));
    }

    #[test]
    fn playing_ends_live() {
        let images = [0, 80, 160];
        let second = TimelinePosition::at(0, &images).next(&images);
        assert_eq!(second, Some(TimelinePosition::At(80)));
        assert_eq!(second.and_then(|position| position.next(&images)), Some(TimelinePosition::Live));
        assert_eq!(TimelinePosition::at(9, &images), TimelinePosition::Live);
    }
}
