//! A server and clients that programs drive, joined in memory.

mod http;
mod laws;
mod same;
mod socket_io;
mod websocket;

use super::super::{Client, Indication, Input, Order, Output, Server, Site, Speaks};
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// What a program does when it is told something.
type Program = Box<dyn FnMut(&Indication) -> Vec<Order>>;

/// The server's place among the ends; the clients come behind it.
const SERVER: usize = 0;

/// A client's connection has at the server its number and so much for each client before it.
const EACH: u64 = 100;

enum Side {
    Server(Box<Server>),
    Client(Box<Client>),
}

/// One end, as its host keeps it.
struct End {
    side: Side,
    program: Program,
    /// What the program has been told.
    told: Vec<Indication>,
    /// All that the machine said.
    said: Vec<Output>,
}

/// The ends and the wire between them, on which all goes at once but in its order.
struct Net {
    ends: Vec<End>,
    now: Instant,
    wire: VecDeque<(usize, Input)>,
    /// Who has closed its direction of which connection.
    closed: BTreeSet<(usize, u64)>,
}

/// A server with this site and program.
fn net(site: Site, program: impl FnMut(&Indication) -> Vec<Order> + 'static) -> Net {
    let server = Server::driven(Arc::new(site), Rng::fork(1, "web"));
    Net::of(Side::Server(Box::new(server)), program)
}

impl Net {
    fn of(server: Side, program: impl FnMut(&Indication) -> Vec<Order> + 'static) -> Self {
        let (now, wire, closed) = (Instant::ZERO, VecDeque::new(), BTreeSet::new());
        let mut net = Self { ends: Vec::new(), now, wire, closed };
        net.add(server, program);
        net
    }

    fn add(
        &mut self,
        side: Side,
        program: impl FnMut(&Indication) -> Vec<Order> + 'static,
    ) -> usize {
        let program = Box::new(program);
        self.ends.push(End { side, program, told: Vec::new(), said: Vec::new() });
        self.ends.len() - 1
    }

    /// One more client, which has begun.
    fn client(
        &mut self,
        speaks: Speaks,
        program: impl FnMut(&Indication) -> Vec<Order> + 'static,
    ) -> usize {
        let luck = Rng::fork(self.ends.len() as u64, "client");
        let end = self.add(Side::Client(Box::new(Client::driven(speaks, luck))), program);
        self.give(end, Input::Start);
        end
    }

    /// Gives an end's machine something, carries out what it says, lets the program have its say,
    /// and resumes: as a host does.
    fn give(&mut self, end: usize, input: Input) {
        let now = self.now;
        self.work(end, |side, out| match side {
            Side::Server(machine) => machine.handle(now, input, out),
            Side::Client(machine) => machine.handle(now, input, out),
        });
    }

    fn work(&mut self, end: usize, act: impl FnOnce(&mut Side, &mut Vec<Output>)) {
        let mut out = Vec::new();
        act(&mut self.ends[end].side, &mut out);
        let mut told = VecDeque::new();
        let mut more = self.carry_out(end, out, &mut told);
        while let Some(indication) = told.pop_front() {
            let orders = (self.ends[end].program)(&indication);
            self.ends[end].told.push(indication);
            for order in orders {
                let out = self.ask(end, Input::Order(order));
                more |= self.carry_out(end, out, &mut told);
            }
            if told.is_empty() && std::mem::take(&mut more) {
                let out = self.ask(end, Input::Resume);
                more = self.carry_out(end, out, &mut told);
            }
        }
    }

    fn ask(&mut self, end: usize, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        match &mut self.ends[end].side {
            Side::Server(machine) => machine.handle(self.now, input, &mut out),
            Side::Client(machine) => machine.handle(self.now, input, &mut out),
        }
        out
    }

    /// Does what a machine says; whether it wants to be resumed.
    fn carry_out(&mut self, end: usize, out: Vec<Output>, told: &mut VecDeque<Indication>) -> bool {
        let mut more = false;
        for output in out {
            self.ends[end].said.push(output.clone());
            match output {
                Output::Connect { connection } => {
                    self.send(end, connection, |connection| Input::Opened { connection });
                    self.wire.push_back((end, Input::Opened { connection }));
                }
                Output::Transmit { connection, octets } => {
                    self.send(end, connection, |connection| Input::Received { connection, octets });
                }
                Output::Close { connection } => {
                    self.send(end, connection, |connection| Input::PeerClosed { connection });
                    self.closed.insert((end, connection));
                    if self.closed.contains(&peer(end, connection)) {
                        self.send(end, connection, |connection| Input::Lost { connection });
                        self.wire.push_back((end, Input::Lost { connection }));
                    }
                }
                Output::Abort { connection } => {
                    self.send(end, connection, |connection| Input::Lost { connection });
                }
                Output::Indicate(indication) => told.push_back(indication),
                Output::More => more = true,
                Output::Tell { .. } | Output::Done => {}
            }
        }
        more
    }

    fn send(&mut self, end: usize, connection: u64, input: impl FnOnce(u64) -> Input) {
        let (to, number) = peer(end, connection);
        if to < self.ends.len() {
            self.wire.push_back((to, input(number)));
        }
    }

    /// So many milliseconds pass.
    fn run(&mut self, milliseconds: u64) {
        let until = self.now + Duration::from_millis(milliseconds);
        loop {
            while let Some((end, input)) = self.wire.pop_front() {
                self.give(end, input);
            }
            let deadline = |end: &End| match &end.side {
                Side::Server(machine) => machine.deadline(),
                Side::Client(machine) => machine.deadline(),
            };
            let next = self.ends.iter().enumerate();
            let next = next.filter_map(|(end, it)| Some((deadline(it)?, end))).min();
            let Some((at, end)) = next.filter(|next| next.0 <= until) else { break };
            self.now = self.now.max(at);
            let now = self.now;
            self.work(end, |side, out| match side {
                Side::Server(machine) => machine.on_deadline(now, out),
                Side::Client(machine) => machine.on_deadline(now, out),
            });
        }
        self.now = until;
    }

    /// The program of an end asks for something, and a moment passes.
    fn order(&mut self, end: usize, order: Order) {
        self.give(end, Input::Order(order));
        self.run(100);
    }

    /// Octets as somebody without a machine sends them to the server.
    fn octets(&mut self, connection: u64, octets: &[u8]) {
        let octets = Chunk::from(octets);
        self.give(SERVER, Input::Received { connection, octets });
        self.run(1);
    }

    fn told(&self, end: usize) -> &[Indication] {
        &self.ends[end].told
    }

    /// What an end sent, as text.
    fn sent(&self, end: usize) -> String {
        let said = self.ends[end].said.iter();
        let octets = said.filter_map(|output| match output {
            Output::Transmit { octets, .. } => Some(String::from_utf8_lossy(octets).into_owned()),
            _ => None,
        });
        octets.collect()
    }

    fn connects(&self, end: usize) -> usize {
        let is_one = |output: &&Output| matches!(output, Output::Connect { .. });
        self.ends[end].said.iter().filter(is_one).count()
    }
}

/// The other end of a connection, and its number there.
fn peer(end: usize, connection: u64) -> (usize, u64) {
    if end == SERVER {
        (1 + (connection / EACH) as usize, connection % EACH)
    } else {
        (SERVER, (end as u64 - 1) * EACH + connection)
    }
}

/// A program that only listens.
fn listen(_: &Indication) -> Vec<Order> {
    Vec::new()
}
