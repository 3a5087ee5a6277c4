//! Reduces long series: stored history, points of a chart, frames of a film.

/// Limits a growing list to `most` items. Beyond that, every second item of the older half is dropped: the first item and the
/// newest items stay.
pub fn thin_older_half<T>(list: &mut Vec<T>, most: usize) {
    while list.len() > most.max(2) {
        let half = list.len() / 2;
        let mut index = 0;
        list.retain(|_| {
            let keep = index >= half || index % 2 == 0;
            index += 1;
            keep
        });
    }
}

/// At most `most` points: means of equally long bins, and the last point unchanged, because the legend states its value.
/// Points that are not finite are dropped.
pub fn bin_means(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    let points: Vec<(f64, f64)> = points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let Some((&last, before)) = points.split_last() else { return points };
    if points.len() <= most {
        return points;
    }
    let bin = before.len().div_ceil(most.saturating_sub(1).max(1)).max(1);
    let mean = |part: &[(f64, f64)]| {
        let (x, y) = part.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
        (x / part.len() as f64, y / part.len() as f64)
    };
    before.chunks(bin).map(mean).chain([last]).collect()
}

/// At most `most` evenly spaced indices below `count`, including the first and the last.
pub fn evenly_spaced(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    match most {
        0 => Vec::new(),
        1 => vec![count - 1],
        // Rounded, so that gaps differ by at most one.
        _ => (0..most).map(|index| (index * (count - 1) + (most - 1) / 2) / (most - 1)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_first_and_the_newest() {
        let mut list: Vec<usize> = Vec::new();
        for i in 0..10_000 {
            list.push(i);
            thin_older_half(&mut list, 100);
            assert!(list.len() <= 100 && list[0] == 0 && list.last() == Some(&i));
        }
        assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(list[90..].windows(2).all(|pair| pair[1] - pair[0] == 1), "the newest are complete");
    }

    #[test]
    fn bins_keep_the_mean_and_the_last_point() {
        let points: Vec<(f64, f64)> = (0..1001).map(|x| (f64::from(x), f64::from(x % 2))).collect();
        let thin = bin_means(&points, 101);
        assert_eq!((thin.len(), thin.last()), (101, points.last()));
        assert!(thin[..100].iter().all(|(_, y)| (y - 0.5).abs() < 1e-9));
        assert!(thin.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(bin_means(&points[..50], 101), points[..50]);
        assert_eq!(bin_means(&[(0.0, f64::NAN), (1.0, 2.0)], 10), [(1.0, 2.0)]);
        assert_eq!(bin_means(&points, 1).last(), points.last());
    }

    #[test]
    fn evenly_spaced_indices_include_both_ends() {
        assert_eq!(evenly_spaced(3, 5), [0, 1, 2]);
        assert_eq!(evenly_spaced(11, 3), [0, 5, 10]);
        assert_eq!(evenly_spaced(240, 120).len(), 120);
        assert_eq!((evenly_spaced(240, 120)[0], evenly_spaced(240, 120)[119]), (0, 239));
        assert!(evenly_spaced(240, 120).windows(2).all(|pair| pair[1] - pair[0] <= 3 && pair[1] > pair[0]));
        assert_eq!((evenly_spaced(0, 4), evenly_spaced(9, 1), evenly_spaced(9, 0)), (vec![], vec![8], vec![]));
    }
}
