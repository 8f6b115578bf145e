//! Plays a script against one [`Connection`] in virtual time.

use crate::tcp::script::{Choice, Ecn, Line, Number, Script, Segment, What};
use crate::tcp::wire::{self, Bases, LOCAL, REMOTE, Seen};
use framestep::base::{Chunk, Instant};
use framestep::stack::Machine;
use framestep::stack::transport::tcp::{
    Connection, Header, Indication, Input, Misuse, Output, SeqNumber, Transmit,
};
use std::collections::VecDeque;
use std::fmt::Write;
use std::rc::Rc;

/// Deadlines that one script may meet: far more than any needs, so a machine that spins is found.
const DEADLINES_MAX: u32 = 10_000;

/// A script being played.
struct Run<'a> {
    script: &'a Script,
    connection: Connection,
    now: Instant,
    /// When the last line happened; relative times count from here.
    last: Instant,
    bases: Bases,
    /// Octets that the machine took from its program, and gave to it.
    written: u32,
    taken: u32,
    segments: VecDeque<(Instant, Seen)>,
    indications: VecDeque<(Instant, String)>,
    /// What was said since the last input.
    notes: Vec<String>,
    transcript: String,
    deadlines: u32,
}

/// Plays a script to its end. `name` stands in the report.
pub(crate) fn play(name: &str, script: &Script) -> Result<(), String> {
    let bases = Bases { isn: script.isn, peer_isn: script.peer_isn, stamps: None };
    let mut run = Run {
        script,
        connection: Connection::new(script.config, LOCAL, REMOTE, SeqNumber(script.isn)),
        now: Instant::ZERO,
        last: Instant::ZERO,
        bases,
        written: 0,
        taken: 0,
        segments: VecDeque::new(),
        indications: VecDeque::new(),
        notes: Vec::new(),
        transcript: String::new(),
        deadlines: 0,
    };
    for line in &script.lines {
        run.line(line).map_err(|fault| {
            format!(
                "{name}:{}: {fault}\n  in: {}\n  transcript:\n{}",
                line.number, line.text, run.transcript
            )
        })?;
    }
    run.nothing_left()
        .map_err(|fault| format!("{name}: at the end: {fault}\n  transcript:\n{}", run.transcript))
}

