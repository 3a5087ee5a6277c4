//! The results of a measurement: a table, the closest pairs, and downloads.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::measure::protocol::MeasureResult;
use crate::export::png::encode_gray;
use crate::mark::source_type::SourceType;
use crate::slice::Slice;
use crate::ui::about::measures::CardMeasures;
use crate::ui::canvas::SliceCanvas;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::words::{Lang, say, use_lang};

/// The report.
#[component]
pub fn MeasureReport(
    /// What was measured.
    result: Arc<MeasureResult>,
) -> impl IntoView {
    let lang = use_lang();
    let (table, about, file) = (Arc::clone(&result), Arc::clone(&result), Arc::clone(&result));
    let pairs = (result.pairs_side > 0).then(|| view! { <Pairs result/> });
    let none = pairs
        .is_none()
        .then(|| view! { <p data-testid="measure-no-copies">{move || say!(lang, measure.no_copies)}</p> });
    view! {
        <section class="panel measure-report" aria-labelledby="measure-report" data-testid="measure-report">
            <h2 id="measure-report">{move || say!(lang, measure.report)}</h2>
            <p data-testid="measure-counts">{move || counts(lang, &about)}</p>
            {move || view! { <CardMeasures measures=table.measures.clone() measured_only=true/> }}
            <p class="hint">{move || say!(lang, measure.note)}</p>
            {none}
            {pairs}
            <div class="row">
                <button type="button" data-testid="measure-json" on:click=move |_| {
                    save(file.report.as_bytes(), "application/json", "hersenscan-report.json");
                }>
                    <Icon shape=Shape::Down/>{move || say!(lang, measure.json)}
                </button>
                <button type="button" data-testid="measure-print" on:click=|_| drop(window().print())>
                    <Icon shape=Shape::Print/>{move || say!(lang, measure.print)}
                </button>
            </div>
        </section>
    }
}

/// How many slices of how many persons were compared.
fn counts(lang: Lang, result: &MeasureResult) -> String {
    let count = |name: &str| result.counts.get(name).copied().unwrap_or_default();
    let (generated, test, train) = (count("generated slices"), count("test slices"), count("train slices"));
    let (testers, others) = (count("test patients"), count("train patients"));
    let sizes = say!(
        lang,
        measure.counts,
        generated = generated,
        test = test,
        testers = testers,
        train = train,
        others = others
    );
    // Without a folder to learn from, all real slices are in both halves.
    let halves = if result.pairs_side == 0 { say!(lang, measure.halves) } else { "" };
    let persons = if result.persons_known { "" } else { say!(lang, measure.unknown) };
    [sizes.as_str(), halves, persons].join(" ").trim().to_owned()
}

/// The closest pairs.
#[component]
fn Pairs(result: Arc<MeasureResult>) -> impl IntoView {
    let lang = use_lang();
    let side = result.pairs_side;
    let pixels = StoredValue::new(Arc::new(Slice::without_tumour(side, result.pairs.clone())));
    let take = move |_| {
        let text = [("Description", "Generated pictures, each with the nearest real one on its right: do not share")];
        let picture = pixels.get_value();
        // The sheet has as many pixels as it should.
        if let Ok(png) = encode_gray(side, &picture.image, &text, Some(SourceType::CompositeSynthetic)) {
            save(&png, "image/png", "hersenscan-report-pairs.png");
        }
    };
    view! {
        <div class="measure-pairs">
            <h3>{move || say!(lang, measure.pairs)}</h3>
            <SliceCanvas pixels=Signal::derive(move || Some(pixels.get_value())) outline=false bare=true
                alt=Signal::derive(move || say!(lang, measure.pairs_alt).to_owned()) testid="measure-pairs"/>
            <p class="hint">{move || say!(lang, measure.pairs_text)}</p>
            <button type="button" data-testid="measure-png" on:click=take>
                <Icon shape=Shape::Down/>{move || say!(lang, measure.png)}
            </button>
        </div>
    }
}
