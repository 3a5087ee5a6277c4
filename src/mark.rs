//! The mark in this program's downloads: the texts that say that a picture is synthetic, and how a reader recognises them.
//!
//! A visitor may open a download again; its mark must not be taken for text about a person. Only the exact texts of this
//! program are recognised: a keyword alone proves nothing.

pub mod source_type;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use source_type::SourceType;

/// The description in every synthetic image.
pub const NOTICE: &str = "Synthetic: made by a neural network, not a person. Not for diagnosis.";

/// Name and version of this program.
pub const SOFTWARE: &str = concat!("hersenscan ", env!("CARGO_PKG_VERSION"));

/// Between the attribution and the licence in the copyright of a picture.
pub const LICENCE_OF_WEIGHTS: &str = "; weights: ";

/// The header row of `samples.csv`, with semicolons.
pub const SAMPLES_HEAD: &str = "file;mask;class;seed;tumour_pixels";

/// The files that describe a download as a whole: its manifest, Croissant and RO-Crate.
pub const DESCRIPTIONS: [&str; 3] = ["manifest.json", "croissant.json", "ro-crate-metadata.json"];

/// Everything that is needed to generate a scan again. JSON in the comment of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Always true.
    pub synthetic: bool,
    /// Seed of the latent.
    pub seed: u32,
    /// Class name.
    pub class: String,
    /// The second scan, if this one is a morph between two.
    pub toward: Option<RecipeMorph>,
    /// Truncation: factor of the latents.
    pub truncation: f32,
    /// Offset along each named latent direction.
    pub directions: BTreeMap<String, f32>,
    /// Name of the generator's preset.
    pub preset: String,
    /// SHA-256 of the weights file, hexadecimal.
    pub weights_sha256: String,
}

/// The second scan of a morph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeMorph {
    /// Seed of the latent.
    pub seed: u32,
    /// Class name.
    pub class: String,
    /// From 0, the first scan, to 1, the second.
    pub position: f32,
}

/// One of the two images of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// The scan itself.
    Scan,
    /// The mask of its tumour.
    Mask,
}

impl ImageKind {
    /// The title of the picture.
    pub fn title(self) -> &'static str {
        match self {
            ImageKind::Scan => "Synthetic brain MRI slice",
            ImageKind::Mask => "Tumour mask of a synthetic brain MRI slice",
        }
    }
}

/// What the picture with these keywords and texts is, if they are all of a scan or mask of this program, and nothing else.
/// Versions, seeds, classes and weights may be any.
pub fn own_picture(texts: &[(String, String)]) -> Option<ImageKind> {
    let title = texts.iter().find(|(keyword, _)| keyword == "Title").map(|(_, title)| title)?;
    let kind = [ImageKind::Scan, ImageKind::Mask].into_iter().find(|kind| kind.title() == title)?;
    let is_own = |(keyword, text): &(String, String)| match keyword.as_str() {
        "Title" => true,
        "Description" => text == NOTICE,
        "Software" => is_own_software(text),
        "Copyright" => text.contains(LICENCE_OF_WEIGHTS),
        "Comment" => serde_json::from_str(text).is_ok_and(|recipe: Recipe| recipe.synthetic),
        source_type::XMP_KEYWORD => SourceType::TrainedAlgorithmicMedia.is_xmp(text),
        _ => false,
    };
    let mut keywords: Vec<&str> = texts.iter().map(|(keyword, _)| keyword.as_str()).collect();
    keywords.sort_unstable();
    keywords.dedup();
    // The six keywords above, each once.
    (keywords.len() == 6 && texts.len() == 6 && texts.iter().all(is_own)).then_some(kind)
}

/// Whether a file describes a download of this program. `path` may have folders.
pub fn is_description(path: &str, bytes: &[u8]) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    // The notice has no character that JSON would write in another way.
    DESCRIPTIONS.contains(&name) && std::str::from_utf8(bytes).is_ok_and(|text| text.contains(NOTICE))
}

/// Whether this is the name of this program and any version.
fn is_own_software(text: &str) -> bool {
    let version = text.strip_prefix("hersenscan ").unwrap_or_default();
    !version.is_empty() && version.split('.').all(|number| number.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<(String, String)> {
        let recipe = r#"{"class":"glioma","directions":{"head-size":-1.5},"preset":"s64","seed":7,"synthetic":true,
            "toward":{"class":"pituitary","position":0.5,"seed":9},"truncation":0.8,"weights_sha256":"00"}"#;
        let texts = [
            ("Title", ImageKind::Scan.title()),
            ("Description", NOTICE),
            ("Software", "hersenscan 0.9.1"),
            ("Copyright", "Cheng (2017); weights: CC BY 4.0"),
            ("Comment", recipe),
            (source_type::XMP_KEYWORD, &SourceType::TrainedAlgorithmicMedia.xmp()),
        ];
        texts.map(|(keyword, text)| (keyword.to_owned(), text.to_owned())).to_vec()
    }

    fn is_own_text(texts: &[(String, String)]) -> bool {
        own_picture(texts) == Some(ImageKind::Scan)
    }

    #[test]
    fn only_the_texts_of_this_program_are_its_own() {
        assert!(is_own_text(&texts()));
        let old = SourceType::TrainedAlgorithmicMedia.xmp().replace(SOFTWARE, "hersenscan 0.1.0");
        let mut other_version = texts();
        other_version[5].1 = old;
        assert!(is_own_text(&other_version));
        for (index, addition) in (0..6).flat_map(|index| [(index, " Anna"), (index, "\n")]) {
            let mut changed = texts();
            changed[index].1.push_str(addition);
            // The name of the licence is free, and JSON may end with an empty line.
            assert_eq!(is_own_text(&changed), index == 3 || (index == 4 && addition == "\n"), "{index} {addition:?}");
            let mut one_less = texts();
            one_less.remove(index);
            assert!(!is_own_text(&one_less));
        }
        let mut more = texts();
        more.push(("Comment".to_owned(), "Anna".to_owned()));
        assert!(!is_own_text(&more) && !is_own_text(&[]));
        let mut noted = texts();
        noted[4].1 = noted[4].1.replace("{\"class\"", "{\"patient\":\"Anna\",\"class\"");
        assert!(!is_own_text(&noted));
    }

    #[test]
    fn a_description_has_a_name_and_the_notice() {
        let text = format!("{{\"notice\": \"{NOTICE}\"}}");
        assert!(is_description("a.zip/manifest.json", text.as_bytes()));
        assert!(!is_description("a.zip/notes.json", text.as_bytes()) && !is_description("manifest.json", b"{}"));
    }
}
