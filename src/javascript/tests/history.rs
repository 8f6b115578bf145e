//! Whatever way an answer comes, it is the same.

use super::*;
use crate::base::Chunk;
use proptest::prelude::*;
use std::rc::Rc;

/// Answers depend on everything: the order of what was told, time, luck, what is still to come.
const PROGRAM: &str = "
    const socket = require('dgram').createSocket('udp4');
    let sum = 0;
    socket.bind(9);
    socket.on('message', (octets) => {
      sum = (sum * 31 + octets[0]) % 1009;
      console.log(sum, Math.random(), Date.now());
      if (octets[0] === 0) setTimeout(() => console.log('late', sum), 3);
      if (octets[0] === 255 && sum % 5 === 0) throw new Error('enough');
      if (octets[0] === 254 && sum % 5 === 1) process.exit(4);
    });";

struct Way {
    history: History,
    told: Vec<Told>,
    answers: Vec<Rc<Answer>>,
}

impl Way {
    fn tell(&mut self, told: Told) {
        self.answers.push(self.history.tell(told.clone()));
        self.told.push(told);
    }
}

fn datagram(nth: usize, octet: u8) -> Told {
    let arguments = vec![
        Value::from(1_u64),
        Value::Octets(Chunk::from(&[octet][..])),
        Value::from("10.0.0.1"),
        Value::from(7_u64),
    ];
    Told { at: Instant(nth as u64 * 1_000_000), what: "datagram", arguments }
}

fn beginning() -> Way {
    let history = History::new(Arc::new(script(&[("main.js", PROGRAM)])), 7);
    let mut way = Way { history, told: Vec::new(), answers: Vec::new() };
    way.tell(told(Instant::ZERO, "start"));
    way
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Clones that go on from any earlier moment, that forget the engine, that end.
    #[test]
    fn every_way_through_the_tree_equals_a_straight_run(
        steps in prop::collection::vec((0..8_usize, 0..6_u8, prop::sample::select(&[0, 1, 2, 254, 255][..])), 1..40),
    ) {
        let mut ways = vec![beginning()];
        for (which, kind, octet) in steps {
            let which = which % ways.len();
            match kind {
                0 => {
                    let way = &ways[which];
                    let (history, told) = (way.history.clone(), way.told.clone());
                    ways.push(Way { history, told, answers: way.answers.clone() });
                }
                1 => ways[which].history.forget_engine(),
                2 => {
                    let at = Instant(ways[which].told.len() as u64 * 1_000_000);
                    ways[which].tell(told(at, "deadline"));
                }
                _ => {
                    let nth = ways[which].told.len();
                    ways[which].tell(datagram(nth, octet));
                }
            }
        }
        for way in ways {
            let mut straight = History::new(Arc::clone(way.history.script()), 7);
            prop_assert_eq!(way.history.len(), way.told.len());
            for (told, answer) in way.told.into_iter().zip(way.answers) {
                prop_assert_eq!(straight.tell(told), answer);
            }
        }
    }
}

#[test]
fn what_is_known_to_follow_needs_no_engine() {
    let mut far = beginning();
    let near = far.history.clone();
    far.tell(datagram(1, 5));
    near.forget_engine();
    let mut again = near;
    let known = again.tell(datagram(1, 5));
    assert!(Rc::ptr_eq(&known, far.answers.last().unwrap()));
    assert!(!Rc::ptr_eq(&known, &far.history.tell(datagram(1, 5))));
}

#[test]
fn a_long_log_goes_without_filling_the_stack() {
    let script = Arc::new(script(&[("main.js", "process.exit();")]));
    let mut history = History::new(script, 0);
    for _ in 0..300_000 {
        history.tell(told(Instant::ZERO, "start"));
    }
    assert_eq!(history.len(), 300_000);
}

#[test]
fn how_deep_a_program_may_call_does_not_depend_on_who_tells_it() {
    let program = "
        const f = (n) => { process.stdout.write(`${n}`); f(n + 1); };
        setTimeout(f, 1, 0);
        setTimeout(f, 2, 0);";
    let mut history = History::new(Arc::new(script(&[("main.js", program)])), 0);
    history.tell(told(Instant::ZERO, "start"));
    let here = calls(0, history.clone(), 1_000_000);
    assert!(here > 100);
    // The running engine, and one that is made so deep.
    let next = |levels, at| calls(levels, history.clone(), at);
    assert_eq!(next(400, 1_000_001), here);
    assert_eq!(next(300, 1_000_002), here);
    assert_eq!(next(0, 1_000_003), here);
}

/// How many calls a program makes when it is told so much deeper in the stack.
fn calls(levels: usize, mut history: History, at: u64) -> usize {
    let room = std::hint::black_box([levels; 64]);
    if room[1] > 0 {
        return calls(room[2] - 1, history, at);
    }
    history.tell(told(Instant(at), "deadline")).calls.len()
}
