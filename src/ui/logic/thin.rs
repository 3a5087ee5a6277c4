//! Keeping a long course short.

/// Leaves at most `most` of a growing list: beyond that, every second of its older half goes, so that the beginning stays
/// and the newest are complete.
pub fn thin<T>(list: &mut Vec<T>, most: usize) {
    while list.len() > most.max(2) {
        let half = list.len() / 2;
        let mut place = 0;
        list.retain(|_| {
            let kept = place >= half || place % 2 == 0;
            place += 1;
            kept
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_newest_stay() {
        let mut list: Vec<usize> = Vec::new();
        for i in 0..10_000 {
            list.push(i);
            thin(&mut list, 100);
            assert!(list.len() <= 100 && list[0] == 0 && list.last() == Some(&i));
        }
        assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(list[90..].windows(2).all(|pair| pair[1] - pair[0] == 1), "the newest are complete");
    }
}
