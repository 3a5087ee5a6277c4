//! Today's date, for cards and manifests.

/// Today in UTC, as an ISO 8601 date: `2026-11-28`.
pub fn today() -> String {
    iso_date(days_since_1970())
}

#[cfg(target_arch = "wasm32")]
fn days_since_1970() -> u64 {
    (js_sys::Date::now() / 86_400_000.0) as u64
}

#[cfg(not(target_arch = "wasm32"))]
fn days_since_1970() -> u64 {
    std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs() / 86_400)
}

/// The date `days` days after 1970-01-01, as ISO 8601 (Howard Hinnant's `civil_from_days`).
fn iso_date(days: u64) -> String {
    // Years start in March here, so that the leap day is the last day of a year.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_around_leap_days_and_new_year() {
        let known = [(0, "1970-01-01"), (11_016, "2000-02-29"), (11_017, "2000-03-01"), (19_782, "2024-02-29")];
        for (days, expected) in known {
            assert_eq!(iso_date(days), expected);
        }
        assert_eq!(iso_date(20_453), "2025-12-31");
        assert_eq!(iso_date(20_454), "2026-01-01");
    }
}
