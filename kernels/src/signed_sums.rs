//! Sums of 64 values with many choices of signs: products with a matrix of ones and minus ones.

/// Values in a sum.
pub const SUMMANDS: usize = u64::BITS as usize;
/// Values that share a table.
const PART: usize = 8;

/// For each of `signs` the sum of `values`: value `i` is added if bit `i` is set, and subtracted if not.
///
/// The sums of each 8 values are computed once for all 256 choices of their signs. An output takes eight of them.
///
/// # Panics
/// If there are not as many outputs as signs.
pub fn signed_sums(values: &[f32; SUMMANDS], signs: &[u64], output: &mut [f32]) {
    assert_eq!(signs.len(), output.len(), "one output for each choice of signs");
    let mut tables = [[0.0f32; 1 << PART]; SUMMANDS / PART];
    for (table, part) in tables.iter_mut().zip(values.as_chunks::<PART>().0) {
        for (bit, value) in part.iter().enumerate() {
            let (less, more) = table[..2 << bit].split_at_mut(1 << bit);
            for (less, more) in less.iter_mut().zip(more) {
                (*less, *more) = (*less - value, *less + value);
            }
        }
    }
    let [a, b, c, d, e, f, g, h] = &tables;
    for (to, signs) in output.iter_mut().zip(signs) {
        let [i, j, k, l, m, n, o, p] = signs.to_le_bytes().map(usize::from);
        *to = ((a[i] + b[j]) + (c[k] + d[l])) + ((e[m] + f[n]) + (g[o] + h[p]));
    }
}

/// The gradient of [`signed_sums`] to the values, from that to its outputs.
///
/// # Panics
/// If there are not as many outputs as signs.
pub fn signed_sums_gradient(signs: &[u64], output: &[f32]) -> [f32; SUMMANDS] {
    assert_eq!(signs.len(), output.len(), "one output for each choice of signs");
    let mut result = [0.0; SUMMANDS];
    for (signs, output) in signs.iter().zip(output) {
        for (i, to) in result.iter_mut().enumerate() {
            *to += if signs >> i & 1 == 1 { *output } else { -output };
        }
    }
    result
}
