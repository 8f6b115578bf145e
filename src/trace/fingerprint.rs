//! A trace in sixteen hexadecimal digits.

use super::{Excerpt, Fact, ProgramNote, Trace, WebNote};
use std::fmt::Write as _;

impl Trace {
    /// A digest of every record and every octet: two runs with the same fingerprint were the same.
    ///
    /// It is FNV-1a over the records as text and the octets, so it is the same on every machine.
    /// It does not tell a shared payload from one that is kept in its frame.
    pub fn fingerprint(&self) -> String {
        struct Fnv(u64);
        impl Fnv {
            fn take(&mut self, octets: &[u8]) {
                for octet in octets {
                    self.0 = (self.0 ^ u64::from(*octet)).wrapping_mul(0x0000_0100_0000_01b3);
                }
            }
        }
        impl std::fmt::Write for Fnv {
            fn write_str(&mut self, text: &str) -> std::fmt::Result {
                self.take(text.as_bytes());
                Ok(())
            }
        }
        let mut fnv = Fnv(0xcbf2_9ce4_8422_2325);
        let ends: Vec<(u64, u64)> = self.shared().map(|(at, _, end)| (at, end)).collect();
        for mut record in self.records() {
            if let Some(excerpt) = excerpt_of(&mut record.fact) {
                let before = ends.partition_point(|(at, _)| *at <= excerpt.start);
                excerpt.start += before.checked_sub(1).map_or(0, |last| ends[last].1);
            }
            write!(fnv, "{record:?}").expect("hashing does not fail");
        }
        let mut from = 0;
        for (at, payload, _) in self.shared() {
            fnv.take(&self.octets[from..at as usize]);
            fnv.take(payload);
            from = at as usize;
        }
        fnv.take(&self.octets[from..]);
        format!("{:016x}", fnv.0)
    }
}

const fn excerpt_of(fact: &mut Fact) -> Option<&mut Excerpt> {
    match fact {
        Fact::Program {
            note:
                ProgramNote::Sent { excerpt, .. }
                | ProgramNote::Received { excerpt, .. }
                | ProgramNote::SentTo { excerpt, .. }
                | ProgramNote::ReceivedFrom { excerpt, .. }
                | ProgramNote::Calls(excerpt)
                | ProgramNote::Handles(excerpt)
                | ProgramNote::Runs { excerpt, .. }
                | ProgramNote::Prints { excerpt, .. }
                | ProgramNote::Crashes(excerpt),
            ..
        }
        | Fact::Web { note: WebNote::Unit(_, excerpt), .. } => Some(excerpt),
        _ => None,
    }
}
