//! Real TCP and real time for a machine of the web: octets and moments in, octets out. Whatever is
//! protocol is the machine's.
//!
//! One thread waits for everything at once. A connection whose peer does not read is not read
//! either, so nothing grows without bound.

mod clock;
mod line;

use clap::ValueEnum;
use clock::Clock;
use framestep::base::{Chunk, Rng};
use framestep::stack::Machine;
use framestep::stack::application::web::{Input, News, Output};
use line::{Heard, Line};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::pipe;
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How many connections are taken at a time.
const LINES_MAX: usize = 900;

/// A server or a client as the web module makes it.
pub(crate) trait Web: for<'a> Machine<Input<'a> = Input, Output = Output> {}

impl<M: for<'a> Machine<Input<'a> = Input, Output = Output>> Web for M {}

/// Where connections come from, and where they go.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// They come from there.
    pub(crate) listener: Option<TcpListener>,
    /// They go there.
    pub(crate) peer: Option<SocketAddr>,
}

/// What ends the loop, apart from SIGTERM and SIGINT.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Until {
    /// Standard input is closed.
    pub(crate) stdin_closes: bool,
    /// The machine is done, and waits for nothing more.
    pub(crate) done: bool,
    /// So much time is over.
    pub(crate) over: Option<Duration>,
}

/// Why the loop ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// A signal, or the end of standard input.
    Asked,
    /// The machine is done.
    Done,
    /// The time was over.
    TimedOut,
}

/// Something that happened outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Signal,
    Stdin,
    Caller,
    Line(u64),
}

/// A machine with its connections.
struct Edge<'a, M> {
    machine: M,
    place: &'a Place,
    clock: Clock,
    lines: BTreeMap<u64, Line>,
    /// The number of the next connection that comes.
    next: u64,
    done: bool,
    tell: &'a mut dyn FnMut(Option<u64>, News, &Chunk),
}

