//! Slow motion: one turn of one network, and what it changed.

use leptos::prelude::*;

use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{Network, OverfitCheck, Trainer, TrainingPhase};
use crate::ui::words::{Lang, say, use_lang};

/// A turn that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SingleStep {
    who: Network,
    /// Steps when it was asked for.
    steps: u64,
    /// The last scores before it.
    before: Option<OverfitCheck>,
    /// Whether nothing was learned between those scores and this turn.
    adjoining: bool,
    /// Whether the steps have counted on.
    done: bool,
    /// Scores after it, once they are there.
    after: Option<OverfitCheck>,
}

/// Two buttons, and words about the last turn.
#[component]
pub fn SingleStepPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let turn = RwSignal::new(None::<SingleStep>);
    let able = Memo::new(move |_| {
        trainer.phase.with(|phase| matches!(phase, TrainingPhase::Paused(_) | TrainingPhase::Running))
            && turn.with(|turn| !is_running(turn.as_ref()))
    });
    let take = move |who: Network| {
        let counts = trainer.counts.get_untracked();
        let before = trainer.overfit_checks.with_untracked(|checks| checks.last().copied());
        let adjoining = before.is_some_and(|before| before.images == counts.images);
        turn.set(Some(SingleStep { who, steps: counts.steps, before, adjoining, done: false, after: None }));
        trainer.step(who);
    };
    // The first scores that come after it are its own.
    Effect::new(move || {
        let (steps, check) = (trainer.counts.get().steps, trainer.overfit_checks.with(|checks| checks.last().copied()));
        turn.maybe_update(|turn| {
            let Some(turn) = turn.as_mut() else { return false };
            let before = *turn;
            turn.done |= steps > turn.steps;
            if turn.done && turn.after.is_none() && check != turn.before {
                turn.after = check;
            }
            *turn != before
        });
    });
    // Whatever takes the training away takes the answer away.
    Effect::new(move || {
        if trainer.phase.with(|phase| !matches!(phase, TrainingPhase::Paused(_) | TrainingPhase::Running)) {
            turn.set(None);
        }
    });
    view! {
        <section class="panel slow" aria-labelledby="slow" data-testid="slow">
            <h2 id="slow">{move || say!(lang, training.slow.title)}</h2>
            <p>{move || say!(lang, training.slow.lead)}</p>
            <div class="row">
                <button type="button" class="turn-discriminator" data-testid="train-step" data-who="discriminator"
                    disabled=move || !able.get() on:click=move |_| take(Network::Discriminator)>
                    <Icon shape=Shape::Right/><span class="discriminator">{move || say!(lang, training.slow.discriminator)}</span>
                </button>
                <button type="button" class="turn-generator" data-testid="train-step" data-who="generator"
                    disabled=move || !able.get() on:click=move |_| take(Network::Generator)>
                    <Icon shape=Shape::Right/><span class="generator">{move || say!(lang, training.slow.generator)}</span>
                </button>
            </div>
            <div role="status" data-testid="turn">{move || turn.get().map(|turn| view! { <Account turn/> })}</div>
            <p class="hint">{move || say!(lang, training.slow.hint)}</p>
        </section>
    }
}

fn is_running(turn: Option<&SingleStep>) -> bool {
    turn.is_some_and(|turn| !turn.done)
}

/// What happened in a turn.
#[component]
fn Account(turn: SingleStep) -> impl IntoView {
    let lang = use_lang();
    let what = move || match turn.who {
        Network::Discriminator => say!(lang, training.slow.discriminator_did),
        Network::Generator => say!(lang, training.slow.generator_did),
    };
    let done = turn.done;
    let scores = move || turn.after.map(|after| moved(lang, turn.before.filter(|_| turn.adjoining), after));
    view! {
        <p>{move || if done { what() } else { say!(lang, training.slow.busy) }}</p>
        <p>{scores}</p>
    }
}

/// The scores after a turn, and those just before it if there were any.
fn moved(lang: Lang, before: Option<OverfitCheck>, after: OverfitCheck) -> String {
    let number = |value: f32| lang.numbers().decimal(f64::from(value), 2);
    let (real, fake) = (number(after.train), number(after.generated));
    match before {
        None => say!(lang, training.slow.now, real = real, fake = fake),
        Some(before) => {
            let (real_before, fake_before) = (number(before.train), number(before.generated));
            let moved = say!(
                lang,
                training.slow.moved,
                real_before = real_before,
                real = real,
                fake_before = fake_before,
                fake = fake
            );
            let wider = (after.train - after.generated) > (before.train - before.generated);
            let gap = if wider { say!(lang, training.slow.wider) } else { say!(lang, training.slow.narrower) };
            format!("{moved} {gap}")
        }
    }
}
