//! The workloads W1 to W5, in any size, with the names, options and meaning of the ns-3 programs
//! that `benches/compare` holds them against:
//!
//! ```sh
//! cargo run --release --example workloads -- w1_bulk --mib=100
//! cargo run --release --example workloads -- w3_udp --mode=switched --datagrams=100 --check=on
//! ```
//!
//! Each prints one line of `key=value`; docs/PERFORMANCE.md says what they mean.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]
#![expect(clippy::print_stderr, reason = "and a failed check is told")]
#![expect(clippy::cast_precision_loss, reason = "figures are printed with fewer digits than that")]

mod report;
mod shared;
mod w1_bulk;
mod w2_dumbbell;
mod w3_udp;
mod w4_short;
mod w5_fattree;

use clap::Parser;
use std::process::ExitCode;

/// Measures framestep on a workload of the comparison with ns-3.
#[derive(Parser)]
#[command(rename_all = "snake_case")]
enum Workload {
    W1Bulk(w1_bulk::Options),
    W2Dumbbell(w2_dumbbell::Options),
    W3Udp(w3_udp::Options),
    W4Short(w4_short::Options),
    W5Fattree(w5_fattree::Options),
}

impl Workload {
    fn measure(&self) -> Result<report::Report, String> {
        match self {
            Self::W1Bulk(options) => Ok(options.measure()),
            Self::W2Dumbbell(options) => options.measure(),
            Self::W3Udp(options) => options.measure(),
            Self::W4Short(options) => options.measure(),
            Self::W5Fattree(options) => options.measure(),
        }
    }
}

fn main() -> ExitCode {
    match Workload::parse().measure() {
        Ok(report) => {
            println!("{}", report.line);
            if let Some(fault) = report.fault {
                eprintln!("check failed: {fault}");
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(line: &str) -> Result<report::Report, String> {
        let words = std::iter::once("workloads").chain(line.split(' '));
        Workload::try_parse_from(words).map_err(|fault| fault.to_string())?.measure()
    }

    #[test]
    fn every_workload_delivers_all_that_it_sends() {
        for line in [
            "w1_bulk --mib=2 --count=1",
            "w1_bulk --mib=2 --delay=50us --buf=65536",
            "w2_dumbbell --flows=3 --secs=0.3 --loss=0.01 --count=1",
            "w3_udp --hosts=20 --edges=4 --datagrams=3 --count=1",
            "w3_udp --hosts=20 --edges=4 --datagrams=3 --mode=switched --count=1",
            "w4_short --conns=50 --clients=3",
            "w4_short --conns=50 --hold=1",
            "w5_fattree --k=2 --pings=5 --count=1",
            "w5_fattree --k=6 --pings=300 --count=1",
        ] {
            let report = measure(line).unwrap();
            assert_eq!(report.fault, None, "{line}: {}", report.line);
        }
    }

    #[test]
    fn what_does_not_arrive_fails_the_check() {
        // Ten minutes are over before the transfer is: a small buffer each round trip.
        let slow = "w1_bulk --mib=2 --delay=100ms --buf=1000";
        let fault = measure(slow).unwrap().fault.unwrap_or_default();
        assert!(fault.ends_with("octets arrived, 2097152 were sent"), "{fault}");
        let counted = measure(&format!("{slow} --count=1")).unwrap();
        assert_eq!(counted.fault, Some(fault), "the trace counts the same");
        let unchecked = measure(&format!("{slow} --check=off")).unwrap();
        assert_eq!(unchecked.fault, None);
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() {
        for line in [
            "w1_bulk --mib=0",
            "w2_dumbbell --loss=2",
            "w3_udp --hosts=7 --edges=2",
            "w4_short --conns=20000",
            "w5_fattree --k=5",
        ] {
            assert!(measure(line).is_err(), "{line}");
        }
    }
}
