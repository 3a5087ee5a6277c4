//! Personal fields in the header of an NRRD file.

use super::MAX_HEADER;
use crate::slices::decoded::PersonalField;

/// The kinds of personal fields in the `content` field and the `key:=value` pairs of the header.
pub(super) fn fields(bytes: &[u8]) -> Vec<PersonalField> {
    let start = bytes.get(..MAX_HEADER).unwrap_or(bytes);
    let is_end = |at: &usize| start[*at..].starts_with(b"\n\n") || start[*at..].starts_with(b"\n\r\n");
    let end = (0..start.len()).find(is_end).unwrap_or(start.len());
    let header = String::from_utf8_lossy(&start[..end]).to_ascii_lowercase();
    let kinds = header.lines().flat_map(|line| {
        let pair = line.contains(":=");
        let name = line.split(':').next().unwrap_or_default();
        [
            (pair && name.contains("name") && name.contains("patient"), PersonalField::Name),
            (pair && name.contains("birth"), PersonalField::BirthDate),
            (pair && name.contains("patient") && name.contains("id"), PersonalField::PatientId),
            (pair && name.contains("institution"), PersonalField::Hospital),
            (pair && name.contains("date"), PersonalField::Dates),
            (line.starts_with("content:"), PersonalField::FreeText),
        ]
    });
    PersonalField::unique(kinds.filter_map(|(present, kind)| present.then_some(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_header_are_found_and_the_data_is_not_searched() {
        let header = "NRRD0004\r\nContent: scan of Anna\r\nPatient Name:=Anna\r\npatient_id:=42\r\nbirthDate:=1970\r\n\
                      InstitutionName:=here\r\nstudy date:=2020\r\n\r\noperator name:=behind the end";
        let all = [
            PersonalField::Name,
            PersonalField::BirthDate,
            PersonalField::PatientId,
            PersonalField::Hospital,
            PersonalField::Dates,
            PersonalField::FreeText,
        ];
        assert_eq!(fields(header.as_bytes()), all);
        assert!(fields(b"NRRD0004\nspacings: 1 1 1\n\npatient name:=x").is_empty());
        assert!(fields(b"").is_empty() && fields(&[0xFF; 99]).is_empty());
    }
}
