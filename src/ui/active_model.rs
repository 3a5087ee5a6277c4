//! The model in use: modality and size, kept in sync with the address.

use js_sys::Reflect;
use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::logic::address::Address;
use super::logic::choice::Reason;
use super::logic::models::{Modality, ModelFiles, SIZE};
use super::logic::size_choice::{DeviceHints, SLOW, SizeReason, choose};
use super::offline;
use super::route::{Navigation, Route};
use super::view::View;
use crate::engine::shared::DeviceKind;

/// The model in use, shared by all parts of the page.
#[derive(Clone, Copy)]
pub struct ActiveModel {
    /// The modality.
    pub modality: RwSignal<Modality>,
    /// Side of its scans in pixels.
    pub size: RwSignal<usize>,
    /// Why this size was chosen.
    pub why: RwSignal<SizeReason>,
    /// Size that the visitor or a link asked for.
    wish: RwSignal<Option<usize>>,
    /// Milliseconds per scan of the largest size, for modalities where it turned out to be slow.
    slow: StoredValue<Vec<(Modality, f64)>>,
    engines: EngineClient,
    route: Route,
}

impl ActiveModel {
    /// Starts the engines with the model in the address. Provides both as contexts.
    pub fn provide(route: Route) {
        let address = route.address_untracked();
        let modality = of_view(&address).unwrap_or_default();
        let wish = has_choice(&address).then(|| modality.model().asked_size(&address)).flatten();
        let (size, why) = choose(&modality.model().sizes(), wish, hints());
        let weights = modality.model().pair(size).map_or("", |pair| pair.weights);
        let active = Self {
            modality: RwSignal::new(modality),
            size: RwSignal::new(size),
            why: RwSignal::new(why),
            wish: RwSignal::new(wish),
            slow: StoredValue::new(Vec::new()),
            engines: EngineClient::start(weights),
            route,
        };
        provide_context(active.engines);
        provide_context(active);
        Effect::new(move || active.follow(&route.address()));
        Effect::new(move || active.weigh());
        Effect::new(move || {
            active.size.track();
            offline::keep(active.modality.get(), active.pair());
        });
    }

    /// The generator and discriminator in use.
    pub fn pair(self) -> Option<&'static ModelFiles> {
        self.modality.get_untracked().model().pair(self.size.get_untracked())
    }

    /// Changes the modality.
    pub fn choose(self, modality: Modality) {
        self.route.go(modality.write(self.route.address_untracked()), Navigation::Push);
    }

    /// Changes the size; `None` chooses the one that fits this device.
    pub fn resize(self, size: Option<usize>) {
        self.wish.set(size);
        self.apply(self.modality.get_untracked());
    }

    fn follow(self, address: &Address) {
        let modality = of_view(address).unwrap_or_else(|| self.modality.get_untracked());
        if has_choice(address) {
            match modality.model().asked_size(address) {
                // The page itself wrote this size into the address.
                Some(size) if size == self.size.get_untracked() => {}
                asked => self.wish.set(asked),
            }
        }
        self.apply(modality);
    }

    /// Takes the smaller size if the largest turned out to be slow.
    fn weigh(self) {
        let Some(device) = self.engines.device.get() else { return };
        // A graphics card that is still being tested may be fast.
        let settled = device.kind == DeviceKind::Cpu && self.engines.reason.get() != Reason::Testing;
        if settled && self.why.get_untracked() == SizeReason::Fits && device.millis_per_scan > SLOW {
            let modality = self.modality.get_untracked();
            self.slow.update_value(|slow| slow.push((modality, device.millis_per_scan)));
            self.apply(modality);
        }
    }

    fn apply(self, modality: Modality) {
        let model = modality.model();
        let slow = self.slow.with_value(|slow| slow.iter().find(|(of, _)| *of == modality).map(|(_, millis)| *millis));
        let (size, why) = choose(&model.sizes(), self.wish.get_untracked(), DeviceHints { slow, ..hints() });
        self.why.set(why);
        if (modality, size) != (self.modality.get_untracked(), self.size.get_untracked()) {
            // The engines first, so that no part of the page uses the old generator with the new modality.
            self.engines.change_weights(model.pair(size).map_or("", |pair| pair.weights));
            self.modality.set(modality);
            self.size.set(size);
        }
        let address = self.route.address_untracked();
        if has_choice(&address) && model.pairs.len() > 1 {
            // So that a copied address gives the same scans on every device.
            self.route.go(address.with(SIZE, Some(&size.to_string())), Navigation::Replace);
        }
    }
}

/// The modality that a view needs; `None` if any will do.
fn of_view(address: &Address) -> Option<Modality> {
    match View::of(address) {
        View::Story => Some(Modality::default()),
        View::Game | View::Studio | View::Lesson => Some(Modality::read(address)),
        View::Training | View::Lab | View::Study | View::Measure | View::About => None,
    }
}

/// Whether visitors can choose the model in this view.
fn has_choice(address: &Address) -> bool {
    matches!(View::of(address), View::Game | View::Studio | View::Lesson)
}

/// Whether the visitor asked the browser to save data.
pub fn saves_data() -> bool {
    let connection = Reflect::get(&window().navigator(), &"connection".into()).ok().filter(|value| value.is_object());
    let saves = connection.and_then(|connection| Reflect::get(&connection, &"saveData".into()).ok());
    saves.is_some_and(|saves| saves.is_truthy())
}

/// Properties of the device that the browser reports.
fn hints() -> DeviceHints {
    let navigator = window().navigator();
    let number = |name: &str| Reflect::get(&navigator, &name.into()).ok().and_then(|value| value.as_f64());
    DeviceHints {
        cores: number("hardwareConcurrency"),
        memory: number("deviceMemory"),
        saves_data: saves_data(),
        slow: None,
    }
}

/// The model in use, from the context.
pub fn use_active_model() -> Option<ActiveModel> {
    use_context()
}
