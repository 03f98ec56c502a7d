//! `cargo xtask simulate`: how often each method misses the truth, in experiments made by chance.

mod compare;

use std::error::Error;
use std::path::Path;
use std::str::FromStr;
use std::time::Instant;

use epstats_simulation::{Row, Size, run, studies, table};

const USAGE: &str = "usage: cargo xtask simulate [--runs N] [--seed N] [--threads N] [--small]";

/// What is run.
struct Order {
    runs: u64,
    seed: u64,
    threads: usize,
    size: Size,
}

/// Runs every study of the documentation, prints the table, and holds it to the reference; says whether they agree.
///
/// # Errors
///
/// Where the words are not understood, or the reference cannot be read.
#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to whoever runs it"
)]
pub fn simulate(root: &Path, words: &[String]) -> Result<bool, Box<dyn Error>> {
    let order = Order::read(words)?;
    let begin = Instant::now();
    let mut rows = Vec::new();
    for study in studies(order.size) {
        let own = Instant::now();
        let tallies = run(&study, order.runs, order.seed, order.threads);
        eprintln!("{:>6.1} s  {}", own.elapsed().as_secs_f64(), study.data);
        rows.extend(Row::of(&study, &tallies));
    }
    print!("{}", table(&rows));
    let Order { runs, seed, .. } = order;
    let seconds = begin.elapsed().as_secs_f64();
    eprintln!("{runs} runs, seed {seed}, {seconds:.0} s");
    let (table, agree) = compare::with_reference(root, &rows)?;
    print!("\n{table}");
    Ok(agree)
}

impl Order {
    fn read(words: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut order = Order {
            runs: 10_000,
            seed: 1,
            threads: 2,
            size: Size::Full,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--small" => order.size = Size::Small,
                "--runs" => order.runs = number(words.next())?,
                "--seed" => order.seed = number(words.next())?,
                "--threads" => order.threads = number(words.next())?,
                _ => return Err(USAGE.into()),
            }
        }
        Ok(order)
    }
}

fn number<T: FromStr>(word: Option<&String>) -> Result<T, Box<dyn Error>> {
    let number = word.and_then(|word| word.parse().ok());
    number.ok_or_else(|| USAGE.into())
}
