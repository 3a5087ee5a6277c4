//! Published reader studies: how well people and programs told real from generated images.
//!
//! Only studies that report a number. They had other images and other tasks; the page shows them for comparison and
//! says so.

/// Kind of image material, by similarity to this game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StudyMaterial {
    /// Brain MRI.
    Brain,
    /// Other medical images.
    Medical,
    /// Faces.
    Faces,
}

impl StudyMaterial {
    /// All kinds, the most similar to this game first.
    pub const ALL: [StudyMaterial; 3] = [StudyMaterial::Brain, StudyMaterial::Medical, StudyMaterial::Faces];
}

/// Who rated the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderGroup {
    /// Radiologists or cardiologists.
    Doctors,
    /// Doctors of stomach and bowel.
    Gastroenterologists,
    /// People without medical training.
    Public,
    /// A computer program.
    Program,
}

/// What the reported percentage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StudyMetric {
    /// Correct answers about real and generated images together (accuracy).
    Right,
    /// Generated images that were recognised; nothing about real ones.
    Spotted,
}

/// Results of one study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReaderStudy {
    /// Authors and year.
    pub name: &'static str,
    /// Kind of material.
    pub material: StudyMaterial,
    /// Kind of image, as a key of the translations.
    pub picture: StudyImage,
    /// Architecture of the network that made the images; empty if not stated.
    pub network: &'static str,
    /// Who rated the images.
    pub reader: ReaderGroup,
    /// Number of raters; 0 if not stated.
    pub readers: u16,
    /// What the percentages count.
    pub counted: StudyMetric,
    /// Results in percent, ascending: one per rater if the study reports them, else one for the group.
    pub percent: &'static [f64],
    /// Result in percent after clues, training or feedback.
    pub taught: Option<f64>,
    /// Where it was published.
    pub source: &'static str,
}

/// Kinds of image in the studies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StudyImage {
    /// T1-weighted brain MRI.
    BrainT1,
    /// Brain MRI with tumours.
    BrainTumour,
    /// CT of the body.
    BodyCt,
    /// Perfusion images of the heart.
    Heart,
    /// X-ray images of several parts of the body.
    XRay,
    /// X-ray images of the chest.
    ChestXRay,
    /// Pictures of the bowel with polyps, through a camera.
    Colonoscopy,
    /// Medical images of several kinds, or of a kind not listed here.
    Medical,
    /// Faces.
    Face,
}

