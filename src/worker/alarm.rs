//! An alarm that survives a sleeping tab.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// A timer that runs. Dropping it cancels it.
pub type Timer = Box<dyn Any>;

/// Runs timers: the browser, or a fake in tests.
pub trait Clock {
    /// Calls `ring` once after a delay.
    fn timer(&self, delay: Duration, ring: Box<dyn FnOnce()>) -> Timer;
}

/// Rings unless it is cancelled in time. Dropping it cancels it.
///
/// It waits for half of its patience, twice. A tab that wakes up runs the overdue timer before it reads the messages that
/// arrived while it slept. One timer alone would ring although the answer is there.
pub struct Alarm(Rc<AlarmInner>);

struct AlarmInner {
    clock: Rc<dyn Clock>,
    timer: RefCell<Option<Timer>>,
}

impl Alarm {
    /// An alarm that is not set.
    pub fn new(clock: Rc<dyn Clock>) -> Self {
        Self(Rc::new(AlarmInner { clock, timer: RefCell::default() }))
    }

    /// Sets the alarm, in place of an earlier setting.
    pub fn set(&self, patience: Duration, ring: impl FnOnce() + 'static) {
        let alarm = Rc::downgrade(&self.0);
        self.0.wait(patience / 2, move || {
            let Some(state) = alarm.upgrade() else { return };
            state.wait(patience / 2, move || {
                if let Some(state) = alarm.upgrade() {
                    state.timer.take();
                }
                ring();
            });
        });
    }

    /// Cancels the alarm.
    pub fn cancel(&self) {
        self.0.timer.take();
    }

    /// Whether it is set and did not ring yet.
    pub fn is_set(&self) -> bool {
        self.0.timer.borrow().is_some()
    }
}

impl AlarmInner {
    fn wait(&self, delay: Duration, then: impl FnOnce() + 'static) {
        let timer = self.clock.timer(delay, Box::new(then));
        self.timer.replace(Some(timer));
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::fake::FakeHost;
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);
    const SECOND: Duration = Duration::from_secs(1);

    fn alarm() -> (Rc<FakeHost<(), ()>>, Alarm, Rc<Cell<u32>>) {
        let host = FakeHost::new();
        let alarm = Alarm::new(Rc::<FakeHost<(), ()>>::clone(&host));
        (host, alarm, Rc::default())
    }

    fn set(alarm: &Alarm, rings: &Rc<Cell<u32>>) {
        let rings = Rc::clone(rings);
        alarm.set(PATIENCE, move || rings.set(rings.get() + 1));
    }

    #[test]
    fn it_rings_once_when_its_patience_is_over() {
        let (host, alarm, rings) = alarm();
        set(&alarm, &rings);
        host.advance(PATIENCE - SECOND);
        assert!(alarm.is_set() && rings.get() == 0);
        host.advance(SECOND);
        assert!(!alarm.is_set());
        host.advance(10 * PATIENCE);
        assert_eq!(rings.get(), 1);
    }

    #[test]
    fn it_can_be_set_anew_and_cancelled_in_both_halves() {
        let (host, alarm, rings) = alarm();
        for before in [SECOND, PATIENCE - SECOND] {
            set(&alarm, &rings);
            host.advance(before);
            set(&alarm, &rings);
            host.advance(before);
            alarm.cancel();
            assert!(!alarm.is_set());
            host.advance(10 * PATIENCE);
        }
        assert_eq!(rings.get(), 0);
    }

    #[test]
    fn after_a_sleep_half_of_the_patience_is_left() {
        let (host, alarm, rings) = alarm();
        set(&alarm, &rings);
        host.sleep(100 * PATIENCE);
        assert_eq!(rings.get(), 0);
        host.advance(PATIENCE / 2);
        assert_eq!(rings.get(), 1);
    }

    #[test]
    fn a_dropped_alarm_is_silent() {
        let (host, alarm, rings) = alarm();
        set(&alarm, &rings);
        host.advance(PATIENCE - SECOND);
        drop(alarm);
        host.advance(10 * PATIENCE);
        assert_eq!(rings.get(), 0);
    }
}
