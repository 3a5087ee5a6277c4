//! The form: source of the people, number of patients, source of the fakes, and what the visitor expects.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::about::{learner_name, maker_name, smallest, source_name};
use super::client::Lab;
use super::people::{CohortSlices, FewPatients};
use crate::lab::arm::Arm;
use crate::lab::setup::{FakeSource, Learner};
use crate::lab::verdict::MIN_TEST_PERSONS;
use crate::slices::collection::SliceSource;
use crate::ui::engine::client::EngineClient;
use crate::ui::leave_one_free::LeaveOneFree;
use crate::ui::logic::lab::cohort::{Cohort, CohortProblem};
use crate::ui::logic::lab::settings::{Expectation, LabSettings, LabSource};
use crate::ui::logic::models::Modality;
use crate::ui::names::class_name;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::real_scans::{RealScans, RealScansState, real_scans, scans_of_lab};
use crate::ui::route::Route;
use crate::ui::training::trainer::Trainer;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// Whether the slices of a source are available.
#[derive(Clone)]
enum Supply {
    Loading,
    /// The site has no such scans.
    Missing,
    /// The site has none of the patients whom the small generators saw, or too few.
    OtherPatients,
    /// They could not be downloaded.
    Broken,
    /// The visitor has chosen no slices in the training view.
    NoneOfOwn,
    Here(CohortSlices, Cohort),
}

