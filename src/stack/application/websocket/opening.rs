//! The opening handshake as it happens: octets of HTTP until the connection is open or refused.

use super::connection::Connection;
use super::deflate::Window;
use super::handshake::{self, Agreed, Refusal};
use super::{Indication, Note, Opening, Output, Parameters, Role, Trigger};
use crate::base::{Chunk, Instant};
use crate::stack::application::http::{Part, Reader, Request, Response, Status};

/// How far the handshake is.
#[derive(Clone, Debug)]
pub(super) enum Handshake {
    /// A client that has not asked yet.
    Unasked(Opening),
    /// A client whose request with this key is out.
    Asked(String, Reader<Response>),
    /// A server that waits for a request.
    Listening(Reader<Request>, Option<Request>),
    /// A server that was given the request.
    Given(Request),
    /// It is over.
    Over,
}

impl Connection {
    /// TCP is open.
    pub(super) fn open(&mut self, now: Instant, out: &mut Vec<Output>) {
        match &mut *self.handshake {
            Handshake::Unasked(opening) => {
                let Some(rng) = self.sender.keys.as_mut() else { return };
                let key = handshake::key(rng);
                let request = handshake::request(opening, &self.config, &key);
                out.push(Output::Note(Note::Asking));
                out.push(Output::Transmit(request.emit()));
                *self.handshake = Handshake::Asked(key, Reader::new(self.config.http));
                self.limit = Some(now + self.config.handshake_timeout);
            }
            Handshake::Given(request) => {
                let request = request.clone();
                self.answer(now, &request, out);
            }
            Handshake::Listening(..) if self.limit.is_none() => {
                self.limit = Some(now + self.config.handshake_timeout);
            }
            Handshake::Listening(..) | Handshake::Asked(..) | Handshake::Over => {}
        }
    }

    /// Takes octets of the handshake; what is behind it stays in `octets`.
    pub(super) fn shake(&mut self, now: Instant, octets: &mut Chunk, out: &mut Vec<Output>) {
        // Octets that come first open it too.
        if matches!(*self.handshake, Handshake::Listening(..) | Handshake::Given(_)) {
            self.open(now, out);
        }
        match &mut *self.handshake {
            Handshake::Listening(reader, request) => loop {
                match reader.read(octets) {
                    Ok(None) => return,
                    Ok(Some(Part::Head(head))) => *request = Some(head),
                    Ok(Some(Part::Body(_))) => {}
                    Ok(Some(Part::End)) => {
                        let Some(request) = request.take() else { return };
                        return self.answer(now, &request, out);
                    }
                    Err(fault) => return self.refuse(now, Refusal::Http(fault), out),
                }
            },
            Handshake::Asked(key, reader) => loop {
                match reader.read(octets) {
                    Ok(None) => return,
                    Ok(Some(Part::Head(head))) => {
                        let status = head.status;
                        if status.is_interim() && status != Status::SWITCHING_PROTOCOLS {
                            continue;
                        }
                        match handshake::check_answer(&head, &self.config, key) {
                            Ok(agreed) => return self.opened(now, agreed, out),
                            Err(refusal) => return self.refuse(now, refusal, out),
                        }
                    }
                    Ok(Some(Part::Body(_) | Part::End)) => {}
                    Err(fault) => return self.refuse(now, Refusal::Http(fault), out),
                }
            },
            Handshake::Unasked(_) | Handshake::Given(_) | Handshake::Over => {}
        }
    }

    fn answer(&mut self, now: Instant, request: &Request, out: &mut Vec<Output>) {
        match handshake::answer(request, &self.config) {
            Ok((response, agreed)) => {
                out.push(Output::Note(Note::Accepting));
                out.push(Output::Transmit(response.emit(false)));
                self.opened(now, agreed, out);
            }
            Err(refusal) => self.refuse(now, refusal, out),
        }
    }

    fn opened(&mut self, now: Instant, agreed: Agreed, out: &mut Vec<Output>) {
        *self.handshake = Handshake::Over;
        self.limit = None;
        self.enter(Trigger::HandshakeDone, out);
        if let Some(parameters) = agreed.deflate {
            self.compress(parameters, out);
        }
        let compressed = agreed.deflate.is_some();
        let protocol = agreed.protocol;
        out.push(Output::Indicate(Indication::Opened { protocol, compressed }));
        self.restart_heartbeat(now);
    }

    fn compress(&mut self, agreed: Parameters, out: &mut Vec<Output>) {
        let (server_bits, client_bits) =
            (agreed.server_max_window_bits, agreed.client_max_window_bits);
        let server = Window::new(server_bits, agreed.server_no_context_takeover);
        let client = Window::new(client_bits, agreed.client_no_context_takeover);
        let (own, peers) = match self.role {
            Role::Client => (client, server),
            Role::Server => (server, client),
        };
        (self.sender.deflater, self.receiver.inflater) = (Some(own), Some(peers));
        out.push(Output::Note(Note::Compression { server_bits, client_bits }));
    }

    fn refuse(&mut self, now: Instant, refusal: Refusal, out: &mut Vec<Output>) {
        *self.handshake = Handshake::Over;
        out.push(Output::Note(Note::Refused(refusal)));
        if self.role == Role::Server {
            out.push(Output::Transmit(refusal.response().emit(false)));
        }
        out.push(Output::Indicate(Indication::Refused(refusal)));
        self.enter(Trigger::HandshakeFailed, out);
        self.close_transport(now, out);
    }
}
