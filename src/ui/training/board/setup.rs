//! The form before a training: initial weights, device, size, storage and hyperparameters.

use leptos::{html::Dialog, prelude::*};

use super::confirm_button::{self, ConfirmDialog};
use super::device::TrainingDeviceChoice;
use super::hyperparameters::HyperparameterControls;
use super::initial_weights::{InitialWeights, ScanSizeChoice};
use crate::ui::check_field::CheckField;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{Plan, SliceSource, Trainer};
use crate::ui::words::{say, use_lang};

/// The form. Its button is disabled until there are slices.
#[component]
pub fn TrainingSetup(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let ready = move || trainer.intake.with(Option::is_some);
    let replace = NodeRef::<Dialog>::new();
    let start = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if trainer.intake.with_untracked(Option::is_none) {
            return;
        }
        // Checkpoints of the new training overwrite a stored one.
        let replaces = trainer.plan.with_untracked(|plan| plan.keep) && trainer.stored.with_untracked(Option::is_some);
        if replaces { confirm_button::open(replace) } else { trainer.start() }
    };
    let state = move || {
        trainer.intake.with(|intake| match intake {
            None => say!(lang, training.before.no_slices).to_owned(),
            Some(intake) => {
                let slices = intake.slices;
                match intake.source {
                    SliceSource::Drawings | SliceSource::Shapes => {
                        say!(lang, training.before.with_drawings, slices = slices)
                    }
                    SliceSource::Own | SliceSource::Real => say!(lang, training.before.with_slices, slices = slices),
                }
            }
        })
    };
    view! {
        <section class="before" data-testid="before" aria-labelledby="before">
            <h2 id="before">{move || say!(lang, training.before.title)}</h2>
            <form id="training-setup" class="panel" on:submit=start>
                <InitialWeights trainer/>
                <TrainingDeviceChoice trainer/>
                <ScanSizeChoice trainer/>
                <div class="keep">
                    <CheckField testid="train-judge" label=Signal::derive(move || say!(lang, training.judge.title).to_owned())
                        hint=Signal::derive(move || say!(lang, training.judge.hint).to_owned())
                        checked=Signal::derive(move || trainer.plan.with(Plan::judged))
                        change=move |judge| trainer.plan.update(|plan| plan.judge = Some(judge))/>
                </div>
                <div class="keep">
                    <CheckField testid="train-keep" label=Signal::derive(move || say!(lang, training.keep.title).to_owned())
                        hint=Signal::derive(move || say!(lang, training.keep.hint).to_owned())
                        checked=Signal::derive(move || trainer.plan.with(|plan| plan.keep))
                        change=move |keep| trainer.plan.update(|plan| plan.keep = keep)/>
                </div>
                <details class="advanced">
                    <summary>{move || say!(lang, training.knobs.before)}</summary>
                    <HyperparameterControls trainer/>
                </details>
                <ConfirmDialog dialog=replace testid="stored-replace"
                    label=Signal::derive(move || say!(lang, training.stored.replace).to_owned())
                    question=Signal::derive(move || say!(lang, training.stored.replace_sure).to_owned())
                    act=move || trainer.start()/>
                <p class="hint" id="warm-hint">{move || say!(lang, training.before.start_hint)}</p>
            </form>
        </section>
        // It sticks to the bottom of the window once there are slices: the form is far below the slices that were chosen.
        <div class="start-bar" class:ready=ready>
            <button type="submit" form="training-setup" class="primary" data-testid="train-start"
                aria-describedby="start-hint warm-hint" disabled=move || !ready()>
                <Icon shape=Shape::Play/>{move || say!(lang, training.before.start)}
            </button>
            <p class="hint" id="start-hint" role="status">{state}</p>
        </div>
    }
}
