//! A round of finding the tumour.

use leptos::html::Div;
use leptos::{ev, prelude::*};

use super::state::Game;
use crate::game::localisation::ImagePoint;
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{say, use_lang};

/// Steps of the cursor as fractions of the image: normal, and with Shift.
const STEP: f64 = 1.0 / 16.0;
const SMALL_STEP: f64 = 1.0 / 64.0;

/// The scan and a cursor. A tap or click answers at once; arrow keys move the cursor and Enter answers.
#[component]
pub fn TumourRound(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<Div>::new();
    let middle = ImagePoint { x: 0.5, y: 0.5 };
    let cursor = RwSignal::new(middle);
    let moved = RwSignal::new(false);
    Effect::new(move || {
        game.round();
        cursor.set(middle);
        moved.set(false);
    });
    let pixels = Signal::derive(move || game.pixels(0));
    let answered = move || game.is_answered();
    let given = move || {
        let round = game.round()?;
        game.answers.with(|answers| answers.get(round)?.tap)
    };
    let mark = move || given().map_or(cursor.get(), |(place, _)| place);
    // From a miss to the nearest point of the tumour.
    let to_tumour = move || {
        let (from, tap) = given().filter(|(_, tap)| !tap.inside)?;
        let [x1, y1, x2, y2] =
            [from.x, from.y, tap.nearest.x, tap.nearest.y].map(|part| format!("{:.2}", 100.0 * part));
        let line = format!("M{x1} {y1}L{x2} {y2}");
        Some(view! { <path class="halo" d=line.clone()/><path d=line/> })
    };
    let tap = move |event: ev::MouseEvent| {
        let Some(node) = node.get_untracked() else { return };
        let square = node.get_bounding_client_rect();
        if square.width() > 0.0 && square.height() > 0.0 && !game.is_answered() {
            let x = (f64::from(event.client_x()) - square.left()) / square.width();
            let y = (f64::from(event.client_y()) - square.top()) / square.height();
            game.point(ImagePoint { x: 0.0, y: 0.0 }.moved(x, y));
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if game.is_answered() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let step = if event.shift_key() { SMALL_STEP } else { STEP };
        let (dx, dy) = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            "Enter" | " " if !event.repeat() => {
                event.prevent_default();
                return game.point(cursor.get_untracked());
            }
            _ => return,
        };
        event.prevent_default();
        cursor.update(|place| *place = place.moved(dx, dy));
        moved.set(true);
    };
    let percent = move |part: f64| lang.numbers().decimal(part * 100.0, 0);
    let where_now = move || {
        let place = cursor.get();
        (moved.get() && !answered()).then(|| say!(lang, game.cursor_at, x = percent(place.x), y = percent(place.y)))
    };
    let alt = move || {
        let number = game.round().map_or(1, |round| round + 1).to_string();
        match answered() {
            true => say!(lang, game.tumour_alt_shown, number = number),
            false => say!(lang, game.tumour_alt, number = number),
        }
    };
    view! {
        <div class="cards one">
            <div class="slide field-of-view" node_ref=node tabindex="0" role="application" data-testid="field" data-cursor="true"
                class:answered=answered class:moved=move || moved.get()
                aria-label=move || say!(lang, game.field) aria-describedby="field-hint" on:click=tap on:keydown=keys>
                <SliceCanvas testid="scan" pixels outline=Signal::derive(answered) alt=Signal::derive(alt)/>
                <svg class="clue-marks" viewBox="0 0 100 100" aria-hidden="true">{to_tumour}</svg>
                <svg class="cross" viewBox="0 0 32 32" aria-hidden="true"
                    style:left=move || format!("{}%", mark().x * 100.0) style:top=move || format!("{}%", mark().y * 100.0)>
                    <path class="halo" d="M16 2v10M16 20v10M2 16h10M20 16h10"/>
                    <path d="M16 2v10M16 20v10M2 16h10M20 16h10"/>
                </svg>
            </div>
        </div>
        <p class="hint" id="field-hint" hidden=answered>{move || say!(lang, game.field_hint)}</p>
        <p class="unseen" role="status">{where_now}</p>
    }
}
