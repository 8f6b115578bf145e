//! A program in JavaScript on a host.
//!
//! The program itself is in `crate::javascript`: it is told what happens and answers with calls. Here is
//! what the calls become on a simulated host. TCP and UDP are the host's sockets; HTTP, WebSocket and
//! Socket.IO are the machines of `stack::application::web`, driven by the program, so that all that the
//! trace tells of them is told as for any other program. Before each call the trace says the line of the
//! source that made it; before each handler, the line where it stands.
//!
//! Read `calls` for what a program can ask, `happens` for what it is told, `stations` for what it has.
//!
//! Left out, as a learner could notice: names are looked up in a table of the scenario's hosts (as from
//! `/etc/hosts`), no DNS query is sent; TCP keep-alive cannot be set from JavaScript.

mod calls;
mod happens;
mod order;
mod sites;
mod stations;
mod web;
mod words;

use super::Happening;
use super::lines::Lines;
use crate::base::{Instant, Rng};
use crate::javascript::{Answer, Call, History, Script, Told, Value};
use crate::node::calls::Desk;
use crate::node::inspect::Conversation;
use crate::plan::program::Plan;
use crate::stack::application::web::Input;
use crate::trace::ProgramNote;
use stations::Station;
use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;

/// A program, with what it has of its host.
#[derive(Clone, Debug)]
pub(crate) struct JavaScript {
    script: Arc<Script>,
    /// When it starts, and starts anew, and the program as it is then: those that are still to come,
    /// the next one last. The programs are there from the beginning, so that who comes this way
    /// again finds what is known of them.
    starts: Vec<(Instant, History)>,
    /// Where the luck of its machines comes from.
    rng: Rng,
    has_run: bool,
    /// The program as it has come to be; `None` before it starts and when it is over.
    history: Option<History>,
    /// When it wants to be called.
    wake: Option<Instant>,
    /// What it has, by handle.
    stations: BTreeMap<i64, Station>,
    /// Its TCP connections: whose, and which of that one's.
    lines: Lines<(i64, u64)>,
    /// The server that each connection belongs to.
    servers: BTreeMap<u64, i64>,
    /// The client that keeps connections to a server, for requests over HTTP.
    agents: BTreeMap<(Ipv4Addr, u16), i64>,
    /// The number of the next thing that the host makes.
    next: u64,
    /// The connections that were written to since the program last had its say.
    written: Vec<(i64, u64)>,
    /// Why the connection is lost of which a machine is being told.
    lost_by: Option<&'static str>,
    /// What is still to be done in this step, in order.
    queue: VecDeque<Todo>,
}

/// Something that is still to be done in this step.
#[derive(Clone, Debug)]
enum Todo {
    /// The program is to be told this.
    Tell(&'static str, Vec<Value>),
    /// More may lie there to be read for this handle.
    Read(i64),
    /// A machine of this handle's wants to go on, now that the program has had its say.
    GoOn(i64),
}

impl JavaScript {
    /// A program that has not started; `None` for a plan that is no such thing. `rng` is a stream of
    /// its own.
    pub(super) fn new(plan: &Plan, mut rng: Rng) -> Option<Self> {
        let Plan::JavaScript { script, at, restarts } = plan else { return None };
        let starts = std::iter::once(at).chain(restarts);
        let start = |&at: &Instant| (at, History::new(Arc::clone(script), rng.bits()));
        let mut starts: Vec<_> = starts.map(start).collect();
        starts.reverse();
        Some(Self {
            script: Arc::clone(script),
            starts,
            rng,
            has_run: false,
            history: None,
            wake: None,
            stations: BTreeMap::new(),
            lines: Lines::default(),
            servers: BTreeMap::new(),
            agents: BTreeMap::new(),
            next: 1,
            written: Vec::new(),
            lost_by: None,
            queue: VecDeque::new(),
        })
    }

    pub(super) fn starts_at(&self) -> Instant {
        self.next_start().unwrap_or(Instant::ZERO)
    }

    fn next_start(&self) -> Option<Instant> {
        self.starts.last().map(|&(at, _)| at)
    }

    /// Its source.
    pub(super) fn script(&self) -> Arc<Script> {
        Arc::clone(&self.script)
    }

    pub(super) fn on(&mut self, happening: Happening, desk: &mut Desk<'_, '_>) {
        match happening {
            Happening::Deadline => self.call(desk),
            Happening::Accepted { socket, remote } => self.accepted(socket, remote, desk),
            Happening::Tcp { socket, indication } => self.hear(socket, indication, desk),
            Happening::Datagram { port, from, data } => self.datagram(port, from, data, desk),
            Happening::Error { peer, error, .. } => Self::error(peer, error, desk),
            Happening::Echo { .. } => {}
        }
        self.settle(desk);
        let stations = self.stations.values().filter_map(Station::deadline);
        if let Some(at) = stations.chain(self.wake).chain(self.next_start()).min() {
            desk.wake_at(at);
        }
    }

