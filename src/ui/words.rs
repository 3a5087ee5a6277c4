//! The words on screen, in the language that the address names.

use std::fmt::Display;

use leptos::prelude::*;

/// What the translations are turned into at build time: `Locale` and one function a key.
// Deprecated in favour of a build script, which would compile for the command line and the engines as well.
#[allow(missing_docs, deprecated)]
pub mod texts {
    leptos_i18n::load_locales!();
}

pub use texts::i18n::Locale;

use super::route::Route;

/// The language, followed from the address.
#[derive(Debug, Clone, Copy)]
pub struct Lang(Memo<Locale>);

impl Lang {
    /// Follows the address and tells the document, so that screen readers pronounce the words right.
    pub fn follow(route: Route) -> Self {
        let lang = Self(Memo::new(move |_| match route.address().get("lang") {
            Some("en") => Locale::en,
            _ => Locale::nl,
        }));
        Effect::new(move || {
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("lang", lang.code());
            }
            document().set_title(say!(lang, site.title));
        });
        lang
    }

    /// The language, as a value to react to.
    pub fn get(self) -> Locale {
        self.0.get()
    }

    /// Its code: `nl` or `en`.
    pub fn code(self) -> &'static str {
        match self.get() {
            Locale::nl => "nl",
            Locale::en => "en",
        }
    }

    /// The code of the other one.
    pub fn other(self) -> &'static str {
        match self.get() {
            Locale::nl => "en",
            Locale::en => "nl",
        }
    }

    /// A number with at most one digit after the comma, or the point in English.
    pub fn number(self, value: f64) -> String {
        let text = if value >= 9.95 { format!("{value:.0}") } else { format!("{value:.1}") };
        let text = text.strip_suffix(".0").map(str::to_owned).unwrap_or(text);
        match self.get() {
            Locale::nl => text.replace('.', ","),
            Locale::en => text,
        }
    }
}

/// The language of the page around this component.
pub fn use_lang() -> Lang {
    use_context().unwrap_or_else(|| Lang(Memo::new(|_| Locale::nl)))
}

/// Puts values in the places of a text that wait for them: `{seed}`.
pub fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

/// A text in the language of the page: `say!(lang, site.name)`, or with values, `say!(lang, scan.seed, seed = 7)`.
///
/// Values are put in here and not by `leptos_i18n`, which makes strings with values only through a build script that
/// every build of this package would have to compile.
macro_rules! say {
    ($lang:expr, $($key:ident).+) => {{
        #[allow(unused_imports)]
        use $crate::ui::words::texts::i18n;
        leptos_i18n::td_string!($lang.get(), $($key).+)
    }};
    ($lang:expr, $($key:ident).+, $($name:ident = $value:expr),+) => {
        $crate::ui::words::fill($crate::ui::words::say!($lang, $($key).+), &[$((stringify!($name), &$value)),+])
    };
}
pub(crate) use say;

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
        let nl = places(include_str!("../../locales/nl.json"));
        assert!(nl.len() > 100);
        assert_eq!(nl, places(include_str!("../../locales/en.json")));
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{n} of {all}, {n}", &[("n", &3), ("all", &"16")]), "3 of 16, 3");
    }
}
