//! The buttons that start, pause and stop a training.

use leptos::prelude::*;

use super::confirm_button::ConfirmButton;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{Trainer, TrainingPhase};
use crate::ui::words::{say, use_lang};

/// The button bar. It sticks to the bottom of the window while the rest scrolls.
#[component]
pub fn TrainingControls(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let running = Memo::new(move |_| trainer.phase.with(|phase| *phase == TrainingPhase::Running));
    let paused = Memo::new(move |_| trainer.phase.with(|phase| matches!(phase, TrainingPhase::Paused(_))));
    let ended = Memo::new(move |_| {
        trainer.phase.with(|phase| matches!(phase, TrainingPhase::Stopped | TrainingPhase::Failed(_)))
    });
    let fresh = Memo::new(move |_| trainer.counts.with(|counts| counts.steps == 0));
    let words = move || match (running.get(), fresh.get()) {
        (true, _) => say!(lang, training.control.pause),
        (false, true) => say!(lang, training.control.begin),
        (false, false) => say!(lang, training.control.go),
    };
    let shape = move || if running.get() { Shape::Pause } else { Shape::Play };
    let toggle = move |_| if running.get_untracked() { trainer.pause() } else { trainer.go() };
    let stopped = Memo::new(move |_| trainer.phase.with(|phase| *phase == TrainingPhase::Stopped));
    view! {
        <div class="train-bar" role="group" aria-label=move || say!(lang, training.control.title)>
            <Show when=move || !ended.get()>
                <button type="button" class="primary" data-testid="train-pause" data-running=move || running.get().to_string()
                    disabled=move || !running.get() && !paused.get() on:click=toggle>
                    {move || view! { <Icon shape=shape()/> }}{words}
                </button>
                <ConfirmButton testid="train-stop" label=Signal::derive(move || say!(lang, training.control.stop).to_owned())
                    question=Signal::derive(move || say!(lang, training.control.stop_sure).to_owned())
                    act=move || trainer.stop()/>
            </Show>
            <Show when=move || stopped.get()>
                <button type="button" class="primary" data-testid="train-take-up" on:click=move |_| trainer.resume()>
                    <Icon shape=Shape::Play/>{move || say!(lang, training.control.take_up)}
                </button>
            </Show>
            <ConfirmButton testid="train-over" label=Signal::derive(move || say!(lang, training.control.over).to_owned())
                question=Signal::derive(move || say!(lang, training.control.over_sure).to_owned())
                act=move || trainer.start_over()/>
        </div>
    }
}
