//! Translated names of classes and directions. Weights store English keys.

use crate::ui::words::{Lang, say};

/// Name of a class; unknown keys stay as they are.
pub fn class_name(lang: Lang, key: &str) -> String {
    match key {
        "glioma" => say!(lang, class_name.glioma).to_owned(),
        "meningioma" => say!(lang, class_name.meningioma).to_owned(),
        "pituitary" => say!(lang, class_name.pituitary).to_owned(),
        "tumour" => say!(lang, class_name.tumour).to_owned(),
        "none" => say!(lang, class_name.none).to_owned(),
        other => other.to_owned(),
    }
}

/// Name of a direction; directions without a name get a number.
pub fn direction_name(lang: Lang, key: &str, index: usize) -> String {
    match key {
        "head-size" => say!(lang, direction.head_size).to_owned(),
        "brightness" => say!(lang, direction.brightness).to_owned(),
        "tumour-size" => say!(lang, direction.tumour_size).to_owned(),
        "tumour-left-right" => say!(lang, direction.tumour_left_right).to_owned(),
        "tumour-front-back" => say!(lang, direction.tumour_front_back).to_owned(),
        "contrast" => say!(lang, direction.contrast).to_owned(),
        "symmetry" => say!(lang, direction.symmetry).to_owned(),
        "elongation" => say!(lang, direction.elongation).to_owned(),
        other => {
            let number = other.strip_prefix("other-").and_then(|number| number.parse::<usize>().ok());
            say!(lang, direction.other, number = number.unwrap_or(index + 1))
        }
    }
}
