//! The form with count, class, seed and truncation.

use leptos::prelude::*;

use super::super::names::class_name;
use super::slider::Slider;
use super::state::Studio;
use crate::engine::making::protocol::MAX_SCANS;
use crate::ui::logic::studio_settings::{MAX_TRUNCATION, StudioSettings, clamp_count, round};
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::route::Navigation;
use crate::ui::words::{say, use_lang};

/// Value of the class field for all classes in turn.
const MIX: &str = "random";

/// The form. Count, class and seed take effect with a button because they make other scans; truncation takes effect at
/// once because it changes the same scans.
#[component]
pub fn Controls(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let draft = RwSignal::new(studio.settings.get_untracked());
    // Moving a slider keeps values that were typed but not submitted.
    Effect::new(move |before: Option<StudioSettings>| {
        let now = studio.settings.get();
        let typed = before.is_some_and(|before| before.same_latents(&now)).then(|| draft.get_untracked());
        draft.set(match typed {
            Some(StudioSettings { seed, count, class, .. }) => StudioSettings { seed, count, class, ..now.clone() },
            None => now.clone(),
        });
        now
    });
    let bad_seed = RwSignal::new(false);
    let generate = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if bad_seed.get_untracked() {
            return;
        }
        let (settings, now) = (draft.get_untracked(), studio.settings.get_untracked());
        // Submitting unchanged settings makes scans from a new seed.
        if settings == now { studio.make_new(settings) } else { studio.make(settings, Navigation::Push) }
    };
    let truncate = move |value: f32, rested: bool| {
        let settings = StudioSettings { truncation: round(value), ..studio.settings.get_untracked() };
        if rested { studio.make(settings, Navigation::Replace) } else { studio.make_live(settings) }
    };
    view! {
        <form class="controls" novalidate=true aria-label=move || say!(lang, studio.settings) on:submit=generate>
            <ScanCount draft/>
            <Class studio draft/>
            <div class="field">
                <label for="seed">{move || say!(lang, studio.seed)}</label>
                <input id="seed" data-testid="seed" type="number" inputmode="numeric" min="0" max="4294967295" step="1"
                    autocomplete="off" aria-describedby="seed-hint seed-problem"
                    aria-invalid=move || bad_seed.get().to_string()
                    prop:value=move || draft.with(|draft| draft.seed.to_string())
                    on:input=move |event| {
                        let seed = event_target_value(&event).parse();
                        bad_seed.set(seed.is_err());
                        if let Ok(seed) = seed {
                            draft.update(|draft| draft.seed = seed);
                        }
                    }/>
                <p class="problem" id="seed-problem" role="status">
                    {move || bad_seed.get().then(|| say!(lang, studio.seed_problem, most = u32::MAX))}
                </p>
                <p class="hint" id="seed-hint">{move || match studio.is_own() {
                    true => say!(lang, studio.seed_own),
                    false => say!(lang, studio.seed_hint),
                }}</p>
            </div>
            <Slider label=Signal::derive(move || say!(lang, studio.truncation).to_owned())
                hint=Signal::derive(move || say!(lang, studio.truncation_hint).to_owned())
                range=(0.0, MAX_TRUNCATION) testid="truncation" slide=truncate
                value=Signal::derive(move || studio.settings.with(|settings| settings.truncation))/>
            <div class="actions">
                <button type="submit" class="primary" data-testid="generate">
                    <Icon shape=Shape::Spark/>{move || say!(lang, studio.generate)}
                </button>
                <button type="button" data-testid="new-seed" on:click=move |_| {
                    bad_seed.set(false);
                    studio.make_new(draft.get_untracked());
                }>
                    <Icon shape=Shape::Dice/>{move || say!(lang, studio.new_seed)}
                </button>
            </div>
        </form>
    }
}

/// Number of scans, with buttons for touch.
#[component]
fn ScanCount(draft: RwSignal<StudioSettings>) -> impl IntoView {
    let lang = use_lang();
    let wrong = RwSignal::new(false);
    let step = move |by: isize| {
        wrong.set(false);
        draft.update(|draft| draft.count = clamp_count(draft.count.saturating_add_signed(by)));
    };
    view! {
        <div class="field">
            <label for="count">{move || say!(lang, studio.count)}</label>
            <div class="stepper">
                <button type="button" aria-label=move || say!(lang, studio.fewer) on:click=move |_| step(-1)>"−"</button>
                <input id="count" data-testid="count" type="number" inputmode="numeric" min="1" max=MAX_SCANS step="1"
                    autocomplete="off" prop:value=move || draft.with(|draft| draft.count.to_string())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        let count = text.parse::<usize>();
                        wrong.set(!text.is_empty() && !count.as_ref().is_ok_and(|count| (1..=MAX_SCANS).contains(count)));
                        if let Ok(count) = count {
                            draft.update(|draft| draft.count = clamp_count(count));
                        }
                    }/>
                <button type="button" aria-label=move || say!(lang, studio.more) on:click=move |_| step(1)>"+"</button>
            </div>
            <p class="hint" id="count-problem" role="status" data-testid="count-problem">
                {move || wrong.get().then(|| say!(lang, studio.count_problem, most = MAX_SCANS))}
            </p>
        </div>
    }
}

/// The class: one of the model's, or all in turn.
#[component]
fn Class(studio: Studio, draft: RwSignal<StudioSettings>) -> impl IntoView {
    let lang = use_lang();
    let classes = move || studio.engines.model.get().map(|model| model.classes.clone()).unwrap_or_default();
    let is_chosen = move |key: &str| draft.with(|draft| draft.class.as_deref().unwrap_or(MIX) == key);
    let options = move || {
        let option = |key: String| {
            let name = class_name(lang, &key);
            let value = key.clone();
            view! { <option value=value prop:selected=move || is_chosen(&key)>{name}</option> }
        };
        classes().into_iter().map(option).collect_view()
    };
    view! {
        <div class="field">
            <label for="class">{move || say!(lang, studio.class)}</label>
            <select id="class" data-testid="class" on:change=move |event| {
                let key = event_target_value(&event);
                draft.update(|draft| draft.class = (key != MIX).then_some(key));
            }>
                <option value=MIX prop:selected=move || is_chosen(MIX)>{move || say!(lang, studio.random)}</option>
                {options}
            </select>
        </div>
    }
}
