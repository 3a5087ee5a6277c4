//! Prepares the scans of a game: selects real ones and has the engine generate the fakes.
//!
//! All fakes are generated before the first round, so that waiting time gives nothing away. They use truncation 1, as
//! in training: truncated latents would give cleaner fakes than the generator was trained to make.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::comparison::{FeatureComparison, fakes_to_measure, reals_to_measure};
use super::quiz::{Quiz, build_quiz, build_tumour_quiz, generated_specs};
use super::real_set::{RealSet, limited};
use super::state::{Game, Obstacle, OpponentState};
use crate::engine::making::protocol::ModelInfo;
use crate::game::difficulty::Difficulty;
use crate::game::localisation::{MIN_TUMOUR_PIXELS, tumour_pixels};
use crate::game::progress::GameScreen;
use crate::game::quiz::{QuizItem, QuizPlan, RoundFormat, count_people, plan_quiz, plan_tumour_quiz};
use crate::game::settings::{GameMode, GameSettings};
use crate::game::sharpness::SharpnessLimit;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::slices::air;
use crate::ui::engine::job::{EngineTask, Job, JobEvent, JobOwner};
use crate::ui::logic::models::TrainingSnapshot;
use crate::ui::real_scans::RealScansState;
use crate::ui::view::View;

/// The plan of a game.
#[derive(Clone)]
enum Planned {
    Rounds(QuizPlan),
    /// With the number of rounds.
    Tumours(Vec<QuizItem>, usize),
}

impl Planned {
    fn items(&self) -> Vec<QuizItem> {
        match self {
            Planned::Rounds(plan) => plan.items().collect(),
            Planned::Tumours(items, _) => items.clone(),
        }
    }

    fn build_quiz(&self, reals: &RealSet, fakes: &[Arc<Slice>], model: &ModelInfo) -> Option<Quiz> {
        match self {
            Planned::Rounds(plan) => build_quiz(plan, reals, fakes, model),
            Planned::Tumours(items, rounds) => build_tumour_quiz(items, *rounds, reals, fakes, model),
        }
    }
}

/// A game in preparation.
#[derive(Clone)]
struct Preparation {
    serial: u32,
    seed: u32,
    planned: Planned,
    reals: Arc<RealSet>,
    model: Arc<ModelInfo>,
    /// Side of all its scans in pixels.
    size: usize,
    /// No scan is sharper. Known once the fakes are made.
    limit: SharpnessLimit,
    /// Index of the training stage that makes the fakes; `None` for the shipped generator.
    stage: Option<usize>,
    /// The training stages.
    stages: &'static [TrainingSnapshot],
}

impl Preparation {
    /// The preparation and the fakes with both kinds equally sharp. Tumour games are not changed.
    fn matched(self, fakes: Vec<Arc<Slice>>) -> (Self, Vec<Arc<Slice>>) {
        if matches!(self.planned, Planned::Tumours(..)) {
            return (self, fakes);
        }
        let images = |scans: &[Arc<Slice>]| scans.iter().map(|scan| air::clear(&scan.image, scan.size)).collect();
        let (real, fake): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (images(&self.reals.pixels), images(&fakes));
        fn list(images: &[Vec<u8>]) -> Vec<&[u8]> {
            images.iter().map(Vec::as_slice).collect()
        }
        let limit = SharpnessLimit::of(&list(&real), &list(&fake), self.size);
        // Smooths the scans of the game now and the others when they are measured: each takes milliseconds.
        let in_game = self.planned.items().into_iter().filter_map(|item| match item {
            QuizItem::Real(index) => Some(index),
            QuizItem::Fake { .. } => None,
        });
        let reals = self.reals.limited(limit, in_game);
        (Self { reals, limit, ..self }, fakes.iter().map(|fake| limited(fake, limit)).collect())
    }
}

