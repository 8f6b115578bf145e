//! Layer 3 of a host or router: packets in, packets out, packets on.

use super::host::Own;
use super::program::NetworkError;
use super::{Context, HEAD_ROOM, Host};
use crate::base::{Chunk, Instant, InterfaceId, Octets};
use crate::stack::data_link::ethernet;
use crate::stack::network::fragment;
use crate::stack::network::icmp::{Message, TimeExceededCode, UnreachableCode};
use crate::stack::network::ipv4::{self, Note, Protocol};
use crate::stack::{Layer, Machine as _};
use crate::trace::Fact;
use std::borrow::Cow;
use std::net::Ipv4Addr;

/// How a packet is to be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sending {
    pub(super) protocol: Protocol,
    pub(super) source: Ipv4Addr,
    pub(super) destination: Ipv4Addr,
    /// `None` is the host's own.
    pub(super) ttl: Option<u8>,
    pub(super) dont_fragment: bool,
    pub(super) ecn_capable: bool,
}

/// Where octets of a packet came from, as the layer above needs to know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Origin {
    pub(super) source: Ipv4Addr,
    pub(super) destination: Ipv4Addr,
    pub(super) congestion_experienced: bool,
    /// Sent to everybody, by address or by frame: nobody may be told off for it.
    pub(super) was_broadcast: bool,
}

impl Host {
    /// The address that a packet to `destination` would bear as its source.
    pub(super) fn source_for(&self, destination: Ipv4Addr) -> Option<Ipv4Addr> {
        if self.owns(destination) {
            return Some(destination);
        }
        Some(self.address_of(self.routes.lookup(destination)?.interface))
    }

    /// Sends the octets behind the head room of `frame` as one packet (RFC 1122 §3.3.1). A reason
    /// comes back if it cannot leave this host.
    pub(super) fn send_packet(
        &mut self,
        mut frame: Octets,
        sending: &Sending,
        context: &mut Context<'_>,
    ) -> Result<(), NetworkError> {
        let destination = sending.destination;
        let packet_len = frame.len() - ethernet::HEADER_LEN;
        let Ok(total_len) = u16::try_from(packet_len) else {
            context.scratch.pool.give_frame(frame);
            return Err(NetworkError::TooBig);
        };
        // An atomic packet (never cut) needs no identification (RFC 6864 §4.1).
        let identification = if sending.dont_fragment { 0 } else { self.next_identification };
        if !sending.dont_fragment {
            self.next_identification = self.next_identification.wrapping_add(1);
        }
        let header = ipv4::Header {
            dscp_ecn: if sending.ecn_capable { 0b10 } else { 0 },
            total_len,
            identification,
            dont_fragment: sending.dont_fragment,
            more_fragments: false,
            fragment_offset: 0,
            ttl: sending.ttl.unwrap_or(self.settings.ttl),
            protocol: sending.protocol,
            source: sending.source,
            destination,
        };
        header.write(&mut frame.head[ethernet::HEADER_LEN..]);
        if self.owns(destination) {
            self.loopback.push_back(frame);
            return Ok(());
        }
        let Some(route) = self.routes.lookup(destination) else {
            context.say(Layer::Network, Fact::Ip(Note::NoRoute { destination }));
            context.scratch.pool.give_frame(frame);
            return Err(NetworkError::NoRoute);
        };
        let next_hop = route.next_hop.unwrap_or(destination);
        let interface = route.interface;
        context.say(Layer::Network, Fact::Ip(Note::Routed { destination, next_hop, interface }));
        let mtu = self.path_mtu_to(destination, interface, context.now);
        if total_len <= mtu {
            self.send_frame(interface, next_hop, frame, None, context);
            return Ok(());
        }
        if header.dont_fragment {
            let note = Note::FragmentationNeeded { total_len, mtu };
            context.say(Layer::Network, Fact::Ip(note));
            context.scratch.pool.give_frame(frame);
            return Err(NetworkError::TooBig);
        }
        self.send_pieces(interface, next_hop, &header, frame.joined(), mtu, context);
        context.scratch.pool.give_frame(frame);
        Ok(())
    }

    /// The largest packet that the way to `destination` takes, as far as is known (RFC 1191 §3).
    fn path_mtu_to(&mut self, destination: Ipv4Addr, interface: InterfaceId, now: Instant) -> u16 {
        let link = self.interfaces[interface.index()].mtu;
        self.path_mtu.lookup(now, destination).map_or(link, |known| known.min(link))
    }

