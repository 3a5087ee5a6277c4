//! Large whole numbers, readable.

/// A whole number with a mark before every three digits: `12.345` or `12,345`.
pub fn grouped(number: u64, mark: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// Thousands of slices as a count that claims no more than it knows: three digits, then zeros.
pub fn rounded(thousands: f32) -> u64 {
    let count = (f64::from(thousands.max(0.0)) * 1000.0).round() as u64;
    let step = 10_u64.pow(count.checked_ilog10().unwrap_or(0).saturating_sub(2));
    (count + step / 2) / step * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_before_every_three_digits() {
        assert_eq!(
            [0, 999, 1000, 24_944, 1_234_567].map(|n| grouped(n, '.')),
            ["0", "999", "1.000", "24.944", "1.234.567"]
        );
    }

    #[test]
    fn three_digits_are_kept() {
        assert_eq!([0.0, 0.5, 2.048, 24.944, 1234.5].map(rounded), [0, 500, 2050, 24_900, 1_230_000]);
        assert_eq!(rounded(-1.0), 0);
    }
}