/// All studies, sorted by material: those most similar to this game first, then by year.
pub const STUDIES: [ReaderStudy; 10] = [
    ReaderStudy {
        name: "Kazuhiro 2018",
        material: StudyMaterial::Brain,
        picture: StudyImage::BrainT1,
        network: "DCGAN",
        reader: ReaderGroup::Doctors,
        readers: 5,
        counted: StudyMetric::Right,
        percent: &[30.0, 55.0, 64.0, 72.0, 83.0],
        taught: None,
        source: "Tomography",
    },
    ReaderStudy {
        name: "BRISC 2026",
        material: StudyMaterial::Brain,
        picture: StudyImage::BrainTumour,
        network: "StyleGAN2-ADA",
        reader: ReaderGroup::Program,
        readers: 1,
        counted: StudyMetric::Right,
        percent: &[57.7],
        taught: None,
        source: "arXiv 2605.23094",
    },
    ReaderStudy {
        name: "Park 2021",
        material: StudyMaterial::Medical,
        picture: StudyImage::BodyCt,
        network: "PGGAN",
        reader: ReaderGroup::Doctors,
        readers: 10,
        counted: StudyMetric::Right,
        percent: &[59.4],
        taught: None,
        source: "JMIR Med. Inform. e23328",
    },
    ReaderStudy {
        name: "Cureus 2022",
        material: StudyMaterial::Medical,
        picture: StudyImage::Heart,
        network: "DCGAN",
        reader: ReaderGroup::Doctors,
        readers: 0,
        counted: StudyMetric::Right,
        percent: &[61.1],
        taught: Some(80.0),
        source: "PMID 36439582",
    },
    // Of 24 pictures 8 were synthetic; the readers chose from real, altered and synthetic. Of the real ones 70.7 % were recognised.
    ReaderStudy {
        name: "Biomedicines 2025",
        material: StudyMaterial::Medical,
        picture: StudyImage::Colonoscopy,
        network: "CycleGAN, diffusion",
        reader: ReaderGroup::Gastroenterologists,
        readers: 32,
        counted: StudyMetric::Spotted,
        percent: &[61.3],
        taught: None,
        source: "Biomedicines 13(7):1561",
    },
    ReaderStudy {
        name: "GazeVal 2025",
        material: StudyMaterial::Medical,
        picture: StudyImage::Medical,
        network: "",
        reader: ReaderGroup::Doctors,
        readers: 16,
        counted: StudyMetric::Spotted,
        percent: &[96.6],
        taught: None,
        source: "arXiv 2503.20967",
    },
    // Phase 2: 154 X-ray images by 17 radiologists of different experience; 95 % interval 68 to 81 %.
    ReaderStudy {
        name: "Tordjman 2026",
        material: StudyMaterial::Medical,
        picture: StudyImage::XRay,
        network: "GPT-4o",
        reader: ReaderGroup::Doctors,
        readers: 17,
        counted: StudyMetric::Right,
        percent: &[75.0],
        taught: None,
        source: "Radiology, doi 10.1148/radiol.252094",
    },
    // Phase 3 of the same study: 110 images; 95 % interval 62 to 78 %.
    ReaderStudy {
        name: "Tordjman 2026",
        material: StudyMaterial::Medical,
        picture: StudyImage::ChestXRay,
        network: "RoentGen",
        reader: ReaderGroup::Doctors,
        readers: 17,
        counted: StudyMetric::Right,
        percent: &[70.0],
        taught: None,
        source: "Radiology, doi 10.1148/radiol.252094",
    },
    ReaderStudy {
        name: "Nightingale & Farid 2022",
        material: StudyMaterial::Faces,
        picture: StudyImage::Face,
        network: "StyleGAN2",
        reader: ReaderGroup::Public,
        readers: 315,
        counted: StudyMetric::Right,
        percent: &[48.2],
        taught: Some(59.0),
        source: "PNAS",
    },
    ReaderStudy {
        name: "Gray 2025",
        material: StudyMaterial::Faces,
        picture: StudyImage::Face,
        network: "StyleGAN3",
        reader: ReaderGroup::Public,
        readers: 664,
        counted: StudyMetric::Spotted,
        percent: &[31.0],
        taught: Some(51.0),
        source: "R. Soc. Open Sci.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_study_has_numbers_and_a_source() {
        for study in STUDIES {
            assert!(!study.percent.is_empty() && !study.source.is_empty(), "{}", study.name);
            let all = study.percent.iter().copied().chain(study.taught);
            assert!(all.into_iter().all(|percent| (0.0..=100.0).contains(&percent)), "{}", study.name);
            assert!(study.percent.is_sorted(), "{}", study.name);
        }
    }

    #[test]
    fn the_most_similar_material_comes_first() {
        let order = |material| StudyMaterial::ALL.iter().position(|other| *other == material);
        let year = |study: &ReaderStudy| study.name.rsplit(' ').next().and_then(|year| year.parse::<u16>().ok());
        assert!(STUDIES.iter().all(|study| year(study).is_some()));
        assert!(STUDIES.iter().map(|study| (order(study.material), year(study))).is_sorted());
    }

    /// A list of percentages holds one per rater.
    #[test]
    fn a_list_of_raters_is_complete() {
        for study in STUDIES.iter().filter(|study| study.percent.len() > 1) {
            assert_eq!(study.percent.len(), usize::from(study.readers), "{}", study.name);
        }
    }
}
