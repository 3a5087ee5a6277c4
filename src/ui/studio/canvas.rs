//! A generated scan on a canvas.

use std::sync::Arc;

use leptos::{html::Canvas, prelude::*};

use crate::ui::canvas::draw_rgba;
use crate::ui::logic::scan_image::GeneratedScan;

/// Draws a scan at its own size (the style sheet scales it) and redraws it when the scan or the overlay changes.
#[component]
pub fn ScanCanvas(
    /// The scan; `None` leaves the canvas as it is.
    #[prop(into)]
    scan: Signal<Option<Arc<GeneratedScan>>>,
    /// Whether to draw the tumour mask.
    #[prop(into)]
    overlay: Signal<bool>,
    /// Text alternative.
    #[prop(into)]
    alt: Signal<String>,
    /// Name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<Canvas>::new();
    Effect::new(move || {
        let (Some(canvas), Some(scan)) = (node.get(), scan.get()) else { return };
        // If drawing fails, the previous picture stays.
        let _ = draw_rgba(&canvas, &scan.rgba(overlay.get()), scan.slice.size);
    });
    let seed = move || scan.with(|scan| scan.as_ref().map(|scan| scan.seed.to_string()));
    let class = move || scan.with(|scan| scan.as_ref().map(|scan| scan.class_key.clone()));
    let drawn = move || scan.with(Option::is_some);
    view! {
        <canvas node_ref=node class="picture" class:drawn=drawn width="64" height="64" role="img" aria-label=alt
            data-testid=testid data-seed=seed data-class=class></canvas>
    }
}
