//! A WebSocket client that sends back whatever it is told: what suites that test clients expect.

use framestep::base::{Chunk, Instant, Rng};
use framestep::stack::Machine;
use framestep::stack::application::web::{Input, News, Output};
use framestep::stack::application::websocket::{self, Config, Connection, Indication, Opening};
use std::collections::VecDeque;
use std::rc::Rc;

/// The number of its only connection.
const CONNECTION: u64 = 0;

/// The client.
#[derive(Clone, Debug)]
pub(super) struct Echo(Connection);

impl Echo {
    /// A client that has not begun.
    pub(super) fn new(opening: Opening, config: Config, rng: Rng) -> Self {
        Self(Connection::client(Rc::new(config), opening, rng))
    }

    /// Does what the connection wants, and gives it what follows from that.
    fn obey(&mut self, now: Instant, said: Vec<websocket::Output>, out: &mut Vec<Output>) {
        let connection = CONNECTION;
        let mut said = VecDeque::from(said);
        while let Some(output) = said.pop_front() {
            let input = match output {
                websocket::Output::Transmit(octets) => {
                    out.push(Output::Transmit { connection, octets });
                    continue;
                }
                websocket::Output::CloseTransport => {
                    out.push(Output::Close { connection });
                    continue;
                }
                websocket::Output::AbortTransport => {
                    out.push(Output::Abort { connection });
                    continue;
                }
                websocket::Output::Note(note) => {
                    tell(News::WebSocket(note), Chunk::EMPTY, out);
                    continue;
                }
                websocket::Output::Indicate(Indication::Message(message)) => {
                    let words = format!("on message of {} octets", message.octets().len());
                    tell(News::Handles, Chunk::from(words.as_bytes()), out);
                    websocket::Input::Send(message)
                }
                websocket::Output::Indicate(Indication::Closed { code, .. }) => {
                    let words = format!("on close {code}");
                    tell(News::Handles, Chunk::from(words.as_bytes()), out);
                    out.push(Output::Done);
                    continue;
                }
                websocket::Output::Indicate(_) => continue,
                websocket::Output::More => websocket::Input::Resume,
            };
            let mut more = Vec::new();
            self.0.handle(now, input, &mut more);
            said.extend(more);
        }
    }
}

fn tell(news: News, octets: Chunk, out: &mut Vec<Output>) {
    out.push(Output::Tell { connection: Some(CONNECTION), news, octets });
}

impl Machine for Echo {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        let input = match input {
            Input::Start => return out.push(Output::Connect { connection: CONNECTION }),
            Input::Opened { .. } => websocket::Input::Open,
            Input::Received { octets, .. } => websocket::Input::Received(octets),
            Input::PeerClosed { .. } => websocket::Input::PeerClosed,
            Input::Lost { .. } => websocket::Input::Reset,
            Input::Order(_) | Input::Resume => return,
        };
        let mut said = Vec::new();
        self.0.handle(now, input, &mut said);
        self.obey(now, said, out);
    }

    fn deadline(&self) -> Option<Instant> {
        self.0.deadline()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mut said = Vec::new();
        self.0.on_deadline(now, &mut said);
        self.obey(now, said, out);
    }
}
