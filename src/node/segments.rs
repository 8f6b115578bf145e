//! TCP on a host: which connection a segment belongs to, and what becomes of what it answers.

use super::ip::{Origin, Sending};
use super::program::Happening;
use super::sockets::{Kind, Socket};
use super::{Context, Host, frame_of};
use crate::base::{Chunk, Octets, SocketId};
use crate::stack::network::ipv4::Protocol;
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::{self, Connection, Header, Indication, Input, Output, State};
use crate::stack::{Layer, Machine as _};
use crate::trace::{Fact, Limit};

impl Host {
    /// A segment has come up.
    pub(super) fn receive_segment(
        &mut self,
        octets: &[u8],
        rest: &Chunk,
        origin: Origin,
        context: &mut Context<'_>,
    ) {
        let ends = context.verifies().then_some((origin.source, origin.destination));
        let (header, start) = match Header::parse_apart(octets, rest, ends) {
            Ok(parsed) => parsed,
            Err(malformed) => return context.malformed(Layer::Transport, malformed),
        };
        // A broadcast opens nothing and is answered by nothing (RFC 1122 §4.2.3.10); a segment that
        // claims to come from its own target (a "land" attack) is one of those.
        let local = Endpoint::new(origin.destination, header.destination_port);
        let remote = Endpoint::new(origin.source, header.source_port);
        if origin.was_broadcast || local == remote {
            return;
        }
        let payload = if rest.is_empty() { Chunk::from(&octets[start..]) } else { rest.clone() };
        let payload_len = payload.len() as u32;
        let congestion_experienced = origin.congestion_experienced;
        let input = Input::Segment { header, payload, congestion_experienced };
        let known = self.sockets.connection(local, remote);
        if let Some(id) = known
            && !self.gives_way(id, &header)
        {
            return self.run_connection(id, input, context);
        }
        if let Some(id) = known {
            self.close_socket(id);
        }
        let accepts = header.flags.contains(tcp::Flags::SYN)
            && !header.flags.intersects(tcp::Flags::ACK | tcp::Flags::RST);
        match self.sockets.listener(local.port) {
            Some(listener) if accepts => {
                if let Some(id) = self.half_open(listener, local, remote, context) {
                    self.run_connection(id, Input::Listen, context);
                    self.run_connection(id, input, context);
                }
            }
            // RFC 9293 §3.10.7.2: in LISTEN only an ACK is answered by RST.
            Some(_) if !header.flags.contains(tcp::Flags::ACK) => {}
            _ => {
                if let Some(reset) = tcp::reset_for(&header, payload_len) {
                    let note = tcp::Note::ResetSent;
                    context.say(Layer::Transport, Fact::Tcp { socket: None, local, remote, note });
                    let mut head = Self::buffer(context);
                    reset.emit(local.address, remote.address, &[], &mut head);
                    self.send_tcp(head.into(), false, local, remote, context);
                }
            }
        }
    }

    /// Whether a connection in TIME-WAIT gives way to this SYN (RFC 9293 §3.6.1, RFC 6191).
    fn gives_way(&mut self, id: SocketId, header: &Header) -> bool {
        self.sockets.machine_mut(id).is_some_and(|machine| machine.reopens(header))
    }

    /// A new connection for a SYN to a listener, if its backlog has room; else the SYN is dropped
    /// (RFC 9293 §3.10.7.2 leaves it to the host; the peer will try again).
    fn half_open(
        &mut self,
        listener: SocketId,
        local: Endpoint,
        remote: Endpoint,
        context: &mut Context<'_>,
    ) -> Option<SocketId> {
        let Socket { program, kind: Kind::Listener { backlog, waiting }, .. } =
            self.sockets.get_mut(listener)?
        else {
            return None;
        };
        if *waiting >= *backlog {
            let note = tcp::Note::BacklogFull { backlog: *backlog };
            context
                .say(Layer::Transport, Fact::Tcp { socket: Some(listener), local, remote, note });
            return None;
        }
        *waiting += 1;
        let program = *program;
        let opened = self.new_connection(program, local, remote, Some(listener), context);
        if opened.is_none() {
            self.sockets.leave_backlog(Some(listener));
        }
        opened
    }

