//! What readers in published studies scored at telling real from generated.
//!
//! Only studies that report a number. None of them had these pictures or this task: the page shows them as a yardstick, and
//! says so.

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Material {
    /// Brain MRI, as here.
    Brain,
    /// Another medical picture.
    Medical,
    /// Faces of people.
    Faces,
}

/// Who looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Radiologists or cardiologists.
    Doctors,
    /// People without training in it.
    Public,
    /// A computer program.
    Program,
}

/// What the number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Right answers about real and generated pictures together.
    Right,
    /// Generated pictures that were recognised, and nothing about real ones.
    Spotted,
}

/// Results of one study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Study {
    /// Who published it, and when.
    pub name: &'static str,
    /// What was looked at.
    pub material: Material,
    /// What it is called in the study, as a key of the translations.
    pub picture: Picture,
    /// The network that made the pictures.
    pub network: &'static str,
    /// Who looked.
    pub reader: Reader,
    /// How many looked, if it is one group.
    pub readers: u16,
    /// What the numbers count.
    pub counted: Counted,
    /// The results, in percent: one a reader where the study gives those, else one of the group.
    pub percent: &'static [f64],
    /// The same after clues, training or feedback.
    pub taught: Option<f64>,
    /// Where it is published.
    pub source: &'static str,
}

/// Pictures of the studies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// T1-weighted brain MRI.
    BrainT1,
    /// Brain MRI with tumours.
    BrainTumour,
    /// CT of the body.
    BodyCt,
    /// Maps of blood flow through the heart.
    Heart,
    /// Medical pictures of several kinds, or of a kind not named here.
    Medical,
    /// Faces.
    Face,
}

/// All, those closest to this game first.
pub const STUDIES: [Study; 7] = [
    Study {
        name: "Kazuhiro 2018",
        material: Material::Brain,
        picture: Picture::BrainT1,
        network: "DCGAN",
        reader: Reader::Doctors,
        readers: 5,
        counted: Counted::Right,
        percent: &[30.0, 55.0, 64.0, 72.0, 83.0],
        taught: None,
        source: "Tomography",
    },
    Study {
        name: "BRISC 2026",
        material: Material::Brain,
        picture: Picture::BrainTumour,
        network: "StyleGAN2-ADA",
        reader: Reader::Program,
        readers: 1,
        counted: Counted::Right,
        percent: &[57.7],
        taught: None,
        source: "arXiv 2605.23094",
    },
    Study {
        name: "Park 2021",
        material: Material::Medical,
        picture: Picture::BodyCt,
        network: "PGGAN",
        reader: Reader::Doctors,
        readers: 10,
        counted: Counted::Right,
        percent: &[59.4],
        taught: None,
        source: "JMIR Med. Inform. e23328",
    },
    Study {
        name: "Cureus 2022",
        material: Material::Medical,
        picture: Picture::Heart,
        network: "DCGAN",
        reader: Reader::Doctors,
        readers: 0,
        counted: Counted::Right,
        percent: &[61.1],
        taught: Some(80.0),
        source: "PMID 36439582",
    },
    Study {
        name: "GazeVal 2025",
        material: Material::Medical,
        picture: Picture::Medical,
        network: "",
        reader: Reader::Doctors,
        readers: 16,
        counted: Counted::Spotted,
        percent: &[96.6],
        taught: None,
        source: "arXiv 2503.20967",
    },
    Study {
        name: "Nightingale & Farid 2022",
        material: Material::Faces,
        picture: Picture::Face,
        network: "StyleGAN2",
        reader: Reader::Public,
        readers: 315,
        counted: Counted::Right,
        percent: &[48.2],
        taught: Some(59.0),
        source: "PNAS",
    },
    Study {
        name: "Gray 2025",
        material: Material::Faces,
        picture: Picture::Face,
        network: "StyleGAN3",
        reader: Reader::Public,
        readers: 664,
        counted: Counted::Spotted,
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
    fn the_closest_material_comes_first() {
        let order = |material| match material {
            Material::Brain => 0,
            Material::Medical => 1,
            Material::Faces => 2,
        };
        assert!(STUDIES.iter().map(|study| order(study.material)).is_sorted());
    }

    /// The sum of the readers of a study is not its mean: only single readers are listed as such.
    #[test]
    fn single_readers_are_as_many_as_the_study_had() {
        for study in STUDIES.iter().filter(|study| study.percent.len() > 1) {
            assert_eq!(study.percent.len(), usize::from(study.readers), "{}", study.name);
        }
    }
}