impl Game {
    /// Plans the game of the current settings and requests its fakes, once model and real scans are there.
    pub(super) fn prepare(self, reals: Option<Arc<RealSet>>) {
        let (model, settings, unusable) = (self.engines.model.get(), self.settings.get(), self.unusable.get());
        self.serial.update_value(|serial| *serial += 1);
        self.quiz.set(None);
        self.obstacle.set(None);
        self.demo.set(None);
        self.screen.set(GameScreen::Round(0));
        self.answers.set(Vec::new());
        self.opponent.set(OpponentState::Silent);
        self.comparison.set(FeatureComparison::default());
        let (Some(model), Some(reals)) = (model, reals) else { return };
        let stages = self.stages();
        let stage = match stage(settings.level, &unusable, stages) {
            Ok(stage) => stage,
            Err(level) => return self.settings.set(GameSettings { level, ..settings }),
        };
        // Real scans have the size of the largest generator; all scans of a game have the size of its fakes.
        let size = stage.map_or(model.size, |stage| stages[stage].size);
        let Some(reals) = reals.sized(size) else {
            self.obstacle.set(Some(Obstacle::OtherSize));
            return;
        };
        let slices = reals.slices(&model);
        let plan =
            |form| plan_quiz(form, settings.half(), settings.seed, &slices, model.classes.len()).map(Planned::Rounds);
        let planned = match settings.mode {
            GameMode::Tumour => {
                let visible = |index: usize| tumour_pixels(&reals.pixels[index].mask) >= MIN_TUMOUR_PIXELS;
                let items = plan_tumour_quiz(settings.half(), settings.seed, &slices, visible, model.classes.len());
                Ok(Planned::Tumours(items, settings.half()))
            }
            GameMode::Single => plan(RoundFormat::Single),
            GameMode::Pairs => plan(RoundFormat::Pairs),
        };
        match planned {
            Ok(planned) => {
                let short = matches!(&planned, Planned::Rounds(plan) if plan.short);
                if short && self.own.with_untracked(Option::is_none) {
                    self.demo.set(Some((slices.len(), count_people(&slices))));
                }
                let serial = self.serial.get_value();
                let limit = SharpnessLimit::default();
                let seed = settings.seed;
                self.make(Preparation { serial, seed, planned, reals, model, size, limit, stage, stages });
            }
            Err(few) => self.obstacle.set(Some(match self.scans().state.get_untracked() {
                RealScansState::Broken(words) => Obstacle::BrokenScans(words),
                _ => Obstacle::NoScans(few.found),
            })),
        }
    }

    /// Requests the fakes and builds the quiz from them.
    fn make(self, preparation: Preparation) {
        let scans = generated_specs(preparation.planned.items().into_iter());
        let [owner, ..] = self.owners;
        let then = preparation.clone();
        self.order(owner, scans, preparation, move |fakes| {
            let (then, fakes) = then.clone().matched(fakes);
            let Some(quiz) = then.planned.build_quiz(&then.reals, &fakes, &then.model) else {
                return self.obstacle.set(Some(Obstacle::Refused("no tumour to look for".to_owned())));
            };
            let quiz = Arc::new(quiz);
            self.resume(quiz.rounds.len());
            self.quiz.set(Some(quiz.clone()));
            self.measure(then, &quiz, &fakes);
        });
    }

