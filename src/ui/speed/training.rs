//! Slices a second in a training: random networks of 32 pixels learn from drawn heads.

use std::rc::Rc;

use super::environment::{SpeedEnvironment, SpeedError, engine_failed, worker_failed};
use super::inbox::Inbox;
use super::window::{Extent, Window};
use crate::engine::shared::DeviceKind;
use crate::engine::training::protocol::{Begin, StartFrom, TrainingEvent, TrainingRequest, TrainingSlices, Tuning};
use crate::slice::{LabelledSlice, Slice};
use crate::slices::collection::drawings;
use crate::ui::logic::cores::training_workers;
use crate::ui::training::trainer::followers::FollowerPool;
use crate::ui::training::trainer::supervisor::program;
use crate::worker::Link;

/// The preset of the networks.
const PRESET: &str = "s32";
/// Side of the slices in pixels.
const SIDE: usize = 32;
/// Number of slices.
const SLICES: usize = 64;
/// Mini-batch size 8.
const TUNING: Tuning = Tuning::FRESH;
/// At least eight steps: every fourth has a gradient penalty.
const EXTENT: Extent = Extent { warm_up: 0.0, millis: 3000.0, pieces: 8 * TUNING.batch as u64 };

/// Measures with this many workers of the processor, or fewer if their shares of the mini-batch would be too small. A graphics
/// card has one.
///
/// # Errors
/// The failure of the worker that trains. A lost follower is replaced.
pub async fn slices_per_second(
    environment: &SpeedEnvironment,
    device: DeviceKind,
    workers: usize,
) -> Result<f64, SpeedError> {
    let helpers = match device {
        DeviceKind::Cpu => training_workers(workers, TUNING.batch, false) - 1,
        DeviceKind::Gpu => 0,
    };
    let inbox = Inbox::default();
    let link = {
        let inbox = inbox.clone();
        Rc::new(Link::new(Rc::clone(&environment.training), move |outcome| inbox.push(outcome)))
    };
    let followers = {
        let leader = Rc::downgrade(&link);
        FollowerPool::new(Rc::clone(&environment.followers), environment.trainer, move |request| {
            // If the leader is gone, its alarm reports that.
            let _ = leader.upgrade().map(|link| link.notify(request));
        })
    };
    let request = |request| link.request(request).map_err(|failure| worker_failed(&failure));
    link.start(&program(environment.trainer, device)).map_err(|failure| worker_failed(&failure))?;
    request(TrainingRequest::Begin(Box::new(begin(device, helpers))))?;

    // The window, and the slices that were seen when it began.
    let mut measured = None;
    let mut answered = false;
    loop {
        let event = inbox.next().await.map_err(|failure| worker_failed(&failure))?;
        // Followers start after the first answer, so that they need not compile their program anew.
        if !std::mem::replace(&mut answered, true) {
            followers.start(helpers);
        }
        match event {
            TrainingEvent::Prepared { .. } => request(TrainingRequest::Go)?,
            TrainingEvent::Running { running: true, counts } => {
                let mut window = Window::new(EXTENT, 1000.0 * counts.seconds);
                window.arrive(1000.0 * counts.seconds, 0);
                measured = Some((window, counts.images));
            }
            TrainingEvent::Measured { measurement, .. } => {
                let Some((window, images)) = &mut measured else { continue };
                let counts = measurement.counts;
                window.arrive(1000.0 * counts.seconds, counts.images.saturating_sub(*images));
                *images = counts.images;
                if let Some(rate) = window.per_second().filter(|_| window.is_complete()) {
                    return Ok(rate);
                }
            }
            TrainingEvent::FollowerLost { id } => followers.on_lost(id),
            TrainingEvent::Failed { failure, detail } | TrainingEvent::Refused { failure, detail } => {
                return Err(engine_failed(failure, detail));
            }
            _ => {}
        }
    }
}

fn begin(device: DeviceKind, followers: usize) -> Begin {
    let slice = |number| {
        let drawing = drawings::draw(number, SIDE);
        let slice = Slice { size: SIDE, image: drawing.image.into_pixels(), mask: drawing.mask.into_pixels() };
        LabelledSlice { class: drawing.class, slice }
    };
    let set = TrainingSlices {
        size: SIDE,
        classes: drawings::CLASSES.map(str::to_owned).into(),
        train: (0..SLICES).map(slice).collect(),
        held_out: Vec::new(),
        source: "drawings of heads, made by a program".to_owned(),
    };
    let start = StartFrom::Random { preset: PRESET.to_owned() };
    Begin { device, software: false, set, start, tuning: TUNING, seed: 1, keep: false, judge: None, followers }
}
