//! A scan on a canvas, at its own size; the style sheet makes it larger, smoothly.

use std::sync::Arc;

use leptos::{html::Canvas, prelude::*};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::ui::logic::scan_image::GeneratedScan;

/// Draws a scan, and draws it anew when it or the overlay changes.
#[component]
pub fn ScanCanvas(
    /// The scan; none leaves the canvas as it is.
    #[prop(into)]
    scan: Signal<Option<Arc<GeneratedScan>>>,
    /// Whether the tumour mask is drawn.
    #[prop(into)]
    overlay: Signal<bool>,
    /// What it shows, for who cannot see it.
    #[prop(into)]
    alt: Signal<String>,
    /// Name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<Canvas>::new();
    Effect::new(move || {
        let (Some(canvas), Some(scan)) = (node.get(), scan.get()) else { return };
        // A refused drawing leaves the picture before it; there is nothing better to show.
        let _ = put(&canvas, &scan.rgba(overlay.get()), scan.size);
    });
    let seed = move || scan.with(|scan| scan.as_ref().map(|scan| scan.seed.to_string()));
    let class = move || scan.with(|scan| scan.as_ref().map(|scan| scan.class_key.clone()));
    let drawn = move || scan.with(Option::is_some);
    view! {
        <canvas node_ref=node class="picture" class:drawn=drawn width="64" height="64" role="img" aria-label=alt
            data-testid=testid data-seed=seed data-class=class></canvas>
    }
}

/// Puts `size` x `size` pixels of red, green, blue and opacity on a canvas of that size.
pub fn put(canvas: &HtmlCanvasElement, rgba: &[u8], size: usize) -> Result<(), JsValue> {
    let size = size as u32;
    // Setting a size clears the canvas, even if it is the same.
    if canvas.width() != size || canvas.height() != size {
        canvas.set_width(size);
        canvas.set_height(size);
    }
    let context = canvas.get_context("2d")?.ok_or("no 2-D context")?.dyn_into::<CanvasRenderingContext2d>()?;
    // `ImageData` looks at these bytes where they are and copies nothing: they must outlive the drawing.
    let pixels = ImageData::new_with_u8_clamped_array(Clamped(rgba), size)?;
    context.put_image_data(&pixels, 0.0, 0.0)
}
