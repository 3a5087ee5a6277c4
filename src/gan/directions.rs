//! Named directions in latent space.
//!
//! GANSpace (Härkönen et al. 2020, arXiv 2004.02546) finds directions as principal components of early features. Here
//! the layers that read the latent, which are the first layer and the styles, are linear in it. The components therefore
//! follow from the weights alone: they are the eigenvectors of the sum of `W W^T`. Names are assigned by measuring what
//! a direction changes in scans ([`name`]).

use super::preset::LATENT;
use super::state_dict::NamedValues;

/// Directions with their names. The names are keys of the page's translations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Directions {
    /// Name of each direction.
    pub names: Vec<String>,
    /// Unit vector of each direction, 64 values.
    pub vectors: Vec<Vec<f32>>,
}

/// Eigenvectors of the sum of `W W^T` over `layers`, in order of decreasing eigenvalue. `layers` are the weights that read
/// the latent, `[latent + classes, width]` each. Returns 64 unit vectors of length 64.
pub fn principal(layers: &[&NamedValues]) -> Vec<Vec<f32>> {
    let mut matrix = vec![vec![0.0f64; LATENT]; LATENT];
    for layer in layers {
        let width = layer.shape.get(1).copied().unwrap_or(0);
        let row = |i: usize| &layer.values[i * width..(i + 1) * width];
        for (i, line) in matrix.iter_mut().enumerate() {
            for (j, cell) in line.iter_mut().enumerate() {
                *cell += row(i).iter().zip(row(j)).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
            }
        }
    }
    let (values, vectors) = jacobi(matrix);
    let mut order: Vec<usize> = (0..LATENT).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    order.into_iter().map(|k| vectors.iter().map(|line| line[k] as f32).collect()).collect()
}

/// Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by the Jacobi eigenvalue algorithm.
fn jacobi(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = a.len();
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _sweep in 0..30 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j].powi(2)).sum();
        if off < 1e-18 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q].abs() < 1e-15 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for line in a.iter_mut().chain(v.iter_mut()) {
                    let (x, y) = (line[p], line[q]);
                    (line[p], line[q]) = (c * x - s * y, s * x + c * y);
                }
                let (above, below) = a.split_at_mut(q);
                for (x, y) in above[p].iter_mut().zip(below[0].iter_mut()) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
            }
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), v)
}

/// The attributes that are measured in a scan and its mask. A direction is named after the attribute that it changes.
pub const ATTRIBUTES: [&str; 7] =
    ["head-size", "elongation", "brightness", "contrast", "tumour-size", "tumour-left-right", "tumour-front-back"];

/// A pixel above this value (-1 to 1) is head, not air.
const HEAD: f32 = -0.8;
/// A mask pixel above this value is tumour.
const TUMOUR: f32 = 0.0;

/// Measures the [`ATTRIBUTES`] of one scan. `image` and `mask` have `side * side` values from -1 to 1. The tumour position
/// is NaN if there is no tumour.
pub fn measure(image: &[f32], mask: &[f32], side: usize) -> [f32; 7] {
    let cells = (side * side) as f32;
    let place = |i: usize| ((i % side) as f32, (i / side) as f32);
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    let spread = |values: &[f32]| {
        let centre = mean(values);
        (values.iter().map(|v| (v - centre).powi(2)).sum::<f32>() / values.len() as f32).sqrt()
    };
    let head: Vec<usize> = (0..image.len()).filter(|&i| image[i] > HEAD).collect();
    let tumour: Vec<usize> = (0..mask.len()).filter(|&i| mask[i] > TUMOUR).collect();
    let column = |ids: &[usize]| ids.iter().map(|&i| place(i).0).collect::<Vec<_>>();
    let row = |ids: &[usize]| ids.iter().map(|&i| place(i).1).collect::<Vec<_>>();
    let light: Vec<f32> = head.iter().map(|&i| image[i]).collect();
    [
        head.len() as f32 / cells,
        spread(&row(&head)) / spread(&column(&head)),
        mean(&light),
        spread(&light),
        tumour.len() as f32 / cells,
        mean(&column(&tumour)),
        mean(&row(&tumour)),
    ]
}

/// Names directions after the attribute that they change most.
///
/// `effects[k][a]` is the change of attribute `a` along direction `k`, from two standard deviations below the mean to two
/// above, divided by the standard deviation of the attribute over scans. Each attribute is given to the direction that
/// changes it most, if the change is at least 1. The direction's sign is chosen so that the attribute increases along it.
pub fn name(vectors: &[Vec<f32>], effects: &[[f32; 7]]) -> Directions {
    let mut found = Directions::default();
    let mut free: Vec<usize> = (0..vectors.len()).collect();
    let mut open: Vec<usize> = (0..ATTRIBUTES.len()).collect();
    loop {
        let best = free
            .iter()
            .flat_map(|&k| open.iter().map(move |&a| (k, a)))
            .filter(|&(k, a)| effects[k][a].abs() >= 1.0)
            .max_by(|&(k, a), &(l, b)| effects[k][a].abs().total_cmp(&effects[l][b].abs()));
        let Some((k, a)) = best else { return found };
        let sign = effects[k][a].signum();
        found.names.push(ATTRIBUTES[a].to_owned());
        found.vectors.push(vectors[k].iter().map(|x| x * sign).collect());
        free.retain(|&other| other != k);
        open.retain(|&other| other != a);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_direction_of_a_known_matrix_is_found() {
        // Only input 5 has an effect, so the first direction is that axis.
        let mut values = vec![0.0; LATENT * 2];
        values[5 * 2] = 3.0;
        values[5 * 2 + 1] = 4.0;
        let project = NamedValues { name: "project".into(), shape: vec![LATENT, 2], values };
        let first = &principal(&[&project])[0];
        assert!((first[5].abs() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn names_go_to_the_largest_effects_and_the_attribute_increases() {
        let vectors = vec![vec![1.0], vec![2.0]];
        let mut effects = [[0.0; 7]; 2];
        effects[0][0] = -3.0;
        effects[1][0] = 2.0;
        effects[1][4] = 1.5;
        let named = name(&vectors, &effects);
        assert_eq!(named.names, ["head-size", "tumour-size"]);
        assert_eq!(named.vectors, [vec![-1.0], vec![2.0]]);
        assert!(name(&vectors, &[[f32::NAN; 7]; 2]).names.is_empty());
    }

    #[test]
    fn a_bright_square_is_measured() {
        let side = 8;
        let mut image = vec![-1.0; 64];
        let mut mask = vec![-1.0; 64];
        for i in [27, 28, 35, 36] {
            image[i] = 0.5;
        }
        mask[27] = 1.0;
        let m = measure(&image, &mask, side);
        assert_eq!((m[0], m[2], m[4], m[5], m[6]), (4.0 / 64.0, 0.5, 1.0 / 64.0, 3.0, 3.0));
        assert!(measure(&image, &image.map_mask(), side)[5].is_nan());
    }

    trait MapMask {
        fn map_mask(&self) -> Vec<f32>;
    }
    impl MapMask for Vec<f32> {
        fn map_mask(&self) -> Vec<f32> {
            vec![-1.0; self.len()]
        }
    }
}