/// Lets a machine loose on the real world; `tell` hears what it says.
///
/// # Errors
///
/// When the system does not let it wait, or listen to signals.
pub(crate) fn run(
    machine: impl Web,
    place: &Place,
    until: Until,
    tell: &mut dyn FnMut(Option<u64>, News, &Chunk),
) -> io::Result<End> {
    let (signals, hand) = UnixStream::pair()?;
    for signal in [SIGTERM, SIGINT] {
        pipe::register(signal, hand.try_clone()?)?;
    }
    if let Some(listener) = &place.listener {
        listener.set_nonblocking(true)?;
    }
    let clock = Clock::start();
    let mut edge =
        Edge { machine, place, clock, lines: BTreeMap::new(), next: 0, done: false, tell };
    edge.give(Input::Start);
    loop {
        if until.done && edge.rests() {
            return Ok(End::Done);
        }
        let left = until.over.map(|over| over.saturating_sub(edge.clock.passed()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(End::TimedOut);
        }
        let events = edge.wait(until.stdin_closes, left, &signals)?;
        // What was due before it happened comes first.
        edge.keep_time();
        for event in events {
            match event {
                Event::Signal => return Ok(End::Asked),
                Event::Stdin if stdin_is_closed() => return Ok(End::Asked),
                Event::Stdin => {}
                Event::Caller => edge.accept(),
                Event::Line(number) => edge.attend(number),
            }
        }
    }
}

/// Reads what is there: it ends with nothing.
fn stdin_is_closed() -> bool {
    !matches!(io::stdin().read(&mut [0; 512]), Ok(1..))
}

impl<M: Web> Edge<'_, M> {
    /// It is done, all is sent, and nothing is waited for.
    fn rests(&self) -> bool {
        let sends = self.lines.values().any(Line::wants_to_write);
        self.done && !sends && self.machine.deadline().is_none()
    }

    /// Waits until something happens or a time comes.
    fn wait(
        &self,
        stdin: bool,
        left: Option<Duration>,
        signals: &UnixStream,
    ) -> io::Result<Vec<Event>> {
        let own = io::stdin();
        let mut events = vec![Event::Signal];
        let mut wanted = vec![PollFd::new(signals, PollFlags::IN)];
        if stdin {
            events.push(Event::Stdin);
            wanted.push(PollFd::new(&own, PollFlags::IN));
        }
        if let Some(listener) = &self.place.listener
            && self.lines.len() < LINES_MAX
        {
            events.push(Event::Caller);
            wanted.push(PollFd::new(listener, PollFlags::IN));
        }
        for (&number, line) in &self.lines {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::IN, line.wants_to_read());
            flags.set(PollFlags::OUT, line.wants_to_write());
            events.push(Event::Line(number));
            wanted.push(PollFd::new(&line.stream, flags));
        }
        let lines = self.lines.values().filter_map(Line::deadline);
        let next = lines.chain(self.machine.deadline()).min();
        let next = next.map(|at| self.clock.until(at)).into_iter().chain(left).min();
        let timeout = next.and_then(|next| Timespec::try_from(next).ok());
        match poll(&mut wanted, timeout.as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
            Err(wrong) => return Err(wrong.into()),
        }
        let happened = |wanted: &PollFd<'_>| !wanted.revents().is_empty();
        Ok(events.into_iter().zip(&wanted).filter(|e| happened(e.1)).map(|e| e.0).collect())
    }

    /// What is due.
    fn keep_time(&mut self) {
        let now = self.clock.now();
        let over = |line: &Line| line.deadline().is_some_and(|at| at <= now);
        let gone: Vec<u64> = self.lines.iter().filter(|l| over(l.1)).map(|l| *l.0).collect();
        for number in gone {
            self.lose(number);
        }
        if self.machine.deadline().is_some_and(|at| at <= now) {
            let mut out = Vec::new();
            self.machine.on_deadline(now, &mut out);
            self.obey(out);
        }
    }

    fn accept(&mut self) {
        let Some(listener) = &self.place.listener else { return };
        // A caller that is gone again is no caller.
        let Ok((stream, _)) = listener.accept() else { return };
        let connection = self.next;
        self.next += 1;
        self.add(connection, stream);
    }

    fn connect(&mut self, connection: u64) {
        let Some(to) = &self.place.peer else { return };
        match TcpStream::connect_timeout(to, Duration::from_secs(5)) {
            Ok(stream) => self.add(connection, stream),
            Err(_) => self.give(Input::Lost { connection }),
        }
    }

    fn add(&mut self, connection: u64, stream: TcpStream) {
        if let Ok(line) = Line::new(stream) {
            self.lines.insert(connection, line);
            self.give(Input::Opened { connection });
        } else {
            self.give(Input::Lost { connection });
        }
    }

    /// Something can be read or written.
    fn attend(&mut self, connection: u64) {
        let now = self.clock.now();
        let Some(line) = self.lines.get_mut(&connection) else { return };
        if line.write(now).is_err() {
            return self.lose(connection);
        }
        match line.read() {
            Heard::Nothing => {}
            Heard::Octets(octets) => self.give(Input::Received { connection, octets }),
            Heard::End => self.give(Input::PeerClosed { connection }),
            Heard::Loss => return self.lose(connection),
        }
        if self.lines.get(&connection).is_some_and(Line::is_over) {
            self.lose(connection);
        }
    }

    fn lose(&mut self, connection: u64) {
        if self.lines.remove(&connection).is_some() {
            self.give(Input::Lost { connection });
        }
    }

    fn give(&mut self, input: Input) {
        let mut out = Vec::new();
        self.machine.handle(self.clock.now(), input, &mut out);
        self.obey(out);
    }

    fn obey(&mut self, out: Vec<Output>) {
        let now = self.clock.now();
        for output in out {
            match output {
                Output::Connect { connection } => self.connect(connection),
                Output::Transmit { connection, octets } => {
                    if let Some(line) = self.lines.get_mut(&connection) {
                        line.send(octets);
                    }
                }
                Output::Close { connection } => {
                    if let Some(line) = self.lines.get_mut(&connection) {
                        line.close(now);
                    }
                }
                Output::Abort { connection } => {
                    if let Some(line) = self.lines.remove(&connection) {
                        line.abort();
                    }
                }
                Output::Tell { connection, news, octets } => (self.tell)(connection, news, &octets),
                Output::Done => self.done = true,
                // Nobody drives these machines.
                Output::Indicate(_) | Output::More => {}
            }
        }
    }
}

/// On or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl Switch {
    /// Whether it is on.
    pub(crate) fn is_on(self) -> bool {
        self == Self::On
    }
}

/// Luck that differs from run to run, for a real peer must not be able to guess an id.
pub(crate) fn luck() -> Rng {
    Rng::fork(RandomState::new().build_hasher().finish(), "the real world")
}

/// Prints what a program does and is told, and what its protocols say.
pub(crate) fn print(connection: Option<u64>, news: News, octets: &Chunk) {
    let words = match news {
        News::Calls => format!("calls {}", String::from_utf8_lossy(octets)),
        News::Handles => format!("told  {}", String::from_utf8_lossy(octets)),
        News::Http(note) => format!("      {note}"),
        News::WebSocket(note) => format!("      {note}"),
        News::EngineIo(note) => format!("      {note}"),
        News::SocketIo(note) => format!("      {note}"),
        News::Unit(_) => return,
    };
    let number = connection.map(|number| number.to_string()).unwrap_or_default();
    // Whoever listened may be gone, which is no reason to end.
    let _ = writeln!(io::stdout(), "{number:>4}  {words}");
}