/// The form.
#[component]
pub fn LabForm(
    /// The experiment.
    lab: Lab,
) -> impl IntoView {
    let lang = use_lang();
    let trainer = use_context::<Trainer>();
    let engines = use_context::<EngineClient>();
    let scans = LabScans::of_page();
    let form = Memo::new(move |_| lab.form.get().unwrap_or_default());
    let source_now = Memo::new(move |_| form.get().source);
    let maker_now = Memo::new(move |_| form.get().maker);
    // Downloads nothing before it is chosen.
    Effect::new(move || scans.of(source_now.get(), maker_now.get()).into_iter().for_each(RealScans::fetch_once));
    let supply =
        Memo::new_with_compare(move |_| supply(&scans, trainer, source_now.get(), maker_now.get()), |_, _| true);
    let cohort = Memo::new(move |_| match supply.get() {
        Supply::Here(_, cohort) => Some(cohort),
        _ => None,
    });
    let problem = Memo::new(move |_| cohort.get().and_then(|cohort| cohort.problem(form.get().learner)));
    // A list loses the focus when it is rendered again, so it depends only on what it shows.
    let offered = Memo::new(move |_| {
        let Some(cohort) = cohort.get() else { return Vec::new() };
        let (chosen, mut offered) = (cohort.chosen(form.get().patients), cohort.patients());
        if !offered.contains(&chosen) {
            offered.push(chosen);
            offered.sort_unstable();
        }
        offered
    });
    let chosen = Memo::new(move |_| cohort.get().map(|cohort| cohort.chosen(form.get().patients)));
    let busy = Memo::new(move |_| lab.gathering.get() || lab.state.with(|state| state.phase.is_active()));
    let able = move || {
        !busy.get()
            && lab.expected.with(Option::is_some)
            && cohort.with(Option::is_some)
            && problem.with(Option::is_none)
    };
    let start = move |_| {
        if let Supply::Here(cast, _) = supply.get_untracked() {
            lab.start(form.get_untracked(), cast);
            // The form is taller than the window, so what begins now is out of sight.
            request_animation_frame(show_run);
        }
    };
    Effect::new(move || {
        let unusable = matches!(supply.get(), Supply::Missing | Supply::Broken) || problem.with(Option::is_some);
        if unusable && lab.source_is_default.get() {
            lab.source_is_default.set(false);
            lab.form.set(Some(LabSettings::of(LabSource::Drawings)));
        }
    });
    // After a change this is another experiment: the device decides on size and steps again.
    let change = move |change: &dyn Fn(&mut LabSettings)| {
        let mut settings = form.get_untracked();
        change(&mut settings);
        settings.scale = None;
        lab.source_is_default.set(false);
        lab.form.set(Some(settings));
    };
    let source = move |source: LabSource| {
        view! {
            <label class="radio">
                <input type="radio" name="lab-source" value=source.slug() prop:checked=move || form.get().source == source
                    on:change=move |_| change(&|settings| settings.choose(source))/>
                <span>{move || source_name(lang, source)}</span>
            </label>
        }
    };
    let patients = move |count: usize| {
        view! {
            <label class="radio">
                <input type="radio" name="lab-patients" value=count.to_string() prop:checked=move || chosen.get() == Some(count)
                    on:change=move |_| change(&|settings| settings.patients = Some(count))/>
                <span>{count}</span>
            </label>
        }
    };
    let use_drawings = move || change(&|settings| settings.choose(LabSource::Drawings));
    let maker = move || {
        let radio = move |maker: FakeSource| {
            view! {
                <div>
                    <label class="radio">
                        <input type="radio" name="lab-fakes" prop:checked=move || form.get().maker == maker
                            on:change=move |_| change(&|settings| settings.maker = maker)/>
                        <span>{move || maker_name(lang, maker)}</span>
                    </label>
                    <p class="hint">{move || maker_hint(lang, maker, source_now.get())}</p>
                </div>
            }
        };
        source_now.get().makers().iter().map(|maker| radio(*maker)).collect_view()
    };
    let without_masks = Memo::new(move |_| match cohort.get()?.problem(Learner::Segmenter)? {
        CohortProblem::NoMasks(found) => Some(found),
        _ => None,
    });
    let learner = move |learner: Learner| {
        let name =
            move || cohort.with(|cohort| learner_name(lang, learner, cohort.as_ref().map_or(&[], |it| &it.classes)));
        view! {
            <label class="radio">
                <input type="radio" name="lab-reader" value=learner.label() prop:checked=move || form.get().learner == learner
                    disabled=move || learner == Learner::Segmenter && without_masks.get().is_some()
                    on:change=move |_| change(&|settings| settings.learner = learner)/>
                <span>{name}</span>
            </label>
        }
    };
    // If it is chosen, the problem is told above.
    let no_masks = move || {
        let found = without_masks.get().filter(|_| form.get().learner != Learner::Segmenter)?;
        Some(view! { <p class="hint" data-testid="lab-no-masks">{say!(lang, lab.people.no_masks, found = found)}</p> })
    };
    let size = move || {
        let repetitions = form.get().repetitions;
        say!(lang, lab.form.start_hint, programs = repetitions * Arm::ALL.len(), repetitions = repetitions)
    };
    let detects = move || {
        let settings = form.get();
        let effect = cohort.get()?.smallest_effect(settings.learner, settings.repetitions)?;
        Some(view! { <p class="hint" data-testid="lab-smallest">{smallest(lang, effect)}</p> })
    };
    let replaces = move || {
        let any = lab.state.with(|state| !state.runs.is_empty());
        any.then(|| view! { <p class="hint">{say!(lang, lab.form.replaces)}</p> })
    };
    let expect = move |expected: Expectation| {
        view! {
            <label class="radio">
                <input type="radio" name="lab-expect" disabled=move || busy.get()
                    prop:checked=move || lab.expected.get() == Some(expected) on:change=move |_| lab.expected.set(Some(expected))/>
                <span>{move || expectation(lang, expected)}</span>
            </label>
        }
    };
    view! {
        <form class="panel lab-form" on:submit=|event| event.prevent_default()>
            <h2>{move || say!(lang, lab.form.title)}</h2>
            <fieldset class="choice" data-testid="lab-source">
                <legend>{move || say!(lang, lab.form.source)}</legend>
                <div class="radios">{LabSource::ALL.map(source).into_iter().collect_view()}</div>
                <SupplyWords supply scans=move || scans.of(source_now.get(), maker_now.get())
                    learner=Signal::derive(move || form.get().learner) problem use_drawings/>
            </fieldset>
            <fieldset class="choice">
                <legend>{move || say!(lang, lab.form.learner)}</legend>
                <div class="radios">{[Learner::Classifier, Learner::Segmenter].map(learner).into_iter().collect_view()}</div>
                {no_masks}
            </fieldset>
            <fieldset class="choice" data-testid="lab-patients">
                <legend>{move || say!(lang, lab.form.patients)}</legend>
                <div class="radios">{move || offered.get().into_iter().map(patients).collect_view()}</div>
                <p class="hint">{move || match maker_now.get() {
                    FakeSource::SameNetwork => say!(lang, lab.form.patients_fixed),
                    _ => say!(lang, lab.form.patients_hint),
                }}</p>
            </fieldset>
            <fieldset class="choice" data-testid="lab-fakes">
                <legend>{move || say!(lang, lab.form.fakes)}</legend>
                {maker}
            </fieldset>
            <fieldset class="choice" data-testid="lab-expect">
                <legend>{move || say!(lang, lab.form.expect)}</legend>
                <div class="radios">{Expectation::ALL.map(expect).into_iter().collect_view()}</div>
                <p class="hint">{move || say!(lang, lab.form.expect_hint)}</p>
            </fieldset>
            {engines.map(|engines| view! { <LeaveOneFree engines/> })}
            <button type="button" class="primary" data-testid="lab-start" disabled=move || !able() on:click=start>
                <Icon shape=Shape::Play/>{move || say!(lang, lab.form.start)}
            </button>
            <p class="hint">{size}</p>
            {detects}
            {replaces}
        </form>
    }
}