impl Run<'_> {
    fn line(&mut self, line: &Line) -> Result<(), String> {
        let (from, to) = line.when.range(self.last);
        if from < self.last {
            return Err("time runs backwards".into());
        }
        match &line.what {
            What::Outbound(segment) => self.outbound(segment, from, to),
            What::Indication(name) => self.indication(name, from, to),
            What::Note(text) => {
                self.advance(to)?;
                let said = self.notes.iter().any(|note| note.contains(text));
                let notes = || format!("nobody said \"{text}\"; said: {:#?}", self.notes);
                said.then_some(()).ok_or_else(notes)
            }
            What::State(name) => {
                self.advance(to)?;
                let state = self.connection.state().name();
                let wrong = || format!("expected state {name}, found {state}");
                (state == name).then_some(()).ok_or_else(wrong)
            }
            What::Readable(octets) => {
                self.advance(to)?;
                let found = self.connection.readable() as usize;
                let wrong = || format!("expected {octets} octets to be readable, found {found}");
                (found == *octets).then_some(()).ok_or_else(wrong)
            }
            _ => {
                self.advance(to)?;
                self.nothing_left()?;
                self.notes.clear();
                self.input(line)
            }
        }?;
        self.last = self.now.max(from);
        Ok(())
    }

    /// What was sent or told and not listed.
    fn nothing_left(&mut self) -> Result<(), String> {
        if let Some((at, seen)) = self.segments.front() {
            return Err(format!("not expected at {}: > {}", seconds(*at), wire::describe(seen)));
        }
        self.indications.retain(|(_, name)| is_listed(name));
        if let Some((at, name)) = self.indications.front() {
            return Err(format!("not expected at {}: * {name}", seconds(*at)));
        }
        Ok(())
    }

    /// Runs the machine's deadlines up to `to`, and moves the clock there.
    fn advance(&mut self, to: Instant) -> Result<(), String> {
        while self.wake(to)? {}
        self.now = self.now.max(to);
        Ok(())
    }

    /// Runs the next deadline, if there is one up to `to`.
    fn wake(&mut self, to: Instant) -> Result<bool, String> {
        let Some(deadline) = self.connection.deadline().filter(|d| *d <= to) else {
            return Ok(false);
        };
        self.now = self.now.max(deadline);
        let mut out = Vec::new();
        self.connection.on_deadline(self.now, &mut out);
        self.deadlines += 1;
        let later = self.connection.deadline().is_none_or(|d| d > self.now);
        if !later || self.deadlines > DEADLINES_MAX {
            return Err(format!("the deadline at {} is not spent", seconds(self.now)));
        }
        self.take(out)?;
        Ok(true)
    }

    /// Waits until `arrived` or `to`.
    fn wait(&mut self, to: Instant, arrived: impl Fn(&Self) -> bool) -> Result<(), String> {
        while !arrived(self) && self.wake(to)? {}
        if !arrived(self) {
            self.now = self.now.max(to);
        }
        Ok(())
    }

    fn outbound(&mut self, segment: &Segment, from: Instant, to: Instant) -> Result<(), String> {
        self.wait(to, |run| !run.segments.is_empty())?;
        let Some((at, seen)) = self.segments.pop_front() else {
            return Err(format!("no segment came up to {}", seconds(to)));
        };
        let came = || format!("came at {}: > {}", seconds(at), wire::describe(&seen));
        in_time(at, from, to).map_err(|fault| format!("{fault}; {}", came()))?;
        compare(segment, &seen).map_err(|fault| format!("{fault}; {}", came()))
    }

    /// Of what must be listed the first one, of the rest any one must be `name`.
    fn indication(&mut self, name: &str, from: Instant, to: Instant) -> Result<(), String> {
        let counts = |told: &str| told == name || is_listed(name) && is_listed(told);
        let place = |run: &Self| run.indications.iter().position(|(_, told)| counts(told));
        self.wait(to, |run| place(run).is_some())?;
        let found = place(self).and_then(|at| self.indications.remove(at));
        let Some((at, told)) = found else {
            return Err(format!("nothing was told up to {}", seconds(to)));
        };
        let came = || format!("came at {}: * {told}", seconds(at));
        in_time(at, from, to).map_err(|fault| format!("{fault}; {}", came()))?;
        (told == name).then_some(()).ok_or_else(|| format!("expected * {name}; {}", came()))
    }

    fn input(&mut self, line: &Line) -> Result<(), String> {
        let isn = self.bases.isn;
        match &line.what {
            What::Listen => self.handle(line, Input::Listen),
            What::Connect => self.handle(line, Input::Connect),
            What::Close => self.handle(line, Input::Close),
            What::Release => self.handle(line, Input::Release),
            What::Abort => self.handle(line, Input::Abort),
            What::Write(len) => self.write(line, *len),
            What::Read(len) => self.read(line, *len),
            What::Unreachable { seq, hard } => {
                let seq = SeqNumber(seq.on_the_wire(isn));
                self.handle(line, Input::Unreachable { seq, hard: *hard })
            }
            What::PathMtu { seq, mtu } => {
                let seq = SeqNumber(seq.on_the_wire(isn));
                self.handle(line, Input::PathMtu { seq, mtu: *mtu })
            }
            What::Inbound(segment) => self.inbound(line, segment),
            _ => Err("a line that is no input".into()),
        }
    }

    fn handle(&mut self, line: &Line, input: Input) -> Result<(), String> {
        let _ = writeln!(self.transcript, "    {} {}", seconds(self.now), without_time(&line.text));
        let mut out = Vec::new();
        self.connection.handle(self.now, input, &mut out);
        self.take(out)?;
        // In TIME-WAIT it goes on as one that was folded meanwhile, as on a host.
        if let Some(remnant) = self.connection.fold() {
            let config = Rc::new(self.script.config);
            self.connection = Connection::unfold(&remnant, config, LOCAL, REMOTE);
        }
        Ok(())
    }

    fn write(&mut self, line: &Line, len: usize) -> Result<(), String> {
        let octets: Vec<u8> = (0..len as u32).map(|i| wire::ours(self.written + i)).collect();
        let room = self.connection.send_space().min(len as u32);
        // Counted before what goes out is looked at, and taken back when it was not accepted.
        self.written += room;
        self.handle(line, Input::Send(Chunk::from(&octets[..])))?;
        if self.indications.iter().any(|(_, told)| told == "misuse not-open") {
            self.written -= room;
        }
        Ok(())
    }

    fn read(&mut self, line: &Line, len: usize) -> Result<(), String> {
        let octets = self.connection.received(len as u32);
        let taken = self.taken;
        if octets.iter().enumerate().any(|(i, octet)| *octet != wire::theirs(taken + i as u32)) {
            return Err("what is read is not what the peer sent there".into());
        }
        self.taken += octets.len() as u32;
        self.handle(line, Input::Read(len as u32))
    }

    fn inbound(&mut self, line: &Line, segment: &Segment) -> Result<(), String> {
        let octets = wire::build(segment, self.bases);
        match parse(&octets) {
            Ok((header, payload)) => {
                if self.connection.reopens(&header) {
                    self.reopen(line)?;
                }
                let payload = Chunk::from(payload);
                let congestion_experienced = segment.ecn == Some(Ecn::Experienced);
                self.handle(line, Input::Segment { header, payload, congestion_experienced })
            }
            Err(malformed) => {
                let at = seconds(self.now);
                let _ = writeln!(
                    self.transcript,
                    "    {at} {} !! {malformed}",
                    without_time(&line.text)
                );
                self.indications.push_back((self.now, "malformed".into()));
                self.notes.push(malformed);
                Ok(())
            }
        }
    }

    /// A new connection takes the old one's place, as on a host; our numbers count anew.
    fn reopen(&mut self, line: &Line) -> Result<(), String> {
        self.bases.isn = self.bases.isn.wrapping_add(7_654_321);
        self.bases.stamps = None;
        self.written = 0;
        self.taken = 0;
        let isn = SeqNumber(self.bases.isn);
        self.connection = Connection::new(self.script.config, LOCAL, REMOTE, isn);
        self.handle(line, Input::Listen)
    }

    /// Sorts what the machine wants done and said.
    fn take(&mut self, out: Vec<Output>) -> Result<(), String> {
        let at = seconds(self.now);
        for output in out {
            match output {
                Output::Transmit(transmit) => {
                    let octets = emit(&self.connection, &transmit);
                    if let Some(stamp) = wire::stamp_of(&octets) {
                        let first = self.bases.stamps.map_or(stamp, |s| s.0);
                        self.bases.stamps = Some((first, stamp));
                    }
                    let seen = wire::read(&octets, self.bases, transmit.ecn_capable)?;
                    let _ = writeln!(self.transcript, "    {at} > {}", wire::describe(&seen));
                    reread(&octets, &transmit)?;
                    self.segments.push_back((self.now, seen));
                }
                Output::Indicate(indication) => {
                    let name = indication_name(indication);
                    let _ = writeln!(self.transcript, "    {at} * {name}");
                    self.indications.push_back((self.now, name.into()));
                }
                Output::Note(note) => {
                    let _ = writeln!(self.transcript, "    {at}   # {note}");
                    self.notes.push(note.to_string());
                }
            }
        }
        Ok(())
    }
}

