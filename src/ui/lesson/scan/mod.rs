//! Scans the pupils' QR codes, with the camera or from photographs.
//!
//! `camera` shows the camera and sends its pictures to the reader, which finds the codes. `media` has the browser bindings.
//! `words` describes the outcome of a scan.

mod camera;
mod media;
mod words;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use leptos::html::Video;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use self::camera::{Camera, CameraEvent, CameraTrouble};
use self::words::{message_words, skipped_words, trouble_words};
use crate::game::code_list::{ScanOutcome, add};
use crate::slices::decoded::Refusal;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::{FileReaderClient, FileReaderEvent, NamedFile, file_list};
use crate::ui::words::{say, use_lang};

/// Whether the camera is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScanPhase {
    Off,
    /// The browser asks the visitor.
    Asking,
    On,
}

/// The last thing that happened.
#[derive(Debug, Clone, Default, PartialEq)]
enum ScanMessage {
    #[default]
    Nothing,
    /// The camera was switched off because the tab was hidden.
    Hidden,
    /// A code is the last line of the list.
    Added { code: String, line: usize },
    /// A code was in the list already.
    Known { code: String },
    /// A QR code says something else.
    Other { text: String },
    /// Photographs are being read.
    Reading { done: usize, total: usize },
    /// Photographs were read.
    Read { photos: usize, added: usize, known: usize },
}

/// What was left out.
#[derive(Debug, Clone, PartialEq)]
enum SkippedScan {
    /// A QR code with another text.
    Other(String),
    /// A photograph without a QR code.
    NoCode(String),
    /// A photograph that could not be read.
    Refused(String, Refusal),
}

/// State of the photographs that are being read.
#[derive(Default)]
struct PhotoBatch {
    /// Names of photographs without an outcome so far.
    silent: Vec<String>,
    total: usize,
    added: usize,
    known: usize,
}

/// The scanner, as signals.
#[derive(Clone, Copy)]
struct Scanner {
    codes: RwSignal<String>,
    phase: RwSignal<ScanPhase>,
    trouble: RwSignal<Option<CameraTrouble>>,
    message: RwSignal<ScanMessage>,
    skipped: RwSignal<Vec<SkippedScan>>,
    /// Texts that were handled since the camera was switched on: a code stays in the picture for a while.
    seen: StoredValue<HashSet<String>>,
    photos: StoredValue<PhotoBatch>,
    camera: StoredValue<Option<Camera>, LocalStorage>,
    reader: StoredValue<Option<FileReaderClient>, LocalStorage>,
    /// Number of times that the camera was switched on or off. It detects a visitor who stopped before the browser's permission
    /// arrived.
    turn: StoredValue<u32>,
}

impl Scanner {
    fn new(codes: RwSignal<String>) -> Self {
        let scanner = Self {
            codes,
            phase: RwSignal::new(ScanPhase::Off),
            trouble: RwSignal::new(None),
            message: RwSignal::new(ScanMessage::Nothing),
            skipped: RwSignal::new(Vec::new()),
            seen: StoredValue::new(HashSet::new()),
            photos: StoredValue::new(PhotoBatch::default()),
            camera: StoredValue::new_local(None),
            reader: StoredValue::new_local(None),
            turn: StoredValue::new(0),
        };
        scanner.reader.set_value(Some(FileReaderClient::of_codes(move |event| scanner.on_photo(event))));
        scanner
    }

    /// Switches the camera on, in this video.
    fn start(self, video: NodeRef<Video>) {
        self.stop();
        let turn = self.turn.get_value();
        self.phase.set(ScanPhase::Asking);
        self.message.set(ScanMessage::Nothing);
        self.skipped.set(Vec::new());
        self.seen.set_value(HashSet::new());
        leptos::task::spawn_local(async move {
            let asked = camera::ask().await;
            // The visitor may have stopped or left meanwhile.
            let waits = self.turn.try_get_value() == Some(turn);
            if !waits || document().hidden() {
                if let Ok(stream) = asked {
                    stream.end();
                }
                if waits {
                    self.stop();
                }
                return;
            }
            let started = asked.and_then(|stream| {
                let Some(video) = video.get_untracked() else {
                    stream.end();
                    return Err(CameraTrouble::Reader);
                };
                Camera::start(stream, video.unchecked_into(), move |event| self.on_camera(event))
            });
            match started {
                Ok(camera) => {
                    self.camera.set_value(Some(camera));
                    self.phase.set(ScanPhase::On);
                }
                Err(trouble) => self.fail(trouble),
            }
        });
    }

