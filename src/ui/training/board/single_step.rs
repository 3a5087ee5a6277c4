//! Single steps: one training step of one network, and what it changed.

use leptos::prelude::*;

use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{Network, OverfitCheck, Trainer, TrainingPhase};
use crate::ui::words::{Lang, say, use_lang};

/// A single step that the visitor requested.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SingleStep {
    who: Network,
    /// Steps done when it was requested.
    steps: u64,
    /// The last scores before it.
    before: Option<OverfitCheck>,
    /// Whether those scores were measured just before this step.
    comparable: bool,
    /// Whether it has been done.
    done: bool,
    /// Scores after it, once measured.
    after: Option<OverfitCheck>,
}

/// A button for each network, and an account of the last step.
#[component]
pub fn SingleStepPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let step = RwSignal::new(None::<SingleStep>);
    let able = Memo::new(move |_| {
        trainer.phase.with(|phase| matches!(phase, TrainingPhase::Paused(_) | TrainingPhase::Running))
            && step.with(|step| !is_running(step.as_ref()))
    });
    let request_step = move |who: Network| {
        let counts = trainer.counts.get_untracked();
        let before = trainer.overfit_checks.with_untracked(|checks| checks.last().copied());
        let comparable = before.is_some_and(|before| before.images == counts.images);
        step.set(Some(SingleStep { who, steps: counts.steps, before, comparable, done: false, after: None }));
        trainer.step(who);
    };
    // The first new scores after the step belong to it.
    Effect::new(move || {
        let (steps, check) = (trainer.counts.get().steps, trainer.overfit_checks.with(|checks| checks.last().copied()));
        step.maybe_update(|step| {
            let Some(step) = step.as_mut() else { return false };
            let previous = *step;
            step.done |= steps > step.steps;
            if step.done && step.after.is_none() && check != step.before {
                step.after = check;
            }
            *step != previous
        });
    });
    // A training that ended or failed will not report the step.
    Effect::new(move || {
        if trainer.phase.with(|phase| !matches!(phase, TrainingPhase::Paused(_) | TrainingPhase::Running)) {
            step.set(None);
        }
    });
    view! {
        <section class="panel slow" aria-labelledby="slow" data-testid="slow">
            <h2 id="slow">{move || say!(lang, training.slow.title)}</h2>
            <p>{move || say!(lang, training.slow.lead)}</p>
            <div class="row">
                <button type="button" class="turn-discriminator" data-testid="train-step" data-who="discriminator"
                    disabled=move || !able.get() on:click=move |_| request_step(Network::Discriminator)>
                    <Icon shape=Shape::Right/><span class="discriminator">{move || say!(lang, training.slow.discriminator)}</span>
                </button>
                <button type="button" class="turn-generator" data-testid="train-step" data-who="generator"
                    disabled=move || !able.get() on:click=move |_| request_step(Network::Generator)>
                    <Icon shape=Shape::Right/><span class="generator">{move || say!(lang, training.slow.generator)}</span>
                </button>
            </div>
            <div role="status" data-testid="turn">{move || step.get().map(|step| view! { <StepAccount step/> })}</div>
            <p class="hint">{move || say!(lang, training.slow.hint)}</p>
        </section>
    }
}

fn is_running(step: Option<&SingleStep>) -> bool {
    step.is_some_and(|step| !step.done)
}

/// What happened in a single step.
#[component]
fn StepAccount(step: SingleStep) -> impl IntoView {
    let lang = use_lang();
    let what = move || match step.who {
        Network::Discriminator => say!(lang, training.slow.discriminator_did),
        Network::Generator => say!(lang, training.slow.generator_did),
    };
    let done = step.done;
    let scores = move || step.after.map(|after| score_change(lang, step.before.filter(|_| step.comparable), after));
    view! {
        <p>{move || if done { what() } else { say!(lang, training.slow.busy) }}</p>
        <p>{scores}</p>
    }
}

/// The scores after a step, compared with those before it if they are known.
fn score_change(lang: Lang, before: Option<OverfitCheck>, after: OverfitCheck) -> String {
    let number = |value: f32| lang.numbers().decimal(f64::from(value), 2);
    let (real, fake) = (number(after.train), number(after.generated));
    match before {
        None => say!(lang, training.slow.now, real = real, fake = fake),
        Some(before) => {
            let (real_before, fake_before) = (number(before.train), number(before.generated));
            let change = say!(
                lang,
                training.slow.moved,
                real_before = real_before,
                real = real,
                fake_before = fake_before,
                fake = fake
            );
            let wider = (after.train - after.generated) > (before.train - before.generated);
            let gap = if wider { say!(lang, training.slow.wider) } else { say!(lang, training.slow.narrower) };
            format!("{change} {gap}")
        }
    }
}
