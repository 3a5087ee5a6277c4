//! Does it help? Published studies on training with generated scans, and on the risk of copies.

use leptos::prelude::*;

use super::section::StorySection;
use super::small_experiment::SmallExperiment;
use super::visibility::Visibility;
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// Brain MRI: a latent diffusion model trained to copy its training scans.
const COPIES: &str = "https://arxiv.org/abs/2509.16582";
/// Brain MRI: StyleGAN2-ADA trained on 3,227 people.
const NO_COPIES: &str = "https://doi.org/10.1007/s10278-025-01536-0";

/// Overall outcome of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StudyOutcome {
    Helped,
    Mixed,
    Little,
}

/// One study.
#[derive(Debug, Clone, Copy, PartialEq)]
struct AugmentationStudy {
    key: StudyKey,
    outcome: StudyOutcome,
    /// Accuracy in percent without and with generated scans, if the study reports both.
    gain: Option<[f64; 2]>,
    source: &'static str,
    source_name: &'static str,
}

/// Key of the translated texts of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StudyKey {
    Liver,
    Metastases,
    Brisc,
    Outline,
    Ratio,
}

const STUDIES: [AugmentationStudy; 5] = [
    AugmentationStudy {
        key: StudyKey::Liver,
        outcome: StudyOutcome::Helped,
        gain: Some([78.6, 85.7]),
        source: "https://arxiv.org/abs/1801.02385",
        source_name: "Frid-Adar e.a., arXiv 1801.02385",
    },
    AugmentationStudy {
        key: StudyKey::Metastases,
        outcome: StudyOutcome::Mixed,
        gain: Some([67.0, 77.0]),
        source: "https://arxiv.org/abs/1902.09856",
        source_name: "Han e.a., arXiv 1902.09856",
    },
    AugmentationStudy {
        key: StudyKey::Ratio,
        outcome: StudyOutcome::Mixed,
        gain: None,
        source: "https://arxiv.org/abs/2506.17165",
        source_name: "arXiv 2506.17165",
    },
    AugmentationStudy {
        key: StudyKey::Outline,
        outcome: StudyOutcome::Little,
        gain: None,
        source: "https://pmc.ncbi.nlm.nih.gov/articles/PMC11240293/",
        source_name: "Asadi e.a., PMC11240293",
    },
    AugmentationStudy {
        key: StudyKey::Brisc,
        outcome: StudyOutcome::Little,
        gain: None,
        source: "https://arxiv.org/abs/2605.23094",
        source_name: "arXiv 2605.23094",
    },
];

/// The list of studies, and a paragraph on copies.
#[component]
pub fn EvidencePart() -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let words = view! {
        <p>{move || say!(lang, story.evidence.text)}</p>
        <p>{move || say!(lang, story.evidence.why)}</p>
    };
    let route = use_context::<Route>();
    let to_lab = move || View::Lab.address(&route.map(Route::address).unwrap_or_default()).to_string();
    let link = move |href: &'static str, name: &'static str| {
        view! { <a href=href rel="noreferrer noopener">{name}</a> }
    };
    view! {
        <StorySection name="evidence" title=Signal::derive(move || say!(lang, story.evidence.title).to_owned()) visibility words=words.into_any()>
            <Studies/>
            <SmallExperiment/>
            <p>{move || say!(lang, story.evidence.own)}</p>
            <a class="next primary" data-testid="to-lab" href=to_lab>
                <strong>{move || say!(lang, story.evidence.lab)}</strong><span>{move || say!(lang, story.evidence.lab_text)}</span>
            </a>
            <div class="copies sheet">
                <h3>{move || say!(lang, story.evidence.copy_title)}</h3>
                <p>{move || say!(lang, story.evidence.copy)}</p>
                <p class="source">
                    {move || say!(lang, story.evidence.copy_source)}": "{link(COPIES, "arXiv 2509.16582")}". "
                    {move || say!(lang, story.evidence.no_copy_source)}": "{link(NO_COPIES, "doi 10.1007/s10278-025-01536-0")}"."
                </p>
            </div>
        </StorySection>
    }
}

/// What published studies found.
#[component]
pub fn Studies() -> impl IntoView {
    view! {
        <ul class="studies" data-testid="sources">{STUDIES.map(|study| view! { <StudyCard study/> }).into_iter().collect_view()}</ul>
    }
}

/// One study: subject, outcome and source.
#[component]
fn StudyCard(study: AugmentationStudy) -> impl IntoView {
    let lang = use_lang();
    let [title, year, text, measure] = [0, 1, 2, 3].map(|index| move || tell(lang, study.key)[index]);
    let (sign, class) = match study.outcome {
        StudyOutcome::Helped => ("▲", "outcome helped"),
        StudyOutcome::Mixed => ("◆", "outcome mixed"),
        StudyOutcome::Little => ("■", "outcome little"),
    };
    let outcome = move || match study.outcome {
        StudyOutcome::Helped => say!(lang, story.evidence.helped),
        StudyOutcome::Mixed => say!(lang, story.evidence.mixed),
        StudyOutcome::Little => say!(lang, story.evidence.little),
    };
    let bar = move |percent: f64, fakes: bool| {
        let name = move || if fakes { say!(lang, story.evidence.with) } else { say!(lang, story.evidence.without) };
        view! {
            <div class="bar-row" class:fakes=fakes>
                <dt>{name}</dt>
                <dd><span class="track" aria-hidden="true"><span style:width=format!("{percent}%")></span></span>
                    <span>{move || lang.numbers().decimal(percent, usize::from(percent.fract() != 0.0))}" % "{measure}</span></dd>
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

/// Subject, year, outcome, and what the bars measure.
fn tell(lang: Lang, key: StudyKey) -> [&'static str; 4] {
    match key {
        StudyKey::Liver => [
            say!(lang, story.evidence.liver),
            say!(lang, story.evidence.liver_year),
            say!(lang, story.evidence.liver_text),
            say!(lang, story.evidence.liver_measure),
        ],
        StudyKey::Metastases => [
            say!(lang, story.evidence.metastases),
            say!(lang, story.evidence.metastases_year),
            say!(lang, story.evidence.metastases_text),
            say!(lang, story.evidence.metastases_measure),
        ],
        StudyKey::Brisc => [
            say!(lang, story.evidence.brisc),
            say!(lang, story.evidence.brisc_year),
            say!(lang, story.evidence.brisc_text),
            "",
        ],
        StudyKey::Outline => [
            say!(lang, story.evidence.outline),
            say!(lang, story.evidence.outline_year),
            say!(lang, story.evidence.outline_text),
            "",
        ],
        StudyKey::Ratio => [
            say!(lang, story.evidence.ratio),
            say!(lang, story.evidence.ratio_year),
            say!(lang, story.evidence.ratio_text),
            "",
        ],
    }
}
