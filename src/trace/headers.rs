//! Which header lies where in a frame, told from the octets alone.
//!
//! The filter and the dissection both stand on it. It is lax: of a cut or broken frame it finds
//! what can be found, and [`Headers::stop`] says where and why it could not go on.

use crate::base::Malformed;
use crate::base::octets::u16_at;
use crate::stack::data_link::{arp, ethernet};
use crate::stack::network::{icmp, ipv4};
use crate::stack::transport::{tcp, udp};
use crate::stack::{Field, Layer};
use std::ops::Range;

/// A protocol whose header can be taken apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Protocol {
    /// Ethernet II.
    #[default]
    Ethernet,
    /// ARP for Ethernet and IPv4.
    Arp,
    /// IPv4.
    Ipv4,
    /// ICMP.
    Icmp,
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
}

impl Protocol {
    /// All of them, from the wire up.
    pub const ALL: [Self; 6] =
        [Self::Ethernet, Self::Arp, Self::Ipv4, Self::Icmp, Self::Udp, Self::Tcp];

    /// The fields of its header's fixed part.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Ethernet => ethernet::FIELDS,
            Self::Arp => arp::FIELDS,
            Self::Ipv4 => ipv4::FIELDS,
            Self::Icmp => icmp::FIELDS,
            Self::Udp => udp::FIELDS,
            Self::Tcp => tcp::FIELDS,
        }
    }

    /// The octets of its header's fixed part.
    pub const fn header_len(self) -> usize {
        match self {
            Self::Ethernet => ethernet::HEADER_LEN,
            Self::Arp => arp::PACKET_LEN,
            Self::Ipv4 => ipv4::HEADER_LEN,
            Self::Icmp | Self::Udp => 8,
            Self::Tcp => 20,
        }
    }

    /// The layer it belongs to.
    pub const fn layer(self) -> Layer {
        match self {
            Self::Ethernet | Self::Arp => Layer::DataLink,
            Self::Ipv4 | Self::Icmp => Layer::Network,
            Self::Udp | Self::Tcp => Layer::Transport,
        }
    }

    /// Its name: `TCP`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ethernet => "Ethernet II",
            Self::Arp => "ARP",
            Self::Ipv4 => "IPv4",
            Self::Icmp => "ICMP",
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        }
    }

    /// Its name in filters: `tcp`.
    pub const fn filter(self) -> &'static str {
        match self {
            Self::Ethernet => "eth",
            Self::Arp => "arp",
            Self::Ipv4 => "ip",
            Self::Icmp => "icmp",
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        }
    }
}

/// Where a protocol's unit lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Part {
    /// Whose it is.
    pub protocol: Protocol,
    /// Where the header begins in the frame.
    pub start: usize,
    /// Where the header, options included, ends; before its time in a cut frame.
    pub body: usize,
    /// Where the unit ends.
    pub end: usize,
    /// Whether it stands in what an ICMP error quotes.
    pub quoted: bool,
}

impl Part {
    /// The header's octets.
    pub fn header<'a>(&self, frame: &'a [u8]) -> &'a [u8] {
        frame.get(self.start..self.body).unwrap_or(&[])
    }

    /// What the header carries.
    pub const fn payload(&self) -> Range<usize> {
        self.body..self.end
    }
}

/// The headers of a frame, from the outermost in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers {
    parts: [Part; 8],
    count: usize,
    stop: Option<Malformed>,
}

impl Headers {
    /// Finds the headers of `frame`, which may be any octets.
    pub fn of(frame: &[u8]) -> Self {
        Self::of_head(frame, frame.len())
    }

    /// The same for a frame of `len` octets that begins with `head`, which reaches as far as its
    /// headers do.
    pub fn of_head(head: &[u8], len: usize) -> Self {
        let mut headers = Self::default();
        // No frame is longer than 16 bits can say; what a caller gives beyond is not looked at.
        let len = len.min(usize::from(u16::MAX));
        let head = &head[..head.len().min(len)];
        if let Some(at) = headers.fixed(Protocol::Ethernet, head, 0, len, false) {
            match ethernet::EtherType(u16_at(head, 12)) {
                ethernet::EtherType::ARP => {
                    headers.fixed(Protocol::Arp, head, at, len, false);
                }
                ethernet::EtherType::IPV4 => headers.ipv4(head, at, len, false),
                _ => {}
            }
        }
        headers
    }

    /// The headers, from the outermost in.
    pub fn parts(&self) -> &[Part] {
        &self.parts[..self.count]
    }

    /// Where and why the rest could not be read; `at` counts from the beginning of the frame.
    pub const fn stop(&self) -> Option<Malformed> {
        self.stop
    }

