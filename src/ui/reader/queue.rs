//! The files that wait, the file that is being read, and the worker that reads it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use crate::reader::protocol::{ReadEvent, ReadRequest, ReadTask};
use crate::slices::class_table::ClassTable;
use crate::slices::decoded::{DecodedFile, Refusal};
use crate::slices::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_MILLIS, MAX_SLICES_READ};
use crate::slices::people::PeopleTable;
use crate::worker::{Alarm, Buffer, Host, Link, Program, WorkerFailure};

/// The program of the reader. Its patience is the time that a file may take.
pub const PROGRAM: Program =
    Program { script: "reader_loader.js", name: "reader", patience: Duration::from_millis(MAX_MILLIS as u64) };

/// Successive starts that may fail before the reader is given up.
const MAX_FAILED_STARTS: u32 = 2;

/// What happens to the files.
#[derive(Debug, Clone, PartialEq)]
pub enum FileReaderEvent {
    /// A number of files is done.
    Progress {
        /// Files that are done.
        done: usize,
        /// Files in all.
        total: usize,
    },
    /// A picture or a volume was read.
    Found(DecodedFile),
    /// A table of persons was read.
    People(PeopleTable),
    /// The table of a download of this program was read.
    Classes(ClassTable),
    /// A QR code was read.
    Code {
        /// In which file.
        path: String,
        /// What it says.
        text: String,
    },
    /// A file, or an entry of an archive, could not be read.
    Refused {
        /// Which one.
        path: String,
        /// Why.
        refusal: Refusal,
    },
    /// All files are done.
    Finished,
}

/// Called once with the content of a file.
pub type OnBytes = Box<dyn FnOnce(Result<Buffer, Refusal>)>;

/// A file that waits.
pub struct QueuedFile {
    /// Its name, with its folders.
    pub path: String,
    /// Its size in bytes, which is known before it is read.
    pub size: f64,
    /// Gets the content of the file.
    pub load: Box<dyn FnOnce(OnBytes)>,
}

/// Reads one file at a time.
pub struct FileReaderQueue {
    me: Weak<FileReaderQueue>,
    task: ReadTask,
    on_event: Box<dyn Fn(FileReaderEvent)>,
    link: Link<ReadRequest, ReadEvent>,
    /// Rings when the browser does not deliver the content of a file. The link has an alarm of its own for the worker.
    load_alarm: Alarm,
    waiting: RefCell<VecDeque<QueuedFile>>,
    /// The file that is being read.
    current: RefCell<Option<String>>,
    /// Number of files and cancellations so far. Content that arrives after its turn is dropped.
    turn: Cell<u64>,
    done: Cell<usize>,
    total: Cell<usize>,
    slices: Cell<usize>,
}

