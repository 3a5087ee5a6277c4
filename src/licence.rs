//! The licences of weights and scans, by the names that weights files and model cards use.

/// A licence that programs know by an identifier and an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licence {
    /// Name in weights files and cards.
    pub name: &'static str,
    /// Identifier of the SPDX list. In lower case it is that of Hugging Face.
    pub spdx: &'static str,
    /// Address of the text.
    pub url: &'static str,
}

/// All known licences.
const LICENCES: [Licence; 3] = [
    Licence { name: "CC BY 4.0", spdx: "CC-BY-4.0", url: "https://creativecommons.org/licenses/by/4.0/" },
    Licence {
        name: "CC BY-NC-SA 4.0",
        spdx: "CC-BY-NC-SA-4.0",
        url: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    },
    Licence { name: "CC0", spdx: "CC0-1.0", url: "https://creativecommons.org/publicdomain/zero/1.0/" },
];

impl Licence {
    /// The licence of this name. `None` if it is unknown, such as that of a generator that a visitor trained: then only its
    /// name is known.
    pub fn named(name: &str) -> Option<Self> {
        LICENCES.into_iter().find(|licence| licence.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_found_by_their_whole_name_only() {
        assert_eq!(Licence::named("CC BY-NC-SA 4.0").map(|licence| licence.spdx), Some("CC-BY-NC-SA-4.0"));
        assert_eq!(Licence::named("that of its slices, and CC BY 4.0"), None);
    }
}
