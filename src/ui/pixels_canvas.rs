//! A real or generated scan on a canvas, both drawn by the same code so that the drawing tells nothing. Air is black in
//! both ([`air::clear`]).

use std::sync::Arc;

use leptos::{html::Canvas, prelude::*};

use super::logic::scan_image;
use super::studio::canvas::put;
use crate::slice::Slice;
use crate::slices::air;

/// Draws pixels at their own size; the style sheet makes them larger, smoothly. Draws anew when they change.
#[component]
pub fn PixelsCanvas(
    /// The scan; none leaves the canvas as it is.
    #[prop(into)]
    pixels: Signal<Option<Arc<Slice>>>,
    /// Whether the tumour mask is drawn.
    #[prop(into)]
    outline: Signal<bool>,
    /// What it shows, for who cannot see it.
    #[prop(into)]
    alt: Signal<String>,
    /// Name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Whether it is no scan, but what a network holds: drawn as it is.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let node = NodeRef::<Canvas>::new();
    Effect::new(move || {
        let (Some(canvas), Some(pixels)) = (node.get(), pixels.get()) else { return };
        let image = if bare { pixels.image.clone() } else { air::clear(&pixels.image, pixels.size) };
        let rgba = scan_image::rgba(&image, &pixels.mask, pixels.size, outline.get());
        // A refused drawing leaves the picture before it; there is nothing better to show.
        let _ = put(&canvas, &rgba, pixels.size);
    });
    let drawn = move || pixels.with(Option::is_some);
    view! {
        <canvas node_ref=node class="picture" class:drawn=drawn width="64" height="64" role="img" aria-label=alt
            data-testid=testid></canvas>
    }
}