    /// Cuts a packet and sends the pieces (RFC 791 §2.3). `frame` holds it behind an Ethernet
    /// header's room.
    fn send_pieces(
        &mut self,
        interface: InterfaceId,
        next_hop: Ipv4Addr,
        header: &ipv4::Header,
        frame: &[u8],
        mtu: u16,
        context: &mut Context<'_>,
    ) {
        let payload = &frame[HEAD_ROOM..];
        let cut = fragment::cut(header, payload.len(), usize::from(mtu));
        let pieces = cut.clone().count() as u16;
        let note = Note::Fragmented { total_len: header.total_len, mtu, pieces };
        context.say(Layer::Network, Fact::Ip(note));
        for piece in cut {
            let mut frame = Self::buffer(context);
            frame.extend_from_slice(&payload[piece.payload.clone()]);
            piece.header.write(&mut frame[ethernet::HEADER_LEN..]);
            self.send_frame(interface, next_hop, frame.into(), context.cause, context);
        }
    }

    /// A frame with a packet in it has come up: for this node, or to be passed on?
    pub(super) fn receive_packet(
        &mut self,
        mut frame: Octets,
        was_broadcast_frame: bool,
        context: &mut Context<'_>,
    ) {
        let (front, len) =
            (&frame.head[ethernet::HEADER_LEN..], frame.len() - ethernet::HEADER_LEN);
        let (header, header_len, end) =
            match ipv4::Header::parse_front(front, len, context.verifies()) {
                Ok(parsed) => parsed,
                Err(malformed) => {
                    context.malformed(Layer::Network, malformed);
                    return context.scratch.pool.give_frame(frame);
                }
            };
        let destination = header.destination;
        let own = self.own(destination);
        if own.is_none() {
            if self.forwards && !was_broadcast_frame {
                self.forward(frame, &header, header_len, end, context);
            } else {
                context.say(Layer::Network, Fact::Ip(Note::NotForMe { destination }));
                context.scratch.pool.give_frame(frame);
            }
            return;
        }
        let origin = Origin {
            source: header.source,
            destination,
            congestion_experienced: header.dscp_ecn & 0b11 == 0b11,
            was_broadcast: own == Some(Own::Broadcast) || was_broadcast_frame,
        };
        frame.truncate(ethernet::HEADER_LEN + end);
        if header.is_fragment() {
            let packet = &frame.joined()[ethernet::HEADER_LEN..];
            self.receive_fragment(&header, packet, header_len, origin, context);
        } else {
            let packet = &frame.head[ethernet::HEADER_LEN..];
            self.deliver(header.protocol, packet, &frame.tail, header_len, origin, context);
        }
        context.scratch.pool.give_frame(frame);
    }

    fn receive_fragment(
        &mut self,
        header: &ipv4::Header,
        packet: &[u8],
        header_len: usize,
        origin: Origin,
        context: &mut Context<'_>,
    ) {
        let mut out = std::mem::take(&mut context.scratch.fragments);
        let input = fragment::Input { header, header_len, packet };
        self.reassembly.accept(context.now, input, &mut out);
        for output in out.drain(..) {
            match output {
                fragment::Output::Note(note) => context.say(Layer::Network, Fact::Ip(note)),
                fragment::Output::Whole(packet) => {
                    let (rest, header_len) = (&Chunk::EMPTY, ipv4::HEADER_LEN);
                    self.deliver(header.protocol, &packet, rest, header_len, origin, context);
                }
                fragment::Output::TimedOut { first } => self.fragments_timed_out(first, context),
            }
        }
        context.scratch.fragments = out;
    }

    /// Gives a whole packet's payload to the protocol above. The end of it may be in `rest`.
    fn deliver(
        &mut self,
        protocol: Protocol,
        packet: &[u8],
        rest: &Chunk,
        header_len: usize,
        origin: Origin,
        context: &mut Context<'_>,
    ) {
        context.say(Layer::Network, Fact::Ip(Note::Delivered { protocol }));
        let payload = &packet[header_len..];
        match protocol {
            Protocol::TCP => self.receive_segment(payload, rest, origin, context),
            Protocol::UDP => self.receive_datagram(packet, rest, header_len, origin, context),
            Protocol::ICMP => self.receive_message(&whole(payload, rest), origin, context),
            other => {
                context.say(Layer::Network, Fact::Ip(Note::UnknownProtocol(other)));
                let message = unreachable(UnreachableCode::Protocol);
                self.send_error(message, &whole(packet, rest), origin.was_broadcast, context);
            }
        }
    }

