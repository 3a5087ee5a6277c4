//! Does it help? What researchers found when they added fakes, each with its source, and what fakes can give away.

use leptos::prelude::*;

use super::near::Near;
use super::part::Part;
use crate::ui::words::{Lang, say, use_lang};

/// Brain MRI, a latent diffusion model trained so that it copies.
const COPIES: &str = "https://arxiv.org/abs/2509.16582";
/// Brain MRI, StyleGAN2-ADA, 3,227 people.
const NO_COPIES: &str = "https://doi.org/10.1007/s10278-025-01536-0";

/// How a study came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Helped,
    Mixed,
    Little,
}

/// One study.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Study {
    key: Key,
    outcome: Outcome,
    /// Percent right without and with fakes, where the study says both.
    gain: Option<[f64; 2]>,
    source: &'static str,
    source_name: &'static str,
}

/// Which words go with a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Liver,
    Metastases,
    Brisc,
    Outline,
    Ratio,
}

const STUDIES: [Study; 5] = [
    Study {
        key: Key::Liver,
        outcome: Outcome::Helped,
        gain: Some([78.6, 85.7]),
        source: "https://arxiv.org/abs/1801.02385",
        source_name: "Frid-Adar e.a., arXiv 1801.02385",
    },
    Study {
        key: Key::Metastases,
        outcome: Outcome::Mixed,
        gain: Some([67.0, 77.0]),
        source: "https://arxiv.org/abs/1902.09856",
        source_name: "Han e.a., arXiv 1902.09856",
    },
    Study {
        key: Key::Ratio,
        outcome: Outcome::Mixed,
        gain: None,
        source: "https://arxiv.org/abs/2506.17165",
        source_name: "arXiv 2506.17165",
    },
    Study {
        key: Key::Outline,
        outcome: Outcome::Little,
        gain: None,
        source: "https://pmc.ncbi.nlm.nih.gov/articles/PMC11240293/",
        source_name: "Asadi e.a., PMC11240293",
    },
    Study {
        key: Key::Brisc,
        outcome: Outcome::Little,
        gain: None,
        source: "https://arxiv.org/abs/2605.23094",
        source_name: "arXiv 2605.23094",
    },
];

/// The studies.
#[component]
pub fn EvidencePart() -> impl IntoView {
    let lang = use_lang();
    let near = Near::watch();
    let words = view! {
        <p>{move || say!(lang, story.evidence.text)}</p>
        <p>{move || say!(lang, story.evidence.why)}</p>
    };
    let link = move |href: &'static str, name: &'static str| {
        view! { <a href=href rel="noreferrer noopener">{name}</a> }
    };
    view! {
        <Part name="evidence" title=Signal::derive(move || say!(lang, story.evidence.title).to_owned()) near words=words.into_any()>
            <ul class="studies" data-testid="sources">{STUDIES.map(|study| view! { <Finding study/> }).into_iter().collect_view()}</ul>
            <div class="copies sheet">
                <h3>{move || say!(lang, story.evidence.copy_title)}</h3>
                <p>{move || say!(lang, story.evidence.copy)}</p>
                <p class="source">
                    {move || say!(lang, story.evidence.copy_source)}": "{link(COPIES, "arXiv 2509.16582")}". "
                    {move || say!(lang, story.evidence.no_copy_source)}": "{link(NO_COPIES, "doi 10.1007/s10278-025-01536-0")}"."
                </p>
            </div>
        </Part>
    }
}

/// One study: what, how it came out, and where to read it.
#[component]
fn Finding(study: Study) -> impl IntoView {
    let lang = use_lang();
    let [title, year, text, measure] = [0, 1, 2, 3].map(|index| move || tell(lang, study.key)[index]);
    let (sign, class) = match study.outcome {
        Outcome::Helped => ("▲", "outcome helped"),
        Outcome::Mixed => ("◆", "outcome mixed"),
        Outcome::Little => ("■", "outcome little"),
    };
    let outcome = move || match study.outcome {
        Outcome::Helped => say!(lang, story.evidence.helped),
        Outcome::Mixed => say!(lang, story.evidence.mixed),
        Outcome::Little => say!(lang, story.evidence.little),
    };
    let bar = move |percent: f64, fakes: bool| {
        let name = move || if fakes { say!(lang, story.evidence.with) } else { say!(lang, story.evidence.without) };
        view! {
            <div class="bar-row" class:fakes=fakes>
                <dt>{name}</dt>
                <dd><span class="track" aria-hidden="true"><span style:width=format!("{percent}%")></span></span>
                    <span>{move || exact(lang, percent)}" % "{measure}</span></dd>
            </div>
        }
    };
    let bars = study.gain.map(|[without, with]| view! { <dl class="gain">{bar(without, false)}{bar(with, true)}</dl> });
    view! {
        <li class="study sheet">
            <p class=class><span aria-hidden="true">{sign}</span>" "{outcome}</p>
            <h3>{title}" "<span class="year">{year}</span></h3>
            {bars}
            <p>{text}</p>
            <p class="source">{move || say!(lang, story.evidence.source)}": "
                <a href=study.source rel="noreferrer noopener">{study.source_name}</a></p>
        </li>
    }
}

/// One digit behind the comma where there is one: unlike [`Lang::number`], which drops it from 10 up.
fn exact(lang: Lang, percent: f64) -> String {
    let text = format!("{percent:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if lang.code() == "nl" { text.replace('.', ",") } else { text.to_owned() }
}

/// What it was about, when, what came out, and what its bars measure.
fn tell(lang: Lang, key: Key) -> [&'static str; 4] {
    match key {
        Key::Liver => [
            say!(lang, story.evidence.liver),
            say!(lang, story.evidence.liver_year),
            say!(lang, story.evidence.liver_text),
            say!(lang, story.evidence.liver_measure),
        ],
        Key::Metastases => [
            say!(lang, story.evidence.metastases),
            say!(lang, story.evidence.metastases_year),
            say!(lang, story.evidence.metastases_text),
            say!(lang, story.evidence.metastases_measure),
        ],
        Key::Brisc => [
            say!(lang, story.evidence.brisc),
            say!(lang, story.evidence.brisc_year),
            say!(lang, story.evidence.brisc_text),
            "",
        ],
        Key::Outline => [
            say!(lang, story.evidence.outline),
            say!(lang, story.evidence.outline_year),
            say!(lang, story.evidence.outline_text),
            "",
        ],
        Key::Ratio => [
            say!(lang, story.evidence.ratio),
            say!(lang, story.evidence.ratio_year),
            say!(lang, story.evidence.ratio_text),
            "",
        ],
    }
}
