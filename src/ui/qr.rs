//! A text as a QR code, drawn on the page.

use std::fmt::Write as _;

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// White modules around the code, as the standard (ISO/IEC 18004) asks.
const MARGIN: i32 = 4;

/// The code, black on white in light and dark. Nothing if the text is too long for one.
#[component]
pub fn Qr(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// Text alternative.
    #[prop(into)]
    alt: Signal<String>,
    /// Name for tests.
    testid: &'static str,
) -> impl IntoView {
    move || {
        let code = QrCode::encode_text(&text.get(), QrCodeEcc::Medium).ok()?;
        let side = code.size() + 2 * MARGIN;
        Some(view! {
            <svg class="qr" data-testid=testid viewBox=format!("0 0 {side} {side}") role="img" aria-label=alt
                shape-rendering="crispEdges">
                <rect width=side height=side fill="#fff"/>
                <path d=path(&code) fill="#000"/>
            </svg>
        })
    }
}

/// A rectangle for each run of black modules.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                // Writing to a string never fails.
                let _ = write!(path, "M{} {}h{w}v1h-{w}z", start + MARGIN, y + MARGIN, w = x - start);
            }
            x += 1;
        }
    }
    path
}
