//! Which runs a sweep has: every combination of the settings' values, each with every seed.

use super::{SEED, Seeds};
use std::str::FromStr;

/// The most combinations of settings; each is looked at before the first run.
pub const CASES_MAX: u64 = 100_000;
/// The most runs of a sweep.
pub const RUNS_MAX: u64 = 1_000_000_000;

/// A setting with the values that it takes: `link.loss=0,0.01,0.05`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    key: String,
    values: Vec<String>,
}

impl FromStr for Axis {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((key, values)) = text.split_once('=') else {
            return Err("it sets nothing; write a key and its values: `link.loss=0,0.01`".into());
        };
        if text.contains(char::is_control) {
            return Err("a setting stands on one line".into());
        }
        let key: Vec<&str> = key.split('.').map(str::trim).collect();
        let (key, values) = (key.join("."), split(values)?);
        if key == SEED {
            return Err("the seed has an option of its own: `--seeds 1..100`".into());
        }
        if values.iter().any(String::is_empty) {
            return Err("a value is empty; write `\"\"` for an empty text".into());
        }
        let twice = (1..values.len()).find(|&at| values[..at].contains(&values[at]));
        if let Some(at) = twice {
            return Err(format!("the value `{}` stands in it twice", values[at]));
        }
        Ok(Self { key, values })
    }
}

/// The values of a list. Commas within quotes, brackets and braces part nothing.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut values = Vec::new();
    let (mut begin, mut quote, mut escaped) = (0, None, false);
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        if quote.is_some() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = quote == Some('"'),
                _ if quote == Some(c) => quote = None,
                _ => {}
            }
            continue;
        }
        match c {
            // An apostrophe within a bare word is a letter like any other.
            '"' | '\'' if !open.is_empty() || text[begin..at].trim().is_empty() => quote = Some(c),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ']' | '}' if open.pop() != Some(c) => {
                return Err(format!("`{c}` closes nothing; put the text in quotes"));
            }
            ',' if open.is_empty() => {
                values.push(text[begin..at].trim().to_owned());
                begin = at + 1;
            }
            _ => {}
        }
    }
    if let Some(missing) = quote.or_else(|| open.pop()) {
        return Err(format!("`{missing}` is missing at its end"));
    }
    values.push(text[begin..].trim().to_owned());
    Ok(values)
}

/// A part of a sweep: `3/16` is the third, the nineteenth, … of its runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shard {
    /// Which, from 0.
    index: u64,
    count: u64,
}

impl Shard {
    /// All runs.
    pub const WHOLE: Self = Self { index: 0, count: 1 };
}

impl FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write which part and of how many: `3/16`".to_owned();
        let (which, count) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| wrong());
        let (which, count) = (number(which)?, number(count)?);
        if which == 0 || which > count {
            return Err(format!("there is no part {which} of {count}; they count from 1"));
        }
        Ok(Self { index: which - 1, count })
    }
}

/// The runs of a sweep, in their order: the first setting changes slowest, the seed quickest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grid {
    axes: Vec<Axis>,
    /// `None` is the scenario's own.
    seeds: Option<Seeds>,
    shard: Shard,
}

/// A run of the sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its number in the whole sweep, from 1, whatever part of it is made.
    pub number: u64,
    /// The number of its combination of settings, from 0.
    pub case: u64,
    /// Its seed; `None` is the scenario's own.
    pub seed: Option<u64>,
}

impl Grid {
    /// All combinations of these settings, with these seeds, or the part of them that is asked for.
    pub fn new(axes: Vec<Axis>, seeds: Option<Seeds>, shard: Shard) -> Result<Self, String> {
        let is_second = |at: &usize| axes[..*at].iter().any(|axis| axis.key == axes[*at].key);
        if let Some(at) = (1..axes.len()).find(is_second) {
            let key = &axes[at].key;
            return Err(format!("`{key}` is set twice; write its values in one `--set {key}=…`"));
        }
        let many = |cases: u128, axis: &Axis| cases.saturating_mul(axis.values.len() as u128);
        let cases = axes.iter().fold(1, many);
        if cases > u128::from(CASES_MAX) {
            return Err(format!("{cases} combinations of settings; at most {CASES_MAX} are taken"));
        }
        let runs = cases * seeds.as_ref().map_or(1, Seeds::count);
        if runs > u128::from(RUNS_MAX) {
            return Err(format!("{runs} runs; at most {RUNS_MAX} are made"));
        }
        Ok(Self { axes, seeds, shard })
    }