/// Brings the running experiment into view, and the focus with it.
fn show_run() {
    let heading = document().get_element_by_id("lab-run").and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    if let Some(heading) = heading {
        heading.scroll_into_view();
        let _ = heading.focus();
    }
}

/// The real scans of each modality: held-out patients, and patients whom the lab's small generators saw.
#[derive(Clone, Copy)]
struct LabScans([(Modality, RealScans, Option<RealScans>); Modality::ALL.len()]);

impl LabScans {
    fn of_page() -> Self {
        Self(Modality::ALL.map(|modality| (modality, real_scans(modality), scans_of_lab(modality))))
    }

    /// Those that an experiment needs.
    fn of(&self, source: LabSource, maker: FakeSource) -> Vec<RealScans> {
        let LabSource::Real(wanted) = source else { return Vec::new() };
        let own = self.0.iter().find(|(modality, _, _)| *modality == wanted);
        let learners = own.and_then(|(_, _, learners)| *learners).filter(|_| maker == FakeSource::SameNetwork);
        own.map(|(_, held_out, _)| *held_out).into_iter().chain(learners).collect()
    }
}

fn supply(scans: &LabScans, trainer: Option<Trainer>, source: LabSource, maker: FakeSource) -> Supply {
    let here = |cast: CohortSlices| {
        let cohort = cast.cohort();
        Supply::Here(cast, cohort)
    };
    match source {
        LabSource::Drawings => here(CohortSlices::Drawn),
        LabSource::Own => {
            let data = trainer.and_then(|trainer| trainer.intake.get()).filter(|data| data.source == SliceSource::Own);
            data.map_or(Supply::NoneOfOwn, |data| here(CohortSlices::Own(data.selection)))
        }
        LabSource::Real(modality) => {
            let states: Vec<RealScansState> =
                scans.of(source, maker).into_iter().map(|scans| scans.state.get()).collect();
            match &states[..] {
                [RealScansState::Ready(pack)] => here(CohortSlices::Site(Arc::clone(pack))),
                [RealScansState::Ready(test), RealScansState::Ready(learn)] => {
                    let files = modality.model().stretching;
                    let few = files.and_then(|files| FewPatients::new(Arc::clone(learn), Arc::clone(test), files));
                    few.map_or(Supply::OtherPatients, |few| here(CohortSlices::Few(Arc::new(few))))
                }
                states if states.iter().any(|state| matches!(state, RealScansState::Broken(_))) => Supply::Broken,
                [RealScansState::Ready(_), RealScansState::Missing] => Supply::OtherPatients,
                states if states.contains(&RealScansState::Missing) => Supply::Missing,
                _ => Supply::Loading,
            }
        }
    }
}

