//! The arrow: commands -> http, worker -> the verbs -> store -> model. Nothing points back.

use super::hold;
use super::source::Source;

/// The rooms of `src`, lowest first: a room may name those below it, and its neighbours as long as they do not name it.
const FLOORS: &[&[&str]] = &[
    &["model"],
    &["clock", "config"],
    &["failpoint", "wrong"],
    &["store"],
    &["error"],
    &["bus"],
    &["access", "channel"],
    &["app"],
    &["conversation", "inbound", "outbound", "report", "webhook"],
    &["http", "worker"],
    &["commands"],
    &["lib", "main"],
];

/// The rooms that may name the crate `connectors`, and what of it.
const TO_CONNECTORS: &[(&str, &[&str])] = &[
    ("channel", &["contract", "all", "named"]),
    ("error", &["contract"]),
    ("inbound", &["contract", "markup"]),
    ("outbound", &["contract"]),
    ("worker", &["contract"]),
    ("http", &["contract", "markup"]),
    ("app", &["contract"]),
    ("commands", &["contract", "all", "named", "simulator"]),
];

#[test]
fn nothing_points_back() {
    hold(
        points_back,
        &[
            ("src/model/wait.rs", "use crate::store::Db;"),
            ("src/store/claims.rs", "fn f() -> crate::http::Problem {}"),
            ("src/store/mod.rs", "use super::conversation::claim;"),
            ("src/store/claims.rs", "use super::super::bus;"),
            ("src/inbound.rs", "use crate::{model, worker::{poller}};"),
            ("src/clock.rs", "use crate::{\n    model::Id,\n    store,\n};"),
            ("src/http/mod.rs", "use crate::commands::serve;"),
            ("src/bus.rs", "pub(in crate::http) fn f() {}"),
            ("src/gadgets.rs", "fn f() {}"),
        ],
        &[
            ("src/store/claims.rs", "use crate::model::{claim, wait};\nuse super::Db; // not crate::http"),
            ("src/http/claims.rs", "use crate::{conversation::claim, store, model};\nuse super::Problem;"),
            ("src/main.rs", "use deskbell::commands;"),
            ("src/model/tests.rs", "use crate::store::Db;"),
        ],
    );
}

#[test]
fn neighbours_do_not_name_each_other() {
    let knot = [
        Source::new("src/inbound.rs", "use crate::conversation::routing;"),
        Source::new("src/conversation/routing.rs", "use crate::outbound;"),
        Source::new("src/outbound.rs", "use crate::inbound::accept;"),
    ];
    assert_eq!(knots(&knot).len(), 1, "{:?}", knots(&knot));
    assert_eq!(knots(&knot[..2]), [""; 0]);
    hold(knots, &[], &[]);
}

#[test]
fn few_rooms_name_connectors_and_connectors_name_no_room() {
    hold(
        names_connectors,
        &[
            ("src/store/channels.rs", "use connectors::contract::Manifest;"),
            ("src/model/part.rs", "fn f(part: &connectors::contract::Part) {}"),
            ("src/inbound.rs", "use connectors::simulator::Ledger;"),
            ("connectors/x/inbound.rs", "use deskbell::model::Message;"),
        ],
        &[
            ("src/outbound.rs", "use connectors::contract::{Failure, Part};"),
            ("src/commands/demo.rs", "let world = connectors::simulator::start();"),
            ("src/commands/mailbox/mod.rs", "use connectors::email::read;"),
            ("connectors/x/inbound.rs", "use crate::contract::Event;"),
        ],
    );
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The room of a file in `src`: `http` for `src/http/claims.rs` and for `src/http.rs`.
fn room(file: &Source) -> Option<&str> {
    let inside = file.path.strip_prefix("src/")?;
    let first = inside.split('/').next()?;
    (!file.is_test && file.path.ends_with(".rs")).then(|| first.strip_suffix(".rs").unwrap_or(first))
}

fn points_back(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let Some(from) = room(file) else { continue };
        let Some(here) = floor(from) else {
            found.push(format!("{}: the room `{from}` has no floor yet: say which in the arrow", file.path));
            continue;
        };
        for (line, to) in rooms_named(file) {
            if floor(&to).is_some_and(|there| there > here) {
                found.push(format!("{}:{line}: `{from}` names `{to}`, which is above it", file.path));
            }
        }
    }
    found
}

/// Neighbours that name each other, directly or round a corner.
fn knots(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for rooms in FLOORS {
        let names = |from: &str| -> Vec<String> {
            let of_room = files.iter().filter(|file| room(file) == Some(from));
            let named = of_room.flat_map(|file| rooms_named(file).into_iter().map(|(_, to)| to));
            named.filter(|to| to != from && rooms.contains(&to.as_str())).collect()
        };
        for start in *rooms {
            let mut reached = vec![(*start).to_owned()];
            let mut at = 0;
            let mut back = false;
            while at < reached.len() {
                for to in names(&reached[at]) {
                    back |= to == *start;
                    if !reached.contains(&to) {
                        reached.push(to);
                    }
                }
                at += 1;
            }
            if back {
                found.push(format!("`{start}` is named again by what it names: {}", reached.join(", ")));
                break;
            }
        }
    }
    found
}

fn names_connectors(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let mut wrong = |line: usize, what: &str| found.push(format!("{}:{line}: names {what}", file.path));
        // The mailbox's own commands: what an administrator types to look into one.
        if file.path.starts_with("src/commands/mail") {
            continue;
        }
        if let Some(from) = room(file) {
            let allowed =
                TO_CONNECTORS.iter().find(|(room, _)| *room == from).map_or(&[][..], |(_, names)| *names);
            for (line, name) in heads_after(&file.bare, "connectors::") {
                if !allowed.contains(&name.as_str()) {
                    wrong(line, &format!("connectors::{name}"));
                }
            }
        } else if file.path.starts_with("connectors/") && !file.is_test {
            for (line, name) in heads_after(&file.bare, "deskbell::") {
                wrong(line, &format!("deskbell::{name}"));
            }
        }
    }
    found
}

/// The rooms that a file names, by `crate::` or by enough `super::`, with the line of each.
fn rooms_named(file: &Source) -> Vec<(usize, String)> {
    let inside = file.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let depth = inside.split('/').count();
    let mut named = heads_after(&file.bare, "crate::");
    // In `crate::http` the path stops there, and so it does in `pub(in crate::http)`.
    named.extend(heads_after(&file.bare, &"super::".repeat(depth)));
    named
}

/// For each `prefix` in `text` the names that follow it: one, or the first of each branch of `{…}`.
fn heads_after(text: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut heads = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        // `$crate::` is a macro's own; `super::super::` is found once, at its longest.
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c)) {
            continue;
        }
        let line = text[..at].lines().count().max(1) + usize::from(text[..at].ends_with('\n') && at > 0);
        let after = &text[at + prefix.len()..];
        for branch in branches(after) {
            let end = branch.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(branch.len());
            if end > 0 && !branch.starts_with("super::") {
                heads.push((line, branch[..end].to_owned()));
            }
        }
    }
    heads
}

/// `a::b` is one branch; `{a, b::{c, d}}` is two.
fn branches(after: &str) -> Vec<&str> {
    let Some(inside) = after.strip_prefix('{') else {
        return vec![after];
    };
    let (mut depth, mut start, mut all) = (0, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                all.push(inside[start..at].trim());
                return all;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(inside[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    all
}
