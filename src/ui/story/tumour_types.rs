//! What a scan of a brain tumour looks like: one of each class, with an optional outline.

use std::sync::Arc;

use leptos::prelude::*;

use super::engine_client::{SliceSlot, Story, StoryClient, slice_signal};
use super::real_scans::{self, RealAvailability};
use super::section::StorySection;
use super::visibility::Visibility;
use crate::ui::about::contents;
use crate::ui::about::section::AboutPart;
use crate::ui::canvas::SliceCanvas;
use crate::ui::engine::job::JobEvent;
use crate::ui::names::class_name;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::random::random_seed;
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// Classes that the text explains, by their keys.
const KINDS: [&str; 3] = ["glioma", "meningioma", "pituitary"];

/// The section.
#[component]
pub fn TumourTypesPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let client = StoryClient::open(story);
    let kind = RwSignal::new(KINDS[0]);
    let turn = RwSignal::new(0_usize);
    let outline = RwSignal::new(false);
    let slot: SliceSlot = RwSignal::new(None);
    // Attribution of a real scan; `None` for a generated one.
    let from = RwSignal::new(None::<String>);
    Effect::new(move || {
        if !visibility.was_near.get() {
            return;
        }
        let (kind, turn) = (kind.get(), turn.get());
        match real_scans::follow(story.real) {
            RealAvailability::Pending => {}
            RealAvailability::Available(pack) if real_scans::pick(&pack, Some(kind), turn).is_some() => {
                let slice = real_scans::pick(&pack, Some(kind), turn);
                slot.set(slice.map(|slice| Arc::new(slice.slice.clone())));
                from.set(Some(format!("{} ({})", pack.attribution, pack.licence)));
            }
            _ => {
                let Some(scan) = story.scan_of(random_seed(), kind) else { return };
                client.scans(vec![scan], move |event| {
                    if let JobEvent::Scan(_, pixels) = event {
                        slot.set(Some(Arc::new(pixels)));
                        from.set(None);
                    }
                });
            }
        }
    });
    let name = move || class_name(lang, kind.get());
    let alt = move || match outline.get() {
        true => say!(lang, story.slice.alt_outlined, class = name()),
        false => say!(lang, story.slice.alt, class = name()),
    };
    let truth = move || match from.with(Option::is_some) {
        true => say!(lang, story.slice.real),
        false => say!(lang, story.slice.fake),
    };
    let note = move || match from.get() {
        Some(attribution) => say!(lang, story.slice.real_note, attribution = attribution),
        None if story.real.pack().is_some() => say!(lang, story.slice.fake_note_type).to_owned(),
        None => say!(lang, story.slice.fake_note).to_owned(),
    };
    let kinds = move || KINDS.map(|key| view! { <Kind key chosen=kind/> }).into_iter().collect_view();
    let route = use_context::<Route>();
    let worried = move || {
        let address = View::About.address(&route.map(Route::address).unwrap_or_default());
        address.with(contents::NAME, Some(AboutPart::Worried.slug())).to_string()
    };
    let words = view! {
        <p>{move || say!(lang, story.slice.text)}</p>
        <div class="kinds" role="group" aria-label=move || say!(lang, story.slice.pick)>{kinds}</div>
        <p class="hint">{move || say!(lang, story.slice.worried_lead)}" "
            <a data-testid="story-worried" href=worried>{move || say!(lang, about.worried.title)}</a>
        </p>
    };
    view! {
        <StorySection name="slice" title=Signal::derive(move || say!(lang, story.slice.title).to_owned()) visibility words=words.into_any()>
            <figure class="single">
                <div class="frame">
                    <SliceCanvas testid="slice-scan" pixels=slice_signal(slot) outline=Signal::from(outline) alt=Signal::derive(alt)/>
                    <span class="tag" class:fake=move || from.with(Option::is_none) hidden=move || slot.with(Option::is_none)>
                        {truth}
                    </span>
                </div>
                <div class="tools">
                    <label class="check">
                        <input type="checkbox" data-testid="slice-outline" prop:checked=move || outline.get()
                            on:change=move |event| outline.set(event_target_checked(&event))/>
                        <span>{move || say!(lang, story.slice.outline)}</span>
                    </label>
                    <button type="button" on:click=move |_| turn.update(|turn| *turn += 1)>
                        <Icon shape=Shape::Dice/>{move || say!(lang, story.slice.other)}
                    </button>
                </div>
                <figcaption class="hint" hidden=move || slot.with(Option::is_none)>{note}</figcaption>
            </figure>
        </StorySection>
    }
}

/// A button with a sentence about a class; shows a scan of it.
#[component]
fn Kind(key: &'static str, chosen: RwSignal<&'static str>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <button type="button" class="kind" data-testid="slice-kind" aria-pressed=move || (chosen.get() == key).to_string()
            on:click=move |_| chosen.set(key)>
            <span><strong>{move || capital(&class_name(lang, key))}</strong>" "{move || explain(lang, key)}</span>
        </button>
    }
}

fn explain(lang: Lang, key: &str) -> &'static str {
    match key {
        "glioma" => say!(lang, story.slice.glioma),
        "meningioma" => say!(lang, story.slice.meningioma),
        _ => say!(lang, story.slice.pituitary),
    }
}

/// The word with a capital.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