    /// The settings' keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.axes.iter().map(|axis| axis.key.as_str())
    }

    /// How many combinations of settings there are.
    pub fn cases(&self) -> u64 {
        self.axes.iter().map(|axis| axis.values.len() as u64).product()
    }

    /// The settings' values in a combination.
    pub fn values(&self, case: u64) -> impl Iterator<Item = &str> {
        let mut slower = self.cases();
        self.axes.iter().map(move |axis| {
            let own = axis.values.len() as u64;
            slower /= own;
            axis.values[(case / slower % own) as usize].as_str()
        })
    }

    /// How many runs there are.
    pub fn len(&self) -> u64 {
        let runs = self.cases() * self.seed_count();
        runs.saturating_sub(self.shard.index).div_ceil(self.shard.count)
    }

    /// Whether there is none: the part that was asked for has nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The run at a place, from 0.
    pub fn place(&self, place: u64) -> Place {
        let run = self.shard.index + place * self.shard.count;
        let (case, seed) = (run / self.seed_count(), run % self.seed_count());
        Place { number: run + 1, case, seed: self.seeds.as_ref().and_then(|s| s.at(seed)) }
    }

    fn seed_count(&self) -> u64 {
        self.seeds.as_ref().map_or(1, |seeds| seeds.count() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        text.parse::<Axis>().unwrap().values
    }

    #[test]
    fn commas_within_quotes_brackets_and_braces_part_nothing() {
        assert_eq!(values("k=0, 0.01 ,5%"), ["0", "0.01", "5%"]);
        assert_eq!(values(r#"k="a,b",'c,d'"#), [r#""a,b""#, "'c,d'"]);
        assert_eq!(values(r#"k="a\",b",c"#), [r#""a\",b""#, "c"]);
        assert_eq!(values("k={these=[1,2]},{these=[3]}"), ["{these=[1,2]}", "{these=[3]}"]);
        assert_eq!(values(r#"k=["a]","b"],["c"]"#), [r#"["a]","b"]"#, r#"["c"]"#]);
        assert_eq!(values("k=it's,that's"), ["it's", "that's"]);
        assert_eq!(values("k=a=b,c"), ["a=b", "c"]);
    }

    #[test]
    fn what_is_no_list_of_values_is_refused_with_what_to_do() {
        for (text, words) in [
            ("link.loss", "it sets nothing; write a key and its values: `link.loss=0,0.01`"),
            ("k=1,,2", "a value is empty; write `\"\"` for an empty text"),
            ("k=", "a value is empty; write `\"\"` for an empty text"),
            ("k=1,2,1", "the value `1` stands in it twice"),
            ("k=[1,2", "`]` is missing at its end"),
            ("k={a=[1,2}", "`}` closes nothing; put the text in quotes"),
            ("k=1],2", "`]` closes nothing; put the text in quotes"),
            ("k=\"a,b", "`\"` is missing at its end"),
            ("k=\"a\nb\"", "a setting stands on one line"),
            (" seed =1,2", "the seed has an option of its own: `--seeds 1..100`"),
        ] {
            assert_eq!(text.parse::<Axis>(), Err(words.to_owned()), "{text}");
        }
    }

    fn grid(axes: &[&str], seeds: Option<&str>, shard: &str) -> Result<Grid, String> {
        let axes = axes.iter().map(|axis| axis.parse().unwrap()).collect();
        Grid::new(axes, seeds.map(|seeds| seeds.parse().unwrap()), shard.parse().unwrap())
    }

    fn runs(grid: &Grid) -> Vec<String> {
        let told = |place: u64| {
            let Place { number, case, seed } = grid.place(place);
            let values: Vec<&str> = grid.values(case).collect();
            format!(
                "{number} {} {}",
                values.join(" "),
                seed.map_or_else(|| "-".into(), |s| s.to_string())
            )
        };
        (0..grid.len()).map(told).collect()
    }

    #[test]
    fn the_first_setting_changes_slowest_and_the_seed_quickest() {
        let all = runs(&grid(&["a=1,2", "b=x,y"], Some("7..8"), "1/1").unwrap());
        let wanted = ["1 1 x 7", "2 1 x 8", "3 1 y 7", "4 1 y 8"];
        assert_eq!(all[..4], wanted);
        assert_eq!(all[4..], ["5 2 x 7", "6 2 x 8", "7 2 y 7", "8 2 y 8"]);
        assert_eq!(runs(&grid(&["a=1,2"], None, "1/1").unwrap()), ["1 1 -", "2 2 -"]);
        assert_eq!(runs(&grid(&[], None, "1/1").unwrap()), ["1  -"]);
    }

    #[test]
    fn parts_are_every_nth_run_and_together_all() {
        let axes = ["a=1,2", "b=x,y,z"];
        let whole = runs(&grid(&axes, Some("1..3"), "1/1").unwrap());
        for count in [1, 2, 5, 16, 18, 19, 40] {
            let mut merged = Vec::new();
            for which in 1..=count {
                let part = grid(&axes, Some("1..3"), &format!("{which}/{count}")).unwrap();
                assert_eq!(part.is_empty(), which > whole.len());
                assert!(
                    (0..part.len()).all(|at| {
                        (part.place(at).number - 1) % count as u64 == which as u64 - 1
                    })
                );
                merged.extend(runs(&part));
            }
            let number = |run: &String| run.split(' ').next().unwrap().parse::<u64>().unwrap();
            merged.sort_by_key(number);
            assert_eq!(merged, whole, "{count}");
        }
    }

    #[test]
    fn a_part_that_cannot_be_is_refused() {
        for (text, words) in [
            ("3", "write which part and of how many: `3/16`"),
            ("a/2", "write which part and of how many: `3/16`"),
            ("1/-2", "write which part and of how many: `3/16`"),
            ("0/2", "there is no part 0 of 2; they count from 1"),
            ("3/2", "there is no part 3 of 2; they count from 1"),
            ("0/0", "there is no part 0 of 0; they count from 1"),
        ] {
            assert_eq!(text.parse::<Shard>(), Err(words.to_owned()), "{text}");
        }
    }

    #[test]
    fn too_much_and_the_same_twice_are_refused() {
        let refused = |axes: &[&str], seeds| grid(axes, Some(seeds), "1/1").unwrap_err();
        assert_eq!(
            refused(&["a.b=1", "a . b=2"], "1"),
            "`a.b` is set twice; write its values in one `--set a.b=…`"
        );
        let thousand = (0..1000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        let axes = [format!("a={thousand}"), format!("b={thousand}")];
        assert_eq!(
            refused(&[&axes[0], &axes[1]], "1"),
            "1000000 combinations of settings; at most 100000 are taken"
        );
        assert_eq!(
            refused(&[&axes[0]], "1..1000001"),
            "1000001000 runs; at most 1000000000 are made"
        );
        let most = refused(&["a=1,2"], "0..18446744073709551615");
        assert_eq!(most, "36893488147419103232 runs; at most 1000000000 are made");
    }
}
