//! UDP on a host.

use super::ip::{Origin, Sending, whole};
use super::program::{Happening, NetworkError};
use super::{Context, Host, frame_of};
use crate::base::Chunk;
use crate::stack::Layer;
use crate::stack::network::icmp::{Message, UnreachableCode};
use crate::stack::network::ipv4::Protocol;
use crate::stack::transport::{Endpoint, udp};
use crate::trace::Fact;

impl Host {
    /// A datagram has come up, behind a header of `header_len` octets at the front of `packet`; the
    /// end of it may be in `rest`.
    pub(super) fn receive_datagram(
        &mut self,
        packet: &[u8],
        rest: &Chunk,
        header_len: usize,
        origin: Origin,
        context: &mut Context<'_>,
    ) {
        let octets = &packet[header_len..];
        let ends = context.verifies().then_some((origin.source, origin.destination));
        let header = match udp::Header::parse_apart(octets, rest, ends) {
            Ok(header) => header,
            Err(malformed) => return context.malformed(Layer::Transport, malformed),
        };
        let say = |socket, note, context: &mut Context<'_>| {
            context.say(Layer::Transport, Fact::Udp { socket, note });
        };
        if !udp::carries_checksum(octets) {
            say(None, udp::Note::ChecksumAbsent, context);
        }
        let port = header.destination_port;
        let Some((id, program)) = self.sockets.datagram_socket(port) else {
            say(None, udp::Note::PortUnreachable { port }, context);
            let message = Message::Unreachable { code: UnreachableCode::Port, next_hop_mtu: 0 };
            return self.send_error(message, &whole(packet, rest), origin.was_broadcast, context);
        };
        let data = if rest.is_empty() {
            Chunk::from(header.payload(octets))
        } else {
            rest.slice(0..usize::from(header.length) - udp::HEADER_LEN)
        };
        let from = Endpoint::new(origin.source, header.source_port);
        let note = udp::Note::Delivered { from, port, octets: data.len() as u16 };
        say(Some(id), note, context);
        self.happenings.push_back((program, Happening::Datagram { port, from, data }));
    }

    /// Sends a datagram from a port of this host.
    pub(super) fn send_datagram(
        &mut self,
        port: u16,
        to: Endpoint,
        data: Chunk,
        options: (Option<u8>, bool),
        context: &mut Context<'_>,
    ) -> Result<(), NetworkError> {
        let source = self.source_for(to.address).ok_or(NetworkError::NoRoute)?;
        let socket = self.sockets.datagram_socket(port).map(|(id, _)| id);
        let mut head = Self::buffer(context);
        if udp::emit(Endpoint::new(source, port), to, &data, &mut head).is_err() {
            let note = udp::Note::Refused { octets: data.len() as u64 };
            context.say(Layer::Transport, Fact::Udp { socket, note });
            context.scratch.pool.give(head);
            return Err(NetworkError::TooBig);
        }
        let note = udp::Note::Sent { to, octets: data.len() as u16 };
        context.say(Layer::Transport, Fact::Udp { socket, note });
        let sending = Sending {
            protocol: Protocol::UDP,
            source,
            destination: to.address,
            ttl: options.0,
            dont_fragment: !options.1,
            ecn_capable: false,
        };
        self.send_packet(frame_of(head, data), &sending, context)
    }
}
