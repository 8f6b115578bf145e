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

fn main() -> ExitCode {
    let measured = match Workload::parse() {
        Workload::W1Bulk(options) => Ok(options.measure()),
        Workload::W2Dumbbell(options) => options.measure(),
        Workload::W3Udp(options) => options.measure(),
        Workload::W4Short(options) => options.measure(),
        Workload::W5Fattree(options) => options.measure(),
    };
    match measured {
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
