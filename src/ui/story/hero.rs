//! The opening: a generated scan that grows layer by layer, and links to game and studio.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::engine_client::{Story, StoryClient};
use crate::gan::feature_maps::FeatureMaps;
use crate::slice::Slice;
use crate::slices::air;
use crate::ui::canvas::SliceCanvas;
use crate::ui::engine::job::JobEvent;
use crate::ui::logic::feature_maps::most_similar_map;
use crate::ui::markup::tell;
use crate::ui::names::class_name;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::random::random_seed;
use crate::ui::route::Route;
use crate::ui::timer::{prefers_reduced_motion, use_interval};
use crate::ui::view::View;
use crate::ui::words::{say, use_lang};

/// Time for each layer: about a second from 4 x 4 pixels to the scan.
const TEMPO: Duration = Duration::from_millis(190);

/// A scan shown from its first layer to its last.
#[derive(Clone, Copy)]
struct GrowingScan {
    story: Story,
    making: StoryClient,
    looking: StoryClient,
    seed: RwSignal<u32>,
    layers: StoredValue<Vec<FeatureMaps>>,
    /// The images from the first layer to the scan itself, and the index of the shown one.
    frames: RwSignal<Vec<Arc<Slice>>>,
    at: RwSignal<usize>,
}

impl GrowingScan {
    fn open(story: Story) -> Self {
        let growing = Self {
            story,
            making: StoryClient::open(story),
            looking: StoryClient::open(story),
            seed: RwSignal::new(random_seed()),
            layers: StoredValue::new(Vec::new()),
            frames: RwSignal::new(Vec::new()),
            at: RwSignal::new(0),
        };
        Effect::new(move || growing.order());
        use_interval(Signal::derive(move || growing.is_growing()), TEMPO, move || growing.at.update(|at| *at += 1));
        growing
    }

    /// Whether there is a next image.
    fn is_growing(self) -> bool {
        self.at.get() + 1 < self.frames.with(Vec::len)
    }

    fn shown(self) -> Option<Arc<Slice>> {
        self.frames.with(|frames| frames.get(self.at.get()).cloned())
    }

    /// Requests the layers before the scan, so that they are there when the scan arrives.
    fn order(self) {
        let Some(scan) = self.story.scan(self.seed.get()) else { return };
        self.layers.set_value(Vec::new());
        if !prefers_reduced_motion() {
            self.looking.layers(scan, move |event| {
                if let JobEvent::Layers(layers) = event {
                    self.layers.set_value(layers);
                }
            });
        }
        self.making.scans(vec![scan], move |event| {
            if let JobEvent::Scan(_, pixels) = event {
                self.grow(pixels);
            }
        });
    }

    fn grow(self, scan: Slice) {
        let mut frames: Vec<_> = self.layers.with_value(|layers| {
            layers.iter().filter_map(|layer| most_similar_map(layer, &scan)).map(Arc::new).collect()
        });
        // `bare` canvases do not clear the air, so it is done here.
        let image = air::clear(&scan.image, scan.size);
        frames.push(Arc::new(Slice { image, ..scan }));
        self.at.set(0);
        self.frames.set(frames);
    }
}

/// The opening.
#[component]
pub fn Hero(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let Some(route) = use_context::<Route>() else { return ().into_any() };
    let to = move |view: View| move || view.address(&route.address()).to_string();
    let growing = GrowingScan::open(story);
    let seed = move || growing.seed.get().to_string();
    let class = move || {
        let class = story.scan(growing.seed.get()).map(|scan| scan.class);
        let key = class.and_then(|class| story.classes.with(|classes| classes.get(class).cloned()));
        class_name(lang, &key.unwrap_or_default())
    };
    let alt = move || match growing.frames.with(Vec::is_empty) {
        true => say!(lang, story.hero.waiting).to_owned(),
        false => say!(lang, story.hero.alt, class = class(), seed = seed()),
    };
    let caption = move || match growing.frames.with(Vec::is_empty) {
        true => say!(lang, story.hero.making).to_owned(),
        false => say!(lang, story.hero.caption, class = class()),
    };
    let state = move || match (growing.frames.with(Vec::is_empty), growing.is_growing()) {
        (true, _) => "waiting",
        (false, true) => "growing",
        (false, false) => "done",
    };
    view! {
        <section class="hero" aria-labelledby="story-hero">
            <h1 id="story-hero">{move || say!(lang, story.hero.title)}</h1>
            <p class="hero-ai">{move || say!(lang, story.hero.ai)}</p>
            <figure class="hero-scan" data-testid="story-hero" data-state=state>
                <div class="frame">
                    <SliceCanvas testid="story-hero-scan" pixels=Signal::derive(move || growing.shown()) outline=false
                        alt=Signal::derive(alt) bare=true/>
                </div>
                <figcaption>{caption}</figcaption>
                <button type="button" data-testid="story-hero-again"
                    on:click=move |_| growing.seed.set(random_seed())>
                    <Icon shape=Shape::Dice/>{move || say!(lang, story.hero.again)}
                </button>
            </figure>
            <div class="ways">
                <a class="way primary" data-testid="story-play" href=to(View::Game)>{move || say!(lang, story.hero.play)}</a>
                <a class="way" href=to(View::Studio)>{move || say!(lang, story.hero.make)}</a>
            </div>
            <p class="lead">{tell!(lang, story.hero.lead, maker, judge)}</p>
        </section>
    }
    .into_any()
}
