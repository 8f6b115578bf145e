//! Words to an expression. Every name is resolved here, so that nothing can be wrong later.

use super::lexer::{Kind, Token, tokens};
use super::{
    Clause, Compare, EventWord, Fault, Filter, Goal, Node, Quantity, Slot, names, operand,
};
use crate::base::{Duration, Instant, NodeId};
use crate::trace::{Legend, Protocol};
use std::ops::Range;

/// How deep brackets and `not` may nest.
const DEPTH_MAX: usize = 32;

pub(super) fn parse(text: &str, legend: &Legend) -> Result<Filter, Fault> {
    let tokens = tokens(text)?;
    let mut parser =
        Parser { text, legend, tokens, at: 0, slots: Vec::new(), depth: 0, counting: false };
    let whole = parser.either()?;
    let next = parser.peek().clone();
    if next.kind != Kind::End {
        let help = "take it away, or open a bracket before";
        return Err(fault(next.span, "this bracket closes nothing", help));
    }
    let counts = whole.goal.is_some();
    let clause = clause(whole.node.clone());
    let goal = parser.goal(whole);
    Ok(Filter { clause, slots: parser.slots, goal, counts })
}

pub(super) fn fault(
    span: Range<usize>,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Fault {
    Fault { span, message: message.into(), help: help.into() }
}

fn clause(node: Node) -> Clause {
    let says_where = holds_any(&node, &is_place);
    let asks_tellings = holds_any(&node, &is_telling);
    Clause { node, says_where, asks_tellings }
}

fn holds_any(node: &Node, wanted: &impl Fn(&Node) -> bool) -> bool {
    match node {
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(|node| holds_any(node, wanted)),
        Node::Not(node) => holds_any(node, wanted),
        _ => wanted(node),
    }
}

const fn is_telling(node: &Node) -> bool {
    matches!(node, Node::Note(_) | Node::Program(..) | Node::State(_))
}

const fn is_place(node: &Node) -> bool {
    matches!(
        node,
        Node::At(_)
            | Node::Event(
                EventWord::Sent
                    | EventWord::Duplicated
                    | EventWord::Arrived
                    | EventWord::Lost
                    | EventWord::Corrupted
                    | EventWord::Malformed
            )
    )
}

/// A piece of the text: what it says of a record and, if it counts, of a run.
struct Expression {
    node: Node,
    goal: Option<Goal>,
    span: Range<usize>,
}

struct Parser<'a> {
    text: &'a str,
    legend: &'a Legend,
    tokens: Vec<Token>,
    at: usize,
    slots: Vec<Slot>,
    depth: usize,
    /// Within `count(…)`.
    counting: bool,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        // The last token is `End` and is never passed.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let is = self.peek().kind == *kind;
        self.at += usize::from(is);
        is
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let is = matches!(&self.peek().kind, Kind::Word(word) if word == wanted);
        self.at += usize::from(is);
        is
    }

    fn either(&mut self) -> Result<Expression, Fault> {
        let mut all = vec![self.both()?];
        while self.take(&Kind::Or) {
            all.push(self.both()?);
        }
        Ok(self.join(all, false))
    }

    fn both(&mut self) -> Result<Expression, Fault> {
        let mut all = vec![self.negation()?];
        // `udp not lost`: `and` may be left out before `not` too.
        while self.take(&Kind::And) || self.peek().kind == Kind::Not {
            all.push(self.negation()?);
        }
        Ok(self.join(all, true))
    }

    fn negation(&mut self) -> Result<Expression, Fault> {
        let begin = self.peek().span.clone();
        if !self.take(&Kind::Not) {
            return self.phrase();
        }
        self.deeper(&begin)?;
        let inner = self.negation()?;
        self.depth -= 1;
        Ok(Expression {
            node: Node::Not(Box::new(inner.node)),
            goal: inner.goal.map(|goal| Goal::Not(Box::new(goal))),
            span: begin.start..inner.span.end,
        })
    }

    /// Words side by side.
    fn phrase(&mut self) -> Result<Expression, Fault> {
        let mut all = vec![self.primary()?];
        while matches!(self.peek().kind, Kind::Word(_) | Kind::Open) {
            all.push(self.primary()?);
        }
        Ok(self.join(all, true))
    }

    fn deeper(&mut self, span: &Range<usize>) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("nested deeper than {DEPTH_MAX}");
            return Err(fault(span.clone(), message, "write it with fewer brackets"));
        }
        Ok(())
    }

    fn join(&mut self, mut all: Vec<Expression>, and: bool) -> Expression {
        if all.len() == 1 {
            return all.remove(0);
        }
        let span = all.first().map_or(0, |e| e.span.start)..all.last().map_or(0, |e| e.span.end);
        let nodes: Vec<Node> = all.iter().map(|e| e.node.clone()).collect();
        let goal = all.iter().any(|e| e.goal.is_some()).then(|| self.join_goals(all, and));
        let node = if and { Node::And(nodes) } else { Node::Or(nodes) };
        Expression { node, goal, span }
    }

    /// What the pieces are to be over a run, at least one of which counts.
    fn join_goals(&mut self, all: Vec<Expression>, and: bool) -> Goal {
        let (counting, plain): (Vec<_>, Vec<_>) = all.into_iter().partition(|e| e.goal.is_some());
        let mut goals: Vec<Goal> = counting.into_iter().filter_map(|e| e.goal).collect();
        let is_negation = |e: &Expression| matches!(e.node, Node::Not(_));
        if and && plain.len() > 1 && !plain.iter().all(is_negation) {
            // What does not count is to be true of one and the same record.
            let texts: Vec<&str> = plain.iter().map(|e| &self.text[e.span.clone()]).collect();
            let text = texts.join(" and ");
            let node = Node::And(plain.into_iter().map(|e| e.node).collect());
            goals.push(self.seen(node, text));
        } else {
            goals.extend(plain.into_iter().map(|e| self.goal(e)));
        }
        if and { Goal::And(goals) } else { Goal::Or(goals) }
    }

    /// What a whole expression is to be over a run.
    fn goal(&mut self, expression: Expression) -> Goal {
        let Expression { node, goal, span } = expression;
        let text = self.text[span].to_owned();
        match (goal, node) {
            (Some(goal), _) => goal,
            (None, Node::Not(inner)) => {
                let text = text.trim_start_matches("not ").trim_start_matches('!').to_owned();
                Goal::Not(Box::new(self.seen(*inner, text)))
            }
            (None, node) => self.seen(node, text),
        }
    }

    fn seen(&mut self, node: Node, text: String) -> Goal {
        Goal::Seen(self.slot(node, text))
    }

    fn slot(&mut self, node: Node, text: String) -> usize {
        self.slots.push(Slot { clause: clause(node), text });
        self.slots.len() - 1
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        let token = self.next();
        let span = token.span.clone();
        let word = match token.kind {
            Kind::Open => return self.bracket(&span),
            Kind::Word(word) => word,
            Kind::End => {
                return Err(fault(span, "something is missing here", "say what to look for"));
            }
            Kind::Text(text) => {
                let help = format!("write `note \"{text}\"` or `data contains \"{text}\"`");
                return Err(fault(span, "a text alone says nothing", help));
            }
            Kind::Close | Kind::And | Kind::Or | Kind::Not | Kind::Compare(_) => {
                let sign = &self.text[span.clone()];
                let message = format!("`{sign}` has nothing before it");
                return Err(fault(span, message, "write something to look for before it"));
            }
        };
        if matches!(word.as_str(), "count" | "first" | "last") && self.peek().kind == Kind::Open
            || word.starts_with(|c: char| c.is_ascii_digit())
        {
            return self.comparison(&word, span);
        }
        let node = self.word(&word, &span)?;
        let end = self.tokens[self.at - 1].span.end;
        Ok(Expression { node, goal: None, span: span.start..end })
    }

    fn bracket(&mut self, open: &Range<usize>) -> Result<Expression, Fault> {
        self.deeper(open)?;
        let inner = self.either()?;
        self.depth -= 1;
        self.close(open)?;
        Ok(inner)
    }

    fn close(&mut self, open: &Range<usize>) -> Result<(), Fault> {
        if self.take(&Kind::Close) {
            return Ok(());
        }
        Err(fault(open.clone(), "this bracket is not closed", "write `)` where it ends"))
    }

    /// `count(…) == 1`, `first(…) < 100ms`, `1 < count(…)`.
    fn comparison(&mut self, word: &str, span: Range<usize>) -> Result<Expression, Fault> {
        let left = self.quantity(word, &span)?;
        let Kind::Compare(compare) = self.peek().kind else {
            let end = self.tokens[self.at - 1].span.end;
            let help = "compare it: `count(udp lost) == 1`, `first(tcp.syn) < 100ms`";
            return Err(fault(span.start..end, "a number alone says nothing", help));
        };
        self.at += 1;
        let next = self.next();
        let Kind::Word(word) = next.kind else {
            let help = "a number, a time, `count(…)`, `first(…)` or `last(…)`";
            return Err(fault(next.span, "nothing to compare with", help));
        };
        let right = self.quantity(&word, &next.span)?;
        let whole = span.start..self.tokens[self.at - 1].span.end;
        check_kinds(left, right, &whole)?;
        let node = Node::Compare(left, compare, right);
        Ok(Expression { node, goal: Some(Goal::Compare(left, compare, right)), span: whole })
    }

    fn quantity(&mut self, word: &str, span: &Range<usize>) -> Result<Quantity, Fault> {
        let make = match word {
            "count" => Quantity::Count,
            "first" => Quantity::First,
            "last" => Quantity::Last,
            _ => {
                return operand::number(word)
                    .map(Quantity::Number)
                    .or_else(|| {
                        let time = word.parse::<Duration>().ok()?;
                        Some(Quantity::Time(Instant::ZERO + time))
                    })
                    .ok_or_else(|| {
                        let message = format!("`{word}` is no number and no time");
                        fault(span.clone(), message, "write `3`, `100ms`, or `count(…)`")
                    });
            }
        };
        if self.counting {
            let message = format!("`{word}` within a count");
            return Err(fault(span.clone(), message, "count first, then compare the counts"));
        }
        let open = self.peek().span.clone();
        if !self.take(&Kind::Open) {
            let message = format!("`{word}` counts nothing");
            return Err(fault(span.clone(), message, format!("write `{word}(udp lost)`")));
        }
        self.counting = true;
        let inner = self.bracket(&open)?;
        self.counting = false;
        if let Some(goal) = &inner.goal {
            let message = format!("`{word}` wants something to look for, not {goal:?}");
            return Err(fault(inner.span, message, "count first, then compare the counts"));
        }
        let text = self.text[inner.span.clone()].to_owned();
        Ok(make(self.slot(inner.node, text)))
    }

    /// Everything that begins with a name.
    fn word(&mut self, word: &str, span: &Range<usize>) -> Result<Node, Fault> {
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
        fields: Vec<&'static crate::stack::Field>,
    ) -> Result<Node, Fault> {
        let Kind::Compare(compare) = self.peek().kind else {
            // A number that is always there says nothing; the flag of that name does.
            let flag = match name {
                "tcp.ack" => names::fields("tcp.flags.ack"),
                "tcp.urg" => names::fields("tcp.flags.urg"),
                _ => None,
            };
            let fields = flag.map_or(fields, |(_, flag)| flag);
            return Ok(Node::Field(super::FieldTest {
                protocol,
                fields,
                test: super::Test::Present,
            }));
        };
        self.at += 1;
        let token = self.next();
        let test = operand::test(name, &fields, compare, &token, self.legend)?;
        Ok(Node::Field(super::FieldTest { protocol, fields, test }))
    }
}

/// Counts go with numbers, moments with times and moments.
fn check_kinds(left: Quantity, right: Quantity, span: &Range<usize>) -> Result<(), Fault> {
    let is_time = |quantity| match quantity {
        Quantity::Count(_) | Quantity::Number(_) => false,
        Quantity::First(_) | Quantity::Last(_) | Quantity::Time(_) => true,
    };
    if is_time(left) == is_time(right) {
        return Ok(());
    }
    let help = "compare `count` with numbers, `first` and `last` with times: `first(udp) < 100ms`";
    Err(fault(span.clone(), "a number and a time cannot be compared", help))
}