impl FileReaderQueue {
    /// A queue without files, for this task. `on_event` is called with each event.
    pub fn new(
        host: Rc<dyn Host<ReadRequest, ReadEvent>>,
        task: ReadTask,
        on_event: impl Fn(FileReaderEvent) + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| {
            let queue = me.clone();
            let link = Link::new(Rc::clone(&host), move |outcome| {
                if let Some(queue) = queue.upgrade() {
                    queue.on_outcome(outcome);
                }
            });
            Self {
                me: me.clone(),
                task,
                on_event: Box::new(on_event),
                link,
                load_alarm: Alarm::new(host),
                waiting: RefCell::default(),
                current: RefCell::default(),
                turn: Cell::default(),
                done: Cell::default(),
                total: Cell::default(),
                slices: Cell::default(),
            }
        })
    }

    /// Adds files. If nothing is being read, all limits start anew.
    pub fn add(&self, mut files: Vec<QueuedFile>) {
        if !self.is_reading() {
            self.done.set(0);
            self.total.set(0);
            self.slices.set(0);
            self.link.reset_silent_starts();
        }
        let room = MAX_FILES.saturating_sub(self.total.get());
        let surplus = files.split_off(files.len().min(room));
        self.total.set(self.total.get() + files.len());
        self.waiting.borrow_mut().extend(files);
        for file in surplus {
            self.refuse(file.path, Refusal::TooManyFiles);
        }
        if !self.is_reading() {
            self.start_next();
        }
    }

    /// Drops the file that is being read, and all that wait.
    pub fn cancel(&self) {
        self.waiting.borrow_mut().clear();
        self.turn.set(self.turn.get() + 1);
        self.load_alarm.cancel();
        self.link.end();
        if self.current.take().is_some() {
            (self.on_event)(FileReaderEvent::Finished);
        }
    }

    fn is_reading(&self) -> bool {
        self.current.borrow().is_some()
    }

    fn refuse(&self, path: String, refusal: Refusal) {
        (self.on_event)(FileReaderEvent::Refused { path, refusal });
    }

    fn start_next(&self) {
        self.link.rest();
        self.turn.set(self.turn.get() + 1);
        (self.on_event)(FileReaderEvent::Progress { done: self.done.get(), total: self.total.get() });
        match self.next_file() {
            Some(file) => self.load(file),
            None => {
                // Ends the worker to free its memory, although the next start takes time.
                self.link.end();
                self.current.replace(None);
                (self.on_event)(FileReaderEvent::Finished);
            }
        }
    }

    /// The next file that is not too large.
    fn next_file(&self) -> Option<QueuedFile> {
        loop {
            let file = self.waiting.borrow_mut().pop_front()?;
            if file.size <= MAX_FILE_BYTES as f64 {
                return Some(file);
            }
            self.refuse(file.path, Refusal::TooLarge);
            self.done.set(self.done.get() + 1);
            (self.on_event)(FileReaderEvent::Progress { done: self.done.get(), total: self.total.get() });
        }
    }

    fn load(&self, file: QueuedFile) {
        let QueuedFile { path, load, .. } = file;
        self.current.replace(Some(path.clone()));
        let (turn, me) = (self.turn.get(), self.me.clone());
        let current = move || me.upgrade().filter(|queue| queue.turn.get() == turn);
        let on_time_out = current.clone();
        self.load_alarm.set(PROGRAM.patience, move || {
            if let Some(queue) = on_time_out() {
                queue.give_up(Refusal::TooSlow);
            }
        });
        load(Box::new(move |bytes| {
            let Some(queue) = current() else { return };
            queue.load_alarm.cancel();
            match bytes {
                Ok(bytes) => queue.send(ReadRequest { path, task: queue.task, bytes }),
                Err(refusal) => queue.give_up(refusal),
            }
        }));
    }

    fn send(&self, request: ReadRequest) {
        if !self.link.is_running()
            && (self.link.silent_starts() >= MAX_FAILED_STARTS || self.link.start(&PROGRAM).is_err())
        {
            return self.give_up(Refusal::ReaderFailed);
        }
        if self.link.request(request).is_err() {
            self.give_up(Refusal::Unreadable);
        }
    }

    fn on_outcome(&self, outcome: Result<ReadEvent, WorkerFailure>) {
        if !self.is_reading() {
            return;
        }
        match outcome {
            Ok(ReadEvent::Ready) => {}
            Ok(ReadEvent::Found { found, .. }) => {
                let slices = self.slices.get() + found.slices.len();
                if slices > MAX_SLICES_READ {
                    self.refuse(found.path, Refusal::TooManySlices);
                } else {
                    self.slices.set(slices);
                    (self.on_event)(FileReaderEvent::Found(found));
                }
            }
            Ok(ReadEvent::People(table)) => (self.on_event)(FileReaderEvent::People(table)),
            Ok(ReadEvent::Classes(table)) => (self.on_event)(FileReaderEvent::Classes(table)),
            Ok(ReadEvent::Code { path, text }) => (self.on_event)(FileReaderEvent::Code { path, text }),
            Ok(ReadEvent::Refused { path, refusal }) => self.refuse(path, refusal),
            Ok(ReadEvent::Done) => {
                self.done.set(self.done.get() + 1);
                self.start_next();
            }
            Err(WorkerFailure::Silent) => self.give_up(Refusal::TooSlow),
            // The worker had already answered, so it crashed because of the file.
            Err(_) if self.link.silent_starts() == 0 => self.give_up(Refusal::OutOfMemory),
            Err(_) => self.give_up(Refusal::ReaderFailed),
        }
    }

    /// Refuses the current file, and goes on with the next.
    fn give_up(&self, refusal: Refusal) {
        self.load_alarm.cancel();
        let path = self.current.borrow().clone();
        if let Some(path) = path {
            self.refuse(path, refusal);
        }
        self.done.set(self.done.get() + 1);
        self.start_next();
    }
}

#[cfg(test)]
mod tests;