    /// Switches the camera off.
    fn stop(self) {
        // Taken out first, dropped afterwards: dropping it calls the browser.
        let camera = self.camera.try_update_value(Option::take);
        drop(camera);
        self.turn.try_update_value(|turn| *turn += 1);
        let _ = self.phase.try_set(ScanPhase::Off);
        let _ = self.trouble.try_set(None);
    }

    fn fail(self, trouble: CameraTrouble) {
        self.stop();
        self.trouble.set(Some(trouble));
    }

    fn on_camera(self, event: CameraEvent) {
        match event {
            CameraEvent::Text(text) => {
                let fresh = self.seen.try_update_value(|seen| seen.insert(text.clone())).unwrap_or_default();
                match self.add(&text) {
                    ScanOutcome::Added { code, line } => self.message.set(ScanMessage::Added { code, line }),
                    ScanOutcome::Known { code } if fresh => self.message.set(ScanMessage::Known { code }),
                    ScanOutcome::Other if fresh => self.message.set(ScanMessage::Other { text }),
                    _ => {}
                }
            }
            // The camera is still in a call and must not be dropped here.
            CameraEvent::Trouble(trouble) => {
                let fail = move || {
                    if self.phase.try_get_untracked().is_some() {
                        self.fail(trouble);
                    }
                };
                set_timeout(fail, Duration::ZERO);
            }
        }
    }

    /// Adds a text to the codes, and other texts to what was left out.
    fn add(self, text: &str) -> ScanOutcome {
        let Some(mut list) = self.codes.try_get_untracked() else { return ScanOutcome::Other };
        let scanned = add(&mut list, text);
        match &scanned {
            ScanOutcome::Added { .. } => self.codes.set(list),
            ScanOutcome::Known { .. } => {}
            ScanOutcome::Other => self.skip(SkippedScan::Other(text.to_owned())),
        }
        scanned
    }

    fn skip(self, what: SkippedScan) {
        if self.skipped.with_untracked(|skipped| !skipped.contains(&what)) {
            self.skipped.update(|skipped| skipped.push(what));
        }
    }

    /// Reads photographs.
    fn read(self, files: Vec<NamedFile>) {
        if files.is_empty() || self.photos.with_value(|photos| photos.total > 0) {
            return;
        }
        self.stop();
        self.skipped.set(Vec::new());
        let files = distinct(files);
        let silent: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        self.photos.set_value(PhotoBatch { total: silent.len(), silent, ..PhotoBatch::default() });
        self.reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.read(files);
            }
        });
    }

    fn on_photo(self, event: FileReaderEvent) {
        let spoke = |path: &str| self.photos.update_value(|photos| photos.silent.retain(|other| other != path));
        match event {
            FileReaderEvent::Progress { done, total } => self.message.set(ScanMessage::Reading { done, total }),
            FileReaderEvent::Code { path, text } => {
                spoke(&path);
                let scanned = self.add(&text);
                self.photos.update_value(|photos| match scanned {
                    ScanOutcome::Added { .. } => photos.added += 1,
                    ScanOutcome::Known { .. } => photos.known += 1,
                    ScanOutcome::Other => {}
                });
            }
            FileReaderEvent::Refused { path, refusal } => {
                spoke(&path);
                self.skip(SkippedScan::Refused(path, refusal));
            }
            FileReaderEvent::Finished => {
                let PhotoBatch { silent, total, added, known } =
                    self.photos.try_update_value(std::mem::take).unwrap_or_default();
                silent.into_iter().for_each(|path| self.skip(SkippedScan::NoCode(path)));
                self.message.set(ScanMessage::Read { photos: total, added, known });
            }
            // Codes are asked for, not slices.
            FileReaderEvent::Found(_) | FileReaderEvent::People(_) | FileReaderEvent::Classes(_) => {}
        }
    }
}

