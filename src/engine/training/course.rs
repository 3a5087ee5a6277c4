//! What there is to say of the course of a training, from its measurements. Pure: no tensors, no clock.

use super::protocol::{Notice, NoticeKind};

/// Fewer slices than this are few.
const FEW_SLICES: usize = 50;
/// Steps whose mean counts.
const MEMORY: f64 = 50.0;
/// The discriminator is strong if real slices score this much higher than generated ones for a while: sound runs of these
/// networks stayed between 2 and 4, and those that got nowhere reached 6.
const STRONG: f64 = 5.0;
/// Steps before anything is said of strength or variety: first steps are always odd.
const EARLY: u64 = 100;
/// Generated scans vary less than this part of what the slices do: collapse. A young network from nothing reaches a half
/// within some hundred steps.
const COLLAPSED: f32 = 0.25;
/// From this on the discriminator knows its slices by heart: 0 is not at all, 1 wholly.
const BY_HEART: f32 = 0.5;
/// Gauges in a row that must say so.
const IN_A_ROW: u32 = 3;
/// Steps that a divergence is remembered for.
const REMEMBERED: u64 = 300;

/// The state behind the notices.
#[derive(Debug, Clone, Default)]
pub struct Course {
    slices: usize,
    held_out: usize,
    gap: f64,
    seen: u64,
    by_heart: u32,
    spread: Option<f32>,
    diverged_at: Option<u64>,
    copies: bool,
    standing: Vec<Notice>,
}

impl Course {
    /// Of a training on so many slices, with so many held out.
    pub fn new(slices: usize, held_out: usize) -> Self {
        Self { slices, held_out, ..Self::default() }
    }

    /// Mean logits of a step.
    pub fn step(&mut self, real: f32, fake: f32) {
        self.seen += 1;
        // A plain mean at first, then one that forgets.
        let share = (1.0 / self.seen as f64).max(1.0 / MEMORY);
        self.gap += (f64::from(real - fake) - self.gap) * share;
    }

    /// Mean logits of slices that are learned from, of others, and of generated scans.
    pub fn gauge(&mut self, train: f32, held_out: f32, generated: f32) {
        // As `Strength::overfit` of the native trainer has it.
        let gap = train - generated;
        let known = gap > 1e-6 && (train - held_out) / gap > BY_HEART;
        self.by_heart = if known { self.by_heart + 1 } else { 0 };
    }

    /// How much generated scans differ from each other, as part of how much slices do.
    pub fn spread(&mut self, spread: f32) {
        self.spread = Some(spread);
    }

    /// Samples were compared with the slices, and come close to them or not.
    pub fn compared(&mut self, copies: bool) {
        self.copies = copies;
    }

    /// Numbers ran away at this step.
    pub fn diverged(&mut self, steps: u64) {
        self.diverged_at = Some(steps);
        self.gap = 0.0;
        self.seen = 0;
    }

    /// All that holds now. A notice that held before keeps the moment when it began.
    pub fn notices(&mut self, steps: u64, images: u64) -> Vec<Notice> {
        let late = self.seen >= EARLY;
        let holds = |kind: NoticeKind| match kind {
            NoticeKind::FewSlices => self.slices < FEW_SLICES,
            NoticeKind::NothingHeldOut => self.held_out == 0,
            NoticeKind::Collapse => late && self.spread.is_some_and(|spread| spread < COLLAPSED),
            NoticeKind::DiscriminatorStrong => late && self.gap > STRONG,
            NoticeKind::Copying => self.copies || self.by_heart >= IN_A_ROW,
            NoticeKind::Diverged => self.diverged_at.is_some_and(|at| steps.saturating_sub(at) < REMEMBERED),
        };
        let now: Vec<Notice> = NoticeKind::ALL
            .into_iter()
            .filter(|&kind| holds(kind))
            .map(|kind| {
                let before = self.standing.iter().find(|notice| notice.kind == kind);
                before.copied().unwrap_or(Notice { kind, images })
            })
            .collect();
        self.standing.clone_from(&now);
        now
    }
}

