//! The gallery: each scan is a button that enlarges it.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::names::class_name;
use super::canvas::ScanCanvas;
use super::state::Studio;
use crate::ui::logic::scan_image::GeneratedScan;
use crate::ui::words::{Lang, say, use_lang};

/// All scans of the current settings.
#[component]
pub fn Gallery(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let count = Memo::new(move |_| studio.settings.with(|settings| settings.count));
    // The style sheet makes few scans larger.
    let class = move || match count.get() {
        1 => "scans one",
        2..=4 => "scans few",
        5..=24 => "scans some",
        _ => "scans many",
    };
    view! {
        <ul class=class data-testid="gallery">
            <For each=move || 0..count.get() key=|index| *index let(index)>
                <GalleryScan studio index count/>
            </For>
        </ul>
    }
}

/// One scan with its caption.
#[component]
fn GalleryScan(studio: Studio, index: usize, count: Memo<usize>) -> impl IntoView {
    let lang = use_lang();
    let scan = move || studio.slot(index).and_then(|slot| slot.get());
    let alt = move || describe(lang, scan().as_deref(), index, count.get(), studio.overlay.get());
    let class = move || scan().map(|scan| class_name(lang, &scan.class_key));
    let seed = move || scan().map(|scan| say!(lang, scan.seed, seed = scan.seed.to_string()));
    view! {
        <li>
            <figure>
                <button type="button" class="card" aria-haspopup="dialog" on:click=move |_| studio.open.set(Some(index))>
                    <ScanCanvas testid="scan" scan=Signal::derive(scan) overlay=studio.overlay alt=Signal::derive(alt)/>
                </button>
                <figcaption><span>{class}</span><span class="seed">{seed}</span></figcaption>
            </figure>
        </li>
    }
}

/// Text alternative of a scan.
pub fn describe(lang: Lang, scan: Option<&GeneratedScan>, index: usize, count: usize, overlay: bool) -> String {
    let (number, count) = ((index + 1).to_string(), count.to_string());
    let Some(scan) = scan else {
        return say!(lang, scan.waiting, number = number, count = count);
    };
    let (class, seed) = (class_name(lang, &scan.class_key), scan.seed.to_string());
    if overlay {
        say!(lang, scan.alt_masked, number = number, count = count, class = class, seed = seed)
    } else {
        say!(lang, scan.alt, number = number, count = count, class = class, seed = seed)
    }
}

/// A constant scan as a signal.
pub fn kept(scan: Arc<GeneratedScan>) -> Signal<Option<Arc<GeneratedScan>>> {
    Signal::derive(move || Some(scan.clone()))
}
