//! Getting the scans of a game: the real ones from where they are, the fakes from the engine.
//!
//! All fakes of a game are made before its first round, so that the time a scan takes tells nothing. They are made with the
//! latents that the generator was trained on (truncation 1): bent to the average they would look cleaner, and the game
//! would ask about something that the generator was not trained to do.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::known::{Measured, fakes_to_measure, reals_to_measure};
use super::setting::Reals;
use super::state::{Game, Obstacle, Step};
use super::table::{Table, lay, lay_tumours, specs};
use super::verdict::Rival;
use crate::engine::making::protocol::ModelInfo;
use crate::game::deal::{Card, Deal, Form, deal, deal_tumours};
use crate::game::level::Level;
use crate::game::setup::{Mode, Setup};
use crate::game::target::{VISIBLE, tumour_pixels};
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::ui::engine::job::{Job, JobEvent, JobOwner, Task};
use crate::ui::logic::models::TrainingSnapshot;
use crate::ui::scans::RealState;

/// What was dealt.
#[derive(Clone)]
enum Dealt {
    Rounds(Deal),
    Tumours(Vec<Card>),
}

impl Dealt {
    fn cards(&self) -> Vec<Card> {
        match self {
            Dealt::Rounds(deal) => deal.cards().collect(),
            Dealt::Tumours(cards) => cards.clone(),
        }
    }

    fn lay(&self, reals: &Reals, fakes: &[Arc<Slice>], model: &ModelInfo) -> Option<Table> {
        match self {
            Dealt::Rounds(deal) => lay(deal, reals, fakes, model),
            Dealt::Tumours(cards) => lay_tumours(cards, reals, fakes, model),
        }
    }
}

/// A game on its way: what was dealt, and from what.
#[derive(Clone)]
struct Dealing {
    serial: u32,
    seed: u32,
    dealt: Dealt,
    reals: Arc<Reals>,
    model: Arc<ModelInfo>,
    /// Side of all its scans in pixels.
    size: usize,
    /// Which earlier stage makes the fakes, by its place in the list; none for the last one.
    stage: Option<usize>,
    /// The list.
    stages: &'static [TrainingSnapshot],
}

impl Game {
    /// Deals the game of the setup, if what it needs is there.
    pub(super) fn deal(self, reals: Option<Arc<Reals>>) {
        let (model, setup, unusable) = (self.supervisor.model.get(), self.setup.get(), self.unusable.get());
        self.serial.update_value(|serial| *serial += 1);
        self.table.set(None);
        self.obstacle.set(None);
        self.answers.set(Vec::new());
        self.step.set(Step::Round(0));
        self.rival.set(Rival::Silent);
        self.measured.set(Measured::default());
        let (Some(model), Some(reals)) = (model, reals) else { return };
        let stages = self.stages();
        let stage = match stage(setup.level, &unusable, stages) {
            Ok(stage) => stage,
            Err(level) => return self.setup.set(Setup { level, ..setup }),
        };
        // Real scans come in the size of the largest generator; all scans of a game have that of the one that makes its fakes.
        let size = stage.map_or(model.size, |stage| stages[stage].size);
        let Some(reals) = reals.sized(size) else {
            self.obstacle.set(Some(Obstacle::OtherSize));
            return;
        };
        let slices = reals.slices(&model);
        let dealt = match setup.mode {
            Mode::Tumour => {
                let visible = |index: usize| tumour_pixels(&reals.pixels[index].mask) >= VISIBLE;
                Ok(Dealt::Tumours(deal_tumours(setup.seed, &slices, visible, model.classes.len())))
            }
            Mode::Single => deal(Form::Single, setup.seed, &slices, model.classes.len()).map(Dealt::Rounds),
            Mode::Pairs => deal(Form::Pairs, setup.seed, &slices, model.classes.len()).map(Dealt::Rounds),
        };
        match dealt {
            Ok(dealt) => {
                let serial = self.serial.get_value();
                self.make(Dealing { serial, seed: setup.seed, dealt, reals, model, size, stage, stages });
            }
            Err(few) => self.obstacle.set(Some(match self.scans().state.get_untracked() {
                RealState::Broken(words) => Obstacle::BrokenScans(words),
                _ => Obstacle::NoScans(few.found),
            })),
        }
    }

