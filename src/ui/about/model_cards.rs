//! The model cards of a modality.

use leptos::prelude::*;

use super::measures::CardMeasures;
use super::section::{AboutPart, AboutSection};
use crate::card::{Count, Fault, MAX_FILE, ModelCard};
use crate::download::download;
use crate::ui::logic::models::{Modality, ModelFiles};
use crate::ui::measure::MeasureLink;
use crate::ui::model_choice::ModelNotes;
use crate::ui::names::class_name;
use crate::ui::urls;
use crate::ui::words::{Lang, say, use_lang};

/// Folder of images of known faults.
const FAULTS: &str = "weights/faults/";

/// The section on one modality: a card for each size.
#[component]
pub fn ModelCards(
    /// The modality.
    modality: Modality,
) -> impl IntoView {
    let part = if modality == Modality::Flair { AboutPart::Flair } else { AboutPart::T1ce };
    let cards = modality.model().pairs.iter().map(|pair| view! { <OneCard pair/> }).collect_view();
    view! {
        <AboutSection part>
            <ModelNotes modality=Signal::stored(modality)/>
            {cards}
        </AboutSection>
    }
}

/// State of a card's download.
#[derive(Debug, Clone)]
enum CardState {
    Coming,
    There(Box<ModelCard>),
    Missing,
}

#[component]
fn OneCard(pair: &'static ModelFiles) -> impl IntoView {
    let lang = use_lang();
    let state = RwSignal::new(CardState::Coming);
    leptos::task::spawn_local(async move {
        let bytes = download(&urls::absolute(pair.card), MAX_FILE, |_, _| ()).await;
        let card = bytes.ok().and_then(|bytes| {
            let read = ModelCard::read(&bytes);
            read.inspect_err(|error| leptos::logging::warn!("{}: {error}", pair.card)).ok()
        });
        // The view may be gone.
        state.try_set(card.map_or(CardState::Missing, |card| CardState::There(Box::new(card))));
    });
    let shown = move || match state.get() {
        CardState::Coming => view! { <p class="hint">{say!(lang, about.cards.waiting)}</p> }.into_any(),
        CardState::Missing => view! { <p class="hint">{say!(lang, about.cards.missing)}</p> }.into_any(),
        CardState::There(card) => card_view(lang, *card).into_any(),
    };
    view! {
        <section class="one-card" data-testid="card" data-card=pair.card>
            <h3>{move || say!(lang, scan.side, size = pair.size)}</h3>
            {shown}
        </section>
    }
}

fn card_view(lang: Lang, card: ModelCard) -> impl IntoView {
    let count = |count: Count| say!(lang, about.cards.count, slices = count.slices, patients = count.patients);
    let not_stated = || say!(lang, about.cards.not_stated).to_owned();
    let kimg = card.kimg.map_or_else(not_stated, |kimg| say!(lang, model.kimg, count = lang.number(kimg)));
    let hours = card.hours.map_or_else(not_stated, |hours| lang.number(hours));
    let (hardware, hardware_lang) = match (lang.code(), &card.hardware, &card.hardware_nl) {
        ("nl", _, Some(dutch)) => (dutch.clone(), "nl"),
        (_, Some(english), _) => (english.clone(), "en"),
        _ => (not_stated(), lang.code()),
    };
    let meaning = |key: &String| {
        let text = meaning(lang, key)?;
        Some(view! { <li><strong>{class_name(lang, key)}</strong>": "{text}</li> })
    };
    let meanings = card.classes.iter().filter_map(meaning).collect_view();
    let faults = card.faults.iter().map(|fault| view! { <li>{fault_words(lang, *fault)}</li> }).collect_view();
    let picture = |name: &String| {
        let alt = say!(lang, about.cards.fault_picture);
        view! { <img src=format!("{FAULTS}{name}") alt=alt loading="lazy"/> }
    };
    let pictures = card.fault_pictures.iter().map(picture).collect_view();
    // Names from the file, in English.
    view! {
        <dl class="facts">
            <div><dt>{say!(lang, model.dataset)}</dt><dd lang="en"><a href=card.data_url.clone() rel="noreferrer">{card.data.clone()}</a></dd></div>
            <div><dt>{say!(lang, about.cards.train)}</dt><dd>{count(card.train)}</dd></div>
            <div><dt>{say!(lang, about.cards.test)}</dt><dd>{count(card.test)}</dd></div>
            <div><dt>{say!(lang, model.licence)}</dt><dd>{card.licence.clone()}</dd></div>
            <div><dt>{say!(lang, model.attribution)}</dt><dd lang="en">{card.attribution.clone()}</dd></div>
            <div><dt>{say!(lang, model.training)}</dt><dd>{kimg}</dd></div>
            <div><dt>{say!(lang, about.cards.hardware)}</dt><dd lang=hardware_lang>{hardware}</dd></div>
            <div><dt>{say!(lang, about.cards.hours)}</dt><dd>{hours}</dd></div>
        </dl>
        <h4>{say!(lang, about.card.meaning)}</h4>
        <ul class="points">{meanings}</ul>
        <h4>{say!(lang, about.cards.measured)}</h4>
        <CardMeasures measures=card.measures.clone()/>
        <MeasureLink/>
        <h4>{say!(lang, about.card.faults)}</h4>
        <ul class="points">{faults}</ul>
        <div class="row">{pictures}</div>
    }
}

/// What a class means, if it is explained.
fn meaning(lang: Lang, key: &str) -> Option<&'static str> {
    Some(match key {
        "glioma" => say!(lang, about.card.glioma),
        "meningioma" => say!(lang, about.card.meningioma),
        "pituitary" => say!(lang, about.card.pituitary),
        "none" => say!(lang, about.cards.none),
        "tumour" => say!(lang, about.cards.tumour),
        _ => return None,
    })
}

fn fault_words(lang: Lang, fault: Fault) -> &'static str {
    match fault {
        Fault::Soft => say!(lang, about.card.faults_soft),
        Fault::Lopsided => say!(lang, about.card.faults_lopsided),
        Fault::Alike => say!(lang, about.cards.faults_alike),
        Fault::Masks => say!(lang, about.cards.faults_masks),
        Fault::Artefacts => say!(lang, about.cards.faults_artefacts),
        Fault::Narrow => say!(lang, about.cards.faults_narrow),
        Fault::Unknown => say!(lang, about.card.faults_unknown),
    }
}
