//! The visitor's own slices as the real scans: read in the page, kept in its memory only.

use std::sync::Arc;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlInputElement};

use super::real_set::RealSet;
use super::state::Game;
use crate::game::quiz::MIN_REAL_SCANS;
use crate::slice::Slice;
use crate::slices::normalise::normalise_volume;
use crate::slices::raster::Raster;
use crate::ui::words::{say, use_lang};

/// Most files.
const MOST: usize = 64;
/// Largest file, in bytes.
const LARGEST: f64 = 16.0 * 1024.0 * 1024.0;
/// Longest and shortest side of a picture.
const SIDES: std::ops::RangeInclusive<u32> = 32..=4096;

/// How reading went.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    None,
    Reading,
    /// In use: how many, and how many were left out.
    Used(usize, usize),
    /// Too few could be read: how many, and how many were left out.
    TooFewScans(usize, usize),
}

/// A file field, folded away, and a way back to the site's scans.
#[component]
pub fn OwnSlices(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let outcome = RwSignal::new(Outcome::None);
    let read = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let files: Vec<File> =
            input.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default();
        if files.is_empty() {
            return;
        }
        outcome.set(Outcome::Reading);
        leptos::task::spawn_local(async move {
            let Some(size) = game.supervisor.model.try_get_untracked().flatten().map(|model| model.size) else {
                outcome.try_set(Outcome::None);
                return;
            };
            let given = files.len();
            let mut slices = Vec::new();
            for file in files.into_iter().take(MOST) {
                if let Some(pixels) = slice(&file, size).await {
                    slices.push(Arc::new(pixels));
                }
            }
            let (used, left_out) = (slices.len(), given - slices.len());
            let enough = used >= MIN_REAL_SCANS;
            outcome.try_set(if enough { Outcome::Used(used, left_out) } else { Outcome::TooFewScans(used, left_out) });
            if enough {
                game.own.try_set(Some(Arc::new(RealSet::own(slices))));
            }
        });
        // The same files can be chosen again.
        input.set_value("");
    };
    let words = move || {
        let counted = |used: usize, left_out: usize| (used.to_string(), left_out.to_string());
        match outcome.get() {
            Outcome::None => String::new(),
            Outcome::Reading => say!(lang, game.own_reading).to_owned(),
            Outcome::Used(used, left_out) => {
                let (used, left_out) = counted(used, left_out);
                say!(lang, game.own_used, used = used, left_out = left_out)
            }
            Outcome::TooFewScans(used, left_out) => {
                let (used, left_out) = counted(used, left_out);
                say!(lang, game.own_too_few, used = used, left_out = left_out, needed = MIN_REAL_SCANS.to_string())
            }
        }
    };
    let back = move |_| {
        game.own.set(None);
        outcome.set(Outcome::None);
    };
    view! {
        <details class="own">
            <summary>{move || say!(lang, game.own)}</summary>
            <p id="own-hint">{move || {
                say!(lang, game.own_text, least = MIN_REAL_SCANS.to_string(), most = MOST.to_string())
            }}</p>
            <label class="files">
                <span>{move || say!(lang, game.own_choose)}</span>
                <input type="file" multiple accept="image/png,image/jpeg" data-testid="own-files" aria-describedby="own-hint"
                    on:change=read/>
            </label>
            <p role="status" data-testid="own-status">{words}</p>
            <Show when=move || game.own.with(Option::is_some)>
                <button type="button" data-testid="own-remove" on:click=back>{move || say!(lang, game.own_remove)}</button>
            </Show>
        </details>
    }
}

/// A file as a slice of the model's size. None if the browser cannot read it, or it breaks a limit.
///
/// Each goes through the normalisation by itself, as if it were a whole head: nothing says which slices belong together.
async fn slice(file: &File, size: usize) -> Option<Slice> {
    if file.size() > LARGEST {
        return None;
    }
    let raster = decode(file).await.ok()?;
    let image = normalise_volume(&[raster], size).pop()?.into_pixels();
    Some(Slice::without_tumour(size, image))
}

/// Decoded by the browser, which knows these formats and their flaws, and made grey.
async fn decode(file: &File) -> Result<Raster, JsValue> {
    let window = window();
    let decode: Function = Reflect::get(&window, &"createImageBitmap".into())?.dyn_into()?;
    let bitmap = JsFuture::from(decode.call1(&window, file)?.dyn_into::<Promise>()?).await?;
    let side = |name: &str| Reflect::get(&bitmap, &name.into()).map(|side| side.as_f64().unwrap_or_default() as u32);
    let (width, height) = (side("width")?, side("height")?);
    let raster = grey(&bitmap, width, height);
    // Or a large picture stays in memory until the browser feels like it.
    if let Ok(close) = Reflect::get(&bitmap, &"close".into())?.dyn_into::<Function>() {
        let _ = close.call0(&bitmap);
    }
    raster
}

fn grey(bitmap: &JsValue, width: u32, height: u32) -> Result<Raster, JsValue> {
    if !SIDES.contains(&width) || !SIDES.contains(&height) {
        return Err("too large or too small".into());
    }
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("no 2-D context")?.unchecked_into();
    let draw: Function = Reflect::get(&context, &"drawImage".into())?.dyn_into()?;
    draw.call3(&context, bitmap, &0.into(), &0.into())?;
    let rgba = context.get_image_data(0.0, 0.0, width.into(), height.into())?.data().0;
    // Rec. 709, as most programs make grey; what is see-through is black, as air is.
    let luma = |pixel: &[u8]| {
        let [red, green, blue, alpha] = [0, 1, 2, 3].map(|at| f32::from(pixel[at]));
        ((0.2126 * red + 0.7152 * green + 0.0722 * blue) * alpha / 255.0).round() as u8
    };
    Raster::new(width as usize, height as usize, rgba.chunks_exact(4).map(luma).collect())
        .map_err(|error| JsValue::from_str(&error.to_string()))
}
