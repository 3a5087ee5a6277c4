//! Turns work that arrives bit by bit into work a second.

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Milliseconds at the start that do not count: the browser still compiles what it runs.
    pub warm_up: f64,
    /// Fewest milliseconds that are counted.
    pub millis: f64,
    /// Fewest pieces of work that are counted. A slow device takes longer for them.
    pub pieces: u64,
}

/// Work from one arrival to a later one, so that nothing half done is counted.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    extent: Extent,
    start: f64,
    /// When counting began.
    opened: Option<f64>,
    /// The last arrival.
    last: f64,
    pieces: u64,
}

impl Window {
    /// A window for work that starts at `start`, in milliseconds.
    pub fn new(extent: Extent, start: f64) -> Self {
        Self { extent, start, opened: None, last: start, pieces: 0 }
    }

    /// This many pieces of work had been done at `now`, in milliseconds. The first arrival after the warm-up opens the window;
    /// the work until then does not count.
    pub fn arrive(&mut self, now: f64, pieces: u64) {
        match self.opened {
            Some(_) => (self.last, self.pieces) = (now, self.pieces + pieces),
            None if now - self.start >= self.extent.warm_up => (self.opened, self.last) = (Some(now), now),
            None => {}
        }
    }

    /// Whether enough has arrived.
    pub fn is_complete(&self) -> bool {
        self.millis() >= self.extent.millis && self.pieces >= self.extent.pieces
    }

    /// Pieces of work a second. None as long as nothing was counted, or if no time passed on the clock.
    pub fn per_second(&self) -> Option<f64> {
        (self.pieces > 0 && self.millis() > 0.0).then(|| 1000.0 * self.pieces as f64 / self.millis())
    }

    fn millis(&self) -> f64 {
        self.opened.map_or(0.0, |opened| self.last - opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Extent = Extent { warm_up: 500.0, millis: 1000.0, pieces: 8 };

    #[test]
    fn the_warm_up_and_the_arrival_that_opens_the_window_do_not_count() {
        let mut window = Window::new(EXTENT, 10_000.0);
        // Slow at first: 200 ms each, then 50 ms each, which is 20 a second.
        for at in [10_200.0, 10_400.0, 10_600.0] {
            window.arrive(at, 1);
        }
        assert_eq!(window.per_second(), None);
        for piece in 1..20 {
            window.arrive(10_600.0 + 50.0 * f64::from(piece), 1);
            assert!(!window.is_complete());
        }
        window.arrive(11_600.0, 1);
        assert!(window.is_complete());
        assert_eq!(window.per_second(), Some(20.0));
    }

    #[test]
    fn several_workers_and_batches_add_up() {
        let mut window = Window::new(Extent { warm_up: 0.0, ..EXTENT }, 0.0);
        window.arrive(100.0, 4);
        // Two workers, batches of four, 400 ms for each batch.
        for at in [300.0, 500.0, 700.0, 900.0, 1100.0] {
            window.arrive(at, 4);
        }
        assert!(window.is_complete());
        assert_eq!(window.per_second(), Some(20.0));
    }

    #[test]
    fn a_slow_device_takes_longer_for_the_same_number() {
        let mut window = Window::new(EXTENT, 0.0);
        for second in 1..=8 {
            window.arrive(3000.0 * f64::from(second), 1);
            assert!(!window.is_complete());
        }
        window.arrive(27_000.0, 1);
        assert!(window.is_complete());
        assert_eq!(window.per_second(), Some(1.0 / 3.0));
    }

    #[test]
    fn a_clock_that_stands_still_gives_no_number() {
        let mut window = Window::new(Extent { warm_up: 0.0, ..EXTENT }, 0.0);
        window.arrive(0.0, 1);
        window.arrive(0.0, 64);
        assert!(!window.is_complete());
        assert_eq!(window.per_second(), None);
    }
}
