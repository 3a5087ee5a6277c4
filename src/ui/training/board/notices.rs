//! Notices about problems in the training: what is seen, why, and what to try.

use leptos::prelude::*;

use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{Notice, NoticeKind, Trainer};
use crate::ui::words::{Lang, say, use_lang};

/// The cards. A screen reader announces each card when it appears.
#[component]
pub fn NoticeCards(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=move || trainer.notices.get() key=|notice| notice.kind let:notice>
                <NoticeCard notice/>
            </For>
        </div>
    }
}

#[component]
fn NoticeCard(notice: Notice) -> impl IntoView {
    let lang = use_lang();
    let Notice { kind, images } = notice;
    let since =
        move || (images > 0).then(|| say!(lang, training.notice.since, images = lang.numbers().grouped(images)));
    view! {
        <article class="notice" data-testid="notice" data-kind=format!("{kind:?}")>
            <h3><Icon shape=Shape::Warning/>{move || words(lang, kind)[0]}</h3>
            <p>{move || words(lang, kind)[1]}</p>
            <p><strong>{move || say!(lang, training.notice.try_this)}</strong>" "{move || words(lang, kind)[2]}</p>
            <p class="hint">{since}</p>
        </article>
    }
}

/// What is seen, why, and what to try.
fn words(lang: Lang, kind: NoticeKind) -> [&'static str; 3] {
    macro_rules! three {
        ($kind:ident) => {
            [
                say!(lang, training.notice.$kind.seen),
                say!(lang, training.notice.$kind.why),
                say!(lang, training.notice.$kind.advice),
            ]
        };
    }
    match kind {
        NoticeKind::FewSlices => three!(few_slices),
        NoticeKind::NothingHeldOut => three!(nothing_held_out),
        NoticeKind::Collapse => three!(collapse),
        NoticeKind::DiscriminatorStrong => three!(strong),
        NoticeKind::Copying => three!(copying),
        NoticeKind::Diverged => three!(diverged),
    }
}
