//! The grid of sixteen scans in a frame of the timeline.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::training::protocol::FRAME_SCANS;
use crate::ui::canvas::SliceCanvas;
use crate::ui::training::trainer::Frame;
use crate::ui::words::{say, use_lang};

/// Four rows of four scans. Without a frame the cells show noise.
#[component]
pub fn SampleGrid(
    /// The frame.
    #[prop(into)]
    frame: Signal<Option<Arc<Frame>>>,
    /// Whether the tumour masks are drawn.
    outline: RwSignal<bool>,
    /// Name for tests.
    testid: &'static str,
    /// Caption.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let lang = use_lang();
    let cell = move |index: usize| {
        let pixels = Signal::derive(move || frame.with(|frame| frame.as_ref()?.scans.get(index).cloned()));
        let alt = Signal::derive(move || {
            let images = frame.with(|frame| frame.as_ref().map(|frame| frame.images));
            match images {
                None => say!(lang, training.preview.none).to_owned(),
                Some(images) => {
                    say!(lang, training.preview.alt, number = index + 1, count = FRAME_SCANS, images = images)
                }
            }
        });
        view! { <SliceCanvas pixels outline alt/> }
    };
    let images = move || frame.with(|frame| frame.as_ref().map(|frame| frame.images.to_string()));
    view! {
        <figure class="grid-figure">
            <figcaption>{label}</figcaption>
            <div class="grid16" data-testid=testid data-images=images>{(0..FRAME_SCANS).map(cell).collect_view()}</div>
        </figure>
    }
}
