//! The result as an image, drawn on a canvas, to save or to share.
//!
//! It is a grey PNG with the same text fields as all other images of this site. It shows generated scans only: sharing
//! real ones is not permitted to visitors.

use std::sync::Arc;

use js_sys::{Array, Function, Reflect, Uint8Array};
use leptos::{logging, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, FilePropertyBag, HtmlCanvasElement, ShareData};

use super::mode_choice::mode_name;
use super::score_words::interval_words;
use super::state::Game;
use crate::export::png::encode_gray;
use crate::game::answers::Authenticity;
use crate::mark::SOFTWARE;
use crate::mark::source_type::SourceType;
use crate::slice::Slice;
use crate::slices::air;
use crate::ui::canvas::draw_rgba;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::words::{Lang, say, use_lang};

/// Side of the image in pixels.
const SIDE: u32 = 1080;
/// Black margin in pixels.
const MARGIN: f64 = 72.0;
/// Number of generated scans in it.
const SCANS: usize = 5;
/// File name.
const NAME: &str = "hersenscan-echt-of-nep.png";

/// Buttons to save and to share the image.
#[component]
pub fn ResultImageButtons(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let save = move |_| match draw(game, lang) {
        Ok(bytes) => save(&bytes, "image/png", NAME),
        Err(error) => logging::error!("no result picture: {error:?}"),
    };
    let share = move |_| {
        leptos::task::spawn_local(async move {
            let Ok(bytes) = draw(game, lang) else { return };
            // The browser reports a dismissed panel as an error.
            if let Ok(data) = share_data(&bytes) {
                let _ = JsFuture::from(window().navigator().share_with_data(&data)).await;
            }
        });
    };
    view! {
        <button type="button" data-testid="save-result" on:click=save>
            <Icon shape=Shape::Down/>{move || say!(lang, game.save_picture)}
        </button>
        <button type="button" data-testid="share-result" hidden=!can_share() on:click=share>
            <Icon shape=Shape::Link/>{move || say!(lang, game.share_picture)}
        </button>
    }
}

/// Whether the browser can share image files. Asks with an empty file.
fn can_share() -> bool {
    let navigator = window().navigator();
    let ask = Reflect::get(&navigator, &"canShare".into()).ok().and_then(|ask| ask.dyn_into::<Function>().ok());
    let (Some(ask), Ok(data)) = (ask, share_data(&[])) else { return false };
    ask.call1(&navigator, &data).is_ok_and(|answer| answer.is_truthy())
}

fn share_data(bytes: &[u8]) -> Result<ShareData, JsValue> {
    let options = FilePropertyBag::new();
    options.set_type("image/png");
    let parts = Array::of1(&Uint8Array::from(bytes));
    let file = File::new_with_u8_array_sequence_and_options(&parts, NAME, &options)?;
    let data = ShareData::new();
    Reflect::set(&data, &"files".into(), &Array::of1(&file))?;
    Ok(data)
}

