//! Warnings about personal data in files: fields, text in the picture, a face in profile.

use leptos::prelude::*;

use super::state::IntakeState;
use crate::slices::collection::FileWarning;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::words::personal_fields;
use crate::ui::words::{say, use_lang};

/// The warnings that the visitor has not answered yet.
#[component]
pub fn Warnings(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let warnings = Memo::new(move |_| intake.with_collection(|collection| collection.warnings()).unwrap_or_default());
    let has_fields = move || warnings.with(|all| all.iter().any(|warning| !warning.personal.is_empty()));
    let in_picture = Memo::new(move |_| {
        let visible = |it: &&FileWarning| it.burned_in || it.sagittal;
        warnings.with(|all| all.iter().filter(visible).cloned().collect::<Vec<_>>())
    });
    let all_files = move || warnings.with_untracked(|all| all.iter().map(|warning| warning.file).collect::<Vec<_>>());
    let decide = move |keep: bool| {
        let files = all_files();
        intake.change(|collection| collection.resolve_warnings(&files, keep));
    };
    view! {
        <Show when=move || warnings.with(|all| !all.is_empty())>
            <div class="panel warning" role="group" aria-labelledby="intake-warning" data-testid="intake-warning">
                <h3 id="intake-warning"><Icon shape=Shape::Warning/>" "{move || say!(lang, intake.warning.title)}</h3>
                <Show when=has_fields>
                    <p data-testid="personal-fields">{move || personal_fields(lang, &warnings.get())}</p>
                    <p>{move || say!(lang, intake.warning.dropped)}</p>
                </Show>
                <Show when=move || in_picture.with(|files| !files.is_empty())>
                    <p>{move || say!(lang, intake.warning.seen)}</p>
                    <ul class="seen">
                        <For each=move || in_picture.get() key=|warning| warning.file let:warning>
                            <PictureWarning intake warning/>
                        </For>
                    </ul>
                </Show>
                <p>{move || say!(lang, intake.warning.question)}</p>
                <div class="row">
                    <button type="button" data-testid="leave-out-warned" on:click=move |_| decide(false)>
                        {move || say!(lang, intake.warning.leave_out)}
                    </button>
                    <button type="button" data-testid="keep-warned" on:click=move |_| decide(true)>
                        {move || say!(lang, intake.warning.go_on)}
                    </button>
                </div>
            </div>
        </Show>
    }
}

/// A warning about a file with text or a face in the picture.
#[component]
fn PictureWarning(intake: IntakeState, warning: FileWarning) -> impl IntoView {
    let lang = use_lang();
    let file = warning.file;
    let reasons = move || {
        let text = warning.burned_in.then(|| say!(lang, intake.warning.text));
        let face = warning.sagittal.then(|| say!(lang, intake.warning.face));
        [text, face].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let crop = move |_| {
        let key = intake
            .collection
            .with_untracked(|it| it.as_ref().and_then(|it| it.head_of(file).map(|head| head.key.clone())));
        intake.cropping.set(key);
    };
    view! {
        <li>
            <p><span class="file-name">{warning.path.clone()}</span>" "{reasons}</p>
            <div class="row">
                <button type="button" on:click=crop>{move || say!(lang, intake.crop.open)}</button>
                <button type="button" on:click=move |_| intake.change(|it| it.resolve_warnings(&[file], false))>
                    {move || say!(lang, intake.warning.leave_one)}
                </button>
                <button type="button" on:click=move |_| intake.change(|it| it.resolve_warnings(&[file], true))>
                    {move || say!(lang, intake.warning.keep_one)}
                </button>
            </div>
        </li>
    }
}