    /// The header of that protocol; not one that an ICMP error quotes.
    pub fn find(&self, protocol: Protocol) -> Option<&Part> {
        self.parts().iter().find(|part| part.protocol == protocol && !part.quoted)
    }

    /// The program's data: what the innermost header carries. Nothing, where it is an ICMP error,
    /// for a quote is nobody's data.
    pub fn payload(&self) -> Range<usize> {
        self.parts().last().filter(|part| !part.quoted).map_or(0..0, Part::payload)
    }

    /// The filling behind the packet, in a frame of `len` octets.
    pub fn padding(&self, len: usize) -> Range<usize> {
        let packet = |part: &&Part| matches!(part.protocol, Protocol::Arp | Protocol::Ipv4);
        self.parts().iter().find(packet).map_or(len, |part| part.end)..len
    }

    fn push(&mut self, part: Part) {
        if let Some(place) = self.parts.get_mut(self.count) {
            *place = part;
            self.count += 1;
        }
    }

    fn stop_at(&mut self, protocol: Protocol, at: usize, expected: &'static str, quoted: bool) {
        // A quote is cut by design (RFC 1812 §4.3.2.3).
        if !quoted {
            self.stop = Some(Malformed { protocol: protocol.name(), at: at as u16, expected });
        }
    }

    /// A header of fixed length; where its payload begins, or `None` if it is cut.
    fn fixed(
        &mut self,
        protocol: Protocol,
        head: &[u8],
        at: usize,
        end: usize,
        quoted: bool,
    ) -> Option<usize> {
        let body = at + protocol.header_len();
        // An ARP packet carries nothing, so what is behind it is not its payload.
        let unit_end = if protocol == Protocol::Arp { body } else { end };
        let part =
            Part { protocol, start: at, body: body.min(end), end: unit_end.min(end), quoted };
        self.push(part);
        if body > end.min(head.len()) {
            self.stop_at(protocol, end, "the rest of the header", quoted);
            return None;
        }
        Some(body)
    }

    fn ipv4(&mut self, head: &[u8], at: usize, limit: usize, quoted: bool) {
        let Some(_) = self.fixed(Protocol::Ipv4, head, at, limit, quoted) else { return };
        let place = self.count - 1;
        let header_len = usize::from(head[at] & 0xf) * 4;
        if head[at] >> 4 != 4 || header_len < ipv4::HEADER_LEN {
            return self.stop_at(Protocol::Ipv4, at, "version 4 and 5 words or more", quoted);
        }
        let body = at + header_len;
        let total_end = at + usize::from(u16_at(head, at + 2));
        if body > limit || total_end < body {
            self.parts[place].body = body.min(limit);
            return self.stop_at(Protocol::Ipv4, at + 2, "a length that holds the header", quoted);
        }
        if total_end > limit {
            self.stop_at(Protocol::Ipv4, limit, "as many octets as Total Length says", quoted);
        }
        let end = total_end.min(limit);
        (self.parts[place].body, self.parts[place].end) = (body, end);
        // Only the first fragment begins with the transport header.
        if u16_at(head, at + 6) & 0x1fff != 0 {
            return;
        }
        match ipv4::Protocol(head[at + 9]) {
            ipv4::Protocol::ICMP => self.icmp(head, body, end, quoted),
            ipv4::Protocol::UDP => self.udp(head, body, end, quoted),
            ipv4::Protocol::TCP => self.tcp(head, body, end, quoted),
            _ => {}
        }
    }

    fn icmp(&mut self, head: &[u8], at: usize, end: usize, quoted: bool) {
        let Some(body) = self.fixed(Protocol::Icmp, head, at, end, quoted) else { return };
        // Unreachable, source quench, redirect, time exceeded, parameter problem quote a packet.
        if !quoted && matches!(head[at], 3 | 4 | 5 | 11 | 12) && body < end {
            self.ipv4(head, body, end, true);
        }
    }

    fn udp(&mut self, head: &[u8], at: usize, end: usize, quoted: bool) {
        let Some(body) = self.fixed(Protocol::Udp, head, at, end, quoted) else { return };
        let unit_end = at + usize::from(u16_at(head, at + 4));
        if unit_end < body {
            return self.stop_at(Protocol::Udp, at + 4, "a length of 8 or more", quoted);
        }
        // A first fragment holds less than the length says.
        self.parts[self.count - 1].end = unit_end.min(end);
    }

    fn tcp(&mut self, head: &[u8], at: usize, end: usize, quoted: bool) {
        let Some(fixed_end) = self.fixed(Protocol::Tcp, head, at, end, quoted) else { return };
        let body = at + usize::from(head[at + 12] >> 4) * 4;
        if body < fixed_end || body > end {
            return self.stop_at(Protocol::Tcp, at + 12, "a data offset that fits", quoted);
        }
        self.parts[self.count - 1].body = body;
    }
}
