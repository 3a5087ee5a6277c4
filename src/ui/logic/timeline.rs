//! Where in the course of a training a visitor looks.

/// What of the timeline is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimelinePosition {
    /// The newest frame, and each that comes.
    #[default]
    Live,
    /// The frame of this many slices. Kept by slices and not by place, for places shift when old frames are thinned out.
    At(u64),
}

impl TimelinePosition {
    /// The place of the frame in these, ascending; none without frames.
    pub fn place(self, images: &[u64]) -> Option<usize> {
        let last = images.len().checked_sub(1)?;
        match self {
            Self::Live => Some(last),
            Self::At(wanted) => Some(images.partition_point(|images| *images < wanted).min(last)),
        }
    }

    /// The frame at a place; the last one is live.
    pub fn at(place: usize, images: &[u64]) -> Self {
        match images.get(place) {
            Some(&images_then) if place + 1 < images.len() => Self::At(images_then),
            _ => Self::Live,
        }
    }

    /// One frame on: from the last one, to none.
    pub fn next(self, images: &[u64]) -> Option<Self> {
        let place = self.place(images)?;
        (place + 1 < images.len()).then(|| Self::at(place + 1, images))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_follows_the_newest() {
        assert_eq!(TimelinePosition::Live.place(&[]), None);
        assert_eq!(TimelinePosition::Live.place(&[0, 80, 160]), Some(2));
        assert_eq!(TimelinePosition::Live.next(&[0, 80]), None);
    }

    #[test]
    fn a_look_back_stays_where_it_is_while_frames_are_thinned() {
        let look = TimelinePosition::at(2, &[0, 80, 160, 240, 320]);
        assert_eq!(look, TimelinePosition::At(160));
        assert_eq!(look.place(&[0, 160, 320, 400]), Some(1));
        // Thinned away itself: the next one there is.
        assert_eq!(look.place(&[0, 240, 400]), Some(1));
        assert_eq!(TimelinePosition::At(900).place(&[0, 240]), Some(1));
    }

    #[test]
    fn playing_ends_live() {
        let images = [0, 80, 160];
        let second = TimelinePosition::at(0, &images).next(&images);
        assert_eq!(second, Some(TimelinePosition::At(80)));
        assert_eq!(second.and_then(|look| look.next(&images)), Some(TimelinePosition::Live));
        assert_eq!(TimelinePosition::at(9, &images), TimelinePosition::Live);
    }
}
