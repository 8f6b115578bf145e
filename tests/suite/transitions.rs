//! TCP's state diagram against the RFC's, written out as text.

use framestep::stack::transport::tcp::{State, Trigger};
use std::collections::BTreeSet;

/// RFC 9293 figure 5 with its notes, then §3.10.5 (ABORT), §3.10.7 (RST), §3.8.3 (giving up),
/// §3.6.1 (data for a program that is gone) and §3.9.2.2 (hard errors).
const RFC: &str = "
CLOSED PassiveOpen LISTEN
CLOSED ActiveOpen SYN-SENT
LISTEN ActiveOpen SYN-SENT
LISTEN Send SYN-SENT
LISTEN SynArrives SYN-RECEIVED
LISTEN Close CLOSED
SYN-SENT Close CLOSED
SYN-SENT SynArrives SYN-RECEIVED
SYN-SENT SynAckArrives ESTABLISHED
SYN-RECEIVED AckOfSyn ESTABLISHED
SYN-RECEIVED Close FIN-WAIT-1
SYN-RECEIVED ResetAfterPassiveOpen LISTEN
ESTABLISHED Close FIN-WAIT-1
ESTABLISHED FinArrives CLOSE-WAIT
FIN-WAIT-1 AckOfFin FIN-WAIT-2
FIN-WAIT-1 FinArrives CLOSING
FIN-WAIT-2 FinArrives TIME-WAIT
CLOSE-WAIT Close LAST-ACK
CLOSING AckOfFin TIME-WAIT
LAST-ACK AckOfFin CLOSED
TIME-WAIT TimeWaitOver CLOSED
LISTEN Abort CLOSED
SYN-SENT Abort CLOSED
SYN-RECEIVED Abort CLOSED
ESTABLISHED Abort CLOSED
FIN-WAIT-1 Abort CLOSED
FIN-WAIT-2 Abort CLOSED
CLOSE-WAIT Abort CLOSED
CLOSING Abort CLOSED
LAST-ACK Abort CLOSED
TIME-WAIT Abort CLOSED
SYN-SENT ResetAfterActiveOpen CLOSED
SYN-RECEIVED ResetAfterActiveOpen CLOSED
ESTABLISHED ResetArrives CLOSED
FIN-WAIT-1 ResetArrives CLOSED
FIN-WAIT-2 ResetArrives CLOSED
CLOSE-WAIT ResetArrives CLOSED
CLOSING ResetArrives CLOSED
LAST-ACK ResetArrives CLOSED
TIME-WAIT ResetArrives CLOSED
SYN-SENT GaveUp CLOSED
SYN-RECEIVED GaveUp CLOSED
ESTABLISHED GaveUp CLOSED
FIN-WAIT-1 GaveUp CLOSED
FIN-WAIT-2 GaveUp CLOSED
CLOSE-WAIT GaveUp CLOSED
CLOSING GaveUp CLOSED
LAST-ACK GaveUp CLOSED
SYN-SENT HardError CLOSED
SYN-RECEIVED HardError CLOSED
FIN-WAIT-1 DataAfterRelease CLOSED
FIN-WAIT-2 DataAfterRelease CLOSED
FIN-WAIT-2 OrphanTimeout CLOSED
";

#[test]
fn the_edges_are_those_of_the_rfc() {
    let ours: BTreeSet<String> =
        State::EDGES.iter().map(|(from, on, to)| format!("{from} {on:?} {to}")).collect();
    let rfc: BTreeSet<String> = RFC.trim().lines().map(str::to_owned).collect();
    assert_eq!(ours, rfc);
    assert_eq!(State::EDGES.len(), rfc.len());
}

#[test]
fn every_state_is_reached_and_left_and_no_edge_is_ambiguous() {
    let mut reached = BTreeSet::from([State::Closed]);
    for _ in 0..11 {
        let more = State::EDGES.iter().filter(|edge| reached.contains(&edge.0));
        let more: Vec<State> = more.map(|edge| edge.2).collect();
        reached.extend(more);
    }
    assert_eq!(reached.len(), 11);
    for (from, on, to) in State::EDGES {
        assert_eq!(from.next(*on), Some(*to));
        assert!(!on.cause().is_empty());
    }
    assert_eq!(State::Closed.next(Trigger::FinArrives), None);
}
