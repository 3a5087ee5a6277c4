//! Rounds, answers and what they prove. Pure: no clock, no randomness of its own, no browser.
