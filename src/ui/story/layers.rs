//! From noise to scan: activations of the generator's layers.

use std::sync::Arc;

use leptos::prelude::*;

use super::engine_client::{Story, StoryClient};
use super::section::StorySection;
use super::step_slider::StepSlider;
use super::visibility::Visibility;
use crate::gan::feature_maps::MAPS;
use crate::slice::Slice;
use crate::ui::canvas::SliceCanvas;
use crate::ui::engine::job::JobEvent;
use crate::ui::logic::feature_maps::{map_as_slice, most_similar_map};
use crate::ui::markup::tell;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::random::random_seed;
use crate::ui::words::{Lang, say, use_lang};

/// Number of layers in the layout before the model is known.
const ROOM: usize = 5;

/// Images of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LayerImages {
    side: usize,
    maps: Vec<Arc<Slice>>,
    /// The activation map most similar to the scan.
    face: Option<Arc<Slice>>,
}

/// The layers of one scan, and the scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct LayerWalk {
    levels: Vec<LayerImages>,
    scan: Option<Arc<Slice>>,
    mask: Option<Arc<Slice>>,
}

/// A slider through the layers of one scan.
#[component]
pub fn LayersPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let (looking, making) = (StoryClient::open(story), StoryClient::open(story));
    let seed = RwSignal::new(random_seed());
    let walk = RwSignal::new(LayerWalk::default());
    let at = RwSignal::new(0_usize);
    Effect::new(move || {
        let (true, Some(scan)) = (visibility.was_near.get(), story.scan(seed.get())) else { return };
        let layers = StoredValue::new(Vec::new());
        looking.layers(scan, move |event| {
            if let JobEvent::Layers(found) = event {
                layers.set_value(found);
            }
        });
        making.scans(vec![scan], move |event| {
            if let JobEvent::Scan(_, pixels) = event {
                let level = |layer: &crate::gan::feature_maps::FeatureMaps| LayerImages {
                    side: layer.side,
                    maps: layer.maps.iter().map(|map| Arc::new(map_as_slice(layer.side, map))).collect(),
                    face: most_similar_map(layer, &pixels).map(Arc::new),
                };
                let levels = layers.with_value(|layers| layers.iter().map(level).collect());
                let mask = Some(Arc::new(map_as_slice(pixels.size, &pixels.mask)));
                walk.set(LayerWalk { levels, scan: Some(Arc::new(pixels)), mask });
            }
        });
    });
    // One layer for each doubling from 4 pixels, known with the model: the layout does not change when the images
    // arrive.
    let size = Memo::new(move |_| story.engines.model.with(|model| model.as_ref().map(|model| model.size)));
    let count = Memo::new(move |_| match walk.with(|walk| walk.levels.len()) {
        0 => size.get().map_or(ROOM, |size| 1 + (size / 4).max(1).ilog2() as usize),
        levels => levels,
    });
    let side = move |level: usize| walk.with(|walk| walk.levels.get(level).map_or(4 << level, |level| level.side));
    let is_last = Memo::new(move |_| at.get() >= count.get());
    let meaning = move || match is_last.get() {
        true => say!(lang, story.layers.scan).to_owned(),
        false => say!(lang, story.layers.side, side = side(at.get())),
    };
    let explained = move || {
        if is_last.get() { say!(lang, story.layers.last).to_owned() } else { explain(lang, at.get(), side(at.get())) }
    };
    let thumb = move |(level, is_scan): (usize, bool)| {
        let face = Signal::derive(move || {
            walk.with(|walk| match is_scan {
                true => walk.scan.clone(),
                false => walk.levels.get(level).and_then(|level| level.face.clone()),
            })
        });
        let name = move || match is_scan {
            true => say!(lang, story.layers.scan).to_owned(),
            false => say!(lang, story.layers.side, side = side(level)),
        };
        let alt = move || match is_scan {
            true => say!(lang, story.layers.scan_alt).to_owned(),
            false => say!(lang, story.layers.thumb_alt, side = side(level)),
        };
        let current = move || (at.get() == level).then_some("step");
        view! {
            <li><button type="button" class="card" aria-current=current aria-label=alt on:click=move |_| at.set(level)>
                <span class="frame" class:grid=!is_scan>
                    <SliceCanvas testid="layer-map" pixels=face outline=false alt=Signal::derive(alt) bare=!is_scan/>
                </span>
                <span class="name" aria-hidden="true">{name}</span>
            </button></li>
        }
    };
    // Always the same number, so that the layout does not change when the images arrive.
    let map = move |index: usize| {
        let pixels = Signal::derive(move || walk.with(|walk| walk.levels.get(at.get())?.maps.get(index).cloned()));
        let alt = move || say!(lang, story.layers.map_alt, number = index + 1, side = side(at.get()));
        view! {
            <li class="frame grid">
                <SliceCanvas testid="layer-large" pixels outline=false alt=Signal::derive(alt) bare=true/>
            </li>
        }
    };
    let scan = Signal::derive(move || walk.with(|walk| walk.scan.clone()));
    let mask = Signal::derive(move || walk.with(|walk| walk.mask.clone()));
    let buttons = move || [say!(lang, story.layers.previous).to_owned(), say!(lang, story.layers.next).to_owned()];
    let words = view! { <p>{tell!(lang, story.layers.text, maker)}</p> };
    view! {
        <StorySection name="layers" title=Signal::derive(move || say!(lang, story.layers.title).to_owned()) visibility words=words.into_any()>
            <div class="walk sheet">
                <ol class="thumbs">
                    <For each=move || (0..=count.get()).map(move |level| (level, level == count.get())) key=|one| *one children=thumb/>
                </ol>
                <StepSlider label=Signal::derive(move || say!(lang, story.layers.position).to_owned()) meaning=Signal::derive(meaning)
                    last=count buttons=Signal::derive(buttons) value=at go=move |level| at.set(level) testid="layer-slider"/>
                <div class="level" aria-live="polite"><p><strong>{meaning}</strong>" "{explained}</p></div>
                <ul class="maps" hidden=move || is_last.get()>{(0..MAPS).map(map).collect_view()}</ul>
                <div class="pair" hidden=move || !is_last.get()>
                    <div class="frame">
                        <SliceCanvas testid="layer-scan" pixels=scan outline=false
                            alt=Signal::derive(move || say!(lang, story.layers.scan_alt).to_owned())/>
                    </div>
                    <div class="frame">
                        <SliceCanvas pixels=mask outline=false
                            alt=Signal::derive(move || say!(lang, story.layers.mask_alt).to_owned()) bare=true/>
                    </div>
                </div>
                <div class="tools">
                    <button type="button" data-testid="layer-fresh" on:click=move |_| seed.set(random_seed())>
                        <Icon shape=Shape::Dice/>{move || say!(lang, story.layers.fresh)}
                    </button>
                </div>
            </div>
        </StorySection>
    }
}

/// What can be seen in a layer.
fn explain(lang: Lang, level: usize, side: usize) -> String {
    let cells = lang.numbers().grouped((side * side) as u64);
    match level {
        0 => say!(lang, story.layers.level1, cells = cells),
        1 => say!(lang, story.layers.level2, cells = cells),
        2 => say!(lang, story.layers.level3, cells = cells),
        3 => say!(lang, story.layers.level4, cells = cells),
        _ => say!(lang, story.layers.level5, cells = cells),
    }
}
