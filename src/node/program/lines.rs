//! The TCP connections of a program that speaks through machines: by which key each is known, and
//! what waits to be written on it.
//!
//! What a connection cannot take at once waits here, in order, and goes when there is room. While much
//! waits for a peer, nothing more should be read from it ([`Lines::reads`]): its window closes, and it
//! has to wait.

use crate::base::{Chunk, FxHashMap, SocketId};
use crate::node::calls::Desk;
use std::collections::{BTreeMap, VecDeque};

/// Octets that may wait for a peer while more is read from it.
const READS_WHILE: usize = 1 << 20;

/// Octets that may wait for a peer at all.
pub(super) const WAITING_MAX: usize = 16 << 20;

/// One connection.
#[derive(Clone, Debug)]
struct Line {
    socket: SocketId,
    /// What waits for room.
    waiting: VecDeque<Chunk>,
    /// Octets of that.
    octets: usize,
    /// It is to be closed behind that.
    closes: bool,
}

/// Connections by their keys.
#[derive(Clone, Debug)]
pub(super) struct Lines<K> {
    lines: BTreeMap<K, Line>,
    keys: FxHashMap<SocketId, K>,
}

impl<K> Default for Lines<K> {
    fn default() -> Self {
        Self { lines: BTreeMap::new(), keys: FxHashMap::default() }
    }
}

impl<K: Copy + Ord> Lines<K> {
    pub(super) fn add(&mut self, key: K, socket: SocketId) {
        self.keys.insert(socket, key);
        let line = Line { socket, waiting: VecDeque::new(), octets: 0, closes: false };
        self.lines.insert(key, line);
    }

    /// Forgets a connection, and says which socket it had.
    pub(super) fn remove(&mut self, key: K) -> Option<SocketId> {
        let line = self.lines.remove(&key)?;
        self.keys.remove(&line.socket);
        Some(line.socket)
    }

    /// The connection on a socket.
    pub(super) fn key(&self, socket: SocketId) -> Option<K> {
        self.keys.get(&socket).copied()
    }

    pub(super) fn socket(&self, key: K) -> Option<SocketId> {
        self.lines.get(&key).map(|line| line.socket)
    }

    /// All of them, in the order of their keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = K> {
        self.lines.keys().copied()
    }

    /// Octets that wait on a connection.
    pub(super) fn waiting(&self, key: K) -> usize {
        self.lines.get(&key).map_or(0, |line| line.octets)
    }

    /// Whether more may be read from a connection.
    pub(super) fn reads(&self, key: K) -> bool {
        self.waiting(key) <= READS_WHILE
    }

    /// Writes as far as there is room; the rest waits.
    pub(super) fn send(&mut self, key: K, octets: Chunk, desk: &mut Desk<'_, '_>) {
        let Some(line) = self.lines.get_mut(&key) else { return };
        line.octets += octets.len();
        line.waiting.push_back(octets);
        self.write(key, desk);
    }

    /// Closes this direction behind what waits.
    pub(super) fn close(&mut self, key: K, desk: &mut Desk<'_, '_>) {
        if let Some(line) = self.lines.get_mut(&key) {
            line.closes = true;
            self.write(key, desk);
        }
    }

    /// Writes what waits, as far as there is room, and closes behind it if that is asked.
    pub(super) fn write(&mut self, key: K, desk: &mut Desk<'_, '_>) {
        let Some(line) = self.lines.get_mut(&key) else { return };
        while let Some(mut octets) = line.waiting.pop_front() {
            let written = desk.send(line.socket, octets.clone());
            line.octets -= written;
            if written < octets.len() {
                octets.advance(written);
                return line.waiting.push_front(octets);
            }
        }
        if std::mem::take(&mut line.closes) {
            desk.half_close(line.socket);
        }
    }
}
