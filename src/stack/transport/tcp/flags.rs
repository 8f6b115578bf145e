//! The control bits of a segment (RFC 9293 §3.1, RFC 3168 §6.1).

use std::fmt;
use std::ops::BitOr;

/// The control bits, as they lie in the header's fourteenth octet: CWR ECE URG ACK PSH RST SYN FIN.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(pub u8);

/// Bit, full name, tcpdump's letter; in the order in which tcpdump writes them.
const LETTERS: [(Flags, &str, char); 8] = [
    (Flags::FIN, "FIN", 'F'),
    (Flags::SYN, "SYN", 'S'),
    (Flags::RST, "RST", 'R'),
    (Flags::PSH, "PSH", 'P'),
    (Flags::ACK, "ACK", '.'),
    (Flags::URG, "URG", 'U'),
    (Flags::ECE, "ECE", 'E'),
    (Flags::CWR, "CWR", 'W'),
];

impl Flags {
    /// No bit at all; no segment of ours is like that.
    pub const NONE: Self = Self(0);
    /// No more data from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronise sequence numbers.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// Push: hand the data to the program now.
    pub const PSH: Self = Self(0x08);
    /// The acknowledgment number counts.
    pub const ACK: Self = Self(0x10);
    /// The urgent pointer counts.
    pub const URG: Self = Self(0x20);
    /// ECN echo (RFC 3168 §6.1).
    pub const ECE: Self = Self(0x40);
    /// Congestion window reduced (RFC 3168 §6.1).
    pub const CWR: Self = Self(0x80);

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any bit of `other` is set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// These bits less those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// How many sequence numbers the bits themselves take: one for SYN, one for FIN (§3.4).
    pub const fn sequence_len(self) -> u32 {
        self.contains(Self::SYN) as u32 + self.contains(Self::FIN) as u32
    }

    /// `SYN, ACK`: the names in full, as textbooks write them; `none` without any.
    pub fn words(self) -> impl fmt::Display {
        Words(self)
    }
}

impl BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// `S.` for SYN with ACK, `P.`, `F.`, `R`: tcpdump's letters; `none` without any.
impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters: String =
            LETTERS.iter().filter(|(flag, ..)| self.contains(*flag)).map(|l| l.2).collect();
        f.pad(if letters.is_empty() { "none" } else { &letters })
    }
}

struct Words(Flags);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> =
            LETTERS.iter().filter(|(flag, ..)| self.0.contains(*flag)).map(|l| l.1).collect();
        f.pad(&if words.is_empty() { "none".to_owned() } else { words.join(", ") })
    }
}
