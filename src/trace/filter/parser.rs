//! Words to an expression. Every name is resolved here, so that nothing can be wrong later.

use super::lexer::{Kind, Token, tokens};
use super::{Clause, EventWord, Fault, Filter, Goal, Measure, Node, Quantity, Slot, operand};
use crate::base::{Duration, Instant};
use crate::trace::Legend;
use std::ops::Range;

/// How deep brackets and `not` may nest.
const DEPTH_MAX: usize = 32;

pub(super) fn parse(text: &str, legend: &Legend) -> Result<Filter, Fault> {
    let mut parser = Parser::new(text, legend)?;
    let whole = parser.whole()?;
    let counts = whole.goal.is_some();
    let clause = clause(whole.node.clone());
    let goal = parser.goal(whole);
    Ok(Filter { clause, slots: parser.slots, goal, counts })
}

/// Reads `count(…)`, `first(…)`, `last(…)`, or a filter that is to be counted.
pub(super) fn measure(text: &str, legend: &Legend) -> Result<Measure, Fault> {
    const ALONE: &str = "write one alone: `count(udp lost)`, `first(tcp.syn)`";
    let mut parser = Parser::new(text, legend)?;
    let quantity = if let Some(word) = parser.quantity_word() {
        let span = parser.next().span;
        let quantity = parser.quantity(&word, &span)?;
        let rest = parser.peek();
        if rest.kind != Kind::End {
            let span = rest.span.start..text.len();
            return Err(fault(span, "something follows the measure", ALONE));
        }
        quantity
    } else {
        let whole = parser.whole()?;
        if whole.goal.is_some() {
            return Err(fault(whole.span, "a comparison is no number and no time", ALONE));
        }
        Quantity::Count(parser.slot(whole.node, text.to_owned()))
    };
    let clause = parser.slots[0].clause.clone();
    let filter = Filter { clause, slots: parser.slots, goal: Goal::Seen(0), counts: false };
    Ok(Measure { filter, quantity })
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

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) legend: &'a Legend,
    tokens: Vec<Token>,
    pub(super) at: usize,
    slots: Vec<Slot>,
    depth: usize,
    /// Within `count(…)`.
    counting: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, legend: &'a Legend) -> Result<Self, Fault> {
        let tokens = tokens(text)?;
        Ok(Self { text, legend, tokens, at: 0, slots: Vec::new(), depth: 0, counting: false })
    }

    /// An expression and nothing behind it.
    fn whole(&mut self) -> Result<Expression, Fault> {
        let whole = self.either()?;
        let next = self.peek();
        if next.kind != Kind::End {
            let help = "take it away, or open a bracket before";
            return Err(fault(next.span.clone(), "this bracket closes nothing", help));
        }
        Ok(whole)
    }

    /// The next word, if it counts: `count`, `first` or `last` before a bracket.
    fn quantity_word(&self) -> Option<String> {
        let Kind::Word(word) = &self.peek().kind else { return None };
        let opens = self.tokens.get(self.at + 1).is_some_and(|token| token.kind == Kind::Open);
        let counts = opens && matches!(word.as_str(), "count" | "first" | "last");
        counts.then(|| word.clone())
    }

    pub(super) fn peek(&self) -> &Token {
        // The last token is `End` and is never passed.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let is = self.peek().kind == *kind;
        self.at += usize::from(is);
        is
    }

    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
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
