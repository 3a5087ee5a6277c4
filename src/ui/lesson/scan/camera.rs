//! The camera. Its pictures go to the reader, one at a time, and nowhere else.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::media::{self, MediaDevices, MediaStream, Video, VideoContext};
use crate::reader::protocol::{ReadEvent, ReadRequest, ReadTask};
use crate::ui::reader::queue::PROGRAM;
use crate::worker::browser::{self, Listener};
use crate::worker::{Buffer, Link, Timer, WorkerFailure};

/// Longest side of the pictures that are searched, in pixels.
const SEARCHED_SIDE: u32 = 1024;
/// Pause between two pictures, so that the device stays cool.
const PAUSE: Duration = Duration::from_millis(60);
/// Pause before a camera without a picture is asked again.
const NOT_YET: Duration = Duration::from_millis(150);
/// Most successive pictures on which the reader may fail before the camera is given up. A single picture fails now and then.
const MAX_FAILURES: u32 = 20;
/// Successive starts of the reader that may fail.
const MAX_FAILED_STARTS: u32 = 2;

/// Why there is no camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraTrouble {
    /// The page came over a connection that is not secure. Browsers give such pages no camera.
    Insecure,
    /// The device has none, or the browser cannot use one.
    Missing,
    /// The visitor, the browser or the page around this one does not allow it.
    Denied,
    /// Another program uses it, or it is broken.
    Busy,
    /// It was unplugged or taken away.
    Lost,
    /// The reader does not work.
    Reader,
}

/// What a camera that is on reports.
pub enum CameraEvent {
    /// A QR code with this text is in the picture.
    Text(String),
    /// The camera has to be switched off.
    Trouble(CameraTrouble),
}

/// Asks the visitor for the camera. The browser does the asking.
///
/// # Errors
/// Why there is no camera.
pub async fn ask() -> Result<MediaStream, CameraTrouble> {
    let devices = Reflect::get(&window().navigator(), &"mediaDevices".into()).unwrap_or_default();
    if devices.is_undefined() || devices.is_null() {
        return Err(if window().is_secure_context() { CameraTrouble::Missing } else { CameraTrouble::Insecure });
    }
    let devices: MediaDevices = devices.unchecked_into();
    let asked = devices.get_user_media(&media::wanted()).map_err(|error| trouble(&error))?;
    JsFuture::from(asked).await.map(JsCast::unchecked_into).map_err(|error| trouble(&error))
}

/// What an error of `getUserMedia` means (W3C, "Media Capture and Streams", 10.2).
fn trouble(error: &JsValue) -> CameraTrouble {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => CameraTrouble::Denied,
        "NotFoundError" | "OverconstrainedError" | "TypeError" => CameraTrouble::Missing,
        _ => CameraTrouble::Busy,
    }
}

/// A camera that is on. Dropping it switches it off.
pub struct Camera(Rc<CameraInner>);

struct CameraInner {
    me: Weak<CameraInner>,
    stream: MediaStream,
    video: Video,
    canvas: HtmlCanvasElement,
    link: Link<ReadRequest, ReadEvent>,
    pause: RefCell<Option<Timer>>,
    failures: Cell<u32>,
    on_event: Box<dyn Fn(CameraEvent)>,
    _ends: Vec<Listener>,
}

impl Camera {
    /// Shows the camera in this video, and reports the codes in it.
    ///
    /// # Errors
    /// If the browser gives no canvas.
    pub fn start(
        stream: MediaStream,
        video: Video,
        on_event: impl Fn(CameraEvent) + 'static,
    ) -> Result<Self, CameraTrouble> {
        let canvas = document().create_element("canvas").map_err(|_| CameraTrouble::Reader)?.unchecked_into();
        let running = Rc::new_cyclic(|me: &Weak<CameraInner>| {
            let link = Link::new(browser::host(), with(me, CameraInner::on_outcome));
            let ended = |track: media::MediaStreamTrack| {
                let lost = with(me, |running, _| running.report(CameraTrouble::Lost));
                Listener::new(&track, "ended", lost)
            };
            CameraInner {
                me: me.clone(),
                _ends: stream.tracks().map(ended).collect(),
                stream,
                video,
                canvas,
                link,
                pause: RefCell::default(),
                failures: Cell::default(),
                on_event: Box::new(on_event),
            }
        });
        running.video.show(Some(&running.stream));
        running.look();
        Ok(Self(running))
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.0.link.end();
        self.0.pause.take();
        self.0.video.show(None);
        self.0.stream.end();
    }
}

