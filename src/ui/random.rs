//! Random numbers of the browser. Games and scans use them as seeds only, so that a link reproduces them.

/// A random seed from 0 to 99,999: short enough to read out loud in a classroom.
pub fn random_seed() -> u32 {
    (js_sys::Math::random() * 100_000.0) as u32
}

/// Shuffles a slice; every order is equally likely (Fisher and Yates).
pub fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, (js_sys::Math::random() * (last + 1) as f64) as usize);
    }
}
