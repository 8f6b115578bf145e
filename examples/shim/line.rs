//! One TCP connection of the real world.

use framestep::base::{Chunk, Duration, Instant};
use rustix::net::sockopt::set_socket_linger;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

/// How much is read at once.
const READ_MAX: usize = 64 << 10;

/// A connection with so much to be sent is not read until some of it is gone.
const WAITING_MAX: usize = 4 << 20;

/// How long the peer may take to close too.
const LINGER: Duration = Duration::from_secs(15);

/// What was read.
pub(super) enum Heard {
    /// Nothing yet.
    Nothing,
    /// These octets.
    Octets(Chunk),
    /// The peer will send no more.
    End,
    /// The connection is gone.
    Loss,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) stream: TcpStream,
    waiting: VecDeque<Chunk>,
    /// How many octets wait.
    octets: usize,
    /// It is to be closed behind what waits, and then the peer has so long to close too.
    closing: Option<Instant>,
    closed: bool,
    peer_closed: bool,
}

impl Line {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let waiting = VecDeque::new();
        Ok(Self { stream, waiting, octets: 0, closing: None, closed: false, peer_closed: false })
    }

    pub(super) const fn wants_to_read(&self) -> bool {
        !self.peer_closed && self.octets < WAITING_MAX
    }

    pub(super) fn wants_to_write(&self) -> bool {
        !self.waiting.is_empty() || self.closing.is_some() && !self.closed
    }

    /// When it is given up.
    pub(super) const fn deadline(&self) -> Option<Instant> {
        self.closing
    }

    /// Both ends are closed.
    pub(super) const fn is_over(&self) -> bool {
        self.closed && self.peer_closed
    }

    pub(super) fn send(&mut self, octets: Chunk) {
        if self.closing.is_none() && !octets.is_empty() {
            self.octets += octets.len();
            self.waiting.push_back(octets);
        }
    }

    pub(super) fn close(&mut self, now: Instant) {
        self.closing.get_or_insert(now + LINGER);
    }

    /// Ends it with a RST (RFC 9293 §3.10.7).
    pub(super) fn abort(self) {
        // Without that option it ends with a FIN: it ends all the same.
        let _ = set_socket_linger(&self.stream, Some(std::time::Duration::ZERO));
    }

    /// Writes as much as there is room for, and closes behind it.
    pub(super) fn write(&mut self, now: Instant) -> io::Result<()> {
        while let Some(octets) = self.waiting.front_mut() {
            match self.stream.write(octets) {
                Ok(written) => {
                    self.octets -= written;
                    octets.advance(written);
                    if octets.is_empty() {
                        self.waiting.pop_front();
                    }
                    // It takes something: the time to close begins anew.
                    self.closing = self.closing.map(|_| now + LINGER);
                }
                Err(wrong) if wrong.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(wrong) if wrong.kind() == ErrorKind::Interrupted => {}
                Err(wrong) => return Err(wrong),
            }
        }
        if self.closing.is_some() && !self.closed {
            self.closed = true;
            self.stream.shutdown(Shutdown::Write)?;
        }
        Ok(())
    }

    pub(super) fn read(&mut self) -> Heard {
        if !matches!(self.stream.take_error(), Ok(None)) {
            return Heard::Loss;
        }
        if !self.wants_to_read() {
            return Heard::Nothing;
        }
        let mut buffer = vec![0; READ_MAX];
        match self.stream.read(&mut buffer) {
            Ok(0) => {
                self.peer_closed = true;
                Heard::End
            }
            Ok(n) => Heard::Octets(Chunk::from(&buffer[..n])),
            Err(wrong)
                if matches!(wrong.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                Heard::Nothing
            }
            Err(_) => Heard::Loss,
        }
    }
}
