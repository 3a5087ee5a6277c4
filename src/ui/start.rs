//! Starts the page, and shows a message if the program crashes.

use leptos::prelude::document;

use super::page::Page;

/// Mounts the page and hides the static text of `index.html`. After a panic that text is shown again, because it needs
/// no program.
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
        // Removing an attribute that is not there is no error.
        let _ = if visible { element.remove_attribute("hidden") } else { element.set_attribute("hidden", "") };
    }
}
