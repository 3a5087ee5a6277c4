//! Slices on a canvas. Real and generated ones are drawn by the same code, with their air cleared ([`air::clear`]),
//! so that the drawing does not give the answer away.

use std::sync::Arc;

use leptos::{html::Canvas, prelude::*};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::logic::scan_image;
use crate::slice::Slice;
use crate::slices::air;

/// Draws a slice at its own size (the style sheet scales it) and redraws it when it changes.
#[component]
pub fn SliceCanvas(
    /// The slice; `None` leaves the canvas as it is.
    #[prop(into)]
    pixels: Signal<Option<Arc<Slice>>>,
    /// Whether to draw the tumour mask.
    #[prop(into)]
    outline: Signal<bool>,
    /// Text alternative.
    #[prop(into)]
    alt: Signal<String>,
    /// Name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Draws the pixels unchanged: for activations of a network.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let node = NodeRef::<Canvas>::new();
    Effect::new(move || {
        let (Some(canvas), Some(pixels)) = (node.get(), pixels.get()) else { return };
        let image = if bare { pixels.image.clone() } else { air::clear(&pixels.image, pixels.size) };
        let rgba = scan_image::rgba(&image, &pixels.mask, pixels.size, outline.get());
        // If drawing fails, the previous picture stays.
        let _ = draw_rgba(&canvas, &rgba, pixels.size);
    });
    let drawn = move || pixels.with(Option::is_some);
    view! {
        <canvas node_ref=node class="picture" class:drawn=drawn width="64" height="64" role="img" aria-label=alt
            data-testid=testid></canvas>
    }
}

/// Draws `size` x `size` RGBA pixels on a canvas, which gets that size.
///
/// # Errors
/// If the browser gives no 2-D context or refuses the pixels.
pub fn draw_rgba(canvas: &HtmlCanvasElement, rgba: &[u8], size: usize) -> Result<(), JsValue> {
    let size = size as u32;
    // Setting the size clears the canvas, even if the size stays the same.
    if canvas.width() != size || canvas.height() != size {
        canvas.set_width(size);
        canvas.set_height(size);
    }
    let context = canvas.get_context("2d")?.ok_or("no 2-D context")?.dyn_into::<CanvasRenderingContext2d>()?;
    // `ImageData` borrows these bytes without a copy: they must outlive the drawing.
    let pixels = ImageData::new_with_u8_clamped_array(Clamped(rgba), size)?;
    context.put_image_data(&pixels, 0.0, 0.0)
}
