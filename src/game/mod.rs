//! Rounds, answers and what they prove. Pure: no clock, no randomness of its own, no browser.
//!
//! A game is dealt from a seed ([`deal`]), answered ([`answers`], [`target`], [`rival`]) and weighed ([`interval`],
//! [`readers`]); [`marks`] measures what there is to see in a scan.

pub mod answers;
pub mod deal;
pub mod interval;
pub mod level;
pub mod marks;
pub mod readers;
pub mod rival;
pub mod setup;
pub mod shuffle;
pub mod target;
