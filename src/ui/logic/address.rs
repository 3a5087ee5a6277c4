//! The fragment of the page's address: a view and its query, so that a link restores what was on screen.
//!
//! It is the fragment because browsers do not send that to the host: a static host needs no rules for it.

use std::fmt;

/// A place in the site: `#/studio?seed=7&n=12`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Name of the view, without slashes.
    pub view: String,
    query: Vec<(String, String)>,
}

/// Parameters that may stand before the `#` as well: those of the game and the studio. `lang` stays there.
const SEARCH_PARAMETERS: [&str; 11] =
    ["game", "mode", "level", "rounds", "clues", "model", "size", "seed", "n", "class", "trunc"];

impl Address {
    /// A view without a query.
    pub fn of(view: &str) -> Self {
        Self { view: view.to_owned(), query: Vec::new() }
    }

    /// Parses a fragment, with or without its `#`. Never fails: malformed parts are dropped.
    pub fn parse(fragment: &str) -> Self {
        let fragment = fragment.trim_start_matches('#').trim_start_matches('/');
        let (view, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        Self { view: decode(view.trim_end_matches('/')), query }
    }

    /// The value of a query parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sets a query parameter, or removes it if `value` is none.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        let index = self.query.iter().position(|(key, _)| key == name);
        match (index, value) {
            (Some(index), Some(value)) => self.query[index].1 = value,
            (Some(index), None) => drop(self.query.remove(index)),
            (None, Some(value)) => self.query.push((name.to_owned(), value)),
            (None, None) => {}
        }
    }

    /// Takes over parameters of a search string (`?game=123`) that this address lacks, and returns the rest of it. Only
    /// parameters of the game and the studio are taken; the rest belongs to the host.
    pub fn take_search(&mut self, search: &str) -> String {
        let mut rest = String::new();
        for pair in search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some((name, value)) if SEARCH_PARAMETERS.contains(&name) => {
                    if self.get(name).is_none() {
                        self.set(name, Some(decode(value)));
                    }
                }
                _ => {
                    rest.push(if rest.is_empty() { '?' } else { '&' });
                    rest.push_str(pair);
                }
            }
        }
        rest
    }

    /// Keeps only the query parameters whose names pass.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.query.retain(|(name, _)| keep(name));
    }

    /// This address with one query parameter changed.
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        self.set(name, value.map(str::to_owned));
        self
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#/{}", encode(&self.view))?;
        for (index, (name, value)) in self.query.iter().enumerate() {
            write!(f, "{}{}={}", if index == 0 { '?' } else { '&' }, encode(name), encode(value))?;
        }
        Ok(())
    }
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_round_trips() {
        let link = "#/studio?seed=7&n=12&class=glioma&trunc=0.8&d0=-1.5&lang=en";
        let address = Address::parse(link);
        assert_eq!(address.view, "studio");
        assert_eq!(address.get("d0"), Some("-1.5"));
        assert_eq!(address.to_string(), link);
    }

    #[test]
    fn reserved_characters_are_escaped() {
        let address = Address::of("studio").with("class", Some("a&b=é %"));
        let again = Address::parse(&address.to_string());
        assert_eq!(again.get("class"), Some("a&b=é %"));
    }

    #[test]
    fn malformed_parts_are_dropped() {
        for fragment in ["", "#", "#/", "#/?", "#/?&&=&x"] {
            assert_eq!(Address::parse(fragment).view, "");
        }
        assert_eq!(Address::parse("#/studio?seed=%zz%").get("seed"), Some("%zz%"));
        assert_eq!(Address::parse("#/studio/?seed").get("seed"), None);
    }

    #[test]
    fn parameters_before_the_fragment_are_taken_over() {
        let mut address = Address::parse("#/spel?level=easy");
        let rest = address.take_search("?game=123&utm_source=a&level=hard&lang=en");
        assert_eq!(rest, "?utm_source=a&lang=en");
        assert_eq!(address.to_string(), "#/spel?level=easy&game=123");
        let mut plain = Address::parse("#/spel");
        assert_eq!((plain.take_search(""), plain.to_string()), (String::new(), "#/spel".to_owned()));
    }

    #[test]
    fn setting_replaces_and_removes() {
        let mut address = Address::parse("#/studio?seed=7&lang=en");
        address.set("seed", Some("8".to_owned()));
        address.set("lang", None);
        assert_eq!(address.to_string(), "#/studio?seed=8");
    }
}
