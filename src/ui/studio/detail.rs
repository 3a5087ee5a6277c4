//! One scan enlarged, with its properties and actions.

use std::sync::Arc;

use leptos::{ev, html::Dialog, prelude::*};

use super::super::names::class_name;
use super::canvas::ScanCanvas;
use super::download::save_png;
use super::gallery::describe;
use super::state::Studio;
use crate::ui::logic::scan_image::GeneratedScan;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{say, use_lang};

/// A modal dialog; open while a scan is selected. The browser moves the focus in and back.
#[component]
pub fn Detail(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (studio.open.get(), dialog.open()) {
            (Some(_), false) => drop(dialog.show_modal()),
            (None, true) => dialog.close(),
            _ => {}
        }
    });
    let count = move || studio.settings.with(|settings| settings.count);
    let index = move || studio.open.get().unwrap_or_default();
    let scan = Signal::derive(move || studio.slot(index()).and_then(|slot| slot.get()));
    let go = move |by: usize| {
        let count = count();
        studio.open.update(|open| *open = open.map(|index| (index + by) % count.max(1)));
    };
    let previous = move || go(count().saturating_sub(1));
    let keys = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowLeft" => previous(),
        "ArrowRight" => go(1),
        _ => {}
    };
    let alt = move || describe(lang, scan.get().as_deref(), index(), count(), studio.overlay.get());
    let title = move || say!(lang, scan.title, number = (index() + 1).to_string(), count = count().to_string());
    // Clicks on the dialog element itself are on the backdrop.
    let beside = move |event: ev::MouseEvent| {
        if event.target().as_ref() == event.current_target().as_ref() {
            studio.open.set(None);
        }
    };
    view! {
        <dialog node_ref=node class="detail" aria-labelledby="detail-title" data-testid="detail" on:keydown=keys
            on:close=move |_| studio.open.set(None) on:click=beside>
            <div class="detail-body">
                <div class="detail-head">
                    <h2 id="detail-title">{title}</h2>
                    <button type="button" class="round" aria-label=move || say!(lang, scan.close)
                        on:click=move |_| studio.open.set(None)><Icon shape=Shape::Close/></button>
                </div>
                <div class="large">
                    <ScanCanvas testid="detail-scan" scan overlay=studio.overlay alt=Signal::derive(alt)/>
                    <button type="button" class="round turn" aria-label=move || say!(lang, scan.previous)
                        on:click=move |_| previous()><Icon shape=Shape::Left/></button>
                    <button type="button" class="round turn" aria-label=move || say!(lang, scan.next)
                        on:click=move |_| go(1)><Icon shape=Shape::Right/></button>
                </div>
                <Facts scan/>
                <div class="row">
                    <button type="button" class="primary" data-testid="download-png" on:click=move |_| {
                        if let (Some(scan), Some(model)) = (scan.get(), studio.engines.model.get()) {
                            save_png(&scan, &model);
                        }
                    }><Icon shape=Shape::Down/>{move || say!(lang, scan.png)}</button>
                    <AsEnd studio scan end=0/>
                    <AsEnd studio scan end=1/>
                </div>
                <p class="note">{move || say!(lang, studio.gallery_note)}</p>
            </div>
        </dialog>
    }
}

/// Properties of a scan.
#[component]
fn Facts(scan: Signal<Option<Arc<GeneratedScan>>>) -> impl IntoView {
    let lang = use_lang();
    move || {
        let scan = scan.get()?;
        let share = scan.tumour_share() * 100.0;
        let tumour = match share > 0.0 {
            true => say!(lang, scan.tumour_share, share = lang.number(share)),
            false => say!(lang, scan.tumour_none).to_owned(),
        };
        Some(view! {
            <dl class="facts">
                <div><dt>{say!(lang, scan.kind)}</dt><dd>{class_name(lang, &scan.class_key)}</dd></div>
                <div><dt>{say!(lang, scan.seed_name)}</dt><dd>{scan.seed.to_string()}</dd></div>
                <div><dt>{say!(lang, scan.tumour)}</dt><dd>{tumour}</dd></div>
                <div>
                    <dt>{say!(lang, scan.pixels)}</dt>
                    <dd>{say!(lang, scan.side, size = scan.slice.size.to_string())}</dd>
                </div>
            </dl>
        })
    }
}

/// Makes the scan an end of the morph.
#[component]
fn AsEnd(studio: Studio, scan: Signal<Option<Arc<GeneratedScan>>>, end: usize) -> impl IntoView {
    let lang = use_lang();
    let chosen = move || scan.with(Option::is_some) && studio.ends[end].get() == scan.get();
    let words = move || match (end, chosen()) {
        (0, false) => say!(lang, scan.as_start),
        (0, true) => say!(lang, scan.chosen_start),
        (_, false) => say!(lang, scan.as_end),
        (_, true) => say!(lang, scan.chosen_end),
    };
    let testid = if end == 0 { "as-start" } else { "as-end" };
    view! {
        <button type="button" data-testid=testid aria-pressed=move || chosen().to_string()
            on:click=move |_| studio.ends[end].set(scan.get())>{words}</button>
    }
}
