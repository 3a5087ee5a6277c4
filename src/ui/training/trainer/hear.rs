//! What the worker of a training says.

use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::{Frame, MAX_FRAMES, MAX_POINTS, Pause, Phase, Saved, Trainer};
use crate::engine::shared::Failure;
use crate::engine::training::protocol::{Ask, Event, Tell};
use crate::slice::Slice;
use crate::ui::logic::downsample::thin_older_half;
use crate::ui::logic::trouble::Trouble;

impl Trainer {
    /// Hears a worker.
    pub(super) fn hear(self, serial: u32, said: Result<JsValue, String>) {
        if self.crew(|crew| crew.serial) != Some(serial) {
            return;
        }
        match said.and_then(read) {
            Ok((event, bytes)) => self.obey(serial, event, bytes),
            Err(words) => self.lose(serial, Trouble::Crashed, None, words),
        }
    }

    fn obey(self, serial: u32, event: Event, bytes: Option<Vec<u8>>) {
        match event {
            Event::Progress { stage, .. } => {
                self.set_alarm(serial);
                if !matches!(self.phase.get_untracked(), Phase::Recovering(_)) {
                    self.phase.set(Phase::Loading(stage));
                }
            }
            Event::Training(tell) => self.told(serial, tell, bytes),
            Event::Failed { failure, detail } => {
                self.lose(serial, Trouble::of_training(failure), Some(failure), detail)
            }
        }
    }

    fn told(self, serial: u32, tell: Tell, bytes: Option<Vec<u8>>) {
        self.set_alarm(serial);
        match tell {
            Tell::Warming { done, total } => {
                if !matches!(self.phase.get_untracked(), Phase::Recovering(_)) {
                    self.phase.set(Phase::Warming { done, total });
                }
            }
            Tell::Prepared { device, forecast, counts, tuning } => {
                let wanted = self.crew(|crew| {
                    crew.prepared = true;
                    crew.wanted
                });
                self.device.set(Some(device));
                self.forecast.set(Some(forecast));
                self.counts.set(counts);
                self.tuning.set(tuning);
                self.phase.set(Phase::Paused(Pause::Asked));
                if wanted == Some(true) {
                    self.resume();
                } else {
                    self.hush();
                }
            }
            Tell::Running { running, counts } => {
                self.counts.set(counts);
                if running {
                    self.phase.set(Phase::Running);
                } else {
                    if self.phase.get_untracked() == Phase::Running {
                        self.phase.set(Phase::Paused(Pause::Asked));
                    }
                    self.hush();
                }
            }
            Tell::Point { point, counts } => {
                self.counts.set(counts);
                self.points.update(|points| {
                    points.retain(|other| other.steps < point.steps);
                    points.push(point);
                    thin_older_half(points, MAX_POINTS);
                });
            }
            Tell::Gauge { gauge } => self.gauges.update(|gauges| {
                gauges.push(gauge);
                thin_older_half(gauges, MAX_POINTS);
            }),
            Tell::Frame { images, seconds, size, count } => {
                let Some(Ok(scans)) = bytes.map(|bytes| Slice::split(&bytes, count, size)) else { return };
                let scans = scans.into_iter().map(Arc::new).collect();
                let frame = Frame { images, deciseconds: (seconds * 10.0) as u64, scans };
                self.timeline.update(|frames| {
                    // A training that took up an older checkpoint, or rests, draws the same moment again.
                    frames.retain(|other| other.images < frame.images || other.images == 0 && frame.images != 0);
                    frames.push(Arc::new(frame));
                    thin_older_half(frames, MAX_FRAMES);
                });
            }
            Tell::Notices { notices } => {
                if self.notices.with_untracked(|before| *before != notices) {
                    self.notices.set(notices);
                }
            }
            Tell::Tuned { tuning } => self.tuning.set(tuning),
            Tell::Saved { images, on_disk } => {
                self.crew(|crew| {
                    crew.losses = 0;
                    crew.on_disk = on_disk;
                    crew.checkpoint = bytes.map(Rc::new);
                });
                self.saved.set(Some(Saved { images, at: js_sys::Date::now(), on_disk }));
            }
            Tell::Copies { copies } => {
                self.copies.set(Some(Arc::new(copies)));
                self.rest_alarm();
            }
            Tell::Exported { who } => {
                let then = self.crew(|crew| {
                    let place = crew.exports.iter().position(|(other, _)| *other == who)?;
                    Some(crew.exports.remove(place).1)
                });
                if let Some(then) = then.flatten() {
                    then(bytes.ok_or_else(|| "the file came without bytes".to_owned()));
                }
                self.rest_alarm();
            }
            Tell::Refused { failure, detail } => self.refused(failure, &detail),
        }
    }

    fn refused(self, failure: Failure, detail: &str) {
        leptos::logging::warn!("training refused: {failure:?} {detail}");
        let waiting = self.crew(|crew| std::mem::take(&mut crew.exports)).unwrap_or_default();
        for (_, then) in waiting {
            then(Err(detail.to_owned()));
        }
        self.rest_alarm();
    }

    /// Goes on, unless nobody looks.
    fn resume(self) {
        if document().hidden() {
            self.phase.set(Phase::Paused(Pause::Hidden));
            self.hush();
        } else {
            self.ask(Ask::Go);
        }
    }

    /// Expects nothing any more, unless it runs.
    fn rest_alarm(self) {
        if self.phase.get_untracked() != Phase::Running {
            self.hush();
        }
    }

    fn hush(self) {
        self.crew(super::crew::Crew::hush);
    }
}

/// An event, and the bytes that came with it.
fn read(data: JsValue) -> Result<(Event, Option<Vec<u8>>), String> {
    let (event, bytes) = match data.dyn_into::<Array>() {
        Ok(pair) => (pair.get(0), pair.get(1).dyn_into::<ArrayBuffer>().ok()),
        Err(event) => (event, None),
    };
    let event = serde_wasm_bindgen::from_value(event).map_err(|error| error.to_string())?;
    Ok((event, bytes.map(|bytes| Uint8Array::new(&bytes).to_vec())))
}
