//! The classes: their names, and the number of slices in each.

use leptos::prelude::*;

use super::state::IntakeState;
use crate::slice::MAX_CLASSES;
use crate::slices::collection::SliceSource;
use crate::slices::collection::choice::FolderMeaning;
use crate::slices::collection::{Collection, DEFAULT_CLASS};
use crate::ui::check_field::CheckField;
use crate::ui::names::class_name;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{Lang, say, use_lang};

/// Maximum length of a class name, in characters.
const MAX_NAME: usize = 40;

/// The letter that marks a class on screen.
pub fn letter(class: usize) -> char {
    char::from(b'A' + u8::try_from(class % 26).unwrap_or(0))
}

/// The name of a class as shown to the visitor.
pub fn class_label(lang: Lang, collection: &Collection, class: usize) -> String {
    let key = collection.classes.get(class).map_or("", String::as_str);
    match (collection.source, key) {
        (SliceSource::Own, DEFAULT_CLASS) => say!(lang, intake.classes.undivided).to_owned(),
        (SliceSource::Own, own) => own.to_owned(),
        (SliceSource::Drawings, "none") => say!(lang, intake.classes.healthy).to_owned(),
        (SliceSource::Drawings, "tumour") => say!(lang, intake.classes.lesion).to_owned(),
        (SliceSource::Shapes, "ring") => say!(lang, intake.shapes.ring).to_owned(),
        (SliceSource::Shapes, "cross") => say!(lang, intake.shapes.cross).to_owned(),
        (SliceSource::Shapes, "star") => say!(lang, intake.shapes.star).to_owned(),
        (SliceSource::Shapes, "triangle") => say!(lang, intake.shapes.triangle).to_owned(),
        (SliceSource::Real | SliceSource::Drawings | SliceSource::Shapes, key) => class_name(lang, key),
    }
}

/// Adds, renames and removes classes, and says what folders stand for.
#[component]
pub fn Classes(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let count = Memo::new(move |_| intake.with_collection(|it| it.classes.len()).unwrap_or(0));
    let folders = Memo::new(move |_| intake.with_collection(|it| it.folders).flatten());
    let one_person = Memo::new(move |_| intake.with_collection(|it| it.one_person).flatten());
    let by_masks = Memo::new(move |_| intake.with_collection(Collection::can_divide_by_masks).unwrap_or(false));
    let divided = move || count.get() > 1;
    view! {
        <section class="classes" data-testid="classes" aria-labelledby="classes">
            <h3 id="classes">{move || say!(lang, intake.classes.title)}</h3>
            <p>{move || if divided() { say!(lang, intake.classes.divided) } else { say!(lang, intake.classes.one) }}</p>
            <Show when=move || folders.get().is_some()>
                <fieldset class="folders">
                    <legend>{move || say!(lang, intake.classes.folders)}</legend>
                    <FolderChoice intake folders value=FolderMeaning::Classes/>
                    <FolderChoice intake folders value=FolderMeaning::Heads/>
                </fieldset>
            </Show>
            <Show when=move || one_person.get().is_some()>
                <CheckField testid="one-person" label=Signal::derive(move || say!(lang, intake.classes.one_person).to_owned())
                    hint=Signal::derive(move || say!(lang, intake.classes.one_person_hint).to_owned())
                    checked=Signal::derive(move || one_person.get() == Some(true))
                    change=move |one| intake.change(|it| it.set_one_person(one))/>
            </Show>
            <ul class="class-list" hidden=move || !divided()>
                {move || (0..count.get()).map(|class| view! { <ClassField intake class several=divided()/> }).collect_view()}
            </ul>
            <Show when=move || by_masks.get()>
                <button type="button" data-testid="classes-by-masks" on:click=move |_| intake.change(|it| {
                    let names = [say!(lang, intake.classes.with_tumour), say!(lang, intake.classes.without_tumour)];
                    it.divide_by_masks(names.map(str::to_owned));
                })>{move || say!(lang, intake.classes.by_masks)}</button>
                <p class="hint">{move || say!(lang, intake.classes.by_masks_hint)}</p>
            </Show>
            <button type="button" data-testid="add-class" disabled=move || { count.get() >= MAX_CLASSES }
                on:click=move |_| intake.change(|it| {
                    let name = say!(lang, intake.classes.new, letter = letter(it.classes.len()));
                    it.add_class(name);
                })>
                {move || if divided() { say!(lang, intake.classes.add) } else { say!(lang, intake.classes.divide) }}
            </button>
        </section>
    }
}

