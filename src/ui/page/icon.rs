//! Icons. All are decoration beside a text with the same meaning.

use leptos::prelude::*;

/// The logo: half a real scan, half a generated one.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="#000"/>
            <path d="M16 4a10 12 0 0 0 0 24" fill="none" stroke="#fff" stroke-width="2.5"/>
            <path d="M15 9c-4 0-6 3-6 7s2 7 6 7z" fill="#9a9a9a"/>
            <path class="made-up" d="M16 4a10 12 0 0 1 0 24" fill="none" stroke-width="2.5" stroke-dasharray="2 2.6"/>
            <circle class="made-up-fill" cx="20" cy="14" r="2.6"/>
        </svg>
    }
}

/// An icon.
#[component]
pub fn Icon(
    /// Which one.
    shape: Shape,
) -> impl IntoView {
    let path = match shape {
        Shape::Dice => "M4 4h16v16H4zM8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01",
        Shape::Spark => "M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z",
        Shape::Down => "M12 4v11m-5-5l5 5 5-5M5 20h14",
        Shape::Play => "M7 4l13 8-13 8z",
        Shape::Pause => "M8 5v14M16 5v14",
        Shape::Chip => "M7 7h10v10H7zM10 3v4m4-4v4m-4 10v4m4-4v4M3 10h4m-4 4h4m10-4h4m-4 4h4",
        Shape::Card => "M3 6h18v10H3zM7 16v4m4-4v4M8.5 11h.01M14 8.5a2.5 2.5 0 1 0 .01 0",
        Shape::Camera => "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 1 0 .01 0",
        Shape::Link => "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
        Shape::Close => "M6 6l12 12M18 6L6 18",
        Shape::Print => "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
        Shape::Left => "M15 5l-7 7 7 7",
        Shape::Right => "M9 5l7 7-7 7",
        Shape::Warning => "M12 3l10 18H2zM12 10v5m0 3h.01",
    };
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=path/></svg>
    }
}

/// The icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Shape {
    Dice,
    Spark,
    Down,
    Play,
    Pause,
    Chip,
    Card,
    Camera,
    Link,
    Close,
    Print,
    Left,
    Right,
    Warning,
}
