//! Diagnostics of a training run: warnings derived from its measurements. Knows no tensors and no clock.

use serde::{Deserialize, Serialize};

use super::measurement::{OverfitCheck, StepLosses};

/// Below this many slices a warning is given.
const FEW_SLICES: usize = 50;
/// Steps over which the gap between mean logits is averaged.
const WINDOW: f64 = 50.0;
/// Gap between the mean logits of real and generated scans above which the discriminator is too strong. It stayed between 2
/// and 4 in runs of these networks that succeeded, and reached 6 in runs that failed.
const STRONG: f64 = 5.0;
/// Steps before the strength of the discriminator and mode collapse are judged: the first steps are not representative.
const WARM_UP: u64 = 100;
/// Diversity of generated scans, as a share of that of the slices, below which the generator has collapsed. A network that
/// starts from random weights reaches one half within some hundred steps.
const COLLAPSED: f32 = 0.25;
/// Overfitting (0 to 1) above which the discriminator counts as having memorised its slices.
const OVERFITTED: f64 = 0.5;
/// Consecutive overfitting checks that must agree.
const CHECKS_IN_A_ROW: u32 = 3;
/// Steps for which a divergence is shown.
const DIVERGENCE_SHOWN: u64 = 300;

/// A warning about a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Which warning.
    pub kind: NoticeKind,
    /// Real slices shown to the discriminator when the warning first applied.
    pub images: u64,
}

/// The warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Fewer than 50 slices: only a small part of the networks is trained, and copies are likely.
    FewSlices,
    /// No slice is held out, so overfitting cannot be measured.
    NothingHeldOut,
    /// Mode collapse: generated scans hardly differ from each other.
    Collapse,
    /// The discriminator separates real and generated scans too easily, so the generator learns little from it.
    DiscriminatorStrong,
    /// The discriminator overfits, or generated scans are close to training slices.
    Copying,
    /// Training diverged and went back to its last good state with half the learning rate.
    Diverged,
}

impl NoticeKind {
    /// All warnings, in the order in which they are shown.
    pub const ALL: [NoticeKind; 6] = [
        NoticeKind::Diverged,
        NoticeKind::Copying,
        NoticeKind::Collapse,
        NoticeKind::DiscriminatorStrong,
        NoticeKind::FewSlices,
        NoticeKind::NothingHeldOut,
    ];
}

/// What the warnings are derived from.
#[derive(Debug, Clone, Default)]
pub struct TrainingDiagnostics {
    slices: usize,
    held_out: usize,
    /// Running mean of the gap between the mean logits of real and generated scans.
    gap: f64,
    /// Steps since the start, or since training diverged.
    steps: u64,
    /// Consecutive checks that found overfitting.
    overfitted: u32,
    diversity: Option<f32>,
    diverged_at: Option<u64>,
    copies: bool,
    current: Vec<Notice>,
}

impl TrainingDiagnostics {
    /// Diagnostics of a run on this many training slices and held-out slices.
    pub fn new(slices: usize, held_out: usize) -> Self {
        Self { slices, held_out, ..Self::default() }
    }

    /// Takes in the losses of a step.
    pub fn on_step(&mut self, losses: &StepLosses) {
        self.steps += 1;
        // A plain mean over the first steps, then an exponential moving average.
        let share = (1.0 / self.steps as f64).max(1.0 / WINDOW);
        self.gap += (f64::from(losses.real - losses.fake) - self.gap) * share;
    }

    /// Takes in an overfitting check. A check without held-out slices changes nothing.
    pub fn on_overfit_check(&mut self, check: &OverfitCheck) {
        let Some(overfitting) = check.overfitting() else { return };
        let overfitted = check.train > check.generated && overfitting > OVERFITTED;
        self.overfitted = if overfitted { self.overfitted + 1 } else { 0 };
    }

    /// Takes in the [diversity] of generated scans, as a share of that of the slices.
    pub fn on_diversity(&mut self, share: f32) {
        self.diversity = Some(share);
    }

    /// Takes in a comparison of generated scans with the training slices.
    pub fn on_comparison(&mut self, copies: bool) {
        self.copies = copies;
    }

    /// Training diverged and went back to this step.
    pub fn on_divergence(&mut self, steps: u64) {
        self.diverged_at = Some(steps);
        self.gap = 0.0;
        self.steps = 0;
    }

