//! Measured values as a table.

use leptos::prelude::*;

use crate::card::measure::{IDS, Measure};
use crate::ui::words::{Lang, say, use_lang};

/// A row for each known measure, with its value or "not measured".
#[component]
pub fn CardMeasures(
    /// What was measured.
    measures: Vec<Measure>,
    /// Leaves out rows without a value.
    #[prop(optional)]
    measured_only: bool,
) -> impl IntoView {
    let lang = use_lang();
    let find = |id: &str| measures.iter().find(|measure| measure.id == id && measure.value.is_some()).cloned();
    let shown = |id: &&'static str| !measured_only || find(id).is_some();
    let row = |id: &'static str| {
        let measure = find(id);
        let (value, rest) = match measure {
            None => (say!(lang, about.cards.not_measured).to_owned(), None),
            Some(measure) => (value(lang, &measure), Some(measure)),
        };
        let real = rest.as_ref().and_then(|measure| measure.real_against_real).map(|real| decimal(lang, real));
        let aim = rest.as_ref().map(|measure| aim(lang, measure)).unwrap_or_default();
        view! {
            <tr data-measure=id>
                <th scope="row">{name(lang, id)}</th>
                <td>{value}</td>
                <td>{real.unwrap_or_else(|| "–".to_owned())}</td>
                <td>{aim}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=say!(lang, about.cards.measured)>
            <table class="measures">
                <thead><tr>
                    <th scope="col">{say!(lang, about.cards.measure)}</th>
                    <th scope="col">{say!(lang, about.cards.value)}</th>
                    <th scope="col">{say!(lang, about.cards.real)}</th>
                    <th scope="col">{say!(lang, about.cards.aim)}</th>
                </tr></thead>
                <tbody>{IDS.into_iter().filter(shown).map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn value(lang: Lang, measure: &Measure) -> String {
    let value = decimal(lang, measure.value.unwrap_or_default());
    match measure.interval {
        None => value,
        Some([low, high]) => {
            let (low, high) = (decimal(lang, low), decimal(lang, high));
            say!(lang, about.cards.interval, value = value, low = low, high = high)
        }
    }
}

fn aim(lang: Lang, measure: &Measure) -> String {
    let met = match measure.met {
        Some(true) => format!("✓ {}", say!(lang, about.cards.met)),
        Some(false) => format!("✗ {}", say!(lang, about.cards.not_met)),
        None => String::new(),
    };
    match measure.aim {
        Some(aim) => format!("{} {met}", decimal(lang, aim)).trim().to_owned(),
        None => met,
    }
}

/// A value with three decimals, or none from 100 on.
fn decimal(lang: Lang, value: f64) -> String {
    let digits = if value.abs() >= 100.0 { 0 } else { 3 };
    lang.numbers().decimal(value, digits)
}

fn name(lang: Lang, id: &str) -> &'static str {
    match id {
        "fd_relative" => say!(lang, about.cards.fd_relative),
        "fd" => say!(lang, about.cards.fd),
        "kid" => say!(lang, about.cards.kid),
        "density" => say!(lang, about.cards.density),
        "coverage" => say!(lang, about.cards.coverage),
        "two_sample_accuracy" => say!(lang, about.cards.two_sample),
        "class_agreement" => say!(lang, about.cards.class_agreement),
        "mask_dice" => say!(lang, about.cards.mask_dice),
        "mask_area_ks" => say!(lang, about.cards.mask_area),
        _ => say!(lang, about.cards.copy_share),
    }
}
