//! Lines on paper: round numbers along an axis, and points joined into the path of a drawing.

/// A stretch of numbers with round marks on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Least that is drawn.
    pub low: f64,
    /// Most that is drawn.
    pub high: f64,
    /// Distance between two marks: 1, 2 or 5 times a power of ten.
    pub step: f64,
}

impl Axis {
    /// The axis around these numbers, widened to round ends, with about `marks` marks. Numbers that are not finite do not count;
    /// without any, from 0 to 1.
    pub fn around(values: impl IntoIterator<Item = f64>, marks: usize) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let (low, high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        // All the same number: room on either side, so that the line lies in the middle.
        let room = if high - low > 1e-9 * high.abs().max(1e-6) { 0.0 } else { (high.abs() * 0.5).max(0.5) };
        let (low, high) = (low - room, high + room);
        let step = round_step((high - low) / marks.max(1) as f64);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// The same axis from 0 on, for numbers that count something.
    pub fn from_zero(highest: f64, marks: usize) -> Self {
        let highest = if highest.is_finite() && highest > 0.0 { highest } else { 1.0 };
        let step = round_step(highest / marks.max(1) as f64);
        Self { low: 0.0, high: highest, step }
    }

    /// The round numbers on it, from low to high.
    pub fn marks(&self) -> Vec<f64> {
        let first = (self.low / self.step).ceil();
        let count = ((self.high / self.step + 1e-9).floor() - first).clamp(0.0, 20.0) as usize;
        // Added up, they would drift; -0 would be written with its sign.
        (0..=count).map(|index| (first + index as f64) * self.step + 0.0).collect()
    }

    /// How far along it a number lies: 0 at the low end, 1 at the high one.
    pub fn place(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE)
    }

    /// Digits after the comma that tell its marks apart.
    pub fn digits(&self) -> usize {
        (-self.step.log10().floor()).clamp(0.0, 6.0) as usize
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least this.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1e-12).log10().floor());
    let step = [1.0, 2.0, 5.0].map(|digit| digit * power);
    step.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// The path of a drawing through these points, `x` to the right and `y` upwards, in a box of this width and height.
pub fn path(points: &[(f64, f64)], x: &Axis, y: &Axis, width: f64, height: f64) -> String {
    let mut path = String::new();
    for (index, &(at, value)) in points.iter().enumerate() {
        let (left, top) = (x.place(at) * width, (1.0 - y.place(value)) * height);
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{left:.1} {top:.1}"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_hold_all_numbers() {
        let axis = Axis::around([-18.6, -2.0, 3.3], 4);
        assert_eq!((axis.low, axis.high, axis.step), (-20.0, 10.0, 10.0));
        assert_eq!(axis.marks(), [-20.0, -10.0, 0.0, 10.0]);
        let small = Axis::around([0.61, 0.68], 4);
        assert_eq!((small.step, small.digits()), (0.02, 2));
        assert!(small.low <= 0.61 && small.high >= 0.68 && small.marks().len() >= 4);
    }

    #[test]
    fn odd_numbers_give_an_axis_all_the_same() {
        for values in [vec![], vec![f64::NAN], vec![f64::INFINITY, f64::NAN]] {
            assert_eq!(Axis::around(values, 4).marks().first(), Some(&0.0));
        }
        let flat = Axis::around([3.0, 3.0], 4);
        assert!(flat.low < 3.0 && flat.high > 3.0 && (flat.place(3.0) - 0.5).abs() < 0.2);
        let zero = Axis::around([0.0], 4);
        assert!(zero.low < 0.0 && zero.high > 0.0);
        assert_eq!(Axis::from_zero(0.0, 4).high, 1.0);
    }

    #[test]
    fn counts_start_at_zero_and_end_where_they_are() {
        let axis = Axis::from_zero(3_750.0, 4);
        assert_eq!((axis.low, axis.high, axis.step), (0.0, 3_750.0, 1_000.0));
        assert_eq!(axis.marks(), [0.0, 1_000.0, 2_000.0, 3_000.0]);
        assert_eq!((axis.place(0.0), axis.place(3_750.0)), (0.0, 1.0));
    }

    #[test]
    fn steps_are_ones_twos_and_fives() {
        assert_eq!([0.9, 1.0, 1.1, 2.1, 5.1, 0.011, 300.0].map(round_step), [1.0, 1.0, 2.0, 5.0, 10.0, 0.02, 500.0]);
    }

    #[test]
    fn a_path_fills_its_box() {
        let axis = Axis { low: 0.0, high: 10.0, step: 5.0 };
        assert_eq!(
            path(&[(0.0, 0.0), (5.0, 10.0), (10.0, 5.0)], &axis, &axis, 100.0, 50.0),
            "M0.0 50.0L50.0 0.0L100.0 25.0"
        );
        assert_eq!(path(&[], &axis, &axis, 100.0, 50.0), "");
    }
}
