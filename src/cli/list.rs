//! `framestep list`.

use super::Failure;
use crate::scenario::{self, Builtin};
use serde_json::json;
use std::io::Write;

/// The built-in scenarios, in the order of the course.
pub(super) fn list(as_json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let library = scenario::library().iter();
    if as_json {
        let all: Vec<_> = library.filter_map(object).collect();
        return Ok(writeln!(out, "{:#}", json!(all))?);
    }
    let mut track = "";
    for (builtin, heading) in library.filter_map(|b| Some((b, scenario::heading(b.text)?))) {
        let folder = builtin.path.split('/').next().unwrap_or_default();
        if folder != track {
            let gap = if track.is_empty() { "" } else { "\n" };
            let heading = folder.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
            writeln!(out, "{gap}{}", heading.replace('-', " "))?;
            track = folder;
        }
        let minutes = heading.minutes.map_or_else(String::new, |n| format!("  ({n} min)"));
        writeln!(out, "  {:<20} {}{minutes}", builtin.name, heading.title)?;
    }
    writeln!(out, "\nframestep open NAME walks through one, framestep run NAME prints it.")?;
    Ok(())
}

fn object(builtin: &Builtin) -> Option<serde_json::Value> {
    let scenario = scenario::parse(builtin.path, builtin.text).0?;
    Some(json!({
        "name": builtin.name,
        "path": builtin.path,
        "title": scenario.title,
        "about": scenario.about,
        "minutes": scenario.minutes,
        "nodes": scenario.blueprint.nodes.len(),
        "links": scenario.blueprint.links.len(),
        "expects": scenario.expects.len(),
    }))
}
