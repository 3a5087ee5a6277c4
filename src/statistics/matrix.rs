//! Matrices of `f64` for the distances in feature space: rows are slices.

/// A matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of these values, row by row. An incomplete last row is left out.
    pub fn new(columns: usize, mut values: Vec<f64>) -> Self {
        let columns = columns.max(1);
        values.truncate(values.len() / columns * columns);
        Self { columns, values }
    }

    /// A matrix whose value in each row and column is `value(row, column)`.
    pub fn from_fn([rows, columns]: [usize; 2], value: impl Fn(usize, usize) -> f64) -> Self {
        let value = &value;
        Self::new(columns, (0..rows).flat_map(|row| (0..columns).map(move |column| value(row, column))).collect())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// A row.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// All rows, in order.
    pub fn each_row(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.columns)
    }

    /// A matrix of some of the rows.
    pub fn select_rows(&self, indices: &[usize]) -> Self {
        Self { columns: self.columns, values: indices.iter().flat_map(|&index| self.row(index)).copied().collect() }
    }

    /// Columns become rows.
    pub fn transposed(&self) -> Self {
        Self::from_fn([self.columns, self.rows()], |row, column| self.values[column * self.columns + row])
    }

    /// The mean of each column; zeros without rows.
    pub fn means(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.columns];
        for row in self.each_row() {
            means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
        }
        let count = self.rows().max(1) as f64;
        means.iter_mut().for_each(|mean| *mean /= count);
        means
    }

    /// Each row less `centre`.
    pub fn centred(&self, centre: &[f64]) -> Self {
        let values = self.each_row().flat_map(|row| row.iter().zip(centre).map(|(value, centre)| value - centre));
        Self { columns: self.columns, values: values.collect() }
    }

    /// The dot product of each row with each row of `other`: `[rows, rows of other]`. This is `self` times the transpose of `other`.
    pub fn dots(&self, other: &Self) -> Self {
        let columns = other.rows();
        let mut values = vec![0.0; self.rows() * columns];
        for (row, to) in self.each_row().zip(values.chunks_exact_mut(columns.max(1))) {
            for (other, to) in other.each_row().zip(to) {
                *to = dot(row, other);
            }
        }
        Self { columns: columns.max(1), values }
    }

    /// Sum of the diagonal.
    pub fn trace(&self) -> f64 {
        self.values.iter().step_by(self.columns + 1).sum()
    }

    /// A matrix with each value changed.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self { columns: self.columns, values: self.values.iter().map(|&value| change(value)).collect() }
    }

    /// The values, row by row.
    pub fn into_values(self) -> Vec<f64> {
        self.values
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.values[row * self.columns + column]
    }
}

/// The dot product, as four sums that do not wait for each other.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((fours, rest), (others, others_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (a, b) in fours.iter().zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f64 = rest.iter().zip(others_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_by_hand() {
        let a = Matrix::new(2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let b = Matrix::new(2, vec![1.0, 0.0, 10.0, 1.0]);
        assert_eq!(a.dots(&b), Matrix::new(2, vec![1.0, 12.0, 3.0, 34.0, 5.0, 56.0]));
        assert_eq!(a.transposed(), Matrix::new(3, vec![1.0, 3.0, 5.0, 2.0, 4.0, 6.0]));
        assert_eq!((a.means(), a.select_rows(&[2, 0]).trace()), (vec![3.0, 4.0], 7.0));
        assert_eq!(a.centred(&[3.0, 4.0]).row(0), [-2.0, -2.0]);
        let long: Vec<f64> = (0..11).map(f64::from).collect();
        assert_eq!(dot(&long, &long), 385.0);
    }

    #[test]
    fn nothing_has_no_rows() {
        let none = Matrix::new(3, Vec::new());
        assert_eq!((none.rows(), none.means(), none.dots(&none).rows()), (0, vec![0.0; 3], 0));
    }
}
