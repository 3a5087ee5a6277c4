//! Downloads, and a link to the current settings.

use std::sync::Arc;
use std::time::Duration;

use leptos::{logging, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::state::Studio;
use crate::date::today;
use crate::engine::making::protocol::ModelInfo;
use crate::export::bundle::{Bundle, to_zip};
use crate::export::provenance::Provenance;
use crate::gan::preset::ScanSpec;
use crate::ui::logic::scan_image::GeneratedScan;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::words::{say, use_lang};

/// A ZIP of all scans, and a link that makes the same scans again.
#[component]
pub fn Downloads(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            let link = location().href().unwrap_or_default();
            let done = JsFuture::from(window().navigator().clipboard().write_text(&link)).await.is_ok();
            copied.set(done);
            set_timeout(
                move || {
                    copied.try_set(false);
                },
                Duration::from_secs(3),
            );
        });
    };
    // The clipboard needs a secure context.
    let can_copy = window().is_secure_context();
    let copy_words = move || if copied.get() { say!(lang, studio.link_done) } else { say!(lang, studio.link) };
    view! {
        <button type="button" data-testid="download-zip" disabled=move || studio.is_busy() || studio.outcome.get().is_none()
            on:click=move |_| save_zip(studio)>
            <Icon shape=Shape::Down/>{move || say!(lang, studio.zip)}
        </button>
        <button type="button" data-testid="copy-link" hidden=!can_copy on:click=copy>
            <Icon shape=Shape::Link/><span aria-live="polite">{copy_words}</span>
        </button>
    }
}

/// Saves one scan as PNG.
pub fn save_png(scan: &GeneratedScan, model: &ModelInfo) {
    let name = format!("hersenscan-seed-{}-{}.png", scan.seed, scan.class_key);
    let mut bundle = Bundle::new(origin(scan, model), scan.slice.size, &today());
    match bundle.add(&spec(scan), &scan.slice.image, &scan.slice.mask) {
        Ok([image, _]) => save(&image.bytes, "image/png", &name),
        Err(error) => logging::error!("no PNG: {error}"),
    }
}

/// Saves all scans and their masks as ZIP.
fn save_zip(studio: Studio) {
    let settings = studio.settings.get_untracked();
    let scans: Vec<Arc<GeneratedScan>> =
        (0..settings.count).filter_map(|index| studio.slot(index).and_then(|slot| slot.get_untracked())).collect();
    let (Some(first), Some(model)) = (scans.first(), studio.engines.model.get_untracked()) else { return };
    let name = format!("hersenscan-seed-{}-n-{}.zip", settings.seed, settings.count);
    let bundle = Bundle::new(origin(first, &model), first.slice.size, &today());
    match to_zip(bundle, scans.iter().map(|scan| (spec(scan), &scan.slice.image[..], &scan.slice.mask[..]))) {
        Ok(bytes) => save(&bytes, "application/zip", &name),
        Err(error) => logging::error!("no ZIP: {error}"),
    }
}

fn spec(scan: &GeneratedScan) -> ScanSpec {
    ScanSpec { seed: scan.seed, class: scan.class, toward: None }
}

fn origin(scan: &GeneratedScan, model: &ModelInfo) -> Provenance {
    let directions = model.directions.iter().cloned().zip(scan.style.directions.iter().copied());
    Provenance {
        preset: model.preset.clone(),
        weights_sha256: model.sha256.clone(),
        dataset: model.dataset.clone(),
        licence: model.licence.clone(),
        attribution: model.attribution.clone(),
        classes: model.classes.clone(),
        truncation: scan.style.truncation,
        directions: directions.filter(|(_, value)| *value != 0.0).collect(),
    }
}
