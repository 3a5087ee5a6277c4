//! The contact sheet: every slice as the networks will see it.

use leptos::{ev, html::Ul, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::classes::{class_label, letter};
use super::state::{ClickAction, IntakeState};
use super::tile::Tile;
use crate::slices::collection::choice::SliceKey;
use crate::slices::collection::head::Exclusion;
use crate::slices::limits::MAX_SLICES;
use crate::ui::words::{say, use_lang};

/// The sheet, the choice of what a click does, and the numbers of slices that were excluded automatically.
#[component]
pub fn ContactSheet(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let keys = Memo::new(move |_| {
        intake.with_collection(|it| it.in_range().map(|slice| slice.key).collect::<Vec<_>>()).unwrap_or_default()
    });
    let current = RwSignal::new(None::<SliceKey>);
    // The Tab key always reaches one of the slices.
    Effect::new(move || {
        keys.with(|keys| {
            if current.get_untracked().is_none_or(|key| !keys.contains(&key)) {
                current.set(keys.first().copied());
            }
        });
    });
    let list = NodeRef::<Ul>::new();
    let count_excluded = move |wanted: fn(Exclusion) -> bool| {
        intake
            .with_collection(|it| it.in_range().filter(|slice| slice.excluded.is_some_and(wanted)).count())
            .unwrap_or(0)
    };
    let copies = Memo::new(move |_| count_excluded(|out| matches!(out, Exclusion::Duplicate { .. })));
    let blank = Memo::new(move |_| count_excluded(|out| out == Exclusion::Blank));
    let surplus = Memo::new(move |_| {
        intake
            .with_collection(|it| it.in_range().filter(|slice| slice.excluded.is_none()).count())
            .filter(|count| *count > MAX_SLICES)
    });
    view! {
        <section class="contact" aria-labelledby="contact">
            <h3 id="contact">{move || say!(lang, intake.sheet.title)}</h3>
            <p id="contact-hint">{move || say!(lang, intake.sheet.text)}</p>
            <ClickActions intake/>
            <Show when=move || { copies.get() > 0 }>
                <p data-testid="duplicates">{move || say!(lang, intake.sheet.copies, count = copies.get())}</p>
            </Show>
            <Show when=move || { blank.get() > 0 }>
                <p>{move || say!(lang, intake.sheet.blanks, count = blank.get())}</p>
            </Show>
            <Show when=move || surplus.get().is_some()>
                <p data-testid="surplus">
                    {move || say!(lang, intake.sheet.surplus, count = surplus.get().unwrap_or_default(), most = MAX_SLICES)}
                </p>
            </Show>
            <ul class="contact-sheet" node_ref=list data-testid="contact-sheet" aria-labelledby="contact" aria-describedby="contact-keys"
                on:keydown=move |event| move_focus(&event, list)>
                <For each=move || keys.get() key=|key| *key let:key>
                    <Tile intake key current/>
                </For>
            </ul>
            <p class="hint" id="contact-keys">{move || say!(lang, intake.sheet.keys)}</p>
        </section>
    }
}

/// The choice of what a click on a slice does; shown if there are several classes.
#[component]
fn ClickActions(intake: IntakeState) -> impl IntoView {
    let lang = use_lang();
    let classes = Memo::new(move |_| intake.with_collection(|it| it.classes.len()).unwrap_or(0));
    Effect::new(move || {
        if let ClickAction::Assign(class) = intake.click_action.get()
            && class >= classes.get()
        {
            intake.click_action.set(ClickAction::Exclude);
        }
    });
    let button = move |action: ClickAction, testid: String| {
        let words = move || match action {
            ClickAction::Exclude => say!(lang, intake.sheet.tool_out).to_owned(),
            ClickAction::Assign(class) => {
                let name = intake.with_collection(|it| class_label(lang, it, class)).unwrap_or_default();
                say!(lang, intake.sheet.tool_class, class = name)
            }
        };
        let icon = match action {
            ClickAction::Exclude => None,
            ClickAction::Assign(class) => Some(view! {
                <span class="letter" data-class=class aria-hidden="true">{letter(class).to_string()}</span>
            }),
        };
        view! {
            <button type="button" data-testid=testid aria-pressed=move || (intake.click_action.get() == action).to_string()
                on:click=move |_| intake.click_action.set(action)>
                {icon}{words}
            </button>
        }
    };
    view! {
        <Show when=move || { classes.get() > 1 }>
            <div class="row tools-of-sheet" role="group" aria-label=move || say!(lang, intake.sheet.tool)>
                {button(ClickAction::Exclude, "tool-out".to_owned())}
                {move || (0..classes.get()).map(|class| button(ClickAction::Assign(class), format!("tool-{class}"))).collect_view()}
            </div>
        </Show>
    }
}

/// Arrow keys move the focus from slice to slice, in the directions on screen.
fn move_focus(event: &ev::KeyboardEvent, list: NodeRef<Ul>) {
    let (Some(list), Some(active)) = (list.get_untracked(), document().active_element()) else { return };
    let Ok(buttons) = list.query_selector_all("button") else { return };
    let button = |at: u32| buttons.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let Some(at) = (0..buttons.length()).find(|at| button(*at).is_some_and(|it| *it == active)) else { return };
    let last = buttons.length().saturating_sub(1);
    let left = |at: u32| button(at).map_or(0.0, |it| it.get_bounding_client_rect().left());
    let columns = || (1..=last).find(|at| left(*at) <= left(0)).unwrap_or(last + 1);
    let to = match event.key().as_str() {
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowRight" => (at + 1).min(last),
        "ArrowUp" => at.checked_sub(columns()).unwrap_or(at),
        "ArrowDown" => Some(at + columns()).filter(|to| *to <= last).unwrap_or(at),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(button) = button(to) {
        let _ = button.focus();
    }
}
