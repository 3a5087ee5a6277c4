//! The field for a folder of the visitor's files.

use leptos::{html::Input, prelude::*};
use web_sys::HtmlInputElement;

use super::file_list;
use super::file_set::{FileReport, FileSet};
use crate::ui::words::{say, use_lang};

/// Two ways to choose a folder, a place to drop it, and a report on its files. `name` starts the `id` and `data-testid` of each
/// part.
pub fn folder_field(set: FileSet, name: &'static str, title: impl Fn() -> &'static str + Send + 'static) -> AnyView {
    let lang = use_lang();
    let input = NodeRef::<Input>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.set_attribute("webkitdirectory", "");
        }
    });
    let choose =
        move |event: leptos::ev::Event| set.read(file_list::selected(&event_target::<HtmlInputElement>(&event)));
    let counts = Memo::new(move |_| {
        set.files.with(|files| files.as_ref().map(|files| (files.pictures().len(), files.left_out())))
    });
    let status = move || match (set.reading.get(), counts.get()) {
        (true, _) => say!(lang, game.own_reading).to_owned(),
        (false, Some((count, left))) => say!(lang, reader.count, count = count, left = left),
        (false, None) => String::new(),
    };
    view! {
        <div class="origin drop" role="group" aria-labelledby=name on:dragover=move |event| event.prevent_default()
            on:drop=move |event| set.take_dropped(&event)>
            <h3 id=name>{title}</h3>
            <div class="pickers">
                <label class="files folder">
                    <span>{move || say!(lang, intake.own.folder)}</span>
                    <input type="file" multiple node_ref=input aria-describedby=name on:change=choose/>
                </label>
                <label class="files folder">
                    <span>{move || say!(lang, intake.own.files)}</span>
                    <input type="file" multiple data-testid=format!("{name}-files") aria-describedby=name on:change=choose/>
                </label>
            </div>
            <p role="status" data-testid=format!("{name}-status") data-count=move || counts.get().map(|(count, _)| count.to_string())>
                {status}
            </p>
            <FileReport set name/>
        </div>
    }
    .into_any()
}
