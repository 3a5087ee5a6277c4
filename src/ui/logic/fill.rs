//! Values in texts, and a check that all languages wait for the same ones.

use std::fmt::Display;

/// Puts values in the places of a text that wait for them: `{seed}`.
pub fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;

    /// The places that wait for a value, by key.
    fn places(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        let all: Value = serde_json::from_str(text).unwrap_or_default();
        for (group, texts) in all.as_object().into_iter().flatten() {
            for (key, text) in texts.as_object().into_iter().flatten() {
                let text = text.as_str().unwrap_or_default();
                let names = text.split('{').skip(1).filter_map(|rest| rest.split('}').next());
                found.insert(format!("{group}.{key}"), names.map(str::to_owned).collect());
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_with_the_same_values() {
        let nl = places(include_str!("../../../locales/nl.json"));
        assert!(nl.len() > 100);
        assert_eq!(nl, places(include_str!("../../../locales/en.json")));
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{n} of {all}, {n}", &[("n", &3), ("all", &"16")]), "3 of 16, 3");
    }
}
