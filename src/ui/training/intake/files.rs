//! The visitor's own files: selected one by one, as a folder, or dropped anywhere on the view.

use leptos::{ev, html::Input, leptos_dom::helpers::window_event_listener, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlInputElement};

use super::state::IntakeState;
use crate::slices::limits::{MAX_FILE_BYTES, MAX_FILES};
use crate::ui::reader::file_list;
use crate::ui::words::{say, use_lang};

/// The card for own files.
#[component]
pub fn OwnFiles(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let busy = move || intake.progress.with(Option::is_some);
    let folder = NodeRef::<Input>::new();
    Effect::new(move || {
        if let Some(folder) = folder.get() {
            let _ = folder.set_attribute("webkitdirectory", "");
        }
    });
    let choose = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        intake.read(file_list::selected(&input));
    };
    let over = accept_drops(intake);
    let limits = move || say!(lang, intake.own.limits, files = MAX_FILES, size = MAX_FILE_BYTES >> 20);
    view! {
        <div class="origin drop" class:over=move || over.get() data-testid="slice-drop">
            <h3>{move || say!(lang, intake.own.title)}</h3>
            <p>{move || say!(lang, intake.own.text)}</p>
            <div class="pickers">
                <label class="files">
                    <span>{move || say!(lang, intake.own.files)}</span>
                    <input type="file" multiple data-testid="slice-input" disabled=busy aria-describedby="own-limits" on:change=choose/>
                </label>
                <label class="files folder">
                    <span>{move || say!(lang, intake.own.folder)}</span>
                    <input type="file" multiple node_ref=folder data-testid="slice-folder" disabled=busy
                        aria-describedby="own-limits" on:change=choose/>
                </label>
            </div>
            <p class="problem" role="status" data-testid="empty-folder">
                {move || intake.empty_folder.get().then(|| say!(lang, intake.own.empty_folder))}
            </p>
            <Show when=move || intake.own.with(Option::is_some)>
                <button type="button" data-testid="use-own" disabled=busy on:click=move |_| intake.use_own()>
                    {move || say!(lang, intake.own.again)}
                </button>
            </Show>
            <p class="hint drop-hint">{move || say!(lang, intake.own.drop)}</p>
            <details>
                <summary>{move || say!(lang, intake.own.which)}</summary>
                <p class="hint" id="own-limits">{limits}</p>
                <p class="hint">{move || say!(lang, intake.own.order)}</p>
            </details>
        </div>
    }
}

/// Reads files that are dropped anywhere on the page while this view is open. Without this, the browser would open a dropped
/// file in place of the page and end a running training. Returns whether files are being dragged over the page.
fn accept_drops(intake: IntakeState) -> RwSignal<bool> {
    let over = RwSignal::new(false);
    let has_files =
        |event: &DragEvent| event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
    let drag_over = window_event_listener(ev::dragover, move |event| {
        if has_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    });
    let drag_leave = window_event_listener(ev::dragleave, move |event| {
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        let Some(data) = event.data_transfer().filter(|_| has_files(&event)) else { return };
        event.prevent_default();
        over.set(false);
        let dropped = file_list::dropped(data.unchecked_ref());
        leptos::task::spawn_local(async move { intake.read(dropped.files().await) });
    });
    on_cleanup(move || {
        drag_over.remove();
        drag_leave.remove();
        drop.remove();
    });
    over
}