/// Calls `react` as long as the camera is on.
fn with<T: 'static>(me: &Weak<CameraInner>, react: impl Fn(&CameraInner, T) + 'static) -> impl Fn(T) + 'static {
    let me = Weak::clone(me);
    move |value| {
        if let Some(running) = me.upgrade() {
            react(&running, value);
        }
    }
}

impl CameraInner {
    fn report(&self, trouble: CameraTrouble) {
        (self.on_event)(CameraEvent::Trouble(trouble));
    }

    /// Sends a picture to the reader, or waits until there is one.
    fn look(&self) {
        let Some((width, pixels)) = self.grab() else { return self.wait(NOT_YET) };
        if !self.link.is_running() && self.link.start(&PROGRAM).is_err() {
            return self.report(CameraTrouble::Reader);
        }
        let request = ReadRequest { path: String::new(), task: ReadTask::Frame { width }, bytes: Buffer::from(pixels) };
        if self.link.request(request).is_err() {
            self.report(CameraTrouble::Reader);
        }
    }

    fn wait(&self, pause: Duration) {
        let look = with(&self.me, |running, ()| running.look());
        self.pause.replace(Some(browser::clock().timer(pause, Box::new(move || look(())))));
    }

    fn on_outcome(&self, outcome: Result<ReadEvent, WorkerFailure>) {
        match outcome {
            Ok(ReadEvent::Code { text, .. }) => (self.on_event)(CameraEvent::Text(text)),
            Ok(ReadEvent::Done) => {
                self.link.rest();
                self.failures.set(0);
                self.wait(PAUSE);
            }
            Ok(_) => {}
            Err(_) => {
                self.failures.set(self.failures.get() + 1);
                if self.link.silent_starts() >= MAX_FAILED_STARTS || self.failures.get() >= MAX_FAILURES {
                    return self.report(CameraTrouble::Reader);
                }
                self.wait(PAUSE);
            }
        }
    }

    /// The present picture in grey, with its width.
    fn grab(&self) -> Option<(usize, Vec<u8>)> {
        let (full_width, full_height) = (self.video.width(), self.video.height());
        let longest = full_width.max(full_height).max(SEARCHED_SIDE);
        let side = |side: u32| side * SEARCHED_SIDE / longest;
        let (width, height) = (side(full_width), side(full_height));
        if width == 0 || height == 0 {
            return None;
        }
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        let options = Object::new();
        // Without it the browser keeps the canvas on the graphics card, and reading it is slow.
        let _ = Reflect::set(&options, &"willReadFrequently".into(), &true.into());
        let context = self.canvas.get_context_with_context_options("2d", &options).ok().flatten()?;
        let (w, h) = (f64::from(width), f64::from(height));
        context.unchecked_ref::<VideoContext>().draw_video(&self.video, 0.0, 0.0, w, h).ok()?;
        let rgba = context.unchecked_ref::<CanvasRenderingContext2d>().get_image_data(0.0, 0.0, w, h).ok()?.data().0;
        // Luma as in ITU-R BT.601.
        let luma =
            |[r, g, b, _]: &[u8; 4]| ((77 * u32::from(*r) + 150 * u32::from(*g) + 29 * u32::from(*b)) >> 8) as u8;
        Some((width as usize, rgba.as_chunks::<4>().0.iter().map(luma).collect()))
    }
}