/// Whether `seen` is what the script says, field by field.
fn compare(segment: &Segment, seen: &Seen) -> Result<(), String> {
    let number = |n: Number, relative: u32, raw: u32| match n {
        Number::Relative(n) => n == relative,
        Number::Absolute(n) => n == raw,
    };
    let same = |holds: bool, field: &str| {
        if holds { Ok(()) } else { Err(format!("{field} differs")) }
    };
    same(segment.flags == seen.flags, "flags")?;
    same(number(segment.seq, seen.seq, seen.raw_seq), "seq")?;
    same(segment.len as usize == seen.payload.len(), "length")?;
    if let Some(ack) = segment.ack {
        same(number(ack, seen.ack, seen.raw_ack), "ack")?;
    }
    same(segment.win.is_none_or(|win| win == seen.win), "win")?;
    same(segment.urg.is_none_or(|urg| urg == seen.urg), "urg")?;
    if let Some(options) = &segment.options {
        let wanted = options.iter().filter(|o| **o != Choice::Nop);
        let fits = wanted.clone().all(|o| seen.options.iter().any(|s| is_like(o, s)));
        same(fits && wanted.count() == seen.options.len(), "options")?;
    }
    match segment.ecn {
        None | Some(Ecn::Experienced) => {}
        Some(ecn) => same(seen.ecn_capable == (ecn == Ecn::Capable), "ECN field")?,
    }
    let syn = u32::from(seen.flags & 0x02 != 0);
    let first = seen.seq.wrapping_add(syn).wrapping_sub(1);
    let octets = (first..first.wrapping_add(segment.len)).map(wire::ours);
    same(seen.payload.iter().copied().eq(octets), "payload (not what was written there)")
}

