//! Numbers as text, in the notation of the page's language.
//!
//! Not by the browser's `Intl.NumberFormat`: these functions run in native tests, and one number is written alike in every browser.

/// The marks of a language. Negative numbers get a true minus sign, and what rounds to zero gets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    decimal: char,
    group: char,
}

impl NumberFormat {
    /// `12.345,6`
    pub const DUTCH: Self = Self { decimal: ',', group: '.' };
    /// `12,345.6`
    pub const ENGLISH: Self = Self { decimal: '.', group: ',' };

    /// A number with this many decimals; a dash if it is not finite.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        self.localised(&format!("{value:.decimals$}"))
    }

    /// A number with one decimal, without decimals from 10 on. Whole numbers have no decimals.
    pub fn short(self, value: f64) -> String {
        let decimals = usize::from(value.abs() < 9.95);
        let text = format!("{value:.decimals$}");
        self.localised(text.strip_suffix(".0").unwrap_or(&text))
    }

    /// A positive number rounded to two significant digits: `0,0002`, `0,37`, `2`, `13`.
    pub fn two_significant(self, value: f64) -> String {
        self.localised(&two_significant(value).to_string())
    }

    /// A whole number with a mark before every three digits: `12.345` or `12,345`.
    pub fn grouped(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        text
    }

    /// A share of 1 as whole percent: `59 %` in Dutch, with a space that does not break, and `59%` in English.
    pub fn percent(self, share: f64) -> String {
        let space = if self == Self::DUTCH { "\u{a0}" } else { "" };
        format!("{}{space}%", self.decimal(100.0 * share, 0))
    }

    fn localised(self, text: &str) -> String {
        let zero = text.trim_matches(['-', '0', '.']).is_empty();
        let text = if zero { text.replace('-', "") } else { text.replace('-', "−") };
        text.replace('.', &self.decimal.to_string())
    }
}

/// The nearest number with two significant digits.
pub fn two_significant(value: f64) -> f64 {
    let decimals = (1.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    // By way of text: negative powers of ten are not exact in binary.
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

/// A count rounded to this many significant digits.
pub fn round_count(count: u64, digits: u32) -> u64 {
    let unit = 10_u64.pow((count.checked_ilog10().unwrap_or(0) + 1).saturating_sub(digits));
    count.saturating_add(unit / 2) / unit * unit
}

/// Thousands of images as a count with three significant digits.
pub fn images_of_kimg(kimg: f32) -> u64 {
    round_count((f64::from(kimg.max(0.0)) * 1000.0).round() as u64, 3)
}

/// A duration as a clock shows it: `0:07`, `12:30`, `1:02:03`.
pub fn clock(seconds: f64) -> String {
    let whole = if seconds.is_finite() { seconds.max(0.0) as u64 } else { 0 };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_language() {
        let (dutch, english) = (NumberFormat::DUTCH, NumberFormat::ENGLISH);
        assert_eq!(dutch.decimal(-1.25, 2), "−1,25");
        assert_eq!(english.decimal(-1.25, 1), "−1.2");
        assert_eq!(dutch.decimal(-0.001, 2), "0,00");
        assert_eq!(dutch.decimal(1200.0, 0), "1200");
        assert_eq!(dutch.decimal(f64::NAN, 2), "–");
    }

    #[test]
    fn percent_stands_apart_in_dutch() {
        assert_eq!(NumberFormat::DUTCH.percent(0.594), "59\u{a0}%");
        assert_eq!(NumberFormat::ENGLISH.percent(-0.05), "−5%");
    }

    #[test]
    fn short_numbers_have_at_most_one_decimal() {
        let values = [0.0, -0.04, 0.25, 2.0, 9.94, 9.96, 123.4, -1.26, -12.3];
        let texts = ["0", "0", "0,2", "2", "9,9", "10", "123", "−1,3", "−12"];
        assert_eq!(values.map(|value| NumberFormat::DUTCH.short(value)), texts);
        assert_eq!(NumberFormat::ENGLISH.short(0.5), "0.5");
    }

    #[test]
    fn two_significant_digits_are_written() {
        assert_eq!(NumberFormat::DUTCH.two_significant(0.0002), "0,0002");
        assert_eq!(NumberFormat::ENGLISH.two_significant(0.372), "0.37");
        assert_eq!([2.0, 12.7, 20.0].map(|value| NumberFormat::DUTCH.two_significant(value)), ["2", "13", "20"]);
    }

    #[test]
    fn groups_have_three_digits() {
        assert_eq!(
            [0, 999, 1000, 24_944, 1_234_567].map(|n| NumberFormat::DUTCH.grouped(n)),
            ["0", "999", "1.000", "24.944", "1.234.567"]
        );
        assert_eq!(NumberFormat::ENGLISH.grouped(24_944), "24,944");
    }

    #[test]
    fn counts_keep_their_significant_digits() {
        assert_eq!([0.0, 0.5, 2.048, 24.944, 1234.5].map(images_of_kimg), [0, 500, 2050, 24_900, 1_230_000]);
        assert_eq!(images_of_kimg(-1.0), 0);
        let two = |count| round_count(count, 2);
        assert_eq!([0, 7, 42, 348, 2_449, 95_600].map(two), [0, 7, 42, 350, 2_400, 96_000]);
    }

    #[test]
    fn durations_are_written_as_on_a_clock() {
        assert_eq!(
            [0.0, 7.9, 750.0, 3723.0, -1.0, f64::NAN].map(clock),
            ["0:00", "0:07", "12:30", "1:02:03", "0:00", "0:00"]
        );
    }
}
