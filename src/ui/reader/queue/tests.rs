use super::*;
use crate::slices::decoded::Format;
use crate::slices::raster::Raster;
use crate::worker::fake::FakeHost;

/// A queue with a fake worker, and what the page was told.
struct Page {
    host: Rc<FakeHost<ReadRequest, ReadEvent>>,
    queue: Rc<FileReaderQueue>,
    events: Rc<RefCell<Vec<FileReaderEvent>>>,
}

impl Page {
    fn open() -> Self {
        Self::of(ReadTask::Slices)
    }

    fn of(task: ReadTask) -> Self {
        let (host, events) = (FakeHost::new(), Rc::new(RefCell::new(Vec::new())));
        let seen = Rc::clone(&events);
        let queue = FileReaderQueue::new(host.as_host(), task, move |event| seen.borrow_mut().push(event));
        Self { host, queue, events }
    }

    fn add(&self, names: &[&str]) {
        self.queue.add(names.iter().map(|name| file(name, 3.0)).collect());
    }

    /// The outcomes since the last call, one word each.
    fn told(&self) -> Vec<String> {
        let word = |event: FileReaderEvent| match event {
            FileReaderEvent::Progress { .. } => None,
            FileReaderEvent::Found(found) => Some(format!("{}: found", found.path)),
            FileReaderEvent::People(table) => Some(format!("{}: people", table.path)),
            FileReaderEvent::Classes(table) => Some(format!("{} classes", table.rows.len())),
            FileReaderEvent::Code { path, text } => Some(format!("{path}: code {text}")),
            FileReaderEvent::Refused { path, refusal } => Some(format!("{path}: {refusal:?}")),
            FileReaderEvent::Finished => Some("finished".to_owned()),
        };
        self.events.take().into_iter().filter_map(word).collect()
    }

    /// Names of the files that the worker that was started last was asked to read.
    fn asked(&self) -> Vec<String> {
        self.host.last().posted().into_iter().map(|request| request.path).collect()
    }

    fn emit(&self, event: ReadEvent) {
        self.host.last().emit(event);
    }
}

/// A file that the browser gives at once.
fn file(name: &str, size: f64) -> QueuedFile {
    QueuedFile { path: name.to_owned(), size, load: Box::new(|on_bytes| on_bytes(Ok(Buffer::from(vec![1, 2, 3])))) }
}

fn found(path: &str, slices: usize) -> ReadEvent {
    ReadEvent::found(DecodedFile {
        slices: vec![Raster::from_fn(8, 8, |_, _| 0); slices],
        ..DecodedFile::new(path, Format::Png)
    })
}

#[test]
fn files_are_read_one_after_the_other_by_one_worker() {
    let page = Page::open();
    page.add(&["a", "b"]);
    assert_eq!(page.asked(), ["a"]);
    page.emit(ReadEvent::Ready);
    page.emit(found("a", 1));
    page.emit(ReadEvent::Done);
    assert_eq!(page.asked(), ["b"]);
    page.emit(ReadEvent::Refused { path: "b".to_owned(), refusal: Refusal::Unknown });
    page.emit(ReadEvent::Done);
    let progress =
        page.events.borrow().iter().rev().find(|event| matches!(event, FileReaderEvent::Progress { .. })).cloned();
    assert_eq!(progress, Some(FileReaderEvent::Progress { done: 2, total: 2 }));
    assert_eq!(page.told(), ["a: found", "b: Unknown", "finished"]);
    assert_eq!(page.host.started(), 1);
    assert!(page.host.last().is_terminated(), "its memory is given back");
}

#[test]
fn a_file_that_takes_too_long_is_refused_and_the_next_gets_a_new_worker() {
    let page = Page::open();
    page.add(&["a", "b"]);
    page.emit(ReadEvent::Ready);
    page.host.advance(PROGRAM.patience / 2);
    page.emit(found("a/1", 1));
    page.host.advance(PROGRAM.patience - Duration::from_secs(1));
    assert_eq!(page.told(), ["a/1: found"], "each entry of an archive has its own time");
    page.host.advance(Duration::from_secs(1));
    assert_eq!((page.told(), page.host.started()), (vec!["a: TooSlow".to_owned()], 2));
    assert_eq!(page.asked(), ["b"]);
}

#[test]
fn a_tab_that_wakes_up_still_takes_the_answer_that_waited() {
    let page = Page::open();
    page.add(&["a"]);
    page.emit(ReadEvent::Ready);
    page.host.sleep(10 * PROGRAM.patience);
    page.emit(found("a", 1));
    page.emit(ReadEvent::Done);
    assert_eq!(page.told(), ["a: found", "finished"]);
}

