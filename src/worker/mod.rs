//! The link between the page and its workers: requests go out, events come back.
//!
//! Every worker of the site uses it: those that make, train, run the lab, measure and read files.
//!
//! **A protocol** is two enums, a request and an event, that implement [`Message`]. Serde writes the header of a
//! message. Pixels and files do not go into the header: [`Message::take_buffers`] moves them out of the message, the
//! browser transfers them without a copy, and [`Message::put_buffers`] puts them back at the other end. On the wire a
//! message without buffers is the bare header; a message with buffers is a JavaScript array `[header, buffer, ...]`.
//!
//! **The page** owns a [`Link`] for each worker, or a [`Pool`] of links for several workers of one kind:
//!
//! ```ignore
//! let link = Link::new(browser::host(), |outcome: Result<Event, WorkerFailure>| ...);
//! link.start(&Program { script, name: "training", patience })?; // replaces an earlier worker
//! link.request(Request::Begin(..))?;                            // expects an answer: sets the alarm
//! link.notify(Request::Tune(..))?;                              // expects none
//! link.rest();                                                  // nothing is expected any more
//! ```
//!
//! While an answer is expected, each event sets the alarm anew. A worker that fails is terminated, and the link reports
//! one [`WorkerFailure`]. The page then decides whether to call [`Link::start`] again. Events of a worker that was
//! replaced or ended never arrive.
//!
//! **Two workers** speak to each other through a `Channel`: the page sends each of them one end, a [`Port`]
//! ([`Host::channel`], [`Message::take_ports`]).
//!
//! **The worker** calls [`port::listen`] once and answers with [`port::post`], or calls [`port::answer_in_turn`] if each
//! request has one answer. A [`Crew`] says what each worker of a pool does and whether a lost one is replaced.
//!
//! [`Link`] reaches the browser only through [`Host`], so that native tests can put a fake worker and a fake clock at the other
//! end (`fake::FakeHost`). In these tests, [`port`] keeps the events that a session posts.

mod alarm;
mod crew;
mod link;
mod message;
mod pixels;
mod pool;

#[cfg(feature = "web")]
pub mod browser;
#[cfg(feature = "web")]
pub mod channel;
#[cfg(test)]
pub(crate) mod fake;
#[cfg(feature = "web")]
pub mod port;
#[cfg(all(test, not(feature = "web")))]
#[path = "fake_port.rs"]
pub mod port;
#[cfg(feature = "web")]
mod wire;

pub use alarm::{Alarm, Clock, Timer};
pub use crew::{Crew, Loss, MAX_LOSSES};
pub use link::{Host, Link, OnOutcome, Program, Transport, WorkerFailure};
pub use message::{Buffer, Message, Port};
pub use pixels::{put_pixels, take_pixels};
pub use pool::Pool;