    /// Passes a packet on, as routers do (RFC 1812 §5.2.1).
    fn forward(
        &mut self,
        mut frame: Octets,
        header: &ipv4::Header,
        header_len: usize,
        end: usize,
        context: &mut Context<'_>,
    ) {
        let destination = header.destination;
        frame.truncate(ethernet::HEADER_LEN + end);
        let route = self.routes.lookup(destination);
        let error = if header.ttl <= 1 {
            context.say(Layer::Network, Fact::Ip(Note::TtlExpired { destination }));
            Some(Message::TimeExceeded { code: TimeExceededCode::InTransit })
        } else if route.is_none() {
            context.say(Layer::Network, Fact::Ip(Note::NoRoute { destination }));
            Some(unreachable(UnreachableCode::Net))
        } else {
            None
        };
        let (None, Some(route)) = (error, route) else {
            if let Some(error) = error {
                let packet = &frame.joined()[ethernet::HEADER_LEN..];
                self.send_error(error, packet, false, context);
            }
            return context.scratch.pool.give_frame(frame);
        };
        let mtu = self.interfaces[route.interface.index()].mtu;
        if header.total_len > mtu && header.dont_fragment {
            let note = Note::FragmentationNeeded { total_len: header.total_len, mtu };
            context.say(Layer::Network, Fact::Ip(note));
            let code = UnreachableCode::FragmentationNeeded;
            let message = Message::Unreachable { code, next_hop_mtu: mtu };
            let packet = &frame.joined()[ethernet::HEADER_LEN..];
            self.send_error(message, packet, false, context);
            return context.scratch.pool.give_frame(frame);
        }
        let Some(ttl) = ipv4::decrement_ttl(&mut frame.head[ethernet::HEADER_LEN..]) else {
            return context.scratch.pool.give_frame(frame);
        };
        context.say(Layer::Network, Fact::Ip(Note::Forwarded { ttl }));
        let next_hop = route.next_hop.unwrap_or(destination);
        let (interface, cause) = (route.interface, context.cause);
        context.say(Layer::Network, Fact::Ip(Note::Routed { destination, next_hop, interface }));
        if header.total_len <= mtu {
            self.send_frame(interface, next_hop, frame, cause, context);
        } else if header_len == ipv4::HEADER_LEN {
            let header = ipv4::Header { ttl, ..*header };
            self.send_pieces(interface, next_hop, &header, frame.joined(), mtu, context);
            context.scratch.pool.give_frame(frame);
        } else {
            // Options would have to be copied into the pieces; no host here sends any.
            context.scratch.pool.give_frame(frame);
        }
    }

    /// Fragments have waited too long (RFC 792: only if the first one came may the source be told).
    pub(super) fn give_up_fragments(&mut self, context: &mut Context<'_>) {
        let mut out = std::mem::take(&mut context.scratch.fragments);
        self.reassembly.on_deadline(context.now, &mut out);
        for output in out.drain(..) {
            match output {
                fragment::Output::Note(note) => context.say(Layer::Network, Fact::Ip(note)),
                fragment::Output::TimedOut { first } => self.fragments_timed_out(first, context),
                fragment::Output::Whole(_) => {}
            }
        }
        context.scratch.fragments = out;
    }

    fn fragments_timed_out(&mut self, first: Option<Vec<u8>>, context: &mut Context<'_>) {
        if let Some(first) = first {
            let message = Message::TimeExceeded { code: TimeExceededCode::Reassembly };
            self.send_error(message, &first, false, context);
        }
    }
}

pub(super) const fn unreachable(code: UnreachableCode) -> Message {
    Message::Unreachable { code, next_hop_mtu: 0 }
}

/// Octets in one piece, copied only where they are not.
pub(super) fn whole<'a>(front: &'a [u8], rest: &[u8]) -> Cow<'a, [u8]> {
    if rest.is_empty() { Cow::Borrowed(front) } else { Cow::Owned([front, rest].concat()) }
}
