"""The cases of the Autobahn test suite, played by kosoku, against framestep's two programs.

usage: autobahn.py FOLDER_OF_THE_EXAMPLES [CASE ...]    (a case may be a glob: 9.*)
"""

import asyncio
import collections
import re
import signal
import sys
import time

import kosoku

EXAMPLES = sys.argv[1]
# Groups 12 and 13, compression, take minutes: they are played when they are asked for.
CASES = sys.argv[2:] or [f"{group}.*" for group in (1, 2, 3, 4, 5, 6, 7, 9, 10)]


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
        return await kosoku.run_fuzzingclient(f"ws://{address}", CASES)
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
    async with kosoku.run_fuzzingserver(CASES, host="127.0.0.1", port=0) as suite:
        url = f"ws://127.0.0.1:{suite.port}"
        agent = "agent=framestep"
        # The suite says how many cases it has, as a message.
        count = re.search(r'on message "(\d+)"', await dial(f"{url}/getCaseCount"))
        for case in range(1, int(count[1]) + 1):
            await dial(f"{url}/runCase?case={case}&{agent}", "--echo", f"--deflate={deflate}")
        await dial(f"{url}/updateReports?{agent}", "--echo")
        return await suite.get_result()


async def judge(name, run):
    begin = time.monotonic()
    try:
        results = await run
    except kosoku.FailureError as failure:
        results = failure.results
    verdicts = collections.Counter(result.behavior.value for result in results)
    failed = [result for result in results if not result.passed]
    for result in failed:
        print(f"  {result.case_id} {result.behavior.value} {result.behavior_close.value}:"
              f" {result.result} {result.result_close}")
    words = ", ".join(f"{n} {verdict}" for verdict, n in sorted(verdicts.items()))
    print(f"{name}: {len(results)} cases in {time.monotonic() - begin:.1f} s: {words}", flush=True)
    return len(results) - len(failed), len(failed)


async def main():
    passed = failed = 0
    for deflate in ("on",) if sys.argv[2:] else ("on", "off"):
        for name, run in (("server", server), ("client", client)):
            good, bad = await judge(f"{name}, compression {deflate}", run(deflate))
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
