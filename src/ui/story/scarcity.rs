//! Why scans are scarce: a chart with one mark for each person or slice of the data set.

use std::fmt::Write;

use leptos::prelude::*;

use super::section::StorySection;
use super::visibility::Visibility;
use crate::ui::words::{say, use_lang};

/// The data set.
const SOURCE: &str = "https://doi.org/10.6084/m9.figshare.1512427";

/// Counts of a data set: for training, kept apart for testing, and marks in a row of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DatasetCount {
    learn: usize,
    test: usize,
    row: usize,
}

const PEOPLE: DatasetCount = DatasetCount { learn: 108, test: 30, row: 18 };
const SLICES: DatasetCount = DatasetCount { learn: 645, test: 136, row: 36 };

impl DatasetCount {
    fn all(self) -> usize {
        self.learn + self.test
    }

    /// SVG path of the marks in a range; a mark is one unit wide.
    fn marks(self, range: std::ops::Range<usize>, round: bool) -> String {
        range.fold(String::new(), |mut path, index| {
            let (x, y) = (index % self.row, index / self.row);
            // Writing to a string cannot fail.
            let _ = match round {
                true => write!(path, "M{x}.12 {y}.5a.38.38 0 1 0 .76 0a.38.38 0 1 0 -.76 0z"),
                false => write!(path, "M{x}.16 {y}.16h.68v.68h-.68z"),
            };
            path
        })
    }
}

/// The section with the chart.
#[component]
pub fn ScarcityPart() -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let slices = RwSignal::new(false);
    let pile = move || if slices.get() { SLICES } else { PEOPLE };
    let all = move || match slices.get() {
        true => say!(lang, story.scarce.all_slices, count = pile().all()),
        false => say!(lang, story.scarce.all_people, count = pile().all()),
    };
    let learn = move || match slices.get() {
        true => say!(lang, story.scarce.learn_slices, count = pile().learn),
        false => say!(lang, story.scarce.learn_people, count = pile().learn),
    };
    let test = move || match slices.get() {
        true => say!(lang, story.scarce.test_slices, count = pile().test),
        false => say!(lang, story.scarce.test_people, count = pile().test),
    };
    let view_box = move || format!("0 0 {} {}", pile().row, pile().all().div_ceil(pile().row));
    let words = view! {
        <p>{move || say!(lang, story.scarce.text)}</p>
        <p>{move || say!(lang, story.scarce.ours)}</p>
    };
    let choice = move |value: bool| {
        let name = move || if value { say!(lang, story.scarce.slices) } else { say!(lang, story.scarce.people) };
        view! {
            <button type="button" aria-pressed=move || (slices.get() == value).to_string() on:click=move |_| slices.set(value)>
                {name}
            </button>
        }
    };
    view! {
        <StorySection name="scarce" title=Signal::derive(move || say!(lang, story.scarce.title).to_owned()) visibility words=words.into_any()>
            <figure class="crowd sheet">
                <div class="tools" role="group" aria-label=move || say!(lang, story.scarce.count)>
                    {choice(false)}{choice(true)}
                </div>
                <p class="total" aria-live="polite">{all}</p>
                <svg viewBox=view_box role="img" aria-label=move || say!(lang, story.scarce.alt)>
                    <path class="learn" d=move || pile().marks(0..pile().learn, false)/>
                    <path class="test" d=move || pile().marks(pile().learn..pile().all(), true)/>
                </svg>
                <ul class="legend">
                    <li class="learn">{learn}</li>
                    <li class="test">{test}</li>
                </ul>
                <figcaption class="hint">
                    {move || say!(lang, story.scarce.source)}" "
                    <a href=SOURCE rel="noreferrer noopener">{move || say!(lang, story.scarce.source_name)}</a>"."
                </figcaption>
            </figure>
        </StorySection>
    }
}