    /// Requests more fakes and measures them and real scans one by one, so that the page stays responsive.
    fn measure(self, preparation: Preparation, quiz: &Quiz, fakes: &[Arc<Slice>]) {
        if matches!(preparation.planned, Planned::Tumours(..)) || self.view != View::Game {
            return;
        }
        let mut to_measure = reals_to_measure(&preparation.reals, quiz);
        to_measure.reverse();
        self.comparison.update(|comparison| comparison.waiting = to_measure.len());
        let to_measure = StoredValue::new(to_measure);
        let in_game = StoredValue::new(fakes.to_vec());
        let scans = fakes_to_measure(preparation.seed, &preparation.planned.items(), &preparation.model);
        let weights = preparation.stage.map(|stage| preparation.stages[stage].weights);
        let hear = Rc::new(move |event: JobEvent| {
            // The view may be gone, or another game in preparation.
            let (Some(serial), JobEvent::Scan(_, pixels)) = (self.serial.try_get_value(), event) else { return };
            if serial != preparation.serial {
                return;
            }
            let real = to_measure.try_update_value(Vec::pop).flatten();
            let played = in_game.try_update_value(Vec::pop).flatten();
            let fake = limited(&Arc::new(pixels), preparation.limit);
            self.comparison.update(|comparison| {
                comparison.fake.add(&fake, true);
                played.iter().for_each(|pixels| comparison.fake.add(pixels, false));
                if let Some((pixels, example)) = &real {
                    comparison.waiting = comparison.waiting.saturating_sub(1);
                    comparison.real.add(&limited(pixels, preparation.limit), *example);
                }
            });
        });
        let task = EngineTask::Scans { scans, style: Style::default(), weights };
        self.engines.submit(Job { owner: self.owners[1], task, live: false, on_event: hear });
    }

    /// Requests fakes and calls `then` with all of them.
    fn order(
        self,
        owner: JobOwner,
        scans: Vec<ScanSpec>,
        preparation: Preparation,
        then: impl Fn(Vec<Arc<Slice>>) + 'static,
    ) {
        let made = StoredValue::new(vec![None; scans.len()]);
        let weights = preparation.stage.map(|stage| preparation.stages[stage].weights);
        let hear = Rc::new(move |event: JobEvent| {
            if self.serial.try_get_value() != Some(preparation.serial) {
                return;
            }
            match event {
                // A scan of another size would be recognised by it.
                JobEvent::Scan(_, pixels) if pixels.size != preparation.size => {
                    self.give_up(preparation.stage, "another size")
                }
                JobEvent::Scan(index, pixels) => made.update_value(|made| {
                    if let Some(place) = made.get_mut(index) {
                        *place = Some(Arc::new(pixels));
                    }
                }),
                JobEvent::Done { .. } => {
                    if let Some(all) = made.with_value(|made| made.iter().cloned().collect::<Option<Vec<_>>>()) {
                        then(all);
                    }
                }
                JobEvent::Refused { detail, .. } => self.give_up(preparation.stage, &detail),
                JobEvent::Layers(_) | JobEvent::Verdicts(_) | JobEvent::Dropped => {}
            }
        });
        let task = EngineTask::Scans { scans, style: Style::default(), weights };
        self.engines.submit(Job { owner, task, live: false, on_event: hear });
    }

    /// Excludes a stage that cannot be used; without any stage there is no game.
    fn give_up(self, stage: Option<usize>, detail: &str) {
        match stage {
            Some(stage) => self.unusable.update(|unusable| unusable.push(stage)),
            None => self.obstacle.set(Some(Obstacle::Refused(detail.to_owned()))),
        }
    }
}

/// Index of the training stage for a difficulty (`None`: the shipped generator). If the difficulty is not available,
/// the one to play instead.
fn stage(level: Difficulty, unusable: &[usize], stages: &[TrainingSnapshot]) -> Result<Option<usize>, Difficulty> {
    // The first stages make smaller scans, which would be recognised by their size.
    let full = stages.iter().map(|stage| stage.size).max();
    let fits = |stage: &usize| Some(stages[*stage].size) == full && !unusable.contains(stage);
    let usable: Vec<usize> = (0..stages.len()).filter(fits).collect();
    let stage = level.stage_index(usable.len()).map_err(|_| Difficulty::Hard)?;
    Ok(stage.and_then(|stage| usable.get(stage).copied()))
}

/// The difficulties that can be played.
pub fn offered(unusable: &[usize], stages: &[TrainingSnapshot]) -> Vec<Difficulty> {
    Difficulty::ALL.into_iter().filter(|level| stage(*level, unusable, stages).is_ok()).collect()
}
