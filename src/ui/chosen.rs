//! Which model the page computes with, followed from the address: the kind of picture, and which of its sizes.

use js_sys::Reflect;
use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::logic::address::Address;
use super::logic::choice::Reason;
use super::logic::models::{Modality, ModelFiles, SIZE};
use super::logic::size_choice::{DeviceHints, SLOW, SizeReason, choose};
use super::offline;
use super::route::{Route, Step};
use super::view::View;
use crate::engine::shared::DeviceKind;

/// The choice, for every part of the page.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// The kind of picture.
    pub modality: RwSignal<Modality>,
    /// Side of the generator's scans in pixels.
    pub size: RwSignal<usize>,
    /// Why that size.
    pub why: RwSignal<SizeReason>,
    /// The size that the visitor or a link asked for.
    wish: RwSignal<Option<usize>>,
    /// Milliseconds a scan of the largest size of a kind, where that turned out to be slow.
    slow: StoredValue<Vec<(Modality, f64)>>,
    supervisor: EngineClient,
    route: Route,
}

impl Chosen {
    /// Starts the engines with what the address asks for, and makes both available to everything within.
    pub fn provide(route: Route) {
        let address = route.address_untracked();
        let modality = of_view(&address).unwrap_or_default();
        let wish = has_choice(&address).then(|| modality.model().asked_size(&address)).flatten();
        let (size, why) = choose(&modality.model().sizes(), wish, hints());
        let weights = modality.model().pair(size).map_or("", |pair| pair.weights);
        let chosen = Self {
            modality: RwSignal::new(modality),
            size: RwSignal::new(size),
            why: RwSignal::new(why),
            wish: RwSignal::new(wish),
            slow: StoredValue::new(Vec::new()),
            supervisor: EngineClient::start(weights),
            route,
        };
        provide_context(chosen.supervisor);
        provide_context(chosen);
        Effect::new(move || chosen.follow(&route.address()));
        Effect::new(move || chosen.weigh());
        Effect::new(move || {
            chosen.size.track();
            offline::keep(chosen.modality.get(), chosen.pair());
        });
    }

    /// The networks at work.
    pub fn pair(self) -> Option<&'static ModelFiles> {
        self.modality.get_untracked().model().pair(self.size.get_untracked())
    }

    /// Goes to another kind of picture.
    pub fn choose(self, modality: Modality) {
        self.route.go(modality.write(self.route.address_untracked()), Step::Push);
    }

    /// Goes to another size; none for the one that fits this device.
    pub fn resize(self, size: Option<usize>) {
        self.wish.set(size);
        self.apply(self.modality.get_untracked());
    }

    fn follow(self, address: &Address) {
        let modality = of_view(address).unwrap_or_else(|| self.modality.get_untracked());
        if has_choice(address) {
            match modality.model().asked_size(address) {
                // What stands there already was written by the page itself, or asks for nothing new.
                Some(size) if size == self.size.get_untracked() => {}
                asked => self.wish.set(asked),
            }
        }
        self.apply(modality);
    }

    /// Takes the smaller size where the largest turned out to be slow.
    fn weigh(self) {
        let Some(device) = self.supervisor.device.get() else { return };
        // A graphics card that is still being tested may yet be fast.
        let settled = device.kind == DeviceKind::Cpu && self.supervisor.reason.get() != Reason::Testing;
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
            // First, so that nobody takes the earlier generator for one of the new kind.
            self.supervisor.change_weights(model.pair(size).map_or("", |pair| pair.weights));
            self.modality.set(modality);
            self.size.set(size);
        }
        let address = self.route.address_untracked();
        if has_choice(&address) && model.pairs.len() > 1 {
            // So that a copied address gives the same scans on every device.
            self.route.go(address.with(SIZE, Some(&size.to_string())), Step::Replace);
        }
    }
}

/// The kind of picture that a view needs; none where any will do.
fn of_view(address: &Address) -> Option<Modality> {
    match View::of(address) {
        View::Story => Some(Modality::default()),
        View::Game | View::Studio => Some(Modality::read(address)),
        View::Training | View::About => None,
    }
}

/// Whether the view is one in which visitors choose.
fn has_choice(address: &Address) -> bool {
    matches!(View::of(address), View::Game | View::Studio)
}

/// What the browser tells of the device.
fn hints() -> DeviceHints {
    let navigator = window().navigator();
    let number = |name: &str| Reflect::get(&navigator, &name.into()).ok().and_then(|value| value.as_f64());
    let connection = Reflect::get(&navigator, &"connection".into()).ok().filter(|value| value.is_object());
    let saves = connection.and_then(|connection| Reflect::get(&connection, &"saveData".into()).ok());
    DeviceHints {
        cores: number("hardwareConcurrency"),
        memory: number("deviceMemory"),
        saves_data: saves.is_some_and(|saves| saves.is_truthy()),
        slow: None,
    }
}

/// The choice of the page around this component.
pub fn use_chosen() -> Option<Chosen> {
    use_context()
}
