//! Latent interpolation: a slider between two scans; the scan at each position is generated at once.

use std::sync::Arc;

use leptos::prelude::*;

use super::engine_client::{SliceSlot, Story, StoryClient, slice_signal};
use super::section::StorySection;
use super::step_slider::StepSlider;
use super::visibility::Visibility;
use crate::gan::preset::{ScanSpec, Toward};
use crate::ui::canvas::SliceCanvas;
use crate::ui::engine::job::JobEvent;
use crate::ui::markup::tell;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::random::random_seed;
use crate::ui::words::{say, use_lang};

/// Steps of the slider.
const STEPS: usize = 100;

/// The slider and its scans.
#[component]
pub fn InterpolationPart(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let visibility = Visibility::watch();
    let (ends_client, client) = (StoryClient::open(story), StoryClient::open(story));
    let seeds = RwSignal::new([random_seed(), random_seed()]);
    let position = RwSignal::new(STEPS / 2);
    let ends: [SliceSlot; 2] = [RwSignal::new(None), RwSignal::new(None)];
    let middle: SliceSlot = RwSignal::new(None);
    let specs = move || {
        let [start, end] = seeds.get();
        visibility.was_near.get().then(|| Some([story.scan(start)?, story.scan(end)?])).flatten()
    };
    Effect::new(move || {
        let Some(specs) = specs() else { return };
        ends_client.scans(specs.to_vec(), move |event| {
            if let JobEvent::Scan(index, pixels) = event {
                ends[index.min(1)].set(Some(Arc::new(pixels)));
            }
        });
    });
    Effect::new(move || {
        let Some([start, end]) = specs() else { return };
        let position = position.get() as f32 / STEPS as f32;
        let toward = Some(Toward { seed: end.seed, class: end.class, position });
        client.live(ScanSpec { toward, ..start }, move |event| {
            if let JobEvent::Scan(_, pixels) = event {
                middle.set(Some(Arc::new(pixels)));
            }
        });
    });
    let percent = move || position.get() * 100 / STEPS;
    let end = move |index: usize| {
        let name = move || if index == 0 { say!(lang, story.between.start) } else { say!(lang, story.between.end) };
        let alt = move || say!(lang, story.between.end_alt, end = name());
        view! {
            <figure class="end">
                <div class="frame"><SliceCanvas pixels=slice_signal(ends[index]) outline=false alt=Signal::derive(alt)/></div>
                <figcaption>{name}</figcaption>
            </figure>
        }
    };
    let meaning = move || say!(lang, story.between.value, percent = percent());
    let buttons = move || [say!(lang, story.between.back).to_owned(), say!(lang, story.between.on).to_owned()];
    let words = view! { <p>{tell!(lang, story.between.text, maker)}</p> };
    view! {
        <StorySection name="between" title=Signal::derive(move || say!(lang, story.between.title).to_owned()) visibility words=words.into_any()>
            <div class="crossing sheet">
                <div class="trio">
                    {end(0)}
                    <div class="frame middle">
                        <SliceCanvas testid="between-scan" pixels=slice_signal(middle) outline=false
                            alt=Signal::derive(move || say!(lang, story.between.alt, percent = percent()))/>
                    </div>
                    {end(1)}
                </div>
                <StepSlider label=Signal::derive(move || say!(lang, story.between.slider).to_owned()) meaning=Signal::derive(meaning)
                    last=Signal::stored(STEPS) stride=10 buttons=Signal::derive(buttons) value=position
                    go=move |place| position.set(place) testid="between-slider"/>
                <div class="tools">
                    <button type="button" data-testid="between-other" on:click=move |_| seeds.set([random_seed(), random_seed()])>
                        <Icon shape=Shape::Dice/>{move || say!(lang, story.between.other)}
                    </button>
                </div>
            </div>
        </StorySection>
    }
}