/// The numbers of people of the source, or why they cannot be used.
#[component]
fn SupplyWords(
    supply: Memo<Supply>,
    scans: impl Fn() -> Vec<RealScans> + Copy + Send + 'static,
    learner: Signal<Learner>,
    problem: Memo<Option<CohortProblem>>,
    use_drawings: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let drawings = move || {
        view! {
            <button type="button" data-testid="lab-use-drawings" on:click=move |_| use_drawings()>
                {move || say!(lang, lab.people.use_drawings)}
            </button>
        }
    };
    let route = use_context::<Route>();
    let to_training = move || View::Training.address(&route.map(Route::address).unwrap_or_default()).to_string();
    let retry = move |_| scans().into_iter().for_each(RealScans::fetch);
    let words = move || match supply.get() {
        Supply::Loading => view! { <p>{say!(lang, lab.people.loading)}</p> }.into_any(),
        Supply::Missing => view! { <p>{say!(lang, lab.people.missing)}</p>{drawings()} }.into_any(),
        Supply::OtherPatients => view! { <p>{say!(lang, lab.people.other_patients)}</p> }.into_any(),
        Supply::Broken => view! {
            <p>{say!(lang, lab.people.broken)}</p>
            <div class="row"><button type="button" on:click=retry>{say!(lang, trouble.again)}</button>{drawings()}</div>
        }
        .into_any(),
        Supply::NoneOfOwn => view! {
            <p>{say!(lang, lab.people.none_of_own)}" "<a href=to_training>{say!(lang, lab.people.to_training)}</a></p>
        }
        .into_any(),
        Supply::Here(cast, cohort) => {
            let (persons, slices) = (cohort.persons, cohort.slices);
            let about = match cast {
                CohortSlices::Drawn => {
                    say!(lang, lab.people.drawn, learn = cohort.learners, test = cohort.testers)
                }
                CohortSlices::Site(_) => say!(lang, lab.people.site, persons = persons, slices = slices),
                CohortSlices::Few(_) => say!(lang, lab.people.few, learn = cohort.learners, test = persons),
                CohortSlices::Own(_) => say!(lang, lab.people.own, persons = persons, slices = slices),
            };
            let testers = cohort.testers(learner.get());
            let few = (problem.with(Option::is_none) && testers < MIN_TEST_PERSONS)
                .then(|| say!(lang, lab.people.cannot_tell, count = testers, fewest = MIN_TEST_PERSONS));
            view! {
                <p>{about}</p>
                {few.map(|words| view! { <p class="warning"><Icon shape=Shape::Warning/><span>{words}</span></p> })}
            }
            .into_any()
        }
    };
    let obstacle = move || {
        problem.get().map(|problem| {
            let words = match problem {
                CohortProblem::OneClass => say!(lang, lab.people.one_class).to_owned(),
                CohortProblem::TooFew(class, found, needed) => {
                    let class = class_name(lang, &class);
                    say!(lang, lab.people.too_few, class = class, found = found, needed = needed)
                }
                CohortProblem::NoMasks(found) => say!(lang, lab.people.no_masks, found = found),
            };
            view! {
                <p class="warning" data-testid="lab-problem"><Icon shape=Shape::Warning/><span>{words}</span></p>
                {drawings()}
            }
        })
    };
    view! { <div class="lab-people" role="status">{words}{obstacle}</div> }
}

fn maker_hint(lang: Lang, maker: FakeSource, source: LabSource) -> &'static str {
    match maker {
        FakeSource::Network if source == LabSource::Own => say!(lang, lab.maker.network_hint_own),
        FakeSource::Network => say!(lang, lab.maker.network_hint),
        FakeSource::SameNetwork => say!(lang, lab.maker.same_network_hint),
        FakeSource::Others => say!(lang, lab.maker.others_hint),
        FakeSource::Same => say!(lang, lab.maker.same_hint),
    }
}

/// An expectation in words.
pub fn expectation(lang: Lang, expected: Expectation) -> &'static str {
    match expected {
        Expectation::Helps => say!(lang, lab.expect.helps),
        Expectation::NoDifference => say!(lang, lab.expect.same),
        Expectation::Hurts => say!(lang, lab.expect.hurts),
    }
}
