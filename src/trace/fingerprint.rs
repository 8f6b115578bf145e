//! A trace in sixteen hexadecimal digits.

use super::Trace;
use std::fmt::Write as _;

impl Trace {
    /// A digest of every record and every octet: two runs with the same fingerprint were the same.
    ///
    /// It is FNV-1a over the records as text and the octets, so it is the same on every machine.
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
        for record in self.records() {
            write!(fnv, "{record:?}").expect("hashing does not fail");
        }
        fnv.take(&self.octets);
        format!("{:016x}", fnv.0)
    }
}
