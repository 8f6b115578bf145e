//! What begins with a name: a field, a protocol, a place, a note.

use super::lexer::Kind;
use super::parser::{Parser, fault};
use super::{Compare, Fault, FieldTest, Node, Test, names, operand};
use crate::base::{Duration, Instant, NodeId};
use crate::stack::Field;
use crate::trace::Protocol;
use std::ops::Range;

impl Parser<'_> {
    /// Everything that begins with a name.
    pub(super) fn word(&mut self, word: &str, span: &Range<usize>) -> Result<Node, Fault> {
        match word {
            "at" => return Ok(Node::At(self.host(span)?)),
            "from" => return Ok(Node::From(self.host(span)?)),
            "to" => return Ok(Node::To(self.host(span)?)),
            "note" => return self.note(span),
            "tcp.state" => return self.state(),
            "time" | "frame.time" => {
                let (compare, time) = self.operand(span, "a time", |word| word.parse().ok())?;
                let time: Duration = time;
                return Ok(Node::Time(compare, Instant::ZERO + time));
            }
            _ => {}
        }
        let carrier = match word {
            "frame" | "frame.len" => Some((Some(Protocol::Ethernet), None)),
            "data" | "data.len" => Some((None, Some(Protocol::Ethernet))),
            "tcp.len" | "tcp.payload" => Some((Some(Protocol::Tcp), Some(Protocol::Tcp))),
            "udp.payload" => Some((Some(Protocol::Udp), Some(Protocol::Udp))),
            _ => None,
        };
        if let Some((carrier, measured)) = carrier {
            return self.carried(word, span, carrier, measured);
        }
        if let Some((_, event)) = names::EVENTS.iter().find(|event| event.0 == word) {
            return Ok(Node::Event(*event));
        }
        if let Some((_, notes)) = names::PROGRAM.iter().find(|program| program.0 == word) {
            let wanted = if self.take_word("contains") { Some(self.octets(span)?) } else { None };
            return Ok(Node::Program(notes, wanted));
        }
        if let Some((protocol, fields)) = names::fields(word) {
            return self.field(word, protocol, fields);
        }
        if let Some(protocol) = Protocol::ALL.into_iter().find(|p| p.filter() == word) {
            return self.protocol(protocol, span);
        }
        let message = format!("`{word}` is nothing that can be looked for");
        Err(fault(span.clone(), message, names::help(word, self.legend)))
    }

    /// A protocol alone, or what it carries: `udp contains "hi"`.
    fn protocol(&mut self, protocol: Protocol, span: &Range<usize>) -> Result<Node, Fault> {
        if self.take_word("contains") {
            return Ok(Node::Payload(Some(protocol), self.octets(span)?));
        }
        Ok(Node::Has(protocol))
    }

    /// `contains "…"`, or a length.
    fn carried(
        &mut self,
        word: &str,
        span: &Range<usize>,
        carrier: Option<Protocol>,
        measured: Option<Protocol>,
    ) -> Result<Node, Fault> {
        if self.take_word("contains") {
            let within = carrier.filter(|&protocol| protocol != Protocol::Ethernet);
            return Ok(Node::Payload(within, self.octets(span)?));
        }
        if !matches!(word, "frame.len" | "data.len" | "tcp.len") {
            let help = format!("write `{word} contains \"hello\"`");
            return Err(fault(span.clone(), format!("`{word}` alone says nothing"), help));
        }
        let (compare, octets) = self.operand(span, "a number of octets", operand::number)?;
        Ok(Node::Length(measured, compare, octets))
    }

    fn state(&mut self) -> Result<Node, Fault> {
        let Kind::Compare(compare) = self.peek().kind else { return Ok(Node::State(None)) };
        let sign = self.next().span;
        let equal = match compare {
            Compare::Equal => true,
            Compare::NotEqual => false,
            _ => return Err(fault(sign, "states have no order", "compare with `==` or `!=`")),
        };
        let token = self.next();
        let (Kind::Word(word) | Kind::Text(word)) = token.kind else {
            return Err(fault(token.span, "no state is named", "write `ESTABLISHED`"));
        };
        names::state(&word).map(|state| Node::State(Some((state, equal)))).ok_or_else(|| {
            let known = names::STATES.iter().map(|state| state.name());
            let help = names::nearest(&word, known).map_or_else(
                || "write one of RFC 9293's eleven: `ESTABLISHED`, `TIME-WAIT`".into(),
                |name| format!("did you mean `{name}`?"),
            );
            fault(token.span, format!("`{word}` is no state of TCP"), help)
        })
    }

    fn note(&mut self, span: &Range<usize>) -> Result<Node, Fault> {
        let (Kind::Word(word) | Kind::Text(word)) = self.peek().kind.clone() else {
            let help = "write `note \"fast retransmit\"`";
            return Err(fault(span.clone(), "which note is not said", help));
        };
        self.at += 1;
        Ok(Node::Note(word.to_lowercase()))
    }

    fn host(&mut self, span: &Range<usize>) -> Result<NodeId, Fault> {
        let token = self.next();
        let (Kind::Word(word) | Kind::Text(word)) = token.kind else {
            let help = names::host_help("", self.legend);
            return Err(fault(span.clone(), "no device is named", help));
        };
        self.legend.node(&word).ok_or_else(|| {
            let message = format!("the network has no `{word}`");
            fault(token.span, message, names::host_help(&word, self.legend))
        })
    }

    fn octets(&mut self, span: &Range<usize>) -> Result<Vec<u8>, Fault> {
        let token = self.next();
        match token.kind {
            Kind::Text(text) | Kind::Word(text) => Ok(text.into_bytes()),
            _ => Err(fault(span.clone(), "what it contains is not said", "write `\"hello\"`")),
        }
    }

    /// A comparison and what is compared with.
    fn operand<T>(
        &mut self,
        span: &Range<usize>,
        wanted: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<(Compare, T), Fault> {
        let Kind::Compare(compare) = self.peek().kind else {
            let help = format!("compare it with {wanted}: `==`, `<`, `>=`");
            return Err(fault(span.clone(), "nothing is asked of it", help));
        };
        self.at += 1;
        let token = self.next();
        let text = &self.text[token.span.clone()];
        let value = read(text);
        value.map(|value| (compare, value)).ok_or_else(|| {
            let message = format!("expected {wanted}, found `{text}`");
            let help = if wanted == "a time" { "write `100ms`" } else { "write `1000`" };
            fault(token.span, message, help)
        })
    }

    fn field(
        &mut self,
        name: &str,
        protocol: Protocol,
        fields: Vec<&'static Field>,
    ) -> Result<Node, Fault> {
        let Kind::Compare(compare) = self.peek().kind else {
            // A number that is always there says nothing; the flag of that name does.
            let flag = match name {
                "tcp.ack" => names::fields("tcp.flags.ack"),
                "tcp.urg" => names::fields("tcp.flags.urg"),
                _ => None,
            };
            let fields = flag.map_or(fields, |(_, flag)| flag);
            return Ok(Node::Field(FieldTest { protocol, fields, test: Test::Present }));
        };
        self.at += 1;
        let token = self.next();
        let test = operand::test(name, &fields, compare, &token, self.legend)?;
        Ok(Node::Field(FieldTest { protocol, fields, test }))
    }
}
