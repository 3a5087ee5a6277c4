//! Attributes that identify a person, in the sense of the confidentiality profiles of PS3.15 annex E.

use dicom_dictionary_std::tags;
use dicom_object::Tag;

use super::attributes::Attributes;
use crate::slices::decoded::PersonalField;

/// Attributes by the kind of information that they hold.
const PERSONAL_TAGS: [(Tag, PersonalField); 44] = [
    (tags::PATIENT_NAME, PersonalField::Name),
    (tags::OTHER_PATIENT_NAMES, PersonalField::Name),
    (tags::PATIENT_BIRTH_NAME, PersonalField::Name),
    (tags::PATIENT_MOTHER_BIRTH_NAME, PersonalField::Name),
    (tags::RESPONSIBLE_PERSON, PersonalField::Name),
    (tags::PATIENT_BIRTH_DATE, PersonalField::BirthDate),
    (tags::PATIENT_BIRTH_TIME, PersonalField::BirthDate),
    (tags::PATIENT_AGE, PersonalField::BirthDate),
    (tags::PATIENT_ID, PersonalField::PatientId),
    (Tag(0x0010, 0x1000), PersonalField::PatientId),
    (tags::OTHER_PATIENT_I_DS_SEQUENCE, PersonalField::PatientId),
    (tags::ACCESSION_NUMBER, PersonalField::PatientId),
    (tags::STUDY_ID, PersonalField::PatientId),
    (tags::ADMISSION_ID, PersonalField::PatientId),
    (tags::ISSUER_OF_PATIENT_ID, PersonalField::PatientId),
    (tags::PATIENT_ADDRESS, PersonalField::Address),
    (tags::PATIENT_TELEPHONE_NUMBERS, PersonalField::Address),
    (tags::COUNTRY_OF_RESIDENCE, PersonalField::Address),
    (tags::INSTITUTION_NAME, PersonalField::Hospital),
    (tags::INSTITUTION_ADDRESS, PersonalField::Hospital),
    (tags::INSTITUTIONAL_DEPARTMENT_NAME, PersonalField::Hospital),
    (tags::REFERRING_PHYSICIAN_NAME, PersonalField::Physician),
    (tags::PERFORMING_PHYSICIAN_NAME, PersonalField::Physician),
    (tags::PHYSICIANS_OF_RECORD, PersonalField::Physician),
    (tags::NAME_OF_PHYSICIANS_READING_STUDY, PersonalField::Physician),
    (tags::REQUESTING_PHYSICIAN, PersonalField::Physician),
    (tags::OPERATORS_NAME, PersonalField::Physician),
    (tags::STUDY_DATE, PersonalField::Dates),
    (tags::SERIES_DATE, PersonalField::Dates),
    (tags::ACQUISITION_DATE, PersonalField::Dates),
    (tags::CONTENT_DATE, PersonalField::Dates),
    (tags::ACQUISITION_DATE_TIME, PersonalField::Dates),
    (tags::INSTANCE_CREATION_DATE, PersonalField::Dates),
    (tags::PATIENT_COMMENTS, PersonalField::FreeText),
    (tags::IMAGE_COMMENTS, PersonalField::FreeText),
    (Tag(0x0032, 0x4000), PersonalField::FreeText),
    (tags::ADDITIONAL_PATIENT_HISTORY, PersonalField::FreeText),
    (tags::ADMITTING_DIAGNOSES_DESCRIPTION, PersonalField::FreeText),
    (tags::OCCUPATION, PersonalField::FreeText),
    (tags::STUDY_DESCRIPTION, PersonalField::FreeText),
    (tags::REQUESTED_PROCEDURE_DESCRIPTION, PersonalField::FreeText),
    (tags::DEVICE_SERIAL_NUMBER, PersonalField::Device),
    (tags::STATION_NAME, PersonalField::Device),
    (tags::PERFORMED_STATION_NAME, PersonalField::Device),
];

/// Words in a patient name that was replaced.
const ANONYMOUS_NAMES: [&str; 5] = ["anon", "removed", "deidentified", "de-identified", "unknown"];

/// The kinds of personal fields in a file. Names and identifiers that were replaced do not count.
pub(super) fn fields(file: Attributes) -> Vec<PersonalField> {
    let identity_removed = file.text(tags::PATIENT_IDENTITY_REMOVED).is_some_and(|text| text == "YES");
    let present = |(tag, kind): &(Tag, PersonalField)| {
        let replaced = match kind {
            PersonalField::PatientId => identity_removed,
            PersonalField::Name => identity_removed || file.text(*tag).is_some_and(|name| is_anonymous(&name)),
            _ => false,
        };
        (file.has_value(*tag) && !replaced).then_some(*kind)
    };
    PersonalField::unique(PERSONAL_TAGS.iter().filter_map(present))
}

fn is_anonymous(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ANONYMOUS_NAMES.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use crate::slices::decoded::PersonalField;
    use crate::slices::dicom;
    use crate::slices::forge::Dicom;

    fn fields(change: impl FnOnce(&mut Dicom)) -> Vec<PersonalField> {
        let mut file = Dicom::new(16, 16);
        change(&mut file);
        dicom::open("a.dcm", &file.bytes()).unwrap().personal
    }

    #[test]
    fn every_kind_is_found() {
        assert_eq!(fields(|_| {}), [PersonalField::PatientId]);
        let cases = [
            (0x10, 0x10, "PN", "Jansen^Anna", PersonalField::Name),
            (0x10, 0x30, "DA", "19700101", PersonalField::BirthDate),
            (0x10, 0x1010, "AS", "054Y", PersonalField::BirthDate),
            (0x10, 0x1040, "LO", "Street 1", PersonalField::Address),
            (0x8, 0x80, "LO", "Hospital", PersonalField::Hospital),
            (0x8, 0x90, "PN", "Smit", PersonalField::Physician),
            (0x8, 0x20, "DA", "20200101", PersonalField::Dates),
            (0x10, 0x4000, "LT", "remark", PersonalField::FreeText),
            (0x18, 0x1000, "LO", "12345", PersonalField::Device),
        ];
        for (group, element, kind, text, wanted) in cases {
            let mut both = [PersonalField::PatientId, wanted];
            both.sort_unstable();
            assert_eq!(fields(|file| file.text(group, element, kind, text)), both, "{wanted:?}");
            // Present, but empty.
            assert_eq!(fields(|file| file.text(group, element, kind, "  ")), [PersonalField::PatientId], "{wanted:?}");
        }
    }

    #[test]
    fn replaced_names_and_identifiers_do_not_count() {
        for name in ["Anonymous", "ANON^1", "de-identified", "REMOVED"] {
            assert_eq!(fields(|file| file.text(0x10, 0x10, "PN", name)), [PersonalField::PatientId], "{name}");
        }
        let removed = |file: &mut Dicom| {
            file.text(0x10, 0x10, "PN", "Subject 7");
            file.text(0x12, 0x62, "CS", "YES");
        };
        assert!(fields(removed).is_empty());
    }
}
