//! A bulk transfer without a trace, or with one, for counting instructions:
//! `valgrind --tool=callgrind target/release/examples/bulk 10MiB [traced]`.
#![expect(clippy::print_stdout, reason = "it says what was counted")]

#[path = "../benches/networks/bulk.rs"]
mod bulk;
#[path = "../benches/networks/run.rs"]
mod run;

fn main() {
    let size = std::env::args().nth(1).unwrap_or_else(|| "10MiB".into());
    let traced = std::env::args().nth(2).is_some_and(|word| word == "traced");
    println!("{}", run::run(&bulk::network(&size).blueprint, traced));
}
