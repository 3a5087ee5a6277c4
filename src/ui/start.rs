//! The start of the page, and its end if the program falls over.

use leptos::prelude::document;

use super::page::Page;

/// Puts the page in the document and hides the text that waited there. Should the program ever fall over, that
/// text comes back: it is the only one that needs no program.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        show("start", true);
        show("start-failed", true);
    }));
    leptos::mount::mount_to_body(Page);
    show("start", false);
}

fn show(id: &str, visible: bool) {
    if let Some(element) = document().get_element_by_id(id) {
        // An element without the attribute is already as it should be.
        let _ = if visible { element.remove_attribute("hidden") } else { element.set_attribute("hidden", "") };
    }
}
