//! What the supervisor keeps: the workers, what is known of their devices, and the work at hand.

use std::collections::VecDeque;

use leptos::leptos_dom::helpers::TimeoutHandle;

use super::job::{Job, Order, Owner};
use super::link::Link;
use crate::engine::protocol::Request;
use crate::engine::shared::{DeviceKind, DeviceReport};
use crate::ui::logic::choice::Gpu;

/// One worker and how it is doing.
pub struct Member {
    pub link: Link,
    /// Which start this was; what an earlier worker still says is ignored.
    pub serial: u32,
    /// Set once it is ready.
    pub report: Option<DeviceReport>,
    /// Rings when nothing is heard for too long.
    pub alarm: Option<TimeoutHandle>,
}

impl Member {
    /// Stops waiting for an answer.
    pub fn hush(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            alarm.clear();
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.hush();
    }
}

/// All workers and their work.
#[derive(Default)]
pub struct Crew {
    cpu: Option<Member>,
    gpu: Option<Member>,
    /// How the processor did, also after its worker was dismissed.
    pub cpu_report: Option<DeviceReport>,
    /// What is known of the graphics card.
    pub card: Gpu,
    /// The browser is being asked for a graphics card.
    pub probing: bool,
    /// The engine that gets the work.
    pub active: Option<DeviceKind>,
    /// The work at hand.
    pub job: Option<Job>,
    /// What comes after it, oldest first.
    queue: VecDeque<Order>,
    serial: u32,
    last_job: u32,
    last_owner: u32,
}

impl Crew {
    pub fn member(&mut self, device: DeviceKind) -> &mut Option<Member> {
        match device {
            DeviceKind::Cpu => &mut self.cpu,
            DeviceKind::Gpu => &mut self.gpu,
        }
    }

    /// The member, if it is the one of this start.
    pub fn known(&mut self, device: DeviceKind, serial: u32) -> Option<&mut Member> {
        self.member(device).as_mut().filter(|member| member.serial == serial)
    }

    pub fn is_ready(&mut self, device: DeviceKind) -> bool {
        self.member(device).as_ref().is_some_and(|member| member.report.is_some())
    }

    pub fn gpu_is_away(&self) -> bool {
        self.gpu.is_none()
    }

    pub fn next_serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// Takes an order. Returns the orders that it pushes out: those of the same owner, except that a live order lets a
    /// live one finish that an engine works on.
    pub fn take(&mut self, order: Order) -> Vec<Order> {
        let owner = order.owner;
        let moving =
            self.job.as_ref().is_some_and(|job| job.order.owner == owner && job.order.live && job.sent_to.is_some());
        let dropped = if order.live && moving { self.unqueue(owner) } else { self.forget(owner) };
        self.queue.push_back(order);
        self.next();
        dropped
    }

    /// Drops all orders of an owner, and returns them.
    pub fn forget(&mut self, owner: Owner) -> Vec<Order> {
        let mut dropped: Vec<Order> =
            self.job.take_if(|job| job.order.owner == owner).map(|job| job.order).into_iter().collect();
        dropped.extend(self.unqueue(owner));
        dropped
    }

    /// Drops the orders of an owner that nobody works on yet, and returns them.
    fn unqueue(&mut self, owner: Owner) -> Vec<Order> {
        let (own, others): (VecDeque<_>, _) = self.queue.drain(..).partition(|order| order.owner == owner);
        self.queue = others;
        Vec::from(own)
    }

    /// Dismisses all workers, and forgets what was measured of them and all orders, which it returns. Why there is no
    /// graphics card stays known.
    pub fn start_over(&mut self) -> Vec<Order> {
        (self.cpu, self.gpu, self.active, self.cpu_report) = (None, None, None, None);
        if matches!(self.card, Gpu::Passed(_)) {
            self.card = Gpu::Unknown;
        }
        self.job.take().map(|job| job.order).into_iter().chain(self.queue.drain(..)).collect()
    }

    /// Makes the oldest order in the queue the work at hand, if there is none.
    pub fn next(&mut self) {
        if self.job.is_none() {
            self.job = self.queue.pop_front().map(|order| Job { number: 0, sent_to: None, order, done: 0 });
        }
    }

    pub fn next_owner(&mut self) -> Owner {
        self.last_owner += 1;
        Owner(self.last_owner)
    }

    /// Sends the job to the active engine, unless it is there already.
    pub fn dispatch(&mut self) -> Result<Option<(DeviceKind, u32)>, String> {
        let Some(active) = self.active else { return Ok(None) };
        let Some(mut job) = self.job.take() else {
            self.rest(active);
            return Ok(None);
        };
        let mut sent = Ok(None);
        if job.sent_to != Some(active) {
            self.last_job += 1;
            job.number = self.last_job;
            job.sent_to = Some(active);
            job.done = 0;
            if let Some(member) = self.member(active) {
                sent = member.link.send(&job.request()).map(|()| Some((active, member.serial)));
            }
        }
        self.job = Some(job);
        sent
    }

    /// Nothing is wanted of an engine any more, and nothing is expected.
    fn rest(&mut self, device: DeviceKind) {
        if let Some(member) = self.member(device) {
            member.hush();
            // An engine that cannot be told goes on for a while and is not listened to.
            let _ = member.link.send(&Request::Cancel);
        }
    }

    /// Forgets an engine that failed, and where the job went if it went there.
    pub fn bury(&mut self, device: DeviceKind) {
        *self.member(device) = None;
        if self.active == Some(device) {
            self.active = None;
        }
        if let Some(job) = self.job.as_mut().filter(|job| job.sent_to == Some(device)) {
            job.sent_to = None;
        }
    }
}
