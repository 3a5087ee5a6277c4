//! Words about files: why one was refused and what to do, and which personal fields it holds.

use std::collections::BTreeSet;

use crate::slices::collection::FileWarning;
use crate::slices::decoded::UnsupportedFormat as O;
use crate::slices::decoded::{PersonalField, Refusal};
use crate::slices::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_SIDE, MIN_SIDE};
use crate::slices::people::TableProblem as T;
use crate::ui::logic::fill::fill;
use crate::ui::words::{Lang, say};

/// Why a file was refused, and what to do about it.
pub fn words(lang: Lang, refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (wrong, do_this) = match refusal {
        R::Empty => (say!(lang, reader.empty), say!(lang, reader.empty_do)),
        R::Unknown => (say!(lang, reader.unknown), say!(lang, reader.unknown_do)),
        R::Unsupported(O::Gif | O::WebP | O::Heic) => (say!(lang, reader.picture), say!(lang, reader.picture_do)),
        R::Unsupported(O::Pdf) => (say!(lang, reader.pdf), say!(lang, reader.pdf_do)),
        R::Unsupported(O::Text) => (say!(lang, reader.text), say!(lang, reader.text_do)),
        R::Unsupported(O::Archive) => (say!(lang, reader.archive), say!(lang, reader.archive_do)),
        R::Unsupported(O::Video) => (say!(lang, reader.video), say!(lang, reader.video_do)),
        R::Unsupported(O::Matlab) => (say!(lang, reader.matlab), say!(lang, reader.matlab_do)),
        R::Unsupported(O::FreeSurfer) => (say!(lang, reader.freesurfer), say!(lang, reader.freesurfer_do)),
        R::Unsupported(O::HeaderOnly) => (say!(lang, reader.header_only), say!(lang, reader.header_only_do)),
        R::Table(T::NoFileColumn) => (say!(lang, reader.no_file_column), say!(lang, reader.table_do)),
        R::Table(T::NoPersonColumn) => (say!(lang, reader.no_person_column), say!(lang, reader.table_do)),
        R::Table(T::NoRows) => (say!(lang, reader.no_rows), say!(lang, reader.no_rows_do)),
        R::Table(T::TwoPersons) => (say!(lang, reader.two_persons), say!(lang, reader.two_persons_do)),
        R::Table(T::TooLong) => (say!(lang, reader.long_table), say!(lang, reader.long_table_do)),
        R::Damaged(_) => (say!(lang, reader.damaged), say!(lang, reader.damaged_do)),
        R::DamagedZip => (say!(lang, reader.damaged_zip), say!(lang, reader.damaged_zip_do)),
        R::TooLarge => (say!(lang, reader.too_large), say!(lang, reader.too_large_do)),
        R::UnpacksTooLarge => (say!(lang, reader.bursts), say!(lang, reader.bursts_do)),
        R::TooManyPixels => (say!(lang, reader.too_big), say!(lang, reader.too_big_do)),
        R::TooSmall => (say!(lang, reader.too_small), say!(lang, reader.too_small_do)),
        R::TooManyFiles => (say!(lang, reader.too_many), say!(lang, reader.too_many_do)),
        R::TooManySlices => (say!(lang, reader.too_many_slices), say!(lang, reader.too_many_slices_do)),
        R::NestedZip => (say!(lang, reader.nested), say!(lang, reader.nested_do)),
        R::Encrypted => (say!(lang, reader.locked), say!(lang, reader.locked_do)),
        R::UnsupportedCoding => (say!(lang, reader.coding), say!(lang, reader.coding_do)),
        R::Colour => (say!(lang, reader.colour), say!(lang, reader.colour_do)),
        R::ScreenCapture => (say!(lang, reader.capture), say!(lang, reader.capture_do)),
        R::Mosaic => (say!(lang, reader.mosaic), say!(lang, reader.mosaic_do)),
        R::NoPixels => (say!(lang, reader.no_picture), say!(lang, reader.no_picture_do)),
        R::NotIntensities => (say!(lang, reader.numbers), say!(lang, reader.numbers_do)),
        R::Dimensions => (say!(lang, reader.dimensions), say!(lang, reader.dimensions_do)),
        R::Orientation => (say!(lang, reader.orientation), say!(lang, reader.orientation_do)),
        R::Blank => (say!(lang, reader.blank), say!(lang, reader.blank_do)),
        R::Unreadable => (say!(lang, reader.unreadable), say!(lang, reader.unreadable_do)),
        R::TooSlow => (say!(lang, reader.too_slow), say!(lang, reader.too_slow_do)),
        R::OutOfMemory => (say!(lang, reader.too_heavy), say!(lang, reader.too_heavy_do)),
        R::ReaderFailed => (say!(lang, reader.no_reader), say!(lang, reader.no_reader_do)),
    };
    let most = match refusal {
        R::TooLarge | R::UnpacksTooLarge => MAX_FILE_BYTES >> 20,
        R::TooManyPixels => MAX_SIDE,
        R::TooSmall => MIN_SIDE,
        _ => MAX_FILES,
    };
    let filled = |text: &str| fill(text, &[("most", &most)]);
    (filled(wrong), filled(do_this))
}

/// The name of a kind of personal field.
fn personal(lang: Lang, kind: PersonalField) -> String {
    let name = match kind {
        PersonalField::Name => say!(lang, reader.personal_name),
        PersonalField::BirthDate => say!(lang, reader.personal_birth_date),
        PersonalField::PatientId => say!(lang, reader.personal_patient_id),
        PersonalField::Address => say!(lang, reader.personal_address),
        PersonalField::Hospital => say!(lang, reader.personal_hospital),
        PersonalField::Physician => say!(lang, reader.personal_physician),
        PersonalField::Dates => say!(lang, reader.personal_dates),
        PersonalField::FreeText => say!(lang, reader.personal_free_text),
        PersonalField::Device => say!(lang, reader.personal_device),
    };
    name.to_owned()
}

/// How many files hold personal fields, and of which kinds.
pub fn personal_fields(lang: Lang, warnings: &[FileWarning]) -> String {
    let holding = warnings.iter().filter(|warning| !warning.personal.is_empty());
    let kinds: BTreeSet<PersonalField> = holding.clone().flat_map(|warning| warning.personal.iter().copied()).collect();
    let kinds = kinds.into_iter().map(|kind| personal(lang, kind)).collect::<Vec<_>>().join(", ");
    say!(lang, intake.warning.fields, files = holding.count(), kinds = kinds)
}
