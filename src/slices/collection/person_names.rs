//! The person that a file name tells.
//!
//! Only well-known forms: a word such as `glioma` is not a person. A person may have several visits, and they are one person:
//! their slices must not be both learned from and held out.

use std::ops::Range;

use Word::{Any, Code, Digits, Is, Number, Numbered};

use super::names::{parts, stem};

/// A word of a file name, in lower case. Words end at `_`, `-`, `.` and spaces.
enum Word {
    /// Exactly this one.
    Is(&'static str),
    /// This one and a number: `ixi002`.
    Numbered(&'static str),
    /// So many digits.
    Digits(usize),
    /// Any number.
    Number,
    /// So many letters and digits.
    Code(usize),
    /// Anything.
    Any,
}

/// How file names of public data sets begin, and which of the words are the person. The first that fits counts.
const DATA_SETS: [(Range<usize>, &[Word]); 13] = [
    // TCGA_CS_4941_19960909_11: project, site, participant.
    // https://docs.gdc.cancer.gov/Encyclopedia/pages/TCGA_Barcode/
    (0..3, &[Is("tcga"), Code(2), Code(4)]),
    // BraTS-GLI-00000-000-t1c: kind of tumour, person, time point. https://www.synapse.org/Synapse:syn51156910
    (0..3, &[Is("brats"), Code(3), Digits(5)]),
    // BraTS2021_00000_t1. https://www.synapse.org/Synapse:syn25829067
    (0..2, &[Numbered("brats"), Digits(5)]),
    // BraTS20_Training_001_flair. https://www.med.upenn.edu/cbica/brats2020/data.html
    (0..3, &[Numbered("brats"), Is("training"), Number]),
    (0..3, &[Numbered("brats"), Is("validation"), Number]),
    // Brats18_TCIA01_231_1_flair: institution, person, time point. https://www.med.upenn.edu/sbia/brats2018/data.html
    (0..3, &[Numbered("brats"), Any, Any, Digits(1)]),
    // UPENN-GBM-00001_11_T1GD: person, visit. https://doi.org/10.7937/TCIA.709X-DN49
    (0..3, &[Is("upenn"), Is("gbm"), Number]),
    // UCSF-PDGM-0004_T1c. https://doi.org/10.7937/tcia.bdgf-8v37
    (0..3, &[Is("ucsf"), Is("pdgm"), Number]),
    // IXI002-Guys-0828-T1: person, hospital. https://brain-development.org/ixi-dataset/
    (0..1, &[Numbered("ixi")]),
    // OAS1_0001_MR1 and OAS2_0001_MR1: study, person, visit; in the third study OAS30001_MR_d0129.
    // https://sites.wustl.edu/oasisbrains/
    (0..2, &[Numbered("oas"), Digits(4)]),
    (0..1, &[Numbered("oas"), Is("mr")]),
    // ADNI_002_S_0295_MR: site and person. https://adni.loni.usc.edu/data-samples/adni-data/
    (1..4, &[Is("adni"), Digits(3), Is("s"), Digits(4)]),
    (0..3, &[Digits(3), Is("s"), Digits(4)]),
];

/// Words before the number of a person.
const PERSON_WORDS: [&str; 8] = ["sub", "subject", "subj", "pat", "patient", "case", "pid", "person"];
/// Letters before the number of a person, without a space.
const PERSON_LETTERS: [&str; 1] = ["p"];
/// Names of sequences and machines, which are no persons: `subT1_3.png`.
const SEQUENCES: [&str; 14] =
    ["T1", "T2", "T1C", "T1CE", "T1GD", "T1W", "T2W", "PD", "FLAIR", "DWI", "ADC", "MR", "MRI", "CT"];

impl Word {
    fn fits(&self, word: &str) -> bool {
        let are_digits = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit());
        match *self {
            Is(wanted) => word == wanted,
            Numbered(start) => word.strip_prefix(start).is_some_and(are_digits),
            Digits(length) => word.len() == length && are_digits(word),
            Number => are_digits(word),
            Code(length) => word.len() == length && word.bytes().all(|letter| letter.is_ascii_alphanumeric()),
            Any => true,
        }
    }
}

/// Divides a file name into words.
fn words(stem: &str) -> Vec<&str> {
    stem.split(['_', '-', '.', ' ']).filter(|word| !word.is_empty()).collect()
}

/// The person that a file name tells, in lower case: `tcga-cs-4941` of `TCGA_CS_4941_19960909_11.tif`, `sub-01` of
/// `sub-01_slice-12.png`, `patient-12` of `patient12_3.png`, `pat-abc` of `patABC_3.png`.
pub(super) fn person_in(path: &str) -> Option<String> {
    let stem = stem(parts(path).1);
    let small = stem.to_lowercase();
    let as_written = words(stem);
    let words = words(&small);
    let fits = |pattern: &[Word]| {
        words.len() >= pattern.len() && pattern.iter().zip(&words).all(|(wanted, word)| wanted.fits(word))
    };
    let known = DATA_SETS.iter().find(|(_, pattern)| fits(pattern));
    known
        .map(|(person, _)| words[person.clone()].join("-"))
        .or_else(|| numbered_person(&words))
        .or_else(|| lettered_person(&as_written))
}

/// `patient-12` of `patient12` or `patient 12`, if more words follow: the slice. Without more words the number may be that of
/// the slice, and each file would be a person.
fn numbered_person(words: &[&str]) -> Option<String> {
    let first = words.first()?;
    let bare = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let joined = bare.len() < first.len();
    let (number, used) = if joined { (&first[bare.len()..], 1) } else { (*words.get(1)?, 2) };
    let numbered = number.bytes().any(|letter| letter.is_ascii_digit());
    let is_person = PERSON_WORDS.contains(&bare) || (joined && PERSON_LETTERS.contains(&bare));
    (words.len() > used && numbered && is_person).then(|| format!("{bare}-{number}"))
}

/// `pat-abc` of `patABC`, if more words follow. The capital letters tell where the word before them ends: `pattern` is one word.
fn lettered_person(words: &[&str]) -> Option<String> {
    let first = words.first().filter(|_| words.len() > 1)?;
    let (bare, letters) = first.split_at(first.rfind(|letter: char| letter.is_ascii_lowercase())? + 1);
    let code = |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    let capitals = letters.bytes().any(|letter| letter.is_ascii_uppercase()) && letters.bytes().all(code);
    let bare = bare.to_lowercase();
    let is_person = PERSON_WORDS.contains(&bare.as_str()) && capitals && !SEQUENCES.contains(&letters);
    is_person.then(|| format!("{bare}-{}", letters.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names_tell_a_person() {
        let told = |path: &str| person_in(path);
        assert_eq!(told("glioma/TCGA_CS_4941_19960909_11.tif").as_deref(), Some("tcga-cs-4941"));
        assert_eq!(told("TCGA-DU-A5TT-1.png"), told("x/tcga_du_a5tt_9_mask.tif"));
        assert_eq!(told("sub-01_slice-12.png").as_deref(), Some("sub-01"));
        assert_eq!(told("sub-01_T1w.png"), told("sub01_7.png"));
        assert_eq!(told("Patient 12 slice 3.jpg").as_deref(), Some("patient-12"));
        assert_eq!(told("P01_7.png").as_deref(), Some("p-01"));
        assert_ne!(told("case_7_1.png"), told("case_8_1.png"));
        for path in [
            "glioma_001.png",
            "Tr-gl_0010.jpg",
            "slice 12.png",
            "patient_7.png",
            "12_3.png",
            "tcga.png",
            "p_7_1.png",
            "P01.png",
            "brats.png",
            "ixi.nii.gz",
            "002_s_2.png",
            "",
            "sub",
        ] {
            assert_eq!(told(path), None, "{path}");
        }
    }

    #[test]
    fn capital_letters_after_a_word_for_a_person_are_its_code() {
        let told = |path: &str| person_in(path);
        assert_eq!(told("patABC_01.png").as_deref(), Some("pat-abc"));
        assert_eq!(told("patABC_01.png"), told("scans/patABC-2.png"));
        assert_eq!(told("PatientA 3.jpg").as_deref(), Some("patient-a"));
        assert_eq!(told("caseAB12_7.png").as_deref(), Some("case-ab12"));
        assert_ne!(told("subjXY_1.png"), told("subjXZ_1.png"));
        for path in [
            "pattern_01.png",
            "Pattern_01.png",
            "PATTERN_01.png",
            "patch_3.png",
            "patella_left_2.png",
            "patternABC_01.png",
            "subtraction_4.png",
            "subT1_3.png",
            "patMRI_3.png",
            "patABC.png",
            "patAbc_1.png",
            "glioma_001.png",
        ] {
            assert_eq!(told(path), None, "{path}");
        }
    }

    #[test]
    fn all_visits_and_sequences_in_public_data_sets_are_one_person() {
        let same = [
            ("brats-gli-00000", ["BraTS-GLI-00000-000-t1c.nii.gz", "BraTS-GLI-00000-001-seg.nii.gz"]),
            ("brats2021-00495", ["BraTS2021_00495_t1.nii.gz", "BraTS2021_00495_flair_80.png"]),
            ("brats20-training-001", ["BraTS20_Training_001_flair.nii", "BraTS20_Training_001_t1ce.nii"]),
            ("brats20-validation-001", ["BraTS20_Validation_001_t1.nii", "BraTS20_Validation_001_t2.nii"]),
            ("brats18-tcia01-231", ["Brats18_TCIA01_231_1_flair.nii.gz", "Brats18_TCIA01_231_1_t1.nii.gz"]),
            ("upenn-gbm-00001", ["UPENN-GBM-00001_11_T1GD.nii.gz", "UPENN-GBM-00001_21_FLAIR.nii.gz"]),
            ("ucsf-pdgm-0004", ["UCSF-PDGM-0004_T1c.nii.gz", "UCSF-PDGM-0004_FU003d_T1c.nii.gz"]),
            ("ixi002", ["IXI002-Guys-0828-T1.nii.gz", "IXI002-Guys-0828-T2.nii.gz"]),
            ("oas1-0001", ["OAS1_0001_MR1_mpr-1.nii.gz", "OAS1_0001_MR2.png"]),
            ("oas30001", ["OAS30001_MR_d0129.nii.gz", "OAS30001_MR_d2430.nii.gz"]),
            ("002-s-0295", ["ADNI_002_S_0295_MR_MP-RAGE_br_raw_20060418_1.nii", "002_S_0295_I13722.png"]),
        ];
        for (person, files) in same {
            assert_eq!(files.map(person_in), [Some(person.to_owned()), Some(person.to_owned())]);
        }
    }
}
