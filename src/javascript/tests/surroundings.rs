//! What a program finds around it: time, luck, names, files, what it may print.

use super::*;
use std::net::Ipv4Addr;

#[test]
fn time_is_the_simulation_s_in_utc() {
    check_all(&[
        (
            "const d = new Date();
             console.log(d.toISOString(), Date.now(), d.getHours(), d.getTimezoneOffset());
             setTimeout(() => console.log(new Date() - d, process.uptime(), process.hrtime()), 1500);",
            "2 log 2025-01-01T00:00:00.000Z 1735689600000 0 0
             3 > setTimeout 1500
             3 log 1500 1.5 [ 1, 500000000 ]",
        ),
        (
            "const d = new Date(2020, 1, 29, 13, 5, 7);
             console.log(String(d)); console.log(d.toLocaleString()); console.log(d.toDateString());
             console.log(new Date('2020-01-01T00:00:00').getTime(), new Date('Jan 1 2020') - new Date('2020-01-01'));
             console.log(new Date(NaN).getTime(), String(new Date(NaN)), typeof Date(), new Date(d) - d);
             console.log(d instanceof Date, d.constructor === Date, (class extends Date {}).now() === Date.now());",
            "2 log Sat Feb 29 2020 13:05:07 GMT+0000 (Coordinated Universal Time)
             2 log 2/29/2020, 1:05:07 PM
             2 log Sat Feb 29 2020
             3 log 1577836800000 0
             4 log NaN Invalid Date string 0
             5 log true true true",
        ),
        ("console.log((1234567.8912).toLocaleString(), (-5).toLocaleString(), NaN.toLocaleString());",
            "1 log 1,234,567.891 -5 NaN"),
    ]);
}

#[test]
fn luck_comes_from_the_seed() {
    let program = "console.log(Math.random(), Math.random());";
    let drawn = |seed| {
        let mut history = History::new(Arc::new(script(&[("main.js", program)])), seed);
        history.tell(told(Instant::ZERO, "start"))
    };
    assert_eq!(drawn(3), drawn(3));
    assert_ne!(drawn(3), drawn(4));
}

#[test]
fn the_machine_cannot_be_seen() {
    check_all(&[(
        "console.log(typeof SharedArrayBuffer, typeof Atomics, typeof WeakRef, typeof FinalizationRegistry);
         console.log(process.platform, process.version, process.env, process.argv, process.cwd());
         console.log(globalThis === global, typeof performance.timeOrigin, typeof fetch, typeof Buffer);",
        "1 log undefined undefined undefined undefined
         2 log linux v20.0.0 {} [ '/usr/bin/node', '/main.js' ] /
         3 log true number function function",
    )]);
}

#[test]
fn files_require_and_import_one_another() {
    let found = run(script(&[
        (
            "lib/main.mjs",
            "import common, { one } from './common.cjs';
             import { two } from '../two.mjs';
             import data from './data.json' with { type: 'json' };
             import net, { createServer } from 'node:net';
             import { setTimeout as sleep } from 'timers/promises';
             console.log(one, common.three, two, data.four, net.createServer === createServer);
             console.log(import.meta.url, import.meta.filename, import.meta.dirname);
             await sleep(5);
             console.log((await import('../two.mjs')).two, performance.now());",
        ),
        (
            "lib/common.cjs",
            "exports.one = 1; module.exports.three = require('./data').four - 1;
             console.log(__filename, __dirname, require.main === module, require.resolve('net'));
             try { require('../two.mjs'); } catch (e) { console.log(e.code); }",
        ),
        ("two.mjs", "export const two = 2;"),
        ("lib/data.json", "{ \"four\": 4 }"),
    ]));
    assert_eq!(
        found,
        "2 log /lib/common.cjs /lib false node:net
3 log ERR_REQUIRE_ESM
6 log 1 3 2 4 true
7 log file:///lib/main.mjs /lib/main.mjs /lib
9 log 2 5
"
    );
}

#[test]
fn names_are_resolved_as_in_the_scenario() {
    let mut script = script(&[(
        "main.js",
        "const s = require('net');
         for (const name of ['bob', 'BOB', 'localhost', 'ann', '10.9.8.7']) s.connect(9, name).on('error', () => {});",
    )]);
    script.host = "ann".into();
    script.hosts = Arc::new([("bob".into(), Ipv4Addr::new(10, 0, 0, 2))].into());
    let found = run(script);
    let sent: Vec<&str> = found
        .lines()
        .filter(|l| l.contains("tcp.connect"))
        .filter_map(|l| l.split('"').nth(1))
        .collect();
    assert_eq!(sent, ["10.0.0.2", "10.0.0.2", "127.0.0.1", "127.0.0.1", "10.9.8.7"]);
}

#[test]
fn the_console_prints_what_node_prints() {
    check_all(&[
        ("console.error('%s is %d', 'x', 5, { a: [1] });", "1 error x is 5 { a: [ 1 ] }"),
        (
            "console.group('g'); console.info('in\\nside'); console.groupEnd(); console.warn('out');",
            "1 log g\n1 info   in\n  side\n1 warn out",
        ),
        (
            "console.count(); console.count('x'); console.count();",
            "1 log default: 1\n1 log x: 1\n1 log default: 2",
        ),
        (
            "console.assert(true); console.assert(false, 'no %d', 1); console.assert(0);",
            "1 warn Assertion failed: no 1\n1 warn Assertion failed",
        ),
        (
            "console.time('t'); setTimeout(() => console.timeEnd('t'), 12);",
            "1 > setTimeout 12\n1 log t: 12ms",
        ),
        (
            "console.table([{ a: 1, b: 'x' }, { a: 2 }, 3]);",
            "1 log ┌─────────┬───┬─────┬────────┐
             │ (index) │ a │  b  │ Values │
             ├─────────┼───┼─────┼────────┤
             │    0    │ 1 │ 'x' │        │
             │    1    │ 2 │     │        │
             │    2    │   │     │   3    │
             └─────────┴───┴─────┴────────┘",
        ),
    ]);
}

#[test]
fn octets_cross_both_ways() {
    let program = "
        const server = require('net').createServer((socket) => {
          socket.on('data', (octets) => socket.write(Buffer.from(octets).reverse()));
        });
        server.listen(80);";
    let mut history = History::new(Arc::new(script(&[("main.js", program)])), 1);
    let mut say = |what, arguments| history.tell(Told { at: Instant::ZERO, what, arguments });
    let listen = say("start", Vec::new()).calls[0].clone();
    assert_eq!((&*listen.op, listen.place.map(|p| p.line)), ("tcp.listen", Some(5)));
    let id = listen.arguments[0].clone();
    say("listening", vec![id.clone(), 80_u64.into()]);
    let ends = ["10.0.0.1".into(), 80_u64.into(), "10.0.0.2".into(), 9_u64.into()];
    say("accepted", [id, Value::from(-1_i64)].into_iter().chain(ends).collect());
    let octets = crate::base::Chunk::from(&[0, 127, 128, 255][..]);
    let answer = say("data", vec![Value::from(-1_i64), octets.into()]);
    let write = answer.calls.iter().find(|call| &*call.op == "tcp.write").unwrap();
    assert_eq!(write.place.map(|place| place.line), Some(3));
    assert_eq!(
        write.arguments[1].octets().map(|octets| octets.to_vec()),
        Some(vec![255, 128, 127, 0])
    );
}
