//! Reassembly: five segments in each of their 120 orders (RFC 9293 §3.10.7.4).

use crate::tcp::{run, script};
use std::fmt::Write;

/// Every order of `0..n`.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for next in 0..n {
        all = all
            .iter()
            .flat_map(|order: &Vec<usize>| {
                (0..=next).map(|place| {
                    let mut longer = order.clone();
                    longer.insert(place, next);
                    longer
                })
            })
            .collect();
    }
    all
}

/// A script in which segments of `len` octets arrive in this order, each acknowledged at once with
/// the number up to which nothing is missing. `overlap` octets of each are in the next as well.
fn script_of(order: &[usize], len: usize, overlap: usize) -> String {
    let mut text = String::from(
        "set delayed_ack 0ms\n0 listen\n0 < S 0:0(0) win 65535 <mss 1000>\n\
         0 > S. 0:0(0) ack 1 <...>\n.1 < . 1:1(0) ack 1 win 65535\n+0 * connected\n",
    );
    let mut here = vec![false; order.len()];
    for &segment in order {
        here[segment] = true;
        let first = 1 + segment * len;
        let end = first + len + if segment + 1 < order.len() { overlap } else { 0 };
        let whole = here.iter().take_while(|h| **h).count();
        let ack = 1 + whole * len + if whole == 0 || whole == order.len() { 0 } else { overlap };
        let _ = writeln!(text, "+.001 < . {first}:{end}({}) ack 1 win 65535", end - first);
        let _ = writeln!(text, "+0 > . 1:1(0) ack {ack}");
    }
    let whole = order.len() * len;
    let _ = writeln!(text, "+0 readable {whole}\n+0 read {whole}\n+9 state ESTABLISHED");
    text
}

fn play_all(overlap: usize) {
    let orders = orders(5);
    assert_eq!(orders.len(), 120);
    for order in orders {
        let text = script_of(&order, 100, overlap);
        let script = script::parse(&text).expect("a script that can be read");
        if let Err(fault) = run::play("order", &script) {
            panic!("{order:?}: {fault}\n{text}");
        }
    }
}

#[test]
fn five_segments_are_joined_in_each_of_their_orders() {
    play_all(0);
}

#[test]
fn five_overlapping_segments_are_joined_in_each_of_their_orders() {
    play_all(30);
}