/// How much pictures differ from each other: the standard deviation over the pictures, averaged over the pixels, in grey
/// levels. 0 for fewer than two.
pub fn spread<'a>(pictures: impl Iterator<Item = &'a [u8]> + Clone) -> f32 {
    let count = pictures.clone().count();
    let cells = pictures.clone().map(<[u8]>::len).min().unwrap_or(0);
    if count < 2 || cells == 0 {
        return 0.0;
    }
    let (mut sums, mut squares) = (vec![0u64; cells], vec![0u64; cells]);
    for picture in pictures {
        for ((sum, square), &pixel) in sums.iter_mut().zip(&mut squares).zip(picture) {
            *sum += u64::from(pixel);
            *square += u64::from(pixel).pow(2);
        }
    }
    let n = count as f64;
    let deviation = |(&sum, &square): (&u64, &u64)| {
        let mean = sum as f64 / n;
        (square as f64 / n - mean * mean).max(0.0).sqrt()
    };
    (sums.iter().zip(&squares).map(deviation).sum::<f64>() / cells as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(course: &mut Course, steps: u64) -> Vec<NoticeKind> {
        course.notices(steps, steps * 8).into_iter().map(|notice| notice.kind).collect()
    }

    #[test]
    fn few_slices_are_said_at_once_and_a_sound_training_says_nothing() {
        assert_eq!(kinds(&mut Course::new(20, 0), 0), [NoticeKind::FewSlices, NoticeKind::NothingHeldOut]);
        let mut sound = Course::new(300, 30);
        for _ in 0..500 {
            sound.step(0.6, -0.4);
            sound.gauge(1.0, 0.9, -1.0);
        }
        sound.spread(0.7);
        assert_eq!(kinds(&mut sound, 500), []);
    }

    #[test]
    fn a_strong_discriminator_is_said_and_unsaid() {
        let mut course = Course::new(300, 30);
        for _ in 0..EARLY {
            course.step(5.0, -5.0);
        }
        assert_eq!(kinds(&mut course, 100), [NoticeKind::DiscriminatorStrong]);
        let first = course.notices(100, 800)[0].images;
        assert_eq!(course.notices(120, 9000)[0].images, first, "it keeps the moment when it began");
        for _ in 0..400 {
            course.step(0.5, 0.0);
        }
        assert_eq!(kinds(&mut course, 500), []);
    }

    #[test]
    fn learning_by_heart_needs_several_gauges() {
        let mut course = Course::new(300, 30);
        course.gauge(1.0, -0.9, -1.0);
        course.gauge(1.0, -0.9, -1.0);
        assert_eq!(kinds(&mut course, 10), []);
        course.gauge(1.0, -0.9, -1.0);
        assert_eq!(kinds(&mut course, 10), [NoticeKind::Copying]);
        course.gauge(1.0, 0.9, -1.0);
        assert_eq!(kinds(&mut course, 10), []);
        course.compared(true);
        assert_eq!(kinds(&mut course, 10), [NoticeKind::Copying]);
    }

    #[test]
    fn a_divergence_is_remembered_for_a_while() {
        let mut course = Course::new(300, 30);
        course.diverged(40);
        assert_eq!(kinds(&mut course, 41), [NoticeKind::Diverged]);
        assert_eq!(kinds(&mut course, 40 + REMEMBERED), []);
    }

    #[test]
    fn equal_scans_are_a_collapse() {
        let mut course = Course::new(300, 30);
        (0..EARLY).for_each(|_| course.step(0.5, 0.0));
        let same = [[7u8; 16], [7; 16]];
        let varied = [[0u8; 16], [200; 16]];
        let of = |set: &[[u8; 16]; 2]| spread(set.iter().map(|it| it.as_slice()));
        assert_eq!((of(&same), of(&varied)), (0.0, 100.0));
        course.spread(of(&same) / of(&varied));
        assert_eq!(kinds(&mut course, 200), [NoticeKind::Collapse]);
    }
}