/// Whether a script must say that the program is told this.
fn is_listed(name: &str) -> bool {
    name != "readable" && name != "writable"
}

/// Whether a wanted option, which may leave parts open, is the one seen.
fn is_like(wanted: &Choice, seen: &Choice) -> bool {
    match (wanted, seen) {
        (Choice::Stamp(value, echo), Choice::Stamp(other_value, other_echo)) => {
            (value.is_none() || value == other_value) && (echo.is_none() || echo == other_echo)
        }
        _ => wanted == seen,
    }
}

/// Exact to the nanosecond, unless the script gives a range.
fn in_time(at: Instant, from: Instant, to: Instant) -> Result<(), String> {
    if from.0 <= at.0 + 1 && at.0 <= to.0 + 1 {
        return Ok(());
    }
    Err(format!("expected at {}", seconds(from)))
}

fn seconds(at: Instant) -> String {
    format!("{}.{:09}", at.0 / 1_000_000_000, at.0 % 1_000_000_000)
}

fn without_time(text: &str) -> &str {
    text.trim_start_matches(|c: char| "+.~".contains(c) || c.is_ascii_digit()).trim_start()
}

fn indication_name(indication: Indication) -> &'static str {
    match indication {
        Indication::Connected => "connected",
        Indication::Readable => "readable",
        Indication::Writable => "writable",
        Indication::PeerClosed => "peer-closed",
        Indication::Closed => "closed",
        Indication::Reset => "reset",
        Indication::Refused => "refused",
        Indication::TimedOut => "timed-out",
        Indication::Unreachable => "unreachable",
        Indication::Misuse(Misuse::NotOpen) => "misuse not-open",
        Indication::Misuse(Misuse::BufferFull) => "misuse buffer-full",
        Indication::Misuse(Misuse::AlreadyOpen) => "misuse already-open",
        Indication::Misuse(Misuse::ReadTooMuch) => "misuse read-too-much",
    }
}

/// What the machine makes of octets from the network: its own parser, its own checksum.
fn parse(octets: &[u8]) -> Result<(Header, &[u8]), String> {
    let (header, at) =
        Header::parse(octets, REMOTE.address, LOCAL.address).map_err(|m| m.to_string())?;
    Ok((header, &octets[at..]))
}

/// The octets of a segment that the machine wants sent.
fn emit(connection: &Connection, transmit: &Transmit) -> Vec<u8> {
    let mut octets = Vec::new();
    let payload = connection.payload(transmit);
    transmit.header.emit(LOCAL.address, REMOTE.address, &payload, &mut octets);
    octets.extend_from_slice(&payload);
    octets
}

/// Our own parser must read back what was sent.
fn reread(octets: &[u8], transmit: &Transmit) -> Result<(), String> {
    let (header, at) =
        Header::parse(octets, LOCAL.address, REMOTE.address).map_err(|m| m.to_string())?;
    let len = octets.len() - at;
    if header != transmit.header || len != usize::from(transmit.payload_len) {
        return Err(format!("read back as {header:?} with {len} octets of payload"));
    }
    Ok(())
}