    /// Orders the fakes of a game; the table is laid when all are there.
    fn make(self, dealing: Dealing) {
        let scans = specs(dealing.dealt.cards().into_iter());
        let [owner, ..] = self.owners;
        let then = dealing.clone();
        self.order(owner, scans, dealing, move |fakes| {
            let Some(table) = then.dealt.lay(&then.reals, &fakes, &then.model) else {
                return self.obstacle.set(Some(Obstacle::Refused("no tumour to look for".to_owned())));
            };
            let table = Arc::new(table);
            self.table.set(Some(table.clone()));
            self.measure(then.clone(), &table, &fakes);
        });
    }

    /// Orders more fakes and measures them and the real scans, a little at a time, so that nothing stutters.
    fn measure(self, dealing: Dealing, table: &Table, fakes: &[Arc<Slice>]) {
        if matches!(dealing.dealt, Dealt::Tumours(_)) {
            return;
        }
        let mut to_measure = reals_to_measure(&dealing.reals, table);
        to_measure.reverse();
        let to_measure = StoredValue::new(to_measure);
        let in_game = StoredValue::new(fakes.to_vec());
        let scans = fakes_to_measure(dealing.seed, &dealing.dealt.cards(), &dealing.model);
        let weights = dealing.stage.map(|stage| dealing.stages[stage].weights);
        let hear = Rc::new(move |news: JobEvent| {
            // The view may be gone, or another game dealt.
            let (Some(serial), JobEvent::Scan(_, pixels)) = (self.serial.try_get_value(), news) else { return };
            if serial != dealing.serial {
                return;
            }
            let real = to_measure.try_update_value(Vec::pop).flatten();
            let played = in_game.try_update_value(Vec::pop).flatten();
            self.measured.update(|measured| {
                measured.fake.add(&Arc::new(pixels), true);
                played.iter().for_each(|pixels| measured.fake.add(pixels, false));
                real.iter().for_each(|(pixels, example)| measured.real.add(pixels, *example));
            });
        });
        let task = Task::Scans { scans, style: Style::default(), weights };
        self.supervisor.submit(Job { owner: self.owners[1], task, live: false, on_event: hear });
    }

    /// Orders fakes, and does something with all of them once they are there.
    fn order(self, owner: JobOwner, scans: Vec<ScanSpec>, dealing: Dealing, then: impl Fn(Vec<Arc<Slice>>) + 'static) {
        let made = StoredValue::new(vec![None; scans.len()]);
        let weights = dealing.stage.map(|stage| dealing.stages[stage].weights);
        let hear = Rc::new(move |news: JobEvent| {
            if self.serial.try_get_value() != Some(dealing.serial) {
                return;
            }
            match news {
                // A scan of another size would give itself away.
                JobEvent::Scan(_, pixels) if pixels.size != dealing.size => self.give_up(dealing.stage, "another size"),
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
                JobEvent::Refused { detail, .. } => self.give_up(dealing.stage, &detail),
                JobEvent::Layers(_) | JobEvent::Verdicts(_) | JobEvent::Dropped => {}
            }
        });
        let task = Task::Scans { scans, style: Style::default(), weights };
        self.supervisor.submit(Job { owner, task, live: false, on_event: hear });
    }

    /// A stage that cannot be used is not offered again; without any stage there is no game.
    fn give_up(self, stage: Option<usize>, detail: &str) {
        match stage {
            Some(stage) => self.unusable.update(|unusable| unusable.push(stage)),
            None => self.obstacle.set(Some(Obstacle::Refused(detail.to_owned()))),
        }
    }
}

/// Which earlier stage makes the fakes of a level, by its place in the list. Where a level is not offered, the level to
/// play instead.
fn stage(level: Level, unusable: &[usize], stages: &[TrainingSnapshot]) -> Result<Option<usize>, Level> {
    // The first stages of a training are smaller, and their size would tell.
    let full = stages.iter().map(|stage| stage.size).max();
    let fits = |stage: &usize| Some(stages[*stage].size) == full && !unusable.contains(stage);
    let usable: Vec<usize> = (0..stages.len()).filter(fits).collect();
    let stage = level.stage(usable.len()).map_err(|_| Level::Hard)?;
    Ok(stage.and_then(|stage| usable.get(stage).copied()))
}

/// The levels that can be played.
pub fn offered(unusable: &[usize], stages: &[TrainingSnapshot]) -> Vec<Level> {
    Level::ALL.into_iter().filter(|level| stage(*level, unusable, stages).is_ok()).collect()
}
