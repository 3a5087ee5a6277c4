//! Downloads: all values, the picture, and a link that repeats the run.

use leptos::prelude::*;

use super::about::{about, source_name};
use super::client::Lab;
use super::rows::{LabRows, arm_name, words};
use crate::ui::logic::address::Address;
use crate::ui::logic::lab::picture::{Picture, PictureRow, draw};
use crate::ui::logic::lab::results::csv;
use crate::ui::logic::lab::settings::LabSettings;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// Buttons and the link.
#[component]
pub fn Export(
    /// The experiment.
    lab: Lab,
) -> impl IntoView {
    let lang = use_lang();
    let none = Memo::new(move |_| lab.state.with(|state| state.runs.is_empty()));
    let settings = Memo::new(move |_| settings_of(lab));
    let link = move || {
        let address = Address::of(View::Lab.slug()).with("lang", Some(lang.code()));
        settings.get().map(|settings| settings.write(address).to_string())
    };
    let take_values = move |_| {
        let columns = untrack(|| settings_of(lab)).map(|settings| settings.columns()).unwrap_or_default();
        let text = lab.state.with_untracked(|state| {
            let classes = state.setup.as_ref().map(|setup| setup.classes.clone()).unwrap_or_default();
            csv(&state.units, &state.runs, &classes, &columns)
        });
        save(text.as_bytes(), "text/csv", &format!("{}.csv", file_name(lab)));
    };
    let take_picture = move |_| {
        let text = untrack(|| picture(lang, lab));
        save(text.as_bytes(), "image/svg+xml", &format!("{}.svg", file_name(lab)));
    };
    view! {
        <div class="lab-export" data-testid="lab-export">
            <h3>{move || say!(lang, lab.export.title)}</h3>
            <div class="row">
                <button type="button" data-testid="lab-csv" disabled=move || none.get() on:click=take_values>
                    <Icon shape=Shape::Down/>{move || say!(lang, lab.export.csv)}
                </button>
                <button type="button" data-testid="lab-svg" disabled=move || none.get() on:click=take_picture>
                    <Icon shape=Shape::Down/>{move || say!(lang, lab.export.svg)}
                </button>
            </div>
            <p><a data-testid="lab-link" href=link>{move || say!(lang, lab.export.link)}</a></p>
            <p class="hint">{move || say!(lang, lab.export.hint)}</p>
        </div>
    }
}

/// The settings of the experiment, with the size and the steps that this device chose.
fn settings_of(lab: Lab) -> Option<LabSettings> {
    let settings = lab.asked.get()?;
    let scale = lab.state.with(|state| {
        let setup = state.setup.as_ref()?;
        (setup.learning.steps > 0).then_some((setup.size, setup.learning.steps))
    });
    Some(LabSettings { scale: scale.or(settings.scale), ..settings })
}

fn file_name(lab: Lab) -> String {
    let settings = lab.asked.get_untracked().unwrap_or_default();
    format!("hersenscan-lab-{}-{}", settings.source.slug(), settings.patients.unwrap_or_default())
}

fn picture(lang: Lang, lab: Lab) -> String {
    let board = lab.state.with(LabRows::of);
    let settings = lab.asked.get().unwrap_or_default();
    let title = format!(
        "{} {}",
        say!(lang, lab.title),
        say!(
            lang,
            lab.export.about,
            source = source_name(lang, settings.source),
            patients = settings.patients.unwrap_or_default()
        )
    );
    let told = lab.state.with(|state| state.setup.as_ref().map(|setup| about(lang, &settings, setup)));
    let row = |row: &super::rows::ArmRow| PictureRow {
        name: arm_name(lang, row.arm).to_owned(),
        words: words(lang, row),
        dots: row.values.iter().map(|value| board.place(*value)).collect(),
        band: board.band(row),
    };
    draw(&Picture {
        title,
        ends: board.axis.map(|end| lang.numbers().percent(end)),
        baseline: board.baseline.map(|value| board.place(value)),
        rows: board.rows.iter().map(row).collect(),
        notes: told.into_iter().flatten().chain([say!(lang, site.footer).to_owned()]).collect(),
    })
}
