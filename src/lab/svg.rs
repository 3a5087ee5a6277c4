//! The frame and the words of an SVG picture.

use std::fmt::Write;

/// The beginning of a picture with a white background. [`END`] ends it.
pub fn begin([width, height]: [f64; 2], font_size: usize, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"{font_size}\" role=\"img\"><title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escaped(title)
    )
}

/// The end of a picture.
pub const END: &str = "</svg>\n";

/// Writes text. `attributes` begins with a space, or is empty.
pub fn text(svg: &mut String, [x, y]: [f64; 2], attributes: &str, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\"{attributes}>{}</text>", escaped(text));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
