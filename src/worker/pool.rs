//! Several workers of one protocol.

use std::rc::Rc;

use super::{Host, Link, WorkerFailure};

/// Links of one protocol, told apart by their index. Each is started, ended and started again by itself.
pub struct Pool<Request, Event> {
    members: Vec<Link<Request, Event>>,
}

impl<Request: 'static, Event: 'static> Pool<Request, Event> {
    /// A pool of `size` links without workers. `on_outcome` is called with the index of a link, and with each event or
    /// failure of its worker.
    pub fn new(
        host: &Rc<dyn Host<Request, Event>>,
        size: usize,
        on_outcome: impl Fn(usize, Result<Event, WorkerFailure>) + 'static,
    ) -> Self {
        let on_outcome = Rc::new(on_outcome);
        let member = |index| {
            let on_outcome = Rc::clone(&on_outcome);
            Link::new(Rc::clone(host), move |outcome| on_outcome(index, outcome))
        };
        Self { members: (0..size).map(member).collect() }
    }

    /// The link of this index. Panics if there is none.
    pub fn member(&self, index: usize) -> &Link<Request, Event> {
        &self.members[index]
    }

    /// Number of links.
    pub fn size(&self) -> usize {
        self.members.len()
    }

    /// Terminates all workers.
    pub fn end_all(&self) {
        self.members.iter().for_each(Link::end);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Duration;

    use super::super::Program;
    use super::super::fake::FakeHost;
    use super::*;

    const PROGRAM: Program = Program { script: "kind.js", name: "kind", patience: Duration::from_secs(10) };

    type Received = Rc<RefCell<Vec<(usize, Result<u32, WorkerFailure>)>>>;

    fn pool(size: usize) -> (Rc<FakeHost<u32, u32>>, Pool<u32, u32>, Received) {
        let host = FakeHost::new();
        let outcomes = Received::default();
        let seen = Rc::clone(&outcomes);
        let pool = Pool::new(&host.as_host(), size, move |member, outcome| seen.borrow_mut().push((member, outcome)));
        (host, pool, outcomes)
    }

    fn start(pool: &Pool<u32, u32>) {
        for index in (0..pool.size()).filter(|&index| !pool.member(index).is_running()) {
            assert_eq!(pool.member(index).start(&PROGRAM), Ok(()));
        }
    }

    #[test]
    fn each_member_has_its_own_worker_and_index() {
        let (host, pool, outcomes) = pool(3);
        start(&pool);
        assert_eq!((host.started(), pool.size()), (3, 3));
        host.worker(2).emit(20);
        host.worker(0).emit(10);
        assert_eq!(*outcomes.borrow(), [(2, Ok(20)), (0, Ok(10))]);
    }

    #[test]
    fn a_member_that_crashes_leaves_the_others_and_starts_again() {
        let (host, pool, outcomes) = pool(2);
        start(&pool);
        host.worker(0).fail("out of memory");
        assert_eq!(*outcomes.borrow(), [(0, Err(WorkerFailure::Crashed("out of memory".to_owned())))]);
        assert!(!pool.member(0).is_running() && pool.member(1).is_running());
        start(&pool);
        assert_eq!(host.started(), 3, "only the crashed one is started");
        host.worker(2).emit(1);
        host.worker(1).emit(2);
        assert_eq!(outcomes.borrow()[1..], [(0, Ok(1)), (1, Ok(2))]);
    }

    #[test]
    fn all_workers_end_together() {
        let (host, pool, _) = pool(2);
        start(&pool);
        pool.end_all();
        assert!(host.worker(0).is_terminated() && host.worker(1).is_terminated());
        assert!((0..pool.size()).all(|index| !pool.member(index).is_running()));
    }
}