    /// The time that something here asked for has come.
    fn call(&mut self, desk: &mut Desk<'_, '_>) {
        let now = desk.now();
        if self.next_start().is_some_and(|at| at <= now)
            && let Some((_, history)) = self.starts.pop()
        {
            self.start(history, desk);
        }
        let due = |station: &Station| station.deadline().is_some_and(|at| at <= now);
        let handles: Vec<i64> =
            self.stations.iter().filter(|(_, s)| due(s)).map(|(&handle, _)| handle).collect();
        for handle in handles {
            self.run_deadline(handle, desk);
        }
        if self.wake.is_some_and(|at| at <= now) {
            self.wake = None;
            self.tell("deadline", Vec::new());
        }
    }

    /// Starts the program, ending it first if it runs.
    fn start(&mut self, history: History, desk: &mut Desk<'_, '_>) {
        if self.history.is_some() {
            self.end(desk);
        }
        if std::mem::replace(&mut self.has_run, true) {
            desk.say(ProgramNote::Restarts);
        }
        self.history = Some(history);
        self.tell("start", Vec::new());
    }

    /// The program will be told this.
    fn tell(&mut self, what: &'static str, arguments: Vec<Value>) {
        self.queue.push_back(Todo::Tell(what, arguments));
    }

    /// Tells the program all that it is to be told, and does what it calls for.
    fn settle(&mut self, desk: &mut Desk<'_, '_>) {
        while let Some(todo) = self.queue.pop_front() {
            match todo {
                Todo::Tell(what, arguments) => {
                    let Some(history) = &mut self.history else { continue };
                    let answer = history.tell(Told { at: desk.now(), what, arguments });
                    self.obey(&answer, desk);
                }
                Todo::Read(handle) => self.read(handle, desk),
                Todo::GoOn(handle) => self.give(handle, Input::Resume, desk),
            }
        }
    }

    fn obey(&mut self, answer: &Rc<Answer>, desk: &mut Desk<'_, '_>) {
        for call in &answer.calls {
            if self.history.is_none() {
                return;
            }
            self.say(call, desk);
            self.execute(call, desk);
        }
        if let Some(fault) = &answer.fault {
            self.say_place(fault.place, desk);
            let text = desk.context.trace.keep_text(&words::crash(fault));
            desk.say(ProgramNote::Crashes(text));
            return self.end(desk);
        }
        let mut written = std::mem::take(&mut self.written);
        written.sort_unstable();
        written.dedup();
        for key in written {
            if self.lines.waiting(key) > 0 {
                self.tell_waiting(key);
            }
        }
    }

    /// Tells the learner of a call, and of the line that made it.
    fn say(&self, call: &Call, desk: &mut Desk<'_, '_>) {
        if call.words.is_empty() && &*call.op != "print" {
            return;
        }
        self.say_place(call.place, desk);
        if call.words.is_empty() {
            return;
        }
        let words = desk.context.trace.keep_text(&call.words);
        desk.say(match &*call.op {
            "enter" => ProgramNote::Handles(words),
            _ => ProgramNote::Calls(words),
        });
    }

    fn say_place(&self, place: Option<crate::javascript::Place>, desk: &mut Desk<'_, '_>) {
        let Some(place) = place else { return };
        let text = words::place(place, &self.script);
        let excerpt = desk.context.trace.keep_text(&text);
        let column = u16::try_from(place.column).unwrap_or(u16::MAX);
        desk.say(ProgramNote::Runs { line: place.line, column, file: place.file, excerpt });
    }

    /// The program is over: what it had of the host goes back, as when a process ends. Its
    /// connections are closed by the host; what was not written is lost.
    fn end(&mut self, desk: &mut Desk<'_, '_>) {
        self.history = None;
        self.wake = None;
        self.queue.clear();
        let lines: Vec<_> = self.lines.keys().collect();
        for key in lines {
            if let Some(socket) = self.lines.remove(key) {
                desk.close(socket);
            }
        }
        for station in std::mem::take(&mut self.stations).into_values() {
            station.leave(desk);
        }
        self.servers.clear();
        self.agents.clear();
    }

    /// The conversations that it has, from HTTP up.
    pub(super) fn conversations(&self) -> Vec<Conversation> {
        let of = |(&handle, station): (&i64, &Station)| {
            station.conversations(|connection| self.lines.socket((handle, connection)))
        };
        self.stations.iter().flat_map(of).collect()
    }

    /// By which handle the program knows a connection.
    fn handle_of(&self, (station, connection): (i64, u64)) -> Option<i64> {
        match self.stations.get(&station)? {
            Station::Tcp(_) | Station::Client(_) => Some(station),
            Station::Web(_) => Some(-i64::try_from(connection).ok()?),
            Station::Listener { .. } | Station::Udp { .. } => None,
        }
    }
}

/// The handle of the so manyth thing that the host made; what the program makes has positive ones.
fn made(number: u64) -> i64 {
    -i64::try_from(number).unwrap_or(i64::MAX)
}

/// A handle as the program has it.
fn number(handle: i64) -> Value {
    handle.into()
}
