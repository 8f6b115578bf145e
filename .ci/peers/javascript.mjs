// Runs the programs of the JavaScript scenarios in real node, with the real npm packages over
// loopback, and compares what each logs with what it logs in the simulation: with the texts of
// tests/data/javascript, which a test of framestep's compares with its own runs.
// `UPDATE_EXPECT=1` writes those texts anew. A host's N is its program's number, from 1.
//
// What differs by design, and where it is seen to:
//
// | in the simulation                    | in node                           | compared |
// |--------------------------------------|-----------------------------------|----------|
// | logs of several hosts in one order   | each process by itself            | each program's lines by themselves |
// | host names are the scenario's        | a process has no host             | `dns.lookup` is patched: 127.0.N.I for scenario N's host I |
// | a port of a host is its own          | all hosts share the ports         | `listen` and `bind` take the host's own address |
// | addresses are 10.0.0.I               | 127.0.N.I                         | written as 10.0.0.I again |
// | a link's delay                       | almost none                       | no log may tell it |
// | a link's loss                        | none                              | the simulation runs with `--set link.loss=0` |
// | a link's rate                        | as good as endless                | if the file gives one, the host's writes wait for it |
// | a link is cut and mended             | cannot be                         | writes, reads and look-ups of both hosts wait |
// | a program takes no time              | some milliseconds                 | what fixes an order in a log is 100 ms apart or more |
// | starts at its time                   | needs 100 ms to load node         | all processes are loaded before the clock runs |
// | ends with the run                    | goes on                           | all are stopped at `limits.until`, then killed |
// | a crash is a line of the story       | a stack of node's own files       | one line, `Uncaught NAME: MESSAGE` |
// | ids, ports, times are the seed's     | of the machine's own luck         | no log may tell them |
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'smol-toml';
import { within } from './kit.mjs';

const SCENARIOS = 'scenarios/70-javascript';
const TEXTS = 'tests/data/javascript';
const PROGRAMS = join(import.meta.dirname, basename(SCENARIOS));
const UNITS = { us: 1e-3, ms: 1, s: 1e3, min: 6e4, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 };
const FLAGS = globalThis.WebSocket ? [] : ['--experimental-websocket'];

/** Milliseconds, or bits a second. */
const value = (text) => parseFloat(text) * UNITS[text.replace(/^[\d.]+/, '')];

/** The times between which a scenario's links are cut, in milliseconds. */
function cuts(cues) {
  const time = (what) => cues.filter((cue) => cue[what]).map((cue) => value(cue.time));
  const mended = time('mend');
  return time('cut').map((from, at) => [from, mended[at]]);
}

/** The JavaScript programs of a scenario, each with what its process is to be told. */
function programs(scenario, network) {
  const { host: hosts, link: links, at = [] } = scenario;
  const addresses = Object.fromEntries(hosts.map(({ name }, n) => [name, `${network}${n + 1}`]));
  return hosts.flatMap(({ name: host, program = [] }) =>
    program.map(({ javascript }, n) => {
      const { file, args = [], at: start = '0ms', restart = [] } =
        typeof javascript === 'string' ? { file: javascript } : javascript;
      const { rate } = links.find(({ ends }) => ends.includes(host));
      const told = { addresses, host, cuts: cuts(at), rate: rate && value(rate) };
      return { file, args, starts: [start, ...restart].map(value), name: `${host}.${n + 1}`, told };
    }),
  );
}

/** The processes of a program, one for each start, loaded and waiting; all write into `log`. */
function load({ file, args, starts, told }, log) {
  const flags = ['--no-warnings', ...FLAGS, '--import', join(import.meta.dirname, 'javascript-host.mjs')];
  return starts.map((after) =>
    spawn(process.execPath, [...flags, join(PROGRAMS, file), ...args], {
      stdio: ['ignore', log, log, 'ipc'],
      env: { FRAMESTEP_HOST: JSON.stringify({ ...told, after }) },
    }),
  );
}

/** Runs programs for so many milliseconds: what each logs. */
async function run(all, until) {
  const folder = mkdtempSync(join(tmpdir(), 'framestep-'));
  const logs = all.map(({ name }) => join(folder, name));
  const processes = all.flatMap((program, n) => load(program, openSync(logs[n], 'w')));
  try {
    const ready = Promise.all(processes.map((process) => once(process, 'message')));
    await within(20000, 'all programs to be loaded', ready);
    processes.forEach((process) => process.send('go'));
    await sleep(until);
    return logs.map((log) => readFileSync(log, 'utf8'));
  } finally {
    // Stopped first: none is to notice that another is gone.
    for (const signal of ['SIGSTOP', 'SIGKILL']) processes.forEach((process) => process.kill(signal));
    rmSync(folder, { recursive: true });
  }
}

describe('a program logs in node what it logs in the simulation', { concurrency: 3 }, () => {
  for (const file of readdirSync(SCENARIOS).filter((name) => name.endsWith('.toml'))) {
    const scenario = parse(readFileSync(join(SCENARIOS, file), 'utf8'));
    const name = basename(file, '.toml');
    const network = `127.0.${parseInt(name, 10)}.`;
    test(name, async () => {
      const all = programs(scenario, network);
      const logged = await run(all, value(scenario.limits.until));
      all.forEach((program, n) => {
        const text = logged[n].replaceAll(network, '10.0.0.');
        const path = join(TEXTS, `${name}.${program.name}.txt`);
        if (process.env.UPDATE_EXPECT) writeFileSync(path, text);
        assert.equal(text, readFileSync(path, 'utf8'), program.name);
      });
    });
  }
});
