//! Layer 3 of a host or router: packets in, packets out, packets on, and ICMP.

use super::program::{Happening, NetworkError};
use super::{Context, HEAD_ROOM, Host};
use crate::base::{Instant, InterfaceId};
use crate::stack::data_link::ethernet;
use crate::stack::network::fragment;
use crate::stack::network::icmp::{self, Message, Quoted, TimeExceededCode, UnreachableCode};
use crate::stack::network::ipv4::{self, Note, Protocol};
use crate::stack::transport::{Endpoint, tcp, udp};
use crate::stack::{Layer, Machine as _};
use crate::trace::Fact;
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
        mut frame: Vec<u8>,
        sending: &Sending,
        context: &mut Context<'_>,
    ) -> Result<(), NetworkError> {
        let destination = sending.destination;
        let packet_len = frame.len() - ethernet::HEADER_LEN;
        let Ok(total_len) = u16::try_from(packet_len) else {
            context.scratch.pool.give(frame);
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
        header.write(&mut frame[ethernet::HEADER_LEN..]);
        if self.owns(destination) {
            self.loopback.push_back(frame);
            return Ok(());
        }
        let Some(route) = self.routes.lookup(destination) else {
            context.say(Layer::Network, Fact::Ip(Note::NoRoute { destination }));
            context.scratch.pool.give(frame);
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
            context.scratch.pool.give(frame);
            return Err(NetworkError::TooBig);
        }
        self.send_pieces(interface, next_hop, &header, &frame, mtu, context);
        context.scratch.pool.give(frame);
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
            self.send_frame(interface, next_hop, frame, context.cause, context);
        }
    }

    /// A frame with a packet in it has come up: for this node, or to be passed on?
    pub(super) fn receive_packet(
        &mut self,
        frame: Vec<u8>,
        was_broadcast_frame: bool,
        context: &mut Context<'_>,
    ) {
        let packet = &frame[ethernet::HEADER_LEN..];
        let (header, header_len, end) = match ipv4::Header::parse(packet) {
            Ok(parsed) => parsed,
            Err(malformed) => {
                context.malformed(Layer::Network, malformed);
                return context.scratch.pool.give(frame);
            }
        };
        let destination = header.destination;
        let is_broadcast = self.is_broadcast(destination);
        if !is_broadcast && !self.owns(destination) {
            if self.forwards && !was_broadcast_frame {
                self.forward(frame, &header, header_len, end, context);
            } else {
                context.say(Layer::Network, Fact::Ip(Note::NotForMe { destination }));
                context.scratch.pool.give(frame);
            }
            return;
        }
        let origin = Origin {
            source: header.source,
            destination,
            congestion_experienced: header.dscp_ecn & 0b11 == 0b11,
            was_broadcast: is_broadcast || was_broadcast_frame,
        };
        if header.is_fragment() {
            self.receive_fragment(&header, &packet[..end], header_len, origin, context);
        } else {
            self.deliver(header.protocol, &packet[..end], header_len, origin, context);
        }
        context.scratch.pool.give(frame);
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
                    self.deliver(header.protocol, &packet, ipv4::HEADER_LEN, origin, context);
                }
                fragment::Output::TimedOut { first } => self.fragments_timed_out(first, context),
            }
        }
        context.scratch.fragments = out;
    }

    /// Gives a whole packet's payload to the protocol above.
    fn deliver(
        &mut self,
        protocol: Protocol,
        packet: &[u8],
        header_len: usize,
        origin: Origin,
        context: &mut Context<'_>,
    ) {
        context.say(Layer::Network, Fact::Ip(Note::Delivered { protocol }));
        let payload = &packet[header_len..];
        match protocol {
            Protocol::TCP => self.receive_segment(payload, origin, context),
            Protocol::UDP => self.receive_datagram(packet, payload, origin, context),
            Protocol::ICMP => self.receive_message(payload, origin, context),
            other => {
                context.say(Layer::Network, Fact::Ip(Note::UnknownProtocol(other)));
                let message = unreachable(UnreachableCode::Protocol);
                self.send_error(message, packet, origin.was_broadcast, context);
            }
        }
    }

    /// Passes a packet on, as routers do (RFC 1812 §5.2.1).
    fn forward(
        &mut self,
        mut frame: Vec<u8>,
        header: &ipv4::Header,
        header_len: usize,
        end: usize,
        context: &mut Context<'_>,
    ) {
        let destination = header.destination;
        frame.truncate(ethernet::HEADER_LEN + end);
        let packet = &mut frame[ethernet::HEADER_LEN..];
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
                self.send_error(error, packet, false, context);
            }
            return context.scratch.pool.give(frame);
        };
        let mtu = self.interfaces[route.interface.index()].mtu;
        if header.total_len > mtu && header.dont_fragment {
            let note = Note::FragmentationNeeded { total_len: header.total_len, mtu };
            context.say(Layer::Network, Fact::Ip(note));
            let code = UnreachableCode::FragmentationNeeded;
            let message = Message::Unreachable { code, next_hop_mtu: mtu };
            self.send_error(message, packet, false, context);
            return context.scratch.pool.give(frame);
        }
        let Some(ttl) = ipv4::decrement_ttl(packet) else {
            return context.scratch.pool.give(frame);
        };
        context.say(Layer::Network, Fact::Ip(Note::Forwarded { ttl }));
        let next_hop = route.next_hop.unwrap_or(destination);
        let (interface, cause) = (route.interface, context.cause);
        context.say(Layer::Network, Fact::Ip(Note::Routed { destination, next_hop, interface }));
        if header.total_len <= mtu {
            self.send_frame(interface, next_hop, frame, cause, context);
        } else if header_len == ipv4::HEADER_LEN {
            let header = ipv4::Header { ttl, ..*header };
            self.send_pieces(interface, next_hop, &header, &frame, mtu, context);
            context.scratch.pool.give(frame);
        } else {
            // Options would have to be copied into the pieces; no host here sends any.
            context.scratch.pool.give(frame);
        }
    }

    /// Answers a packet with an ICMP error, if the rules allow it (RFC 1122 §3.2.2).
    pub(super) fn send_error(
        &mut self,
        message: Message,
        original: &[u8],
        was_broadcast: bool,
        context: &mut Context<'_>,
    ) {
        let Some(quoted) = Quoted::parse(original) else { return };
        let to = quoted.source;
        if !icmp::may_answer(original, was_broadcast) {
            return context.say(Layer::Network, Fact::Icmp(icmp::Note::Silent { to }));
        }
        if !self.icmp_limiter.allow(context.now) {
            return context.say(Layer::Network, Fact::Icmp(icmp::Note::RateLimited { to }));
        }
        let Some(source) = self.source_for(to) else {
            return context.say(Layer::Network, Fact::Ip(Note::NoRoute { destination: to }));
        };
        self.send_message(message, icmp::quote(original), source, to, None, context);
    }

    /// Sends an ICMP message.
    fn send_message(
        &mut self,
        message: Message,
        payload: &[u8],
        source: Ipv4Addr,
        to: Ipv4Addr,
        ttl: Option<u8>,
        context: &mut Context<'_>,
    ) {
        context.say(Layer::Network, Fact::Icmp(icmp::Note::Sent { to, message }));
        let mut frame = Self::buffer(context);
        message.emit(payload, &mut frame);
        let sending = Sending {
            protocol: Protocol::ICMP,
            source,
            destination: to,
            ttl,
            dont_fragment: false,
            ecn_capable: false,
        };
        // Nobody waits for an error's or a reply's own fate; the trace has it.
        let _ = self.send_packet(frame, &sending, context);
    }

    /// An ICMP message for this node (RFC 792, RFC 1122 §3.2.2).
    fn receive_message(&mut self, octets: &[u8], origin: Origin, context: &mut Context<'_>) {
        let (message, start) = match Message::parse(octets) {
            Ok(parsed) => parsed,
            Err(malformed) => return context.malformed(Layer::Network, malformed),
        };
        let from = origin.source;
        context.say(Layer::Network, Fact::Icmp(icmp::Note::Received { from, message }));
        let payload = &octets[start..];
        match message {
            Message::EchoRequest { id, seq } if !origin.was_broadcast => {
                let reply = Message::EchoReply { id, seq };
                self.send_message(reply, payload, origin.destination, from, None, context);
            }
            Message::EchoReply { id, seq } => {
                let happening = Happening::Echo { from, seq };
                self.happenings.push_back((id, happening));
            }
            Message::Unreachable { .. }
            | Message::TimeExceeded { .. }
            | Message::ParameterProblem { .. } => {
                if let Some(quoted) = Quoted::parse(payload) {
                    self.receive_error(from, message, &quoted, context);
                }
            }
            Message::EchoRequest { .. } | Message::Other { .. } => {}
        }
    }

    /// Finds whose packet an error is about and tells them (RFC 1122 §4.1.3.3, §4.2.3.9).
    fn receive_error(
        &mut self,
        from: Ipv4Addr,
        message: Message,
        quoted: &Quoted,
        context: &mut Context<'_>,
    ) {
        let mut next_hop_mtu = None;
        if let Message::Unreachable {
            code: UnreachableCode::FragmentationNeeded,
            next_hop_mtu: mtu,
        } = message
        {
            let (now, destination) = (context.now, quoted.destination);
            if let Some(note) = self.path_mtu.lower(now, destination, mtu, quoted.total_len) {
                context.say(Layer::Network, Fact::Ip(note));
            }
            next_hop_mtu = self.path_mtu.lookup(now, destination);
        }
        let error = NetworkError::of(message);
        match (quoted.protocol, quoted.ports) {
            (Protocol::TCP, Some((source_port, destination_port))) => {
                let local = Endpoint::new(quoted.source, source_port);
                let remote = Endpoint::new(quoted.destination, destination_port);
                let Some(seq) = quoted.tcp_seq.map(tcp::SeqNumber) else { return };
                if let Some(id) = self.sockets.connection(local, remote) {
                    let input = match next_hop_mtu {
                        Some(mtu) => tcp::Input::PathMtu { seq, mtu },
                        None => tcp::Input::Unreachable { seq, hard: error.is_hard() },
                    };
                    self.run_connection(id, input, context);
                }
            }
            (Protocol::UDP, Some((source_port, destination_port))) => {
                let peer = Endpoint::new(quoted.destination, destination_port);
                if let Some((id, program)) = self.sockets.datagram_socket(source_port) {
                    let note = udp::Note::PeerUnreachable { peer };
                    context.say(Layer::Transport, Fact::Udp { socket: Some(id), note });
                    let happening = Happening::Error { from, peer, error, seq: 0 };
                    self.happenings.push_back((program, happening));
                }
            }
            (Protocol::ICMP, _) => {
                if let Some((id, seq)) = quoted.echo {
                    let peer = Endpoint::new(quoted.destination, 0);
                    self.happenings.push_back((id, Happening::Error { from, peer, error, seq }));
                }
            }
            _ => {}
        }
    }

    /// Sends an echo request for a program, whose place is the identifier.
    pub(super) fn send_echo(
        &mut self,
        program: u16,
        to: Ipv4Addr,
        seq: u16,
        octets: u16,
        options: (Option<u8>, bool),
        context: &mut Context<'_>,
    ) -> Result<(), NetworkError> {
        let source = self.source_for(to).ok_or(NetworkError::NoRoute)?;
        let message = Message::EchoRequest { id: program, seq };
        context.say(Layer::Network, Fact::Icmp(icmp::Note::Sent { to, message }));
        // The alphabet, as many ping programs send it.
        let data: Vec<u8> = (b'a'..=b'z').cycle().take(usize::from(octets)).collect();
        let mut frame = Self::buffer(context);
        message.emit(&data, &mut frame);
        let sending = Sending {
            protocol: Protocol::ICMP,
            source,
            destination: to,
            ttl: options.0,
            dont_fragment: !options.1,
            ecn_capable: false,
        };
        self.send_packet(frame, &sending, context)
    }

    /// ARP gave up on a frame's next hop (RFC 1812 §4.3.3): the packet's source is told.
    pub(super) fn host_unreachable(&mut self, frame: Vec<u8>, context: &mut Context<'_>) {
        let packet = &frame[ethernet::HEADER_LEN..];
        if let Some(quoted) = Quoted::parse(packet) {
            let message = unreachable(UnreachableCode::Host);
            if self.owns(quoted.source) {
                self.receive_error(quoted.source, message, &quoted, context);
            } else {
                self.send_error(message, packet, false, context);
            }
        }
        context.scratch.pool.give(frame);
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

const fn unreachable(code: UnreachableCode) -> Message {
    Message::Unreachable { code, next_hop_mtu: 0 }
}
