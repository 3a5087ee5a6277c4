//! Which kinds of personal fields a file holds. Values are looked at here and go no further.

mod exif;

use dicom_dictionary_std::tags;
use dicom_object::Tag;
use nifti::NiftiHeader;

use super::dicom::Fields;
use super::open::{Format, Personal};

/// The elements of a DICOM file by the kind that they tell.
const ELEMENTS: [(Tag, Personal); 44] = [
    (tags::PATIENT_NAME, Personal::Name),
    (tags::OTHER_PATIENT_NAMES, Personal::Name),
    (tags::PATIENT_BIRTH_NAME, Personal::Name),
    (tags::PATIENT_MOTHER_BIRTH_NAME, Personal::Name),
    (tags::RESPONSIBLE_PERSON, Personal::Name),
    (tags::PATIENT_BIRTH_DATE, Personal::BirthDate),
    (tags::PATIENT_BIRTH_TIME, Personal::BirthDate),
    (tags::PATIENT_AGE, Personal::BirthDate),
    (tags::PATIENT_ID, Personal::PatientId),
    (Tag(0x0010, 0x1000), Personal::PatientId),
    (tags::OTHER_PATIENT_I_DS_SEQUENCE, Personal::PatientId),
    (tags::ACCESSION_NUMBER, Personal::PatientId),
    (tags::STUDY_ID, Personal::PatientId),
    (tags::ADMISSION_ID, Personal::PatientId),
    (tags::ISSUER_OF_PATIENT_ID, Personal::PatientId),
    (tags::PATIENT_ADDRESS, Personal::Address),
    (tags::PATIENT_TELEPHONE_NUMBERS, Personal::Address),
    (tags::COUNTRY_OF_RESIDENCE, Personal::Address),
    (tags::INSTITUTION_NAME, Personal::Hospital),
    (tags::INSTITUTION_ADDRESS, Personal::Hospital),
    (tags::INSTITUTIONAL_DEPARTMENT_NAME, Personal::Hospital),
    (tags::REFERRING_PHYSICIAN_NAME, Personal::Physician),
    (tags::PERFORMING_PHYSICIAN_NAME, Personal::Physician),
    (tags::PHYSICIANS_OF_RECORD, Personal::Physician),
    (tags::NAME_OF_PHYSICIANS_READING_STUDY, Personal::Physician),
    (tags::REQUESTING_PHYSICIAN, Personal::Physician),
    (tags::OPERATORS_NAME, Personal::Physician),
    (tags::STUDY_DATE, Personal::Dates),
    (tags::SERIES_DATE, Personal::Dates),
    (tags::ACQUISITION_DATE, Personal::Dates),
    (tags::CONTENT_DATE, Personal::Dates),
    (tags::ACQUISITION_DATE_TIME, Personal::Dates),
    (tags::INSTANCE_CREATION_DATE, Personal::Dates),
    (tags::PATIENT_COMMENTS, Personal::FreeText),
    (tags::IMAGE_COMMENTS, Personal::FreeText),
    (Tag(0x0032, 0x4000), Personal::FreeText),
    (tags::ADDITIONAL_PATIENT_HISTORY, Personal::FreeText),
    (tags::ADMITTING_DIAGNOSES_DESCRIPTION, Personal::FreeText),
    (tags::OCCUPATION, Personal::FreeText),
    (tags::STUDY_DESCRIPTION, Personal::FreeText),
    (tags::REQUESTED_PROCEDURE_DESCRIPTION, Personal::FreeText),
    (tags::DEVICE_SERIAL_NUMBER, Personal::Device),
    (tags::STATION_NAME, Personal::Device),
    (tags::PERFORMED_STATION_NAME, Personal::Device),
];

/// What stands for a name that was taken out.
const NOBODY: [&str; 5] = ["anon", "removed", "deidentified", "de-identified", "unknown"];

/// Of a DICOM file.
pub(super) fn of_dicom(file: Fields) -> Vec<Personal> {
    let removed = file.text(tags::PATIENT_IDENTITY_REMOVED).is_some_and(|text| text == "YES");
    let told = |(tag, kind): &(Tag, Personal)| {
        let replaced = match kind {
            Personal::PatientId => removed,
            Personal::Name => removed || file.text(*tag).is_some_and(|name| nobody(&name)),
            _ => false,
        };
        (file.says(*tag) && !replaced).then_some(*kind)
    };
    once(ELEMENTS.iter().filter_map(told))
}

fn nobody(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NOBODY.iter().any(|word| name.contains(word))
}

/// Of a NIfTI file, which may have more words behind its header.
pub(super) fn of_nifti(header: &NiftiHeader, more: bool) -> Vec<Personal> {
    let says = |field: &[u8]| field.iter().take_while(|byte| **byte != 0).any(|byte| byte.is_ascii_alphanumeric());
    let text = says(&header.descrip) || says(&header.aux_file) || says(&header.intent_name) || more;
    let kinds = [(says(&header.db_name), Personal::PatientId), (text, Personal::FreeText)];
    once(kinds.into_iter().filter_map(|(there, kind)| there.then_some(kind)))
}

/// Of an NRRD file: the notes and the description in its header.
pub(super) fn of_nrrd(bytes: &[u8]) -> Vec<Personal> {
    let start = bytes.get(..super::nrrd::MAX_HEADER).unwrap_or(bytes);
    let blank = |at: &usize| start[*at..].starts_with(b"\n\n") || start[*at..].starts_with(b"\n\r\n");
    let end = (0..start.len()).find(blank).unwrap_or(start.len());
    let header = String::from_utf8_lossy(&start[..end]).to_ascii_lowercase();
    let kinds = header.lines().flat_map(|line| {
        let note = line.contains(":=");
        let name = line.split(':').next().unwrap_or_default();
        [
            (note && name.contains("name") && name.contains("patient"), Personal::Name),
            (note && name.contains("birth"), Personal::BirthDate),
            (note && name.contains("patient") && name.contains("id"), Personal::PatientId),
            (note && name.contains("institution"), Personal::Hospital),
            (note && name.contains("date"), Personal::Dates),
            (line.starts_with("content:"), Personal::FreeText),
        ]
    });
    once(kinds.filter_map(|(there, kind)| there.then_some(kind)))
}

/// Of a picture.
pub(super) fn of_picture(format: Format, bytes: &[u8]) -> Vec<Personal> {
    match format {
        Format::Png => once(exif::of_png(bytes)),
        Format::Jpeg => once(exif::of_jpeg(bytes)),
        Format::Tiff => once(exif::of_tiff(bytes)),
        _ => Vec::new(),
    }
}

/// Each once, in order.
fn once(kinds: impl IntoIterator<Item = Personal>) -> Vec<Personal> {
    let mut kinds: Vec<Personal> = kinds.into_iter().collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests;
