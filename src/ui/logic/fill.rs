//! Interpolation of values into translated texts, and a test that all languages have the same placeholders.

use std::fmt::Display;

/// Replaces the placeholders of a text by values: `{seed}` by the value `seed`, and `{count?slice|slices}` by the first
/// alternative if the value `count` is 1, else by the second. Unknown placeholders stay as they are.
pub fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((placeholder, after)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        let (name, forms) =
            placeholder.split_once('?').map_or((placeholder, None), |(name, forms)| (name, Some(forms)));
        let value = values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.to_string());
        match (value, forms.and_then(|forms| forms.split_once('|'))) {
            (Some(value), Some((one, other))) => out.push_str(if value == "1" { one } else { other }),
            (Some(value), None) => out.push_str(&value),
            (None, _) => {
                out.push('{');
                out.push_str(placeholder);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    /// The placeholders of each text of a language, sorted and without repetition: values such as `{seed}` and tags such as
    /// `<maker>`. The alternatives of `{count?slice|slices}` are left out, because languages differ in them.
    fn placeholders(language: &str) -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
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
            assert!(!text.trim().is_empty(), "{key} is empty");
            let starts = text.match_indices(['{', '<']);
            let mut names: Vec<String> = starts
                .filter_map(|(at, _)| text[at..].split_inclusive(['}', '>']).next())
                .map(|placeholder| {
                    placeholder.split_once('?').map_or(placeholder.to_owned(), |(name, _)| format!("{name}}}"))
                })
                .collect();
            names.sort();
            names.dedup();
            found.insert(key.to_owned(), names);
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() -> Result<(), Box<dyn Error>> {
        let nl = placeholders("nl")?;
        assert!(nl.len() > 100);
        assert_eq!(nl, placeholders("en")?);
        Ok(())
    }

    #[test]
    fn values_replace_placeholders() {
        assert_eq!(fill("{n} of {all}, {n}", &[("n", &3), ("all", &"16")]), "3 of 16, 3");
        assert_eq!(fill("{unknown} {n}, {", &[("n", &"{n}")]), "{unknown} {n}, {");
    }

    #[test]
    fn a_count_of_one_has_its_own_form() {
        let text = |count: usize| fill("{count} {count?slice is|slices are} empty", &[("count", &count)]);
        assert_eq!([0, 1, 2].map(text), ["0 slices are empty", "1 slice is empty", "2 slices are empty"]);
    }
}
