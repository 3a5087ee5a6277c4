//! What became of every file.

use leptos::prelude::*;

use super::file_outcome::{FileOutcome, FileStatus, format_name};
use super::state::IntakeState;
use crate::slices::collection::Collection;
use crate::slices::collection::SliceSource;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::words::words;
use crate::ui::words::{say, use_lang};

/// Refused files up to which the list opens by itself.
const FEW: usize = 12;

/// How far reading or drawing is, and at its end what came of it.
#[component]
pub fn Progress(
    /// What is read.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    // Said once at the start and once at the end, and not with every file.
    let said = Memo::new(move |_| match intake.busy.get().map(|busy| busy.source) {
        Some(SliceSource::Own) => say!(lang, intake.reading).to_owned(),
        Some(SliceSource::Drawings) => say!(lang, intake.drawing).to_owned(),
        Some(SliceSource::Real) | None => {
            let shown = intake.about(|collection| collection.in_range().count());
            shown.map(|count| say!(lang, intake.ready, count = count)).unwrap_or_default()
        }
    });
    let counted =
        move || intake.busy.get().map(|busy| say!(lang, intake.counted, done = busy.done, total = busy.total));
    view! {
        <div class="reading">
            <p class="unseen" role="status" data-testid="intake-status">{said}</p>
            <Show when=move || intake.busy.with(Option::is_some)>
                <p aria-hidden="true">{said}" "{counted}</p>
                <progress aria-label=said max=move || intake.busy.get().map_or(1, |busy| busy.total.max(1)).to_string()
                    prop:value=move || intake.busy.get().map_or(0.0, |busy| busy.done as f64)></progress>
                <Show when=move || intake.busy.with(|busy| busy.is_some_and(|busy| busy.source == SliceSource::Own))>
                    <button type="button" data-testid="stop-reading" on:click=move |_| intake.stop_reading()>
                        {move || say!(lang, intake.stop)}
                    </button>
                </Show>
            </Show>
        </div>
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Refused(crate::slices::decoded::Refusal),
    UnpairedMask,
    OtherSize,
}

/// A line, what is wrong with its file, and whether it is a mask.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Verdict {
    line: FileOutcome,
    wrong: Option<Wrong>,
    mask: bool,
}

/// A line for each file, refused ones first.
#[component]
pub fn Report(
    /// What was read.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let masks = Memo::new(move |_| {
        let masks = |it: &Collection| (it.unpaired_masks.clone(), it.paired_masks());
        intake.about(|it| (it.source == SliceSource::Own).then(|| masks(it))).flatten().unwrap_or_default()
    });
    let verdicts = Memo::new(move |_| {
        let (lone, used) = masks.get();
        let verdict = |line: &FileOutcome| {
            let mask = lone.iter().find(|mask| mask.path == line.path);
            let wrong = match (line.status, mask) {
                (FileStatus::Refused(refusal), _) => Some(Wrong::Refused(refusal)),
                (_, Some(mask)) => Some(if mask.other_size { Wrong::OtherSize } else { Wrong::UnpairedMask }),
                _ => None,
            };
            Verdict { line: line.clone(), wrong, mask: used.contains(&line.path) }
        };
        let mut verdicts: Vec<Verdict> = intake.lines.with(|lines| lines.iter().map(verdict).collect());
        verdicts.sort_by_key(|verdict| verdict.wrong.is_none());
        verdicts
    });
    let counts = move || {
        verdicts.with(|all| {
            let refused = all.iter().filter(|verdict| verdict.wrong.is_some()).count();
            (all.len() - refused, refused)
        })
    };
    let heading = move || {
        let (read, refused) = counts();
        match refused {
            0 => say!(lang, intake.report.all_read, read = read),
            _ => say!(lang, intake.report.some_refused, read = read, refused = refused),
        }
    };
    let item = move |Verdict { line, wrong, mask }: Verdict| {
        let verdict = if wrong.is_none() { "ok" } else { "refused" };
        let about = move || match (wrong, line.status) {
            (Some(Wrong::Refused(refusal)), _) | (None, FileStatus::Refused(refusal)) => {
                let (what, how) = words(lang, &refusal);
                format!("{what} {how}")
            }
            (Some(Wrong::UnpairedMask), _) => say!(lang, intake.report.lone_mask).to_owned(),
            (Some(Wrong::OtherSize), _) => say!(lang, intake.report.other_size).to_owned(),
            (None, FileStatus::Read { format, .. }) if mask => {
                say!(lang, intake.report.mask, format = format_name(format))
            }
            (None, FileStatus::Read { format, slices }) => match slices {
                1 => say!(lang, intake.report.picture, format = format_name(format)),
                _ => say!(lang, intake.report.volume, format = format_name(format), slices = slices),
            },
        };
        view! {
            <li data-verdict=verdict>
                <span class="mark-of" aria-hidden="true">{if verdict == "ok" { "✓" } else { "✕" }}</span>
                <span class="file-name">{line.path.clone()}</span>
                <span class="file-about">
                    <span class="unseen">{move || if wrong.is_none() { "" } else { say!(lang, intake.report.refused) }}</span>
                    " "{about}
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || intake.lines.with(|lines| !lines.is_empty())>
            <details class="report" open=move || (1..=FEW).contains(&counts().1)>
                <summary>
                    <Show when=move || { counts().1 > 0 }><Icon shape=Shape::Warning/>" "</Show>
                    {heading}
                </summary>
                // It scrolls, also for who has no mouse.
                <ul data-testid="file-report" tabindex="0" aria-label=heading>{move || verdicts.get().into_iter().map(item).collect_view()}</ul>
            </details>
        </Show>
    }
}