/// The files with different names: telephones call every photograph the same.
fn distinct(files: Vec<NamedFile>) -> Vec<NamedFile> {
    let mut count = HashMap::<String, usize>::new();
    let named = |NamedFile { path, file }: NamedFile| {
        let count = count.entry(path.clone()).or_default();
        *count += 1;
        NamedFile { path: if *count > 1 { format!("{path} ({count})") } else { path }, file }
    };
    files.into_iter().map(named).collect()
}

/// The buttons, the picture of the camera, and the outcome of each scan.
#[component]
pub fn ScanCodes(
    /// The codes, one a line.
    codes: RwSignal<String>,
    /// What is wrong with the code in a line of them.
    problem: Callback<usize, Option<String>>,
) -> impl IntoView {
    let lang = use_lang();
    let scanner = Scanner::new(codes);
    let video = NodeRef::<Video>::new();
    let hidden = window_event_listener_untyped("visibilitychange", move |_| {
        if document().hidden() && scanner.phase.get_untracked() == ScanPhase::On {
            scanner.stop();
            scanner.message.set(ScanMessage::Hidden);
        }
    });
    on_cleanup(move || {
        hidden.remove();
        scanner.stop();
    });
    let phase = scanner.phase;
    let is_off = move || phase.get() == ScanPhase::Off;
    let switch = move |_| if phase.get_untracked() == ScanPhase::Off { scanner.start(video) } else { scanner.stop() };
    let choose = move |event: leptos::ev::Event| {
        scanner.read(file_list::selected(&event_target::<HtmlInputElement>(&event)));
    };
    let message = move || {
        let asking = (phase.get() == ScanPhase::Asking).then(|| say!(lang, lesson.scan.asking).to_owned());
        asking.unwrap_or_else(|| {
            scanner.message.with(|message| message_words(lang, message, |line| untrack(|| problem.run(line))))
        })
    };
    let trouble = move || {
        scanner.trouble.get().map(|trouble| {
            view! {
                <p class="problem" role="alert" data-testid="scan-trouble">{trouble_words(lang, trouble)}</p>
            }
        })
    };
    let skipped = move || {
        let item = |skipped: &SkippedScan| view! { <li>{skipped_words(lang, skipped)}</li> };
        scanner.skipped.with(|skipped| skipped.iter().map(item).collect_view())
    };
    view! {
        <div class="scan-codes" role="group" aria-labelledby="scan-codes" data-testid="scan"
            data-phase=move || match phase.get() { ScanPhase::Off => "off", ScanPhase::Asking => "asking", ScanPhase::On => "on" }>
            <h3 id="scan-codes">{move || say!(lang, lesson.scan.title)}</h3>
            <p class="hint">{move || say!(lang, lesson.scan.text)}</p>
            <div class="row">
                <button type="button" data-testid="scan-camera" on:click=switch>
                    {move || if is_off() {
                        view! { <Icon shape=Shape::Camera/>{say!(lang, lesson.scan.start)} }.into_any()
                    } else {
                        view! { <Icon shape=Shape::Close/>{say!(lang, lesson.scan.stop)} }.into_any()
                    }}
                </button>
                <label class="files">
                    <span>{move || say!(lang, lesson.scan.photos)}</span>
                    <input type="file" accept="image/*" multiple data-testid="scan-photos" on:change=choose/>
                </label>
            </div>
            <video node_ref=video playsinline autoplay muted hidden=move || phase.get() != ScanPhase::On data-testid="scan-video"
                aria-label=move || say!(lang, lesson.scan.video)></video>
            {trouble}
            <p role="status" class="scan-said" data-testid="scan-said">{message}</p>
            <ul class="class-problems" data-testid="scan-skipped">{skipped}</ul>
        </div>
    }
}
