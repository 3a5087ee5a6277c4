//! The crop dialog: a square, set with sliders, arrow keys or a tap.

use std::sync::Arc;

use leptos::{ev, html::Dialog, prelude::*};

use super::state::IntakeState;
use crate::slice::Slice;
use crate::slices::raster::{Raster, Square};
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{Lang, say, use_lang};

/// The smallest square is the picture's longer side divided by this.
const MAX_ZOOM: usize = 8;

/// The dialog, open while [`IntakeState::cropping`] names a volume.
#[component]
pub fn CropDialog(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match intake.cropping.with(Option::is_some) {
            true if !dialog.open() => drop(dialog.show_modal()),
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    // The middle slice, padded with black to a square.
    let picture = Memo::new(move |_| {
        let key = intake.cropping.get()?;
        intake.collection.with_untracked(|it| {
            let it = it.as_ref()?;
            let head = it.head(&key)?;
            let middle = head.slices.start + (head.range.0 + head.range.1) / 2;
            Some(Arc::new(padded_to_square(&it.slices.get(middle)?.raster)))
        })
    });
    let side = Memo::new(move |_| picture.with(|picture| picture.as_ref().map_or(1, |it| it.size)));
    let square = Memo::new(move |_| {
        let key = intake.cropping.get()?;
        intake.with_collection(|it| it.head(&key).map(|head| head.framing.square)).flatten()
    });
    let has_own_crop = move || {
        let key = intake.cropping.get();
        key.and_then(|key| intake.with_collection(|it| it.head(&key).is_some_and(|head| head.crop.is_some())))
            .unwrap_or(false)
    };
    let set = move |crop: Option<Square>| {
        if let Some(key) = intake.cropping.get_untracked() {
            intake.change(|it| it.change_head(&key, |choice| choice.crop = crop));
        }
    };
    let change = move |change: &dyn Fn(Square) -> Square| {
        if let Some(square) = square.get_untracked() {
            set(Some(clamp_to(change(square), side.get_untracked())));
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let step = if event.shift_key() { 8 } else { 1 };
        let moved =
            |x: isize, y: isize| change(&|it| Square { left: it.left + x * step, top: it.top + y * step, ..it });
        match event.key().as_str() {
            "ArrowLeft" => moved(-1, 0),
            "ArrowRight" => moved(1, 0),
            "ArrowUp" => moved(0, -1),
            "ArrowDown" => moved(0, 1),
            "+" | "=" => change(&|it| grow(it, 2)),
            "-" => change(&|it| grow(it, -2)),
            _ => return,
        }
        event.prevent_default();
    };
    let tap = move |event: ev::MouseEvent| {
        let stage = event_target::<web_sys::Element>(&event).closest(".crop-stage").ok().flatten();
        let Some(bounds) = stage.map(|stage| stage.get_bounding_client_rect()) else { return };
        let part =
            |at: f64, start: f64, length: f64| ((at - start) / length.max(1.0) * side.get_untracked() as f64) as isize;
        let x = part(f64::from(event.client_x()), bounds.left(), bounds.width());
        let y = part(f64::from(event.client_y()), bounds.top(), bounds.height());
        change(&|it| Square { left: x - it.side as isize / 2, top: y - it.side as isize / 2, ..it });
    };
    let percent = move |look: fn(Square) -> isize| {
        move || square.get().map(|square| format!("{}%", 100.0 * look(square) as f64 / side.get() as f64))
    };
    let slider = move |words: fn(Lang) -> &'static str,
                       testid: &'static str,
                       look: fn(Square) -> isize,
                       put: fn(Square, isize) -> Square| {
        view! {
            <div class="slider">
                <label for=testid>{move || words(lang)}</label>
                <output for=testid>{move || square.get().map(|square| look(square).to_string())}</output>
                <input type="range" id=testid data-testid=testid min="0" max=move || side.get().to_string() step="1"
                    prop:value=move || square.get().map(|square| look(square).to_string())
                    on:input=move |event| if let Ok(to) = event_target_value(&event).parse() { change(&|it| put(it, to)); }/>
            </div>
        }
    };
    view! {
        <dialog node_ref=node class="detail crop" data-testid="crop" aria-labelledby="crop" on:close=move |_| intake.cropping.set(None)>
            <div class="detail-body">
                <h2 id="crop">{move || say!(lang, intake.crop.title)}</h2>
                <p>{move || say!(lang, intake.crop.text)}</p>
                <div class="crop-stage" tabindex="0" role="group" data-testid="crop-stage" on:keydown=keys on:click=tap
                    aria-label=move || say!(lang, intake.crop.stage)>
                    <SliceCanvas pixels=picture outline=Signal::derive(|| false) bare=true
                        alt=Signal::derive(move || say!(lang, intake.crop.alt).to_owned())/>
                    <div class="crop-square" style:left=percent(|it| it.left) style:top=percent(|it| it.top)
                        style:width=percent(|it| it.side as isize) style:height=percent(|it| it.side as isize)></div>
                </div>
                {slider(|lang| say!(lang, intake.crop.left), "crop-left", |it| it.left, |it, left| Square { left, ..it })}
                {slider(|lang| say!(lang, intake.crop.top), "crop-top", |it| it.top, |it, top| Square { top, ..it })}
                {slider(|lang| say!(lang, intake.crop.side), "crop-side", |it| it.side as isize, |it, side| Square { side: side.max(1) as usize, ..it })}
                <div class="row">
                    <button type="button" data-testid="crop-auto" disabled=move || !has_own_crop() on:click=move |_| set(None)>
                        {move || say!(lang, intake.crop.auto)}
                    </button>
                    <button type="button" class="primary" data-testid="crop-done" on:click=move |_| intake.cropping.set(None)>
                        {move || say!(lang, intake.crop.done)}
                    </button>
                </div>
            </div>
        </dialog>
    }
}

/// Limits a square to the picture: no larger than it, and with its centre inside.
fn clamp_to(square: Square, picture: usize) -> Square {
    let side = square.side.clamp((picture / MAX_ZOOM).max(1), picture);
    let half = side as isize / 2;
    let keep = |start: isize| start.clamp(-half, picture as isize - half);
    Square { left: keep(square.left), top: keep(square.top), side }
}

/// The square enlarged by this many pixels around the same centre.
fn grow(square: Square, by: isize) -> Square {
    let side = (square.side as isize + by).max(1);
    Square { left: square.left - by / 2, top: square.top - by / 2, side: side as usize }
}

/// The whole slice, padded with black at the right or at the bottom.
fn padded_to_square(raster: &Raster) -> Slice {
    let size = raster.width().max(raster.height());
    let image = raster.crop(Square { left: 0, top: 0, side: size }).into_pixels();
    Slice::without_tumour(size, image)
}
