//! Downloads, and a link to the current settings.

use std::sync::Arc;
use std::time::Duration;

use leptos::{logging, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::state::Studio;
use crate::date::today;
use crate::engine::making::protocol::ModelInfo;
use crate::export::bundle::{Bundle, to_zip};
use crate::export::manifest::Reproduction;
use crate::export::masks::MaskKind;
use crate::export::provenance::Provenance;
use crate::export::reproduction::SampleRun;
use crate::gan::preset::{ScanSpec, Style};
use crate::ui::logic::scan_image::GeneratedScan;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::words::{say, use_lang};

/// Name of the weights in a command, for a generator that the visitor trained and may have saved.
pub const OWN_WEIGHTS: &str = "your-generator.safetensors";

/// A ZIP of all scans, and a link that makes the same scans again.
#[component]
pub fn Downloads(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let (copied, soft) = (RwSignal::new(false), RwSignal::new(false));
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
            on:click=move |_| save_zip(studio, mask_kind(soft.get_untracked()))>
            <Icon shape=Shape::Down/>{move || say!(lang, studio.zip)}
        </button>
        <button type="button" data-testid="copy-link" hidden=move || !can_copy || studio.is_own() on:click=copy>
            <Icon shape=Shape::Link/><span aria-live="polite">{copy_words}</span>
        </button>
        <SoftMasks soft/>
    }
}

/// Whether masks keep their soft edges. Other programs expect two values, so that is the default.
#[component]
pub fn SoftMasks(
    /// The choice.
    soft: RwSignal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <label class="check" title=move || say!(lang, studio.soft_masks_hint)>
            <input type="checkbox" data-testid="soft-masks" prop:checked=move || soft.get()
                on:change=move |event| soft.set(event_target_checked(&event))/>
            <span>{move || say!(lang, studio.soft_masks)}</span>
        </label>
    }
}

/// Soft masks, or the usual ones.
pub fn mask_kind(soft: bool) -> MaskKind {
    if soft { MaskKind::Soft } else { MaskKind::Binary }
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
fn save_zip(studio: Studio, masks: MaskKind) {
    let settings = studio.settings.get_untracked();
    let scans: Vec<Arc<GeneratedScan>> =
        (0..settings.count).filter_map(|index| studio.slot(index).and_then(|slot| slot.get_untracked())).collect();
    let (Some(first), Some(model)) = (scans.first(), studio.engines.model.get_untracked()) else { return };
    let name = format!("hersenscan-seed-{}-n-{}.zip", settings.seed, settings.count);
    let origin = origin(first, &model);
    let run = SampleRun {
        weights: studio.weights.get_untracked().unwrap_or(OWN_WEIGHTS),
        count: settings.count,
        seed: settings.seed,
        class: settings.class.as_deref(),
        truncation: origin.truncation,
        directions: &origin.directions,
        soft_masks: masks == MaskKind::Soft,
    };
    let link = (!studio.is_own()).then(|| location().href().unwrap_or_default());
    let reproduction = Reproduction { commands: vec![run.command()], link };
    let bundle = Bundle::new(origin.clone(), first.slice.size, &today());
    let bundle = bundle.with_masks(masks).reproduced_by(reproduction);
    match to_zip(bundle, scans.iter().map(|scan| (spec(scan), &scan.slice.image[..], &scan.slice.mask[..]))) {
        Ok(bytes) => save(&bytes, "application/zip", &name),
        Err(error) => logging::error!("no ZIP: {error}"),
    }
}

fn spec(scan: &GeneratedScan) -> ScanSpec {
    ScanSpec { seed: scan.seed, class: scan.class, toward: None }
}

fn origin(scan: &GeneratedScan, model: &ModelInfo) -> Provenance {
    origin_of(&scan.style, model)
}

/// The provenance of scans of this style.
pub fn origin_of(style: &Style, model: &ModelInfo) -> Provenance {
    let directions = model.directions.iter().cloned().zip(style.directions.iter().copied());
    Provenance {
        preset: model.preset.clone(),
        weights_sha256: model.sha256.clone(),
        dataset: model.dataset.clone(),
        licence: model.licence.clone(),
        attribution: model.attribution.clone(),
        classes: model.classes.clone(),
        truncation: style.truncation,
        directions: directions.filter(|(_, value)| *value != 0.0).collect(),
    }
}
