//! The event loop: what node does first, and what then.

use super::*;

#[test]
fn callbacks_run_in_the_order_of_node() {
    let program = "
        const say = (text) => console.log(text);
        setTimeout(say, 2, 'two');
        setTimeout(say, 1, 'one');
        setTimeout(say, 0, 'zero is one');
        setImmediate(() => {
            say('immediate');
            process.nextTick(say, 'tick of the immediate');
        });
        setImmediate(say, 'another');
        Promise.resolve().then(() => {
            say('microtask');
            process.nextTick(say, 'tick of the microtask');
            queueMicrotask(() => say('microtask of the microtask'));
        });
        process.nextTick(() => {
            say('tick');
            Promise.resolve().then(() => say('microtask of the tick'));
            process.nextTick(say, 'tick of the tick');
        });
        (async () => {
            say('at once');
            await null;
            say('after await');
        })();
        say('end');";
    let found = run(script(&[("main.js", program)]));
    let printed: Vec<&str> = found.lines().filter_map(|l| Some(l.split_once(" log ")?.1)).collect();
    assert_eq!(
        printed,
        [
            "at once",
            "end",
            "tick",
            "tick of the tick",
            "microtask",
            "after await",
            "microtask of the tick",
            "microtask of the microtask",
            "tick of the microtask",
            "immediate",
            "tick of the immediate",
            "another",
            "one",
            "zero is one",
            "two",
        ]
    );
}

#[test]
fn an_es_module_leaves_its_microtasks_before_its_ticks() {
    let program = "
        import './other.mjs';
        process.nextTick(() => console.log('tick'));
        Promise.resolve().then(() => console.log('microtask'));
        console.log(await Promise.resolve('awaited'));";
    let other = "console.log('other');";
    let found = run(script(&[("main.mjs", program), ("other.mjs", other)]));
    assert_eq!(found, "1 log other\n4 log microtask\n5 log awaited\n3 log tick\n");
}

#[test]
fn timers_repeat_are_refreshed_and_are_cleared() {
    check_all(&[
        (
            "let n = 0;
             const timer = setInterval(() => {
               console.log(performance.now());
               if (++n === 3) clearInterval(timer);
             }, 10);",
            "2 > setInterval 10\n3 log 10\n2 > setInterval 10\n3 log 20\n2 > setInterval 10\n3 log 30",
        ),
        (
            "const late = setTimeout(() => console.log('late', performance.now()), 10);
             const never = setTimeout(() => console.log('never'), 10);
             setTimeout(() => { late.refresh(); clearTimeout(+never); }, 5);",
            "3 > setTimeout 5\n1 > setTimeout 10\n1 log late 15",
        ),
        (
            "const immediate = setImmediate(() => console.log('never'));
             clearImmediate(immediate);
             const timer = setTimeout(() => {}, 3).unref();
             console.log(timer.hasRef(), immediate.hasRef());
             clearTimeout(timer); clearTimeout(undefined); clearTimeout({});",
            "4 log false true",
        ),
    ]);
}

#[test]
fn an_interval_outlives_an_error_that_somebody_hears() {
    check_all(&[(
        "process.on('uncaughtException', (error, origin) => console.log(error.message, origin));
         let n = 0;
         const timer = setInterval(() => {
           if (++n === 2) clearInterval(timer);
           throw new Error(`no ${n}`);
         }, 1);",
        "3 > setInterval 1
         1 > process.on(\"uncaughtException\")
         1 log no 1 uncaughtException
         3 > setInterval 1
         1 > process.on(\"uncaughtException\")
         1 log no 2 uncaughtException",
    )]);
}

#[test]
fn what_is_rejected_is_looked_at_when_the_queues_are_empty() {
    check_all(&[
        (
            "const p = Promise.reject(new Error('late')); process.nextTick(() => p.catch(() => {}));",
            "",
        ),
        (
            "process.on('unhandledRejection', (reason) => console.log('heard', reason));
             Promise.reject(7);",
            "1 > process.on(\"unhandledRejection\")\n1 log heard 7",
        ),
        ("\nPromise.reject(new RangeError('lost'));", "Rejection 0:2 RangeError: lost"),
        ("Promise.reject({ code: 5 });", "Rejection ? Uncaught { code: 5 }"),
    ]);
}

#[test]
fn a_program_that_exits_does_nothing_more() {
    check_all(&[(
        "process.on('exit', (code) => console.log('exit', code));
         setTimeout(() => {
           try { process.exit(3); } catch {}
           console.log('never');
         }, 1);
         setTimeout(() => console.log('never'), 2);",
        "2 > setTimeout 1\n1 > process.on(\"exit\")\n1 log exit 3\n3 exit [Number(3.0)]",
    )]);
}
