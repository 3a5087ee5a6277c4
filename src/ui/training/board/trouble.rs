//! What took the training away, in words, with a way on.

use leptos::prelude::*;

use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{DeviceKind, Loss, Phase, Trainer};
use crate::ui::words::{Lang, say, use_lang};

/// The panel; there only while something is wrong.
#[component]
pub fn Trouble(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    move || match trainer.phase.get() {
        Phase::Recovering(loss) => Some(view! { <Recovering loss/> }.into_any()),
        Phase::Failed { loss, detail } => {
            let (title, text) = explain(lang, loss);
            let try_again = move |_| again(trainer, None);
            let on_processor = move |_| again(trainer, Some(DeviceKind::Cpu));
            let on_card = trainer.plan.with_untracked(|plan| plan.device != Some(DeviceKind::Cpu));
            Some(
                view! {
                    <section class="failure" role="alert" data-testid="train-failure">
                        <h3><Icon shape=Shape::Warning/>{title}</h3>
                        <p>{text}</p>
                        <div class="row">
                            <button type="button" class="primary" data-testid="train-again" on:click=try_again>
                                {say!(lang, trouble.again)}
                            </button>
                            <button type="button" data-testid="train-on-cpu" hidden=!on_card on:click=on_processor>
                                {say!(lang, trouble.on_cpu)}
                            </button>
                        </div>
                        <details>
                            <summary>{say!(lang, trouble.detail)}</summary>
                            <p lang="en"><code>{detail}</code></p>
                        </details>
                    </section>
                }
                .into_any(),
            )
        }
        _ => None,
    }
}

/// Takes up the last checkpoint, on the processor if so asked.
fn again(trainer: Trainer, device: Option<DeviceKind>) {
    if device.is_some() {
        trainer.plan.update(|plan| plan.device = device);
    }
    trainer.take_up();
}

/// A new engine is on its way. The status line says that to who cannot see it.
#[component]
fn Recovering(loss: Loss) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel recovering" data-testid="recovering">
            <p><strong>{move || explain(lang, loss).0}</strong></p>
            <p>{move || say!(lang, training.loss.recovering)}</p>
        </section>
    }
}

fn explain(lang: Lang, loss: Loss) -> (&'static str, &'static str) {
    match loss {
        Loss::Device => (say!(lang, training.loss.device), say!(lang, training.loss.device_text)),
        Loss::Worker => (say!(lang, training.loss.worker), say!(lang, training.loss.worker_text)),
        Loss::Silence => (say!(lang, training.loss.silence), say!(lang, training.loss.silence_text)),
        Loss::WeightsMissing => {
            (say!(lang, training.loss.weights_missing), say!(lang, training.loss.weights_missing_text))
        }
        Loss::WeightsBroken => {
            (say!(lang, training.loss.weights_broken), say!(lang, training.loss.weights_broken_text))
        }
        Loss::NoGpu => (say!(lang, training.loss.no_gpu), say!(lang, training.loss.no_gpu_text)),
        Loss::Refused => (say!(lang, training.loss.refused), say!(lang, training.loss.refused_text)),
    }
}
