//! A server's end of a connection: answering, whole or in parts.
//!
//! An answer in parts says its length in front if its program knows it. Otherwise it goes in the
//! chunked coding (RFC 9112 §7.1), and to a client of HTTP/1.0, which does not know that, it lasts
//! until the connection ends (§6.3).

use super::message::{LAST_CHUNK, emit_chunk};
use super::server::{Owed, ServerConnection};
use super::{Note, Response, ServerOutput, ServerState, Status, Trigger};
use crate::base::{Chunk, Instant};

/// How the body of an answer in parts goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Coding {
    /// Not at all: the answer has none.
    #[default]
    None,
    /// As it is.
    Identity,
    /// In chunks.
    Chunked,
}

impl ServerConnection {
    /// The program answers, whole.
    pub(super) fn respond(
        &mut self,
        now: Instant,
        mut response: Response,
        out: &mut Vec<ServerOutput>,
    ) {
        if self.state() != ServerState::Answering {
            return;
        }
        if response.status == Status::SWITCHING_PROTOCOLS {
            out.push(ServerOutput::Transmit(response.emit(false)));
            return self.hand_over(out);
        }
        let to_head = self.owed.to_head;
        if response.status.is_interim() {
            return out.push(ServerOutput::Transmit(response.emit(to_head)));
        }
        self.agree(&mut response, out);
        out.push(ServerOutput::Transmit(response.emit(to_head)));
        self.answered(now, out);
    }

    /// The program begins an answer in parts.
    pub(super) fn begin(&mut self, mut response: Response, out: &mut Vec<ServerOutput>) {
        if self.state() != ServerState::Answering || response.status.is_interim() {
            return;
        }
        let has_body = response.status.has_body();
        let stated = response.headers.get("Content-Length").is_some();
        self.owed.coding = match (has_body, stated) {
            (false, _) => Coding::None,
            (true, false) if self.owed.takes_chunks => Coding::Chunked,
            (true, _) => Coding::Identity,
        };
        self.owed.stays &= !has_body || stated || self.owed.takes_chunks;
        if self.owed.coding == Coding::Chunked {
            response.headers.set("Transfer-Encoding", "chunked");
        }
        if self.owed.to_head {
            self.owed.coding = Coding::None;
        }
        self.agree(&mut response, out);
        out.push(ServerOutput::Transmit(response.emit_head()));
        self.enter(Trigger::HeadSent, out);
    }

    /// The next part of the answer. An empty one would end it, and is none.
    pub(super) fn part(&self, octets: Chunk, out: &mut Vec<ServerOutput>) {
        if self.state() != ServerState::Streaming || octets.is_empty() {
            return;
        }
        match self.owed.coding {
            Coding::None => {}
            Coding::Identity => out.push(ServerOutput::Transmit(octets)),
            Coding::Chunked => {
                let mut chunk = Vec::with_capacity(octets.len() + 20);
                emit_chunk(&mut chunk, &octets);
                out.push(ServerOutput::Transmit(Chunk::from(&chunk[..])));
            }
        }
    }

    /// The answer in parts is complete.
    pub(super) fn finish(&mut self, now: Instant, out: &mut Vec<ServerOutput>) {
        if self.state() != ServerState::Streaming {
            return;
        }
        if self.owed.coding == Coding::Chunked {
            out.push(ServerOutput::Transmit(Chunk::from_static(LAST_CHUNK)));
        }
        self.answered(now, out);
    }

    /// Settles whether the connection stays behind an answer, and says so in it.
    fn agree(&mut self, response: &mut Response, out: &mut Vec<ServerOutput>) {
        let Owed { stays, told, .. } = self.owed;
        let stays = stays && !response.headers.has_token("Connection", "close");
        self.owed.stays = stays;
        out.push(ServerOutput::Note(Note::Answering { status: response.status, stays }));
        if !stays {
            response.headers.set("Connection", "close");
        } else if told {
            response.headers.set("Connection", "keep-alive");
        }
    }

    /// An answer is out.
    fn answered(&mut self, now: Instant, out: &mut Vec<ServerOutput>) {
        if !self.owed.stays {
            return self.enter(Trigger::LastAnswered, out);
        }
        self.go_on(now, out);
    }
}
