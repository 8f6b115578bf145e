"""The cases of the Autobahn test suite, played by kosoku, against framestep's two programs.

usage: autobahn_cases.py FOLDER_OF_THE_EXAMPLES [long]    (long: the cases of compression, minutes)
"""

import asyncio
import collections
import re
import signal
import sys
import time

import kosoku

EXAMPLES = sys.argv[1]
LONG = sys.argv[2:] == ["long"]
CASES = ["12.*", "13.*"] if LONG else [f"{group}.*" for group in (1, 2, 3, 4, 5, 6, 7, 9, 10)]
# Here the suite's server compresses only for a client that offers to do without context takeover.
WITHOUT_TAKEOVER = ["13.2.*", "13.5.*", "13.6.*"]


async def start(program, *options):
    """One of framestep's two programs. It ends with this script: its standard input closes."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        f"{EXAMPLES}/{program}", *options, stdin=pipe, stdout=pipe
    )


async def server(deflate):
    """framestep's server is judged."""
    child = await start("serve", "websocket-echo", "--until-stdin-closes", f"--deflate={deflate}")
    line = await asyncio.wait_for(child.stdout.readline(), 5)
    address = line.decode().split()[-1]
    try:
        return await verdicts(kosoku.run_fuzzingclient(f"ws://{address}", CASES))
    finally:
        child.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(child.wait(), 5) == 0


async def dial(url, *options):
    """What framestep's client says."""
    child = await start("dial", url, "--timeout=120000", *options)
    said, _ = await child.communicate()
    return said.decode()


async def client(deflate):
    """framestep's client is judged."""
    without = WITHOUT_TAKEOVER if LONG else []
    results = await play(CASES, without, f"--deflate={deflate}")
    if without:
        results += await play(without, [], "--deflate=on", "--no-context-takeover")
    return results


async def play(cases, but, *options):
    """Lets framestep's client come for each case; all results, bad ones too."""
    async with kosoku.run_fuzzingserver(cases, but, host="127.0.0.1", port=0) as suite:
        url = f"ws://127.0.0.1:{suite.port}"
        agent = "agent=framestep"
        # The suite says how many cases it has, as a message.
        count = re.search(r'on message "(\d+)"', await dial(f"{url}/getCaseCount"))
        for case in range(1, int(count[1]) + 1):
            await dial(f"{url}/runCase?case={case}&{agent}", "--echo", *options)
        await dial(f"{url}/updateReports?{agent}", "--echo")
        return await verdicts(suite.get_result())


async def verdicts(run):
    """The results of a run, bad ones too."""
    try:
        return await run
    except kosoku.FailureError as failure:
        return failure.results


async def judge(name, run):
    begin = time.monotonic()
    results = await run
    counts = collections.Counter(result.behavior.value for result in results)
    failed = [result for result in results if not result.passed]
    for result in failed:
        print(f"  {result.case_id} {result.behavior.value} {result.behavior_close.value}:"
              f" {result.result} {result.result_close}")
    words = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items()))
    print(f"{name}: {len(results)} cases in {time.monotonic() - begin:.1f} s: {words}", flush=True)
    return len(results) - len(failed), len(failed)


async def main():
    passed = failed = 0
    for deflate in ("on",) if LONG else ("on", "off"):
        for name, run in (("server", server), ("client", client)):
            good, bad = await judge(f"{name}, compression {deflate}", run(deflate))
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
