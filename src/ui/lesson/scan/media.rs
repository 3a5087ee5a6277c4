//! Bindings for cameras. `web_sys` has them behind features; enabling those would rebuild every other crate.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The cameras and microphones of the device.
    pub type MediaDevices;
    /// Asks the visitor for a camera. The promise holds a [`MediaStream`].
    ///
    /// # Errors
    /// If the browser does not know what is `wanted`. A camera that is refused or missing rejects the promise.
    #[wasm_bindgen(method, catch, js_name = getUserMedia)]
    pub fn get_user_media(this: &MediaDevices, wanted: &Object) -> Result<Promise, JsValue>;

    /// What a camera shows.
    pub type MediaStream;
    #[wasm_bindgen(method, js_name = getTracks)]
    fn get_tracks(this: &MediaStream) -> Array;

    #[wasm_bindgen(extends = web_sys::EventTarget)]
    pub type MediaStreamTrack;
    #[wasm_bindgen(method)]
    fn stop(this: &MediaStreamTrack);

    /// A video on the page.
    pub type Video;
    #[wasm_bindgen(method, getter, js_name = videoWidth)]
    pub fn width(this: &Video) -> u32;
    #[wasm_bindgen(method, getter, js_name = videoHeight)]
    pub fn height(this: &Video) -> u32;
    /// Starts the video. The promise is kept when it plays.
    ///
    /// # Errors
    /// If the browser refuses at once. Most failures reject the promise.
    #[wasm_bindgen(method, catch)]
    pub fn play(this: &Video) -> Result<Promise, JsValue>;

    /// A context of a canvas that draws videos.
    pub type VideoContext;
    /// Draws the picture that the video shows now.
    ///
    /// # Errors
    /// If the browser cannot read the video.
    #[wasm_bindgen(method, catch, js_name = drawImage)]
    pub fn draw_video(this: &VideoContext, video: &Video, x: f64, y: f64, w: f64, h: f64) -> Result<(), JsValue>;
}

impl MediaStream {
    /// Its tracks.
    pub fn tracks(&self) -> impl Iterator<Item = MediaStreamTrack> {
        use wasm_bindgen::JsCast;
        self.get_tracks().into_iter().map(JsCast::unchecked_into)
    }

    /// Switches the camera off.
    pub fn end(&self) {
        self.tracks().for_each(|track| track.stop());
    }
}

impl Video {
    /// Shows a camera, or nothing.
    pub fn show(&self, stream: Option<&MediaStream>) {
        let stream = stream.map_or(JsValue::NULL, |stream| JsValue::clone(stream.as_ref()));
        // An element without this property shows nothing.
        let _ = Reflect::set(self.as_ref(), &"srcObject".into(), &stream);
        if let Some(started) = (!stream.is_null()).then(|| self.play().ok()).flatten() {
            // It fails if the camera is switched off at once; that is no error.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = wasm_bindgen_futures::JsFuture::from(started).await;
            });
        }
    }
}

/// The camera at the back, if there are two: a picture that is large enough for several codes, and no sound.
pub fn wanted() -> Object {
    let object = |entries: &[(&str, JsValue)]| {
        let object = Object::new();
        for (name, value) in entries {
            // Setting a property of a new object never fails.
            let _ = Reflect::set(&object, &(*name).into(), value);
        }
        object
    };
    let ideal = |value: JsValue| object(&[("ideal", value)]).into();
    let (facing, width, height) = (ideal("environment".into()), ideal(1280.into()), ideal(720.into()));
    let video = object(&[("facingMode", facing), ("width", width), ("height", height)]);
    object(&[("audio", false.into()), ("video", video.into())])
}
