//! Followers that are lost, answer nonsense, or join late.

use std::cell::RefCell;
use std::rc::Rc;

use super::*;

/// What happens to a follower of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Works,
    /// Gives no answer to the order with this number, and is lost.
    LostAt(usize),
    /// Answers the order with this number with too few numbers.
    WrongAt(usize),
    /// Becomes ready after this many network steps.
    JoinsAt(usize),
}

/// Followers in this thread, with fates.
struct Fated {
    members: Vec<(FollowerId, Fate, Follower)>,
    asked: Vec<(FollowerId, Order)>,
    network_steps: usize,
    seen: Rc<RefCell<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// Half steps, repeated ones included.
    network_steps: usize,
    /// Rows in all orders.
    rows: Vec<Range<usize>>,
    /// Networks in all orders.
    sent: Vec<Network>,
    dismissed: Vec<FollowerId>,
}

impl Fated {
    fn team(state: &TrainState, fates: &[Fate]) -> (Team, Rc<RefCell<Seen>>) {
        let member =
            |(id, fate): (usize, &Fate)| (id as FollowerId, *fate, Follower::new(setup(state), &Device::flex()));
        let members = fates.iter().enumerate().map(member).collect();
        let seen = Rc::<RefCell<Seen>>::default();
        let followers = Self { members, asked: Vec::new(), network_steps: 0, seen: Rc::clone(&seen) };
        (Team::new(Box::new(followers)), seen)
    }
}

impl Followers for Fated {
    fn ready(&mut self) -> Vec<FollowerId> {
        let now = self.network_steps;
        let there = |fate: &Fate| !matches!(fate, Fate::JoinsAt(when) if *when > now);
        self.members.iter().filter(|(_, fate, _)| there(fate)).map(|(id, ..)| *id).collect()
    }

    fn send(&mut self, follower: FollowerId, order: Order) {
        let mut seen = self.seen.borrow_mut();
        seen.rows.push(order.rows.clone());
        seen.sent.extend(order.parameters.iter().map(|(network, _)| *network));
        self.asked.push((follower, order));
    }

    fn answers(&mut self) -> FollowerAnswers<'_> {
        let now = self.network_steps;
        self.network_steps += 1;
        self.seen.borrow_mut().network_steps += 1;
        let mut answers = Vec::new();
        let mut lost = Vec::new();
        for (id, order) in std::mem::take(&mut self.asked) {
            let Some((_, fate, follower)) = self.members.iter_mut().find(|(other, ..)| *other == id) else {
                answers.push(None);
                continue;
            };
            match *fate {
                Fate::LostAt(when) if when == now => {
                    lost.push(id);
                    answers.push(None);
                }
                Fate::WrongAt(when) if when == now => answers.push(Some(vec![1.0; 10])),
                _ => answers.push(read_sync(follower.answer(&order)).ok()),
            }
        }
        self.members.retain(|(id, ..)| !lost.contains(id));
        Box::pin(std::future::ready(answers))
    }

    fn dismiss(&mut self, follower: FollowerId) {
        self.seen.borrow_mut().dismissed.push(follower);
        self.members.retain(|(id, ..)| *id != follower);
    }
}

#[test]
fn a_follower_lost_in_any_network_step_changes_nothing() -> Tested {
    let alone = losses(&mut state(Trainable::All), &mut Team::default(), 4)?;
    // The leader takes the first network step by itself: LeCam. So seven network steps are shared.
    for when in 0..7 {
        for fate in [Fate::LostAt(when), Fate::WrongAt(when)] {
            let mut state = state(Trainable::All);
            let (mut team, seen) = Fated::team(&state, &[fate, Fate::Works]);
            assert_close(&losses(&mut state, &mut team, 4)?, &alone);
            let seen = seen.borrow();
            assert_eq!(seen.network_steps, 8, "one of seven was repeated");
            assert_eq!(seen.dismissed, if fate == Fate::WrongAt(when) { vec![0] } else { vec![] });
            assert_eq!(team.at_work(), 2, "the other one works on");
        }
    }
    Ok(())
}

#[test]
fn without_followers_the_leader_goes_on_and_new_ones_can_join() -> Tested {
    let alone = losses(&mut state(Trainable::All), &mut Team::default(), 6)?;
    let mut state = state(Trainable::All);
    let fates = [Fate::LostAt(2), Fate::LostAt(2), Fate::JoinsAt(1)];
    let (mut team, _) = Fated::team(&state, &fates);
    assert_close(&losses(&mut state, &mut team, 6)?, &alone);
    assert_eq!(team.at_work(), 2);
    Ok(())
}

#[test]
fn followers_have_the_leaders_networks_and_get_only_what_has_changed() -> Tested {
    let mut state = state(Trainable::All);
    let (mut team, seen) = Fated::team(&state, &[Fate::Works]);
    losses(&mut state, &mut team, 3)?;
    // First both networks, then in each network step the network that the previous network step trained.
    let [generator, discriminator] = [Network::Generator, Network::Discriminator];
    assert_eq!(seen.borrow().sent, [generator, discriminator, generator, discriminator, generator, discriminator]);
    assert!(seen.borrow().rows.iter().all(|rows| *rows == (3..7)));

    // The parameters of an order arrive bit for bit.
    let mut follower = Follower::new(setup(&state), &Device::flex());
    let step = NetworkStep { network: discriminator, alone: false, progress: 0.0 };
    let mut order = read_sync(Order::new(&state, step))?;
    let ours = [
        (generator, read_sync(parameters::parameters(&state.generator))?),
        (discriminator, read_sync(parameters::parameters(&state.discriminator))?),
    ];
    order.rows = 0..BATCH;
    order.parameters = ours.iter().map(|(network, values)| (*network, Arc::new(values.clone()))).collect();
    let answer = read_sync(follower.answer(&order))?;
    let theirs = [
        read_sync(parameters::parameters(&follower.state.generator))?,
        read_sync(parameters::parameters(&follower.state.discriminator))?,
    ];
    for ((_, ours), theirs) in ours.iter().zip(&theirs) {
        assert!(ours.iter().map(|x| x.to_bits()).eq(theirs.iter().map(|x| x.to_bits())));
    }
    // The gradient of all rows is the leader's own, bit for bit.
    let inputs = state.inputs(&slices()).of(discriminator);
    let own = state.gradient(discriminator, inputs, 0.0);
    let own = read_sync(parameters::gradient(&state.discriminator, &own))?;
    assert!(own.iter().map(|x| x.to_bits()).eq(answer.iter().map(|x| x.to_bits())));
    Ok(())
}
