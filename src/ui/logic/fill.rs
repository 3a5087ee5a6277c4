//! Values in texts, and a check that all languages wait for the same ones.

use std::fmt::Display;

/// Puts values in the places of a text that wait for them: `{seed}`.
pub fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    /// What each text of a language waits for, in no order: values, `{seed}`, and marks, `<maker>`.
    fn places(language: &str) -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
        let mut found = BTreeMap::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            walk(&name, &serde_json::from_str(&std::fs::read_to_string(path)?)?, &mut found);
        }
        Ok(found)
    }

    fn walk(key: &str, text: &Value, found: &mut BTreeMap<String, Vec<String>>) {
        for (name, inner) in text.as_object().into_iter().flatten() {
            walk(&format!("{key}.{name}"), inner, found);
        }
        if let Some(text) = text.as_str() {
            assert!(!text.trim().is_empty(), "{key} says nothing");
            let starts = text.match_indices(['{', '<']);
            let mut names: Vec<String> =
                starts.filter_map(|(at, _)| text[at..].split_inclusive(['}', '>']).next()).map(str::to_owned).collect();
            names.sort();
            found.insert(key.to_owned(), names);
        }
    }

    #[test]
    fn both_languages_say_the_same_with_the_same_values() -> Result<(), Box<dyn Error>> {
        let nl = places("nl")?;
        assert!(nl.len() > 100);
        assert_eq!(nl, places("en")?);
        Ok(())
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{n} of {all}, {n}", &[("n", &3), ("all", &"16")]), "3 of 16, 3");
    }
}
