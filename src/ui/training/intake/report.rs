//! Progress of a read, and the outcome of every file.

use leptos::prelude::*;

use super::file_outcome::{FileOutcome, FileStatus, format_name};
use super::state::IntakeState;
use crate::slices::collection::Collection;
use crate::slices::collection::SliceSource;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::words::words;
use crate::ui::words::{say, use_lang};

/// The list opens by itself if at most this many files were refused.
const OPEN_UP_TO: usize = 12;

/// Progress of reading or drawing, and afterwards the number of slices.
#[component]
pub fn ReadingProgress(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    // Screen readers hear this at the start and at the end, not for every file.
    let status = Memo::new(move |_| match intake.progress.get().map(|progress| progress.source) {
        Some(SliceSource::Own) => say!(lang, intake.reading).to_owned(),
        Some(SliceSource::Drawings | SliceSource::Shapes) => say!(lang, intake.drawing).to_owned(),
        Some(SliceSource::Real) | None => {
            let shown = intake.with_collection(|collection| collection.in_range().count());
            shown.map(|count| say!(lang, intake.ready, count = count)).unwrap_or_default()
        }
    });
    let counted = move || intake.progress.get().map(|it| say!(lang, intake.counted, done = it.done, total = it.total));
    view! {
        <div class="reading">
            <p class="unseen" role="status" data-testid="intake-status">{status}</p>
            <Show when=move || intake.progress.with(Option::is_some)>
                <p aria-hidden="true">{status}" "{counted}</p>
                <progress aria-label=status max=move || intake.progress.get().map_or(1, |it| it.total.max(1)).to_string()
                    prop:value=move || intake.progress.get().map_or(0.0, |it| it.done as f64)></progress>
                <Show when=move || intake.progress.with(|it| it.is_some_and(|it| it.source == SliceSource::Own))>
                    <button type="button" data-testid="stop-reading" on:click=move |_| intake.stop_reading()>
                        {move || say!(lang, intake.stop)}
                    </button>
                </Show>
            </Show>
        </div>
    }
}

/// Why a file is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileProblem {
    Refused(crate::slices::decoded::Refusal),
    UnpairedMask,
    OtherSize,
    /// A table of persons that names none of the files.
    NamesNoFile,
}

/// A file, why it is not used, and whether it is used as a mask.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ReportedFile {
    file: FileOutcome,
    problem: Option<FileProblem>,
    mask: bool,
    /// Number of files that a table of persons names.
    named: usize,
}

/// One line for each file, refused files first.
#[component]
pub fn IntakeReport(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let known = Memo::new(move |_| {
        let look = |it: &Collection| (it.unpaired_masks.clone(), it.paired_masks(), it.people());
        intake.with_collection(|it| (it.source == SliceSource::Own).then(|| look(it))).flatten().unwrap_or_default()
    });
    let reports = Memo::new(move |_| {
        let (lone, used, people) = known.get();
        let report = |file: &FileOutcome| {
            let mask = lone.iter().find(|mask| mask.path == file.path);
            let named = people.iter().find(|(path, _)| *path == file.path).map_or(0, |(_, files)| *files);
            let problem = match (file.status, mask) {
                (FileStatus::Refused(refusal), _) => Some(FileProblem::Refused(refusal)),
                (FileStatus::People, _) => (named == 0).then_some(FileProblem::NamesNoFile),
                (_, Some(mask)) => {
                    Some(if mask.other_size { FileProblem::OtherSize } else { FileProblem::UnpairedMask })
                }
                _ => None,
            };
            ReportedFile { file: file.clone(), problem, mask: used.contains(&file.path), named }
        };
        let mut reports: Vec<ReportedFile> = intake.outcomes.with(|files| files.iter().map(report).collect());
        reports.sort_by_key(|report| report.problem.is_none());
        reports
    });
    let counts = move || {
        reports.with(|all| {
            let refused = all.iter().filter(|report| report.problem.is_some()).count();
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
    let item = move |ReportedFile { file, problem, mask, named }: ReportedFile| {
        let verdict = if problem.is_none() { "ok" } else { "refused" };
        let description = move || match (problem, file.status) {
            (Some(FileProblem::Refused(refusal)), _) | (None, FileStatus::Refused(refusal)) => {
                let (what, how) = words(lang, &refusal);
                format!("{what} {how}")
            }
            (Some(FileProblem::UnpairedMask), _) => say!(lang, intake.report.lone_mask).to_owned(),
            (Some(FileProblem::OtherSize), _) => say!(lang, intake.report.other_size).to_owned(),
            (Some(FileProblem::NamesNoFile), _) => say!(lang, intake.report.names_no_file).to_owned(),
            (None, FileStatus::People) => say!(lang, intake.report.people, count = named),
            (None, FileStatus::Read { format, .. }) if mask => {
                say!(lang, intake.report.mask, format = format_name(format))
            }
            (None, FileStatus::Read { format, slices: 1 }) => {
                say!(lang, intake.report.picture, format = format_name(format))
            }
            (None, FileStatus::Read { format, slices }) => {
                say!(lang, intake.report.volume, format = format_name(format), slices = slices)
            }
        };
        view! {
            <li data-verdict=verdict>
                <span class="mark-of" aria-hidden="true">{if verdict == "ok" { "✓" } else { "✕" }}</span>
                <span class="file-name">{file.path.clone()}</span>
                <span class="file-about">
                    <span class="unseen">{move || if problem.is_none() { "" } else { say!(lang, intake.report.refused) }}</span>
                    " "{description}
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || intake.outcomes.with(|lines| !lines.is_empty())>
            <details class="report" open=move || (1..=OPEN_UP_TO).contains(&counts().1)>
                <summary>
                    <Show when=move || { counts().1 > 0 }><Icon shape=Shape::Warning/>" "</Show>
                    {heading}
                </summary>
                // Focusable, so that it scrolls without a mouse.
                <ul data-testid="file-report" tabindex="0" aria-label=heading>{move || reports.get().into_iter().map(item).collect_view()}</ul>
            </details>
        </Show>
    }
}
