//! Files that systems and programs add to folders of pictures by themselves.

/// Files and folders that macOS, Windows, network drives and programs for photos add by themselves.
const SYSTEM_FILES: [&str; 12] = [
    "__MACOSX",
    "Thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "@eaDir",
    "#recycle",
    "$RECYCLE.BIN",
    "System Volume Information",
    "thumbnail",
    "thumbnails",
    "thumb",
    "thumbs",
];

/// Ends of the names of files and folders that programs for photos add: small copies, and the previews of Lightroom.
const SYSTEM_ENDINGS: [&str; 5] = ["_thumb", "-thumb", "_thumbnail", "-thumbnail", ".lrdata"];

/// Whether the file, or a folder that it is in, was added by a system or a program: hidden, or a small copy.
pub fn is_system_file(path: &str) -> bool {
    let is_added = |part: &str| {
        let hidden = part.starts_with('.') && !part.trim_start_matches('.').is_empty();
        let lower = part.to_lowercase();
        let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(stem, _)| stem);
        hidden
            || SYSTEM_FILES.iter().any(|name| part.eq_ignore_ascii_case(name))
            || SYSTEM_ENDINGS.iter().any(|ending| lower.ends_with(ending) || stem.ends_with(ending))
    };
    path.split(['/', '\\']).any(is_added)
}
