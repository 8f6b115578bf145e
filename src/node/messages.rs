//! ICMP of a host or router: errors said and heard, echoes asked for and answered.

use super::ip::{Origin, Sending, unreachable};
use super::program::{Happening, NetworkError};
use super::{Context, Host};
use crate::base::Octets;
use crate::stack::Layer;
use crate::stack::data_link::ethernet;
use crate::stack::network::icmp::{self, Message, Quoted, UnreachableCode};
use crate::stack::network::ipv4::{Note, Protocol};
use crate::stack::transport::{Endpoint, tcp, udp};
use crate::trace::Fact;
use std::net::Ipv4Addr;

impl Host {
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
        let _ = self.send_packet(frame.into(), &sending, context);
    }

    /// An ICMP message for this node (RFC 792, RFC 1122 §3.2.2).
    pub(super) fn receive_message(
        &mut self,
        octets: &[u8],
        origin: Origin,
        context: &mut Context<'_>,
    ) {
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
        self.send_packet(frame.into(), &sending, context)
    }

    /// ARP gave up on a frame's next hop (RFC 1812 §4.3.3): the packet's source is told.
    pub(super) fn host_unreachable(&mut self, mut frame: Octets, context: &mut Context<'_>) {
        let packet = &frame.joined()[ethernet::HEADER_LEN..];
        if let Some(quoted) = Quoted::parse(packet) {
            let message = unreachable(UnreachableCode::Host);
            if self.owns(quoted.source) {
                self.receive_error(quoted.source, message, &quoted, context);
            } else {
                self.send_error(message, packet, false, context);
            }
        }
        context.scratch.pool.give_frame(frame);
    }
}
