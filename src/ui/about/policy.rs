//! The rules that the browser holds this page to, read from the page itself.

use leptos::prelude::document;

/// The directives of the page's own content policy, one a line; none if the page carries none.
pub fn policy() -> Option<Vec<String>> {
    let meta = document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten()?;
    let text = meta.get_attribute("content")?;
    let lines: Vec<String> =
        text.split(';').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    Some(lines.into_iter().filter(|line| !line.is_empty()).collect())
}