    /// A connection in CLOSED.
    pub(super) fn new_connection(
        &mut self,
        program: u16,
        local: Endpoint,
        remote: Endpoint,
        listener: Option<SocketId>,
        context: &mut Context<'_>,
    ) -> Option<SocketId> {
        if let Some(limit) = self.sockets.is_full() {
            context.say(Layer::Transport, Fact::LimitReached(Limit::Sockets(limit)));
            return None;
        }
        let isn = tcp::initial_sequence_number(context.now, self.isn_secret, local, remote);
        let mut config = self.settings.tcp;
        // The largest segment that we take: what the interface's MTU leaves (RFC 9293 §3.7.1).
        let interface = self.routes.lookup(remote.address).map(|route| route.interface);
        let mtu = interface.map_or(u16::MAX, |id| self.interfaces[id.index()].mtu);
        let known = self.path_mtu.lookup(context.now, remote.address).unwrap_or(mtu);
        config.mss = config.mss.min(mtu.saturating_sub(40));
        config.nagle &= !self.wants_no_delay(program);
        let mut machine = Connection::new(self.sockets.share(config), local, remote, isn);
        machine.limit_path_mtu(known.min(mtu));
        let kind = Kind::Connection { machine: Box::new(machine), listener };
        self.sockets.add(program, local, remote, kind)
    }

    /// Gives an input to a connection and does what follows from it.
    pub(super) fn run_connection(&mut self, id: SocketId, input: Input, context: &mut Context<'_>) {
        let mut out = std::mem::take(&mut context.scratch.tcp);
        if let Some(machine) = self.sockets.machine_mut(id) {
            machine.handle(context.now, input, &mut out);
        }
        self.obey_connection(id, out, context);
    }

    pub(super) fn connection_deadline(&mut self, id: SocketId, context: &mut Context<'_>) {
        let mut out = std::mem::take(&mut context.scratch.tcp);
        if let Some(machine) = self.sockets.machine_mut(id) {
            machine.on_deadline(context.now, &mut out);
        }
        self.obey_connection(id, out, context);
    }

    /// Sends, says and tells what a connection wants sent, said and told; the outputs' buffer goes
    /// back to the scratch.
    fn obey_connection(&mut self, id: SocketId, mut out: Vec<Output>, context: &mut Context<'_>) {
        let ends = self.sockets.get(id).map(|socket| (socket.local, socket.remote));
        if let Some((local, remote)) = ends {
            for output in out.drain(..) {
                match output {
                    Output::Note(note) => {
                        let fact = Fact::Tcp { socket: Some(id), local, remote, note };
                        context.say(Layer::Transport, fact);
                    }
                    Output::Transmit(transmit) => {
                        let mut head = Self::buffer(context);
                        let machine = self.sockets.machine(id);
                        let payload = machine.map_or(Chunk::EMPTY, |m| m.payload(&transmit));
                        let header = &transmit.header;
                        header.emit(local.address, remote.address, &payload, &mut head);
                        let frame = frame_of(head, payload);
                        self.send_tcp(frame, transmit.ecn_capable, local, remote, context);
                    }
                    Output::Indicate(indication) => self.indicate(id, indication),
                }
            }
        }
        out.clear();
        context.scratch.tcp = out;
        let state = self.sockets.machine(id).map(Connection::state);
        // A listener's child that fell back to LISTEN (RST to its SYN-ACK) is gone; the listener
        // itself never left.
        if matches!(state, Some(State::Closed | State::Listen)) && ends.is_some() {
            self.forget_if_dead(id);
        }
    }

    /// A connection that is over leaves the table. One that has not begun (its program is just
    /// about to open it) stays.
    fn forget_if_dead(&mut self, id: SocketId) {
        if self.sockets.machine(id).is_some_and(Connection::is_over) {
            self.close_socket(id);
        }
    }

    fn close_socket(&mut self, id: SocketId) {
        self.sockets.remove(id);
    }

    /// Tells the program; the first news of a listener's child is that it was accepted.
    fn indicate(&mut self, id: SocketId, indication: Indication) {
        let Some(Socket { program, remote, kind: Kind::Connection { listener, .. }, .. }) =
            self.sockets.get_mut(id)
        else {
            return;
        };
        let (program, remote) = (*program, *remote);
        if let Some(from) = *listener {
            if indication != Indication::Connected {
                return;
            }
            *listener = None;
            self.sockets.leave_backlog(Some(from));
            self.happenings.push_back((program, Happening::Accepted { socket: id, remote }));
            return;
        }
        self.happenings.push_back((program, Happening::Tcp { socket: id, indication }));
    }

    fn send_tcp(
        &mut self,
        frame: Octets,
        ecn_capable: bool,
        local: Endpoint,
        remote: Endpoint,
        context: &mut Context<'_>,
    ) {
        let sending = Sending {
            protocol: Protocol::TCP,
            source: local.address,
            destination: remote.address,
            ttl: None,
            // TCP finds the path's MTU by never letting its packets be cut (RFC 1191 §3).
            dont_fragment: true,
            ecn_capable,
        };
        // A segment that cannot leave is like one that is lost: the connection's timers see to it,
        // and the trace says why.
        let _ = self.send_packet(frame, &sending, context);
    }
}