    /// All warnings that apply now. A warning that applied before keeps the moment when it first did.
    pub fn notices(&mut self, steps: u64, images: u64) -> Vec<Notice> {
        let warm = self.steps >= WARM_UP;
        let applies = |kind: NoticeKind| match kind {
            NoticeKind::FewSlices => self.slices < FEW_SLICES,
            NoticeKind::NothingHeldOut => self.held_out == 0,
            NoticeKind::Collapse => warm && self.diversity.is_some_and(|share| share < COLLAPSED),
            NoticeKind::DiscriminatorStrong => warm && self.gap > STRONG,
            NoticeKind::Copying => self.copies || self.overfitted >= CHECKS_IN_A_ROW,
            NoticeKind::Diverged => self.diverged_at.is_some_and(|at| steps.saturating_sub(at) < DIVERGENCE_SHOWN),
        };
        let now: Vec<Notice> = NoticeKind::ALL
            .into_iter()
            .filter(|&kind| applies(kind))
            .map(|kind| {
                let before = self.current.iter().find(|notice| notice.kind == kind);
                before.copied().unwrap_or(Notice { kind, images })
            })
            .collect();
        self.current.clone_from(&now);
        now
    }
}

/// Diversity of pictures: the standard deviation over the pictures, averaged over the pixels, in grey levels. 0 for fewer than
/// two pictures.
pub fn diversity<'a>(pictures: impl Iterator<Item = &'a [u8]> + Clone) -> f32 {
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

    fn kinds(diagnostics: &mut TrainingDiagnostics, steps: u64) -> Vec<NoticeKind> {
        diagnostics.notices(steps, steps * 8).into_iter().map(|notice| notice.kind).collect()
    }

    fn logits(real: f32, fake: f32) -> StepLosses {
        StepLosses { real, fake, ..StepLosses::default() }
    }

    fn check(train: f32, held_out: f32, generated: f32) -> OverfitCheck {
        OverfitCheck { seconds: 0.0, images: 0, train, held_out: Some(held_out), generated }
    }

    #[test]
    fn few_slices_are_reported_at_once_and_a_sound_run_gives_no_warning() {
        assert_eq!(kinds(&mut TrainingDiagnostics::new(20, 0), 0), [NoticeKind::FewSlices, NoticeKind::NothingHeldOut]);
        let mut sound = TrainingDiagnostics::new(300, 30);
        for _ in 0..500 {
            sound.on_step(&logits(0.6, -0.4));
            sound.on_overfit_check(&check(1.0, 0.9, -1.0));
        }
        sound.on_diversity(0.7);
        assert_eq!(kinds(&mut sound, 500), []);
    }

    #[test]
    fn the_warning_of_a_strong_discriminator_comes_and_goes() {
        let mut diagnostics = TrainingDiagnostics::new(300, 30);
        for _ in 0..WARM_UP {
            diagnostics.on_step(&logits(5.0, -5.0));
        }
        assert_eq!(kinds(&mut diagnostics, 100), [NoticeKind::DiscriminatorStrong]);
        let first = diagnostics.notices(100, 800)[0].images;
        assert_eq!(diagnostics.notices(120, 9000)[0].images, first, "it keeps the moment when it began");
        for _ in 0..400 {
            diagnostics.on_step(&logits(0.5, 0.0));
        }
        assert_eq!(kinds(&mut diagnostics, 500), []);
    }

    #[test]
    fn overfitting_needs_several_checks_in_a_row() {
        let mut diagnostics = TrainingDiagnostics::new(300, 30);
        diagnostics.on_overfit_check(&check(1.0, -0.9, -1.0));
        diagnostics.on_overfit_check(&check(1.0, -0.9, -1.0));
        assert_eq!(kinds(&mut diagnostics, 10), []);
        diagnostics.on_overfit_check(&check(1.0, -0.9, -1.0));
        assert_eq!(kinds(&mut diagnostics, 10), [NoticeKind::Copying]);
        diagnostics.on_overfit_check(&check(1.0, 0.9, -1.0));
        assert_eq!(kinds(&mut diagnostics, 10), []);
        diagnostics.on_comparison(true);
        assert_eq!(kinds(&mut diagnostics, 10), [NoticeKind::Copying]);
    }

    #[test]
    fn a_divergence_is_shown_for_a_while() {
        let mut diagnostics = TrainingDiagnostics::new(300, 30);
        diagnostics.on_divergence(40);
        assert_eq!(kinds(&mut diagnostics, 41), [NoticeKind::Diverged]);
        assert_eq!(kinds(&mut diagnostics, 40 + DIVERGENCE_SHOWN), []);
    }

    #[test]
    fn equal_scans_are_a_collapse() {
        let mut diagnostics = TrainingDiagnostics::new(300, 30);
        (0..WARM_UP).for_each(|_| diagnostics.on_step(&logits(0.5, 0.0)));
        let same = [[7u8; 16], [7; 16]];
        let varied = [[0u8; 16], [200; 16]];
        let of = |set: &[[u8; 16]; 2]| diversity(set.iter().map(|it| it.as_slice()));
        assert_eq!((of(&same), of(&varied)), (0.0, 100.0));
        diagnostics.on_diversity(of(&same) / of(&varied));
        assert_eq!(kinds(&mut diagnostics, 200), [NoticeKind::Collapse]);
    }
}
