//! Upload of weights files, to start the next training from or to use in the studio.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use crate::ui::training::trainer::Trainer;
use crate::ui::words::{say, use_lang};

/// Size limit in bytes. Files made by this site are far smaller.
const MAX_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// The outcome of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
enum UploadOutcome {
    /// The next training starts from this file.
    Accepted(String),
    /// It exceeds [`MAX_BYTES`].
    TooLarge(String),
    /// It is not a usable weights file: file name, and technical details in English.
    Refused(String, String),
}

/// The file input, and the outcome of each selected file.
#[component]
pub fn WeightsUpload(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let outcomes = RwSignal::new(Vec::<UploadOutcome>::new());
    let choose = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let files: Vec<File> =
            input.files().into_iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at))).collect();
        leptos::task::spawn_local(async move {
            outcomes.set(Vec::new());
            for file in files {
                let outcome = load(trainer, &file).await;
                outcomes.update(|outcomes| outcomes.push(outcome));
            }
            // Cleared, so that the same file can be selected again.
            input.set_value("");
        });
    };
    let outcome_list = move || {
        outcomes.get().into_iter().map(|outcome| match outcome {
        UploadOutcome::Accepted(name) => view! { <li data-verdict="ok">{say!(lang, training.upload.taken, name = name)}</li> }.into_any(),
        UploadOutcome::TooLarge(name) => {
            view! { <li data-verdict="refused">{say!(lang, training.upload.too_large, name = name)}</li> }.into_any()
        }
        UploadOutcome::Refused(name, detail) => view! {
            <li data-verdict="refused">
                {say!(lang, training.upload.refused, name = name)}
                <details><summary>{say!(lang, trouble.detail)}</summary><p lang="en"><code>{detail}</code></p></details>
            </li>
        }
        .into_any(),
    }).collect_view()
    };
    view! {
        <div class="files">
            <label for="weights-upload">{move || say!(lang, training.upload.label)}</label>
            <input id="weights-upload" type="file" multiple accept=".safetensors" data-testid="weights-upload"
                aria-describedby="weights-upload-hint" on:change=choose/>
            <p class="hint" id="weights-upload-hint">{move || say!(lang, training.upload.hint)}</p>
            <ul class="outcomes" role="status" data-testid="upload-report">{outcome_list}</ul>
        </div>
    }
}

async fn load(trainer: Trainer, file: &File) -> UploadOutcome {
    let name = file.name();
    if file.size() > MAX_BYTES {
        return UploadOutcome::TooLarge(name);
    }
    let read = JsFuture::from(file.array_buffer()).await;
    let bytes = read.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
    match bytes.map_err(|error| format!("{error:?}")).and_then(|bytes| trainer.load_file(bytes, name.clone())) {
        Ok(()) => UploadOutcome::Accepted(name),
        Err(detail) => UploadOutcome::Refused(name, detail),
    }
}

/// The upload as a panel of its own, shown once a training has started.
#[component]
pub fn WeightsUploadPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel" aria-labelledby="upload">
            <h2 id="upload">{move || say!(lang, training.upload.title)}</h2>
            <WeightsUpload trainer/>
        </section>
    }
}
