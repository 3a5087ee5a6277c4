//! Geometry of charts: axes with round tick marks, and SVG paths through points.

/// An axis: a range of values with round tick marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Distance between two tick marks: 1, 2 or 5 times a power of ten.
    pub step: f64,
}

impl Axis {
    /// An axis that holds these values, widened to round ends, with about `marks` tick marks. Values that are not finite are
    /// ignored. Without values it runs from 0 to 1.
    pub fn around(values: impl IntoIterator<Item = f64>, marks: usize) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let (low, high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        // All values equal: a margin on both sides puts the line in the middle.
        let margin = if high - low > 1e-9 * high.abs().max(1e-6) { 0.0 } else { (high.abs() * 0.5).max(0.5) };
        let (low, high) = (low - margin, high + margin);
        let step = round_step((high - low) / marks.max(1) as f64);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// An axis from 0 to exactly `highest`, for counts.
    pub fn from_zero(highest: f64, marks: usize) -> Self {
        let highest = if highest.is_finite() && highest > 0.0 { highest } else { 1.0 };
        let step = round_step(highest / marks.max(1) as f64);
        Self { low: 0.0, high: highest, step }
    }

    /// The values of the tick marks, ascending.
    pub fn marks(&self) -> Vec<f64> {
        let first = (self.low / self.step).ceil();
        let count = ((self.high / self.step + 1e-9).floor() - first).clamp(0.0, 20.0) as usize;
        // Multiples do not accumulate rounding errors. Adding 0.0 turns -0 into 0.
        (0..=count).map(|index| (first + index as f64) * self.step + 0.0).collect()
    }

    /// Position of a value on the axis: 0 at the low end, 1 at the high end.
    pub fn fraction(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE)
    }

    /// Number of decimals that distinguish the tick marks.
    pub fn decimals(&self) -> usize {
        (-self.step.log10().floor()).clamp(0.0, 6.0) as usize
    }
}

/// The smallest of 1, 2 or 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1e-12).log10().floor());
    let step = [1.0, 2.0, 5.0].map(|digit| digit * power);
    step.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// An SVG path through these points, `x` to the right and `y` upwards, in a box of this width and height.
pub fn path(points: &[(f64, f64)], x: &Axis, y: &Axis, width: f64, height: f64) -> String {
    let mut path = String::new();
    for (index, &(at, value)) in points.iter().enumerate() {
        let (left, top) = (x.fraction(at) * width, (1.0 - y.fraction(value)) * height);
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{left:.1} {top:.1}"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tick_marks_are_round_and_the_axis_holds_all_values() {
        let axis = Axis::around([-18.6, -2.0, 3.3], 4);
        assert_eq!((axis.low, axis.high, axis.step), (-20.0, 10.0, 10.0));
        assert_eq!(axis.marks(), [-20.0, -10.0, 0.0, 10.0]);
        let small = Axis::around([0.61, 0.68], 4);
        assert_eq!((small.step, small.decimals()), (0.02, 2));
        assert!(small.low <= 0.61 && small.high >= 0.68 && small.marks().len() >= 4);
    }

    #[test]
    fn degenerate_values_still_give_an_axis() {
        for values in [vec![], vec![f64::NAN], vec![f64::INFINITY, f64::NAN]] {
            assert_eq!(Axis::around(values, 4).marks().first(), Some(&0.0));
        }
        let flat = Axis::around([3.0, 3.0], 4);
        assert!(flat.low < 3.0 && flat.high > 3.0 && (flat.fraction(3.0) - 0.5).abs() < 0.2);
        let zero = Axis::around([0.0], 4);
        assert!(zero.low < 0.0 && zero.high > 0.0);
        assert_eq!(Axis::from_zero(0.0, 4).high, 1.0);
    }

    #[test]
    fn a_count_axis_starts_at_zero_and_ends_at_the_highest_value() {
        let axis = Axis::from_zero(3_750.0, 4);
        assert_eq!((axis.low, axis.high, axis.step), (0.0, 3_750.0, 1_000.0));
        assert_eq!(axis.marks(), [0.0, 1_000.0, 2_000.0, 3_000.0]);
        assert_eq!((axis.fraction(0.0), axis.fraction(3_750.0)), (0.0, 1.0));
    }

    #[test]
    fn steps_are_one_two_or_five_times_a_power_of_ten() {
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