/// Draws the image. Returns a PNG.
fn draw(game: Game, lang: Lang) -> Result<Vec<u8>, JsValue> {
    let (mode, right) = (game.settings.with_untracked(|settings| settings.mode), untrack(|| game.right()));
    let canvas = new_canvas(SIDE)?;
    let context = context(&canvas)?;
    let side = f64::from(SIDE);
    context.set_fill_style_str("#000");
    context.fill_rect(0.0, 0.0, side, side);
    let mut pen = TextPen { context: &context, y: MARGIN };
    pen.text(mode_name(lang, mode), "700 44px", "#bbb");
    let (part, whole) = (right.part.to_string(), right.whole.to_string());
    pen.text(&say!(lang, game.score, right = part, count = whole), "800 104px", "#fff");
    pen.y += 16.0;
    pen.text(&signs(game), "700 44px", "#fff");
    pen.y += 16.0;
    pen.text(&interval_words(lang, mode, right), "400 34px", "#ddd");
    let fakes = fakes(game);
    let width = (side - 2.0 * MARGIN - 16.0 * (SCANS as f64 - 1.0)) / SCANS as f64;
    pen.y = pen.y.max(560.0) + 24.0;
    for (index, pixels) in fakes.iter().enumerate() {
        let small = new_canvas(pixels.size as u32)?;
        let image = air::clear(&pixels.image, pixels.size);
        let rgba: Vec<u8> = image.iter().flat_map(|&value| [value, value, value, 255]).collect();
        draw_rgba(&small, &rgba, pixels.size)?;
        let left = MARGIN + index as f64 * (width + 16.0);
        context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, left, pen.y, width, width)?;
    }
    pen.y += width + 24.0;
    if !fakes.is_empty() {
        pen.text(say!(lang, game.picture_scans), "400 30px", "#bbb");
    }
    pen.y = side - MARGIN - 92.0;
    pen.text(say!(lang, site.footer), "700 30px", "#fff");
    pen.text(say!(lang, game.picture_made), "400 30px", "#bbb");
    let rgba = context.get_image_data(0.0, 0.0, side, side)?.data().0;
    let grey: Vec<u8> = rgba.chunks_exact(4).map(|pixel| pixel[0]).collect();
    let words = [("Title", say!(lang, game.title)), ("Description", say!(lang, site.footer)), ("Software", SOFTWARE)];
    // A game may have shown no fakes; then it holds words only.
    let source = (!fakes.is_empty()).then_some(SourceType::CompositeSynthetic);
    encode_gray(SIDE as usize, &grey, &words, source).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// A sign for each round: right or wrong.
fn signs(game: Game) -> String {
    let signs = |given: &super::state::RoundAnswer| if given.right { '✓' } else { '✗' };
    let all: Vec<char> = game.answers.with_untracked(|answers| answers.iter().map(signs).collect());
    all.chunks(10).map(|ten| ten.iter().collect::<String>()).collect::<Vec<_>>().join("   ")
}

/// The first fakes of the game.
fn fakes(game: Game) -> Vec<Arc<Slice>> {
    let played = game.answers.with_untracked(Vec::len);
    game.quiz.with_untracked(|quiz| {
        let rounds = quiz.iter().flat_map(|quiz| quiz.rounds.iter().take(played).flatten());
        rounds.filter(|shown| shown.kind == Authenticity::Fake).take(SCANS).map(|shown| shown.pixels.clone()).collect()
    })
}

/// Writes lines of text below each other.
struct TextPen<'a> {
    context: &'a CanvasRenderingContext2d,
    y: f64,
}

impl TextPen<'_> {
    /// Writes a text, broken into lines that fit.
    fn text(&mut self, text: &str, font: &str, colour: &str) {
        self.context.set_font(&format!("{font} \"Atkinson Hyperlegible Next\", system-ui, sans-serif"));
        self.context.set_fill_style_str(colour);
        self.context.set_text_baseline("top");
        let size = font.split(' ').filter_map(|part| part.strip_suffix("px")?.parse::<f64>().ok()).sum::<f64>();
        let room = f64::from(SIDE) - 2.0 * MARGIN;
        let fits = |line: &str| width(self.context, line).is_some_and(|width| width <= room);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line) if fits(&format!("{line} {word}")) => *line = format!("{line} {word}"),
                _ => lines.push(word.to_owned()),
            }
        }
        for line in lines {
            // The page shows the same text, so a failure is not reported.
            let _ = self.context.fill_text(&line, MARGIN, self.y);
            self.y += size * 1.3;
        }
    }
}

/// Width of a text in pixels. Uses `Reflect`, which needs no binding for `TextMetrics`.
fn width(context: &CanvasRenderingContext2d, text: &str) -> Option<f64> {
    let measure: Function = Reflect::get(context, &"measureText".into()).ok()?.dyn_into().ok()?;
    let comparison = measure.call1(context, &text.into()).ok()?;
    Reflect::get(&comparison, &"width".into()).ok()?.as_f64()
}

fn new_canvas(side: u32) -> Result<HtmlCanvasElement, JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(side);
    canvas.set_height(side);
    Ok(canvas)
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    Ok(canvas.get_context("2d")?.ok_or("no 2-D context")?.unchecked_into())
}
