//! Attributes that identify a person, in the sense of the confidentiality profiles of PS3.15 annex E.

use super::attributes::Attributes;
use super::elements::Tag;
use super::tags;
use crate::slices::decoded::PersonalField;

/// Attributes by the kind of information that they hold.
pub(super) const PERSONAL_TAGS: [(Tag, PersonalField); 44] = [
    ((0x0010, 0x0010), PersonalField::Name),      // PatientName
    ((0x0010, 0x1001), PersonalField::Name),      // OtherPatientNames
    ((0x0010, 0x1005), PersonalField::Name),      // PatientBirthName
    ((0x0010, 0x1060), PersonalField::Name),      // PatientMotherBirthName
    ((0x0010, 0x2297), PersonalField::Name),      // ResponsiblePerson
    ((0x0010, 0x0030), PersonalField::BirthDate), // PatientBirthDate
    ((0x0010, 0x0032), PersonalField::BirthDate), // PatientBirthTime
    ((0x0010, 0x1010), PersonalField::BirthDate), // PatientAge
    ((0x0010, 0x0020), PersonalField::PatientId), // PatientID
    ((0x0010, 0x1000), PersonalField::PatientId), // OtherPatientIDs
    ((0x0010, 0x1002), PersonalField::PatientId), // OtherPatientIDsSequence
    ((0x0008, 0x0050), PersonalField::PatientId), // AccessionNumber
    ((0x0020, 0x0010), PersonalField::PatientId), // StudyID
    ((0x0038, 0x0010), PersonalField::PatientId), // AdmissionID
    ((0x0010, 0x0021), PersonalField::PatientId), // IssuerOfPatientID
    ((0x0010, 0x1040), PersonalField::Address),   // PatientAddress
    ((0x0010, 0x2154), PersonalField::Address),   // PatientTelephoneNumbers
    ((0x0010, 0x2150), PersonalField::Address),   // CountryOfResidence
    ((0x0008, 0x0080), PersonalField::Hospital),  // InstitutionName
    ((0x0008, 0x0081), PersonalField::Hospital),  // InstitutionAddress
    ((0x0008, 0x1040), PersonalField::Hospital),  // InstitutionalDepartmentName
    ((0x0008, 0x0090), PersonalField::Physician), // ReferringPhysicianName
    ((0x0008, 0x1050), PersonalField::Physician), // PerformingPhysicianName
    ((0x0008, 0x1048), PersonalField::Physician), // PhysiciansOfRecord
    ((0x0008, 0x1060), PersonalField::Physician), // NameOfPhysiciansReadingStudy
    ((0x0032, 0x1032), PersonalField::Physician), // RequestingPhysician
    ((0x0008, 0x1070), PersonalField::Physician), // OperatorsName
    ((0x0008, 0x0020), PersonalField::Dates),     // StudyDate
    ((0x0008, 0x0021), PersonalField::Dates),     // SeriesDate
    ((0x0008, 0x0022), PersonalField::Dates),     // AcquisitionDate
    ((0x0008, 0x0023), PersonalField::Dates),     // ContentDate
    ((0x0008, 0x002A), PersonalField::Dates),     // AcquisitionDateTime
    ((0x0008, 0x0012), PersonalField::Dates),     // InstanceCreationDate
    ((0x0010, 0x4000), PersonalField::FreeText),  // PatientComments
    ((0x0020, 0x4000), PersonalField::FreeText),  // ImageComments
    ((0x0032, 0x4000), PersonalField::FreeText),  // StudyComments
    ((0x0010, 0x21B0), PersonalField::FreeText),  // AdditionalPatientHistory
    ((0x0008, 0x1080), PersonalField::FreeText),  // AdmittingDiagnosesDescription
    ((0x0010, 0x2180), PersonalField::FreeText),  // Occupation
    ((0x0008, 0x1030), PersonalField::FreeText),  // StudyDescription
    ((0x0032, 0x1060), PersonalField::FreeText),  // RequestedProcedureDescription
    ((0x0018, 0x1000), PersonalField::Device),    // DeviceSerialNumber
    ((0x0008, 0x1010), PersonalField::Device),    // StationName
    ((0x0040, 0x0242), PersonalField::Device),    // PerformedStationName
];

/// Words in a patient name that was replaced.
const ANONYMOUS_NAMES: [&str; 5] = ["anon", "removed", "deidentified", "de-identified", "unknown"];

/// The kinds of personal fields in a file. Names and identifiers that were replaced do not count.
pub(super) fn fields(file: &Attributes) -> Vec<PersonalField> {
    let identity_removed = file.text(tags::PATIENT_IDENTITY_REMOVED).is_some_and(|text| text == "YES");
    let present = |(tag, kind): &(Tag, PersonalField)| {
        let replaced = match kind {
            PersonalField::PatientId => identity_removed,
            PersonalField::Name => identity_removed || file.text(*tag).is_some_and(|name| is_anonymous(&name)),
            _ => false,
        };
        (file.text(*tag).is_some() && !replaced).then_some(*kind)
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
