//! The files that wait, the one being read, and the worker that reads it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::set_timeout_with_handle;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Heard, NamedFile, message};
use crate::reader::protocol::{Event, Request};
use crate::slices::decoded::Refusal;
use crate::slices::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_MILLIS, MAX_SLICES_READ};
use crate::ui::places;
use crate::ui::worker::Worker;

/// Starts in a row that may fail before the reader is given up.
const STARTS: usize = 2;

/// Reads one file at a time.
pub(super) struct Queue {
    me: Weak<Queue>,
    hear: Rc<dyn Fn(Heard)>,
    waiting: RefCell<VecDeque<NamedFile>>,
    /// The file being read.
    current: RefCell<Option<String>>,
    worker: RefCell<Option<Worker>>,
    alarm: Cell<Option<TimeoutHandle>>,
    /// Counts workers and files: what is heard from an earlier one is ignored.
    turn: Cell<u64>,
    done: Cell<usize>,
    total: Cell<usize>,
    slices: Cell<usize>,
    /// Starts that failed in a row.
    failed: Cell<usize>,
    /// Whether the present worker said anything.
    alive: Cell<bool>,
}

impl Queue {
    pub(super) fn new(hear: Rc<dyn Fn(Heard)>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            hear,
            waiting: RefCell::default(),
            current: RefCell::default(),
            worker: RefCell::default(),
            alarm: Cell::default(),
            turn: Cell::default(),
            done: Cell::default(),
            total: Cell::default(),
            slices: Cell::default(),
            failed: Cell::default(),
            alive: Cell::default(),
        })
    }

    pub(super) fn add(&self, mut files: Vec<NamedFile>) {
        if !self.busy() {
            self.done.set(0);
            self.total.set(0);
            self.slices.set(0);
            self.failed.set(0);
        }
        let room = MAX_FILES.saturating_sub(self.total.get());
        let surplus = files.split_off(files.len().min(room));
        self.total.set(self.total.get() + files.len());
        self.waiting.borrow_mut().extend(files);
        for file in surplus {
            self.refuse(file.path, Refusal::TooManyFiles);
        }
        if !self.busy() {
            self.next();
        }
    }

    pub(super) fn cancel(&self) {
        self.waiting.borrow_mut().clear();
        self.turn.set(self.turn.get() + 1);
        self.end_worker();
        if self.current.take().is_some() {
            (self.hear)(Heard::Finished);
        }
    }

    fn busy(&self) -> bool {
        self.current.borrow().is_some()
    }

    fn refuse(&self, path: String, refusal: Refusal) {
        (self.hear)(Heard::Refused { path, refusal });
    }

    /// Takes up the next file, or ends.
    fn next(&self) {
        self.silence();
        self.turn.set(self.turn.get() + 1);
        (self.hear)(Heard::Progress { done: self.done.get(), total: self.total.get() });
        let file = self.waiting.borrow_mut().pop_front();
        let Some(NamedFile { path, file }) = file else {
            // Its memory is worth more than the moment that starting another takes.
            self.end_worker();
            self.current.replace(None);
            return (self.hear)(Heard::Finished);
        };
        self.current.replace(Some(path.clone()));
        let (turn, me) = (self.turn.get(), self.me.clone());
        self.set_alarm(turn);
        spawn_local(async move {
            // Its size is known before a byte of it is read.
            let bytes = match file.size() > MAX_FILE_BYTES as f64 {
                true => Err(Refusal::TooLarge),
                false => JsFuture::from(file.array_buffer()).await.map_err(|_| Refusal::Unreadable),
            };
            let Some(me) = me.upgrade().filter(|me| me.turn.get() == turn) else { return };
            match bytes {
                Ok(bytes) => me.send(Request { path }, &bytes),
                Err(refusal) => me.give_up(refusal),
            }
        });
    }

    fn send(&self, request: Request, bytes: &JsValue) {
        if self.failed.get() >= STARTS {
            return self.give_up(Refusal::ReaderFailed);
        }
        if self.worker.borrow().is_none() && self.start().is_err() {
            self.failed.set(self.failed.get() + 1);
            return self.give_up(Refusal::ReaderFailed);
        }
        let sent = self.worker.borrow().as_ref().map(|worker| worker.send_with(&request, bytes));
        if !matches!(sent, Some(Ok(()))) {
            self.give_up(Refusal::Unreadable);
        }
    }

    fn start(&self) -> Result<(), String> {
        let me = self.me.clone();
        self.alive.set(false);
        let worker = Worker::start(places::READER, move |said| {
            if let Some(me) = me.upgrade() {
                me.hear(said.and_then(message::read));
            }
        })?;
        self.worker.replace(Some(worker));
        Ok(())
    }

    fn hear(&self, said: Result<Event, String>) {
        if !self.busy() {
            return;
        }
        match said {
            Err(_) => self.fell(),
            Ok(event) => {
                self.alive.set(true);
                self.failed.set(0);
                match event {
                    Event::Ready => {}
                    Event::Found { found, .. } => {
                        let slices = self.slices.get() + found.slices.len();
                        if slices > MAX_SLICES_READ {
                            self.refuse(found.path, Refusal::TooManySlices);
                        } else {
                            self.slices.set(slices);
                            (self.hear)(Heard::Found(found));
                        }
                    }
                    Event::Refused { path, refusal } => self.refuse(path, refusal),
                    Event::Done => {
                        self.done.set(self.done.get() + 1);
                        return self.next();
                    }
                }
                // Each entry of a ZIP file has its own time.
                self.set_alarm(self.turn.get());
            }
        }
    }

    /// The worker is gone: because of the file, if it ever said anything.
    fn fell(&self) {
        self.end_worker();
        if self.alive.get() {
            return self.give_up(Refusal::OutOfMemory);
        }
        self.failed.set(self.failed.get() + 1);
        self.give_up(Refusal::ReaderFailed);
    }

    /// Refuses the present file and goes on with the next.
    fn give_up(&self, refusal: Refusal) {
        let path = self.current.borrow().clone();
        if let Some(path) = path {
            self.refuse(path, refusal);
        }
        self.done.set(self.done.get() + 1);
        self.next();
    }

    fn set_alarm(&self, turn: u64) {
        self.silence();
        let me = self.me.clone();
        let ring = move || {
            let Some(me) = me.upgrade().filter(|me| me.turn.get() == turn && me.busy()) else { return };
            me.end_worker();
            me.give_up(Refusal::TooSlow);
        };
        self.alarm.set(set_timeout_with_handle(ring, Duration::from_millis(MAX_MILLIS.into())).ok());
    }

    fn silence(&self) {
        if let Some(alarm) = self.alarm.take() {
            alarm.clear();
        }
    }

    fn end_worker(&self) {
        self.silence();
        self.worker.replace(None);
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.silence();
    }
}