#[component]
fn FolderChoice(intake: IntakeState, folders: Memo<Option<FolderMeaning>>, value: FolderMeaning) -> impl IntoView {
    let lang = use_lang();
    let (words, testid) = match value {
        FolderMeaning::Classes => {
            ((|lang| say!(lang, intake.classes.are_classes)) as fn(Lang) -> &'static str, "folders-classes")
        }
        FolderMeaning::Heads => {
            ((|lang| say!(lang, intake.classes.are_heads)) as fn(Lang) -> &'static str, "folders-heads")
        }
    };
    view! {
        <label class="check">
            <input type="radio" name="folders" data-testid=testid prop:checked=move || folders.get() == Some(value)
                on:change=move |_| intake.change(|it| it.set_folders(value))/>
            <span>{move || words(lang)}</span>
        </label>
    }
}

/// One class: letter, name, number of slices, and a button that removes it.
#[component]
fn ClassField(intake: IntakeState, class: usize, several: bool) -> impl IntoView {
    let lang = use_lang();
    let name = Memo::new(move |_| intake.with_collection(|it| class_label(lang, it, class)).unwrap_or_default());
    let slices = Memo::new(move |_| {
        intake
            .with_collection(|it| {
                it.in_range().filter(|slice| slice.class == class && slice.excluded.is_none()).count()
            })
            .unwrap_or(0)
    });
    let rename = move |event| {
        let name: String = event_target_value(&event).trim().chars().take(MAX_NAME).collect();
        if !name.is_empty() {
            intake.change(|it| it.rename_class(class, name));
        }
    };
    view! {
        <li>
            <span class="letter" data-class=class aria-hidden="true">{letter(class).to_string()}</span>
            <input type="text" data-testid="class-name" maxlength=MAX_NAME prop:value=name on:change=rename
                aria-label=move || say!(lang, intake.classes.name, letter = letter(class))/>
            <span class="soft">{move || say!(lang, intake.classes.count, count = slices.get())}</span>
            {several.then(|| view! {
                <button type="button" class="round" data-testid="remove-class"
                    aria-label=move || say!(lang, intake.classes.remove, name = name.get())
                    on:click=move |_| intake.change(|it| it.remove_class(class))>
                    <Icon shape=Shape::Close/>
                </button>
            })}
        </li>
    }
}

/// A menu of the classes; hidden if there is only one.
#[component]
pub fn ClassSelect(
    /// State of the intake.
    intake: IntakeState,
    /// The selected class.
    class: Memo<usize>,
    /// Called with a newly selected class.
    set: Callback<usize>,
) -> impl IntoView {
    let lang = use_lang();
    let names = Memo::new(move |_| {
        let names =
            |it: &Collection| (0..it.classes.len()).map(|class| class_label(lang, it, class)).collect::<Vec<_>>();
        intake.with_collection(names).unwrap_or_default()
    });
    let option = move |(at, name): (usize, String)| {
        view! { <option value=at.to_string() selected=move || class.get() == at>{format!("{} · {name}", letter(at))}</option> }
    };
    view! {
        <Show when=move || names.with(|names| names.len() > 1)>
            <label class="field">
                <span>{move || say!(lang, intake.classes.of_head)}</span>
                <select data-testid="volume-class" on:change=move |event| {
                    if let Ok(class) = event_target_value(&event).parse() {
                        set.run(class);
                    }
                }>
                    {move || names.get().into_iter().enumerate().map(option).collect_view()}
                </select>
            </label>
        </Show>
    }
}
