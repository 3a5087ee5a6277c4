//! The words on screen, in the language that the address names.

use leptos::prelude::*;

/// What the translations are turned into at build time: `Locale` and one function a key.
// Deprecated in favour of a build script, which would compile for the command line and the engines as well.
#[allow(missing_docs, deprecated)]
pub mod texts {
    leptos_i18n::load_locales!();
}

pub use texts::i18n::Locale;

use super::logic::numbers::NumberFormat;
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

/// The language of the page around this component.
pub fn use_lang() -> Lang {
    use_context().unwrap_or_else(|| Lang(Memo::new(|_| Locale::nl)))
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
        $crate::ui::logic::fill::fill($crate::ui::words::say!($lang, $($key).+), &[$((stringify!($name), &$value)),+])
    };
}
pub(crate) use say;
