//! Translated texts, in the language of the address.

use leptos::prelude::*;

/// Generated at build time from the translations: `Locale`, and one function per key.
// Deprecated in favour of a build script, which would also run for the command line and the engines.
#[allow(missing_docs, deprecated)]
pub mod texts {
    leptos_i18n::load_locales!();
}

pub use texts::i18n::Locale;

use super::logic::numbers::NumberFormat;
use super::route::Route;

/// The current language.
#[derive(Debug, Clone, Copy)]
pub struct Lang(Memo<Locale>);

impl Lang {
    /// Follows the address, and sets the language of the document for screen readers.
    pub fn follow(route: Route) -> Self {
        let lang = Self(Memo::new(move |_| match route.address().get("lang") {
            Some("en") => Locale::en,
            _ => Locale::nl,
        }));
        Effect::new(move || {
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("lang", lang.code());
            }
        });
        lang
    }

    /// The language, as a reactive value.
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

    /// The code of the other language.
    pub fn other(self) -> &'static str {
        match self.get() {
            Locale::nl => "en",
            Locale::en => "nl",
        }
    }

    /// How this language writes numbers.
    pub fn numbers(self) -> NumberFormat {
        match self.get() {
            Locale::nl => NumberFormat::DUTCH,
            Locale::en => NumberFormat::ENGLISH,
        }
    }

    /// A number with at most one decimal; see [`NumberFormat::short`].
    pub fn number(self, value: f64) -> String {
        self.numbers().short(value)
    }
}

/// The current language, from the context.
pub fn use_lang() -> Lang {
    use_context().unwrap_or_else(|| Lang(Memo::new(|_| Locale::nl)))
}

/// A translated text: `say!(lang, site.name)`, or with values, `say!(lang, scan.seed, seed = 7)`.
///
/// Values are inserted here, because `leptos_i18n` would need a build script that every build of this package compiles.
macro_rules! say {
    ($lang:expr, $($key:ident).+) => {{
        #[allow(unused_imports)]
        use $crate::ui::words::texts::i18n;
        leptos_i18n::td_string!($lang.get(), $($key).+)
    }};
    ($lang:expr, $($key:ident).+, $($name:ident = $value:expr),+) => {
        $crate::ui::logic::fill::fill($crate::ui::words::say!($lang, $($key).+), &[$((stringify!($name), &$value)),+])
    };
}
pub(crate) use say;
