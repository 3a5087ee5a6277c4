//! What a person sees.
//!
//! [`page`] is the frame around every view, [`studio`] the view that makes scans, [`engine`] looks after the
//! workers that compute them. Nothing here knows tensors: pixels come in, pixels are drawn.

pub mod address;
pub mod engine;
pub mod page;
pub mod places;
pub mod route;
pub mod studio;
pub mod words;

/// Puts the page in the document and takes away the text that waited there.
pub fn mount() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(page::Page);
    if let Some(waiting) = leptos::prelude::document().get_element_by_id("start") {
        waiting.remove();
    }
}