#[test]
fn a_file_that_fells_the_worker_is_too_heavy_and_the_next_gets_a_new_worker() {
    let page = Page::open();
    page.add(&["a", "b"]);
    page.emit(ReadEvent::Ready);
    page.host.last().fail("out of memory");
    assert_eq!((page.told(), page.host.started()), (vec!["a: OutOfMemory".to_owned()], 2));
    assert_eq!(page.asked(), ["b"]);
}

#[test]
fn a_reader_that_never_starts_is_given_up_after_two_tries_until_files_are_chosen_again() {
    let page = Page::open();
    page.add(&["a", "b", "c"]);
    page.host.last().fail("could not load reader_loader.js");
    page.host.last().fail("could not load reader_loader.js");
    assert_eq!(page.told(), ["a: ReaderFailed", "b: ReaderFailed", "c: ReaderFailed", "finished"]);
    assert_eq!(page.host.started(), 2);
    page.host.spawns_to_fail.set(1);
    page.add(&["d", "e"]);
    assert_eq!((page.told(), page.asked()), (vec!["d: ReaderFailed".to_owned()], vec!["e".to_owned()]));
    page.emit(ReadEvent::Ready);
    page.emit(ReadEvent::Done);
    assert_eq!(page.told(), ["finished"]);
}

#[test]
fn a_file_that_is_too_large_is_never_read() {
    let page = Page::open();
    let large = QueuedFile { load: Box::new(|_| unreachable!("too large to be read")), ..file("large", 1e12) };
    page.queue.add(vec![large, file("small", 3.0)]);
    assert_eq!((page.told(), page.asked()), (vec!["large: TooLarge".to_owned()], vec!["small".to_owned()]));
}

#[test]
fn the_limits_count_for_all_files_of_one_go() {
    let page = Page::open();
    page.queue.add((0..MAX_FILES + 1).map(|_| file("a", 3.0)).collect());
    assert_eq!(page.told(), ["a: TooManyFiles"]);
    page.emit(ReadEvent::Ready);
    page.emit(found("a", MAX_SLICES_READ));
    page.emit(found("b", 1));
    assert_eq!(page.told(), ["a: found", "b: TooManySlices"]);
    page.queue.cancel();
    assert_eq!(page.told(), ["finished"]);
    page.add(&["c"]);
    page.emit(ReadEvent::Ready);
    page.emit(found("c", 1));
    assert_eq!(page.told(), ["c: found"], "they start anew");
}

#[test]
fn a_file_that_the_browser_does_not_give_is_refused() {
    let page = Page::open();
    let locked = QueuedFile { load: Box::new(|on_bytes| on_bytes(Err(Refusal::Unreadable))), ..file("locked", 3.0) };
    let late = Rc::new(RefCell::new(None));
    let kept = Rc::clone(&late);
    let stuck = QueuedFile { load: Box::new(move |on_bytes| drop(kept.replace(Some(on_bytes)))), ..file("stuck", 3.0) };
    page.queue.add(vec![locked, stuck, file("good", 3.0)]);
    assert_eq!((page.told(), page.host.started()), (vec!["locked: Unreadable".to_owned()], 0));
    page.host.advance(PROGRAM.patience);
    assert_eq!((page.told(), page.asked()), (vec!["stuck: TooSlow".to_owned()], vec!["good".to_owned()]));
    // Its content arrives after its turn.
    let on_bytes = late.take().unwrap();
    on_bytes(Ok(Buffer::default()));
    assert!(page.asked().is_empty());
}

#[test]
fn a_cancelled_reader_says_nothing_more() {
    let page = Page::open();
    page.add(&["a", "b"]);
    page.emit(ReadEvent::Ready);
    page.queue.cancel();
    assert!(page.host.last().is_terminated());
    page.emit(found("a", 1));
    page.emit(ReadEvent::Done);
    page.host.advance(10 * PROGRAM.patience);
    assert_eq!((page.told(), page.host.started()), (vec!["finished".to_owned()], 1));
    page.queue.cancel();
    assert!(page.told().is_empty(), "nothing was being read");
}

#[test]
fn photographs_are_searched_for_codes() {
    let page = Page::of(ReadTask::Photo);
    page.add(&["a.jpg"]);
    assert!(page.host.last().posted().iter().all(|request| request.task == ReadTask::Photo));
    let (path, text) = ("a.jpg".to_owned(), "K7PM".to_owned());
    page.emit(ReadEvent::Code { path, text });
    page.emit(ReadEvent::Done);
    assert_eq!(page.told(), ["a.jpg: code K7PM", "finished"]);
}
