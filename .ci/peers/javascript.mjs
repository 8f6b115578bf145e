// Runs the programs of the JavaScript scenarios in real node, with the real npm packages over
// loopback, and compares what each logs with what it logs in the simulation: with the texts of
// tests/data/javascript, which a test of framestep's compares with its own runs.
// `UPDATE_EXPECT=1` writes those texts anew. A program's number at its host counts from 1.
//
// What differs by design:
//
// | in the simulation             | in node               | so here                              |
// |-------------------------------|-----------------------|--------------------------------------|
// | one order over all hosts      | none over processes   | a program's lines by themselves      |
// | a host has name and address   | a process has neither | names lead to 127.0.N.I              |
// | a port is one host's          | the machine's         | hosts listen at their own addresses  |
// | addresses are 10.0.0.I        | 127.0.N.I             | written as 10.0.0.I again            |
// | a link has a delay            | next to none          | no log depends on it                 |
// | a link loses frames           | none is lost          | simulated with `--set link.loss=0`   |
// | a link has a rate             | as good as endless    | if the file has one, writes wait     |
// | a link is cut and mended      | never                 | writes, reads and look-ups wait      |
// | a handler takes no time       | it takes some         | an order that counts has 100 ms      |
// | a program starts at its time  | node must be loaded   | all are loaded, then the clock runs  |
// | the run ends at its limit     | programs go on        | all are stopped then, and killed     |
// | a crash is a line             | with a stack          | `Uncaught NAME: MESSAGE`, no stack   |
// | chance is the seed's          | the machine's         | no log has ids, ports or times in it |
//
// N is the scenario's number, I the host's place in the file; javascript-host.mjs does what must be
// done within the process.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { within } from './kit.mjs';

const SCENARIOS = 'scenarios/70-javascript';
const TEXTS = 'tests/data/javascript';
const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROGRAMS = join(HERE, basename(SCENARIOS));
const PRELOAD = join(HERE, 'javascript-host.mjs');
const UNITS = { us: 1e-3, ms: 1, s: 1e3, min: 6e4, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 };

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
  const node = ['--no-warnings', '--import', PRELOAD, join(PROGRAMS, file), ...args];
  return starts.map((after) =>
    spawn(process.execPath, node, {
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
    processes.forEach((process) => process.kill('SIGSTOP'));
    processes.forEach((process) => process.kill('SIGKILL'));
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
