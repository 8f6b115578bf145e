//! UDP on a host.

use super::ip::{Origin, Sending};
use super::program::{Happening, NetworkError};
use super::{Context, Host};
use crate::stack::Layer;
use crate::stack::network::icmp::{Message, UnreachableCode};
use crate::stack::network::ipv4::Protocol;
use crate::stack::transport::{Endpoint, udp};
use crate::trace::Fact;

impl Host {
    /// A datagram has come up. `packet` is the whole packet, for an error to quote.
    pub(super) fn receive_datagram(
        &mut self,
        packet: &[u8],
        octets: &[u8],
        origin: Origin,
        context: &mut Context<'_>,
    ) {
        let header = match udp::Header::parse(octets, origin.source, origin.destination) {
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
            return self.send_error(message, packet, origin.was_broadcast, context);
        };
        let payload = header.payload(octets);
        let from = Endpoint::new(origin.source, header.source_port);
        let note = udp::Note::Delivered { from, port, octets: payload.len() as u16 };
        say(Some(id), note, context);
        let mut data = context.scratch.pool.take();
        data.extend_from_slice(payload);
        self.happenings.push_back((program, Happening::Datagram { from, data }));
    }

    /// Sends a datagram from a port of this host.
    pub(super) fn send_datagram(
        &mut self,
        port: u16,
        to: Endpoint,
        data: &[u8],
        options: (Option<u8>, bool),
        context: &mut Context<'_>,
    ) -> Result<(), NetworkError> {
        let source = self.source_for(to.address).ok_or(NetworkError::NoRoute)?;
        let socket = self.sockets.datagram_socket(port).map(|(id, _)| id);
        let mut frame = Self::buffer(context);
        if udp::emit(Endpoint::new(source, port), to, data, &mut frame).is_err() {
            let note = udp::Note::Refused { octets: data.len() as u64 };
            context.say(Layer::Transport, Fact::Udp { socket, note });
            context.scratch.pool.give(frame);
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
        self.send_packet(frame, &sending, context)
    }
}
