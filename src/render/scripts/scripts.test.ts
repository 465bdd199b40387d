import { afterAll, describe, expect, it } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import type { ScriptOutcome } from "#ports/scripts.ts";
import { startScripts } from "./scripts.ts";

const scripts = startScripts();
afterAll(() => scripts[Symbol.asyncDispose]());
const { signal } = new AbortController();

const jq = (program: string, ...inputs: JsonValue[]) => scripts.jq(program, inputs, signal);
const lua = (text: string, ...objects: JsonValue[]) =>
  scripts.lua(
    { text, opensLibraries: true },
    objects.map((obj) => ({ obj })),
    signal,
  );
const gives = (...values: JsonValue[]): ScriptOutcome => ({ ok: true, values });
const fails = (message: string): ScriptOutcome => ({ ok: false, message });

const late = fails("it ran longer than 1000 ms and was ended; look for a loop without an end");
const hungry = fails("it needs more than 128 MiB of memory; look for a text or list that grows");

describe("a jq program", () => {
  it("runs on each input, in order, and gives all its values", async () => {
    const inputs = Array.from({ length: 50 }, (_, n) => ({ n }));
    expect(await jq(".n, .n * 2", ...inputs)).toEqual(inputs.map(({ n }) => gives(n, n * 2)));
  });

  it("keeps the integers that JavaScript has exactly", async () => {
    const numbers = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 1_700_000_000_000, 0.1, 1e21];
    expect(await jq(".", numbers)).toEqual([gives(numbers)]);
  });

  it("has neither an environment, nor further inputs, nor the time", async () => {
    expect(await jq("$ENV, env, now", null)).toEqual([gives({}, {}, 1_767_225_600)]);
    expect(await jq("input", null)).toEqual([fails("input(s)/0 is not allowed")]);
  });

  it("that is wrong, or is wrong for one input, fails without quoting that input", async () => {
    expect(await jq(".a |", 1)).toEqual([fails("unexpected EOF at character 4")]);
    expect(await jq(".a.b", { a: { b: 1 } }, { a: "hunter2" }, { a: null })).toEqual([
      gives(1),
      fails("expected an object but got: string"),
      gives(null),
    ]);
  });

  it.each(["if . == 1 then [range(1e12)] else . end", "def f: [f]; if . == 1 then f else . end"])(
    "without an end fails for that input alone: %s",
    async (program) => {
      expect(await jq(program, 0, 1, 2)).toEqual([
        gives(0),
        expect.objectContaining({ ok: false }),
        gives(2),
      ]);
    },
  );

  it("without an end is ended after a second", async () => {
    expect(await jq("def f: f; if . == 1 then f else . end", 1, 2)).toEqual([late, gives(2)]);
  });

  it("gives no more than the limits permit", async () => {
    expect(await jq("range(1e12)", null)).toEqual([fails("it gives more than 1000 values")]);
    expect(await jq('"x" * 3000000', null)).toEqual([fails("it gives more than 2097152 bytes")]);
    const [outcome] = await jq(`${" ".repeat(65_536)}.`, 1);
    expect(outcome).toEqual(fails("it is longer than 65536 bytes; make it shorter"));
  });
});

describe("a Lua script", () => {
  it("sees its own globals and nothing of other runs", async () => {
    const text = "seen = seen or obj.name return seen, obj.list[1], #obj.list";
    expect(await lua(text, { name: "a", list: [1] }, { name: "b", list: [] })).toEqual([
      gives("a", 1, 1),
      gives("b", null, 0),
    ]);
  });

  it("knows the time", async () => {
    const clock = {
      now: () => 1_700_000_000_500,
      sleep: async () => undefined,
      after: () => ({ [Symbol.dispose]: () => undefined }),
    };
    await using timed = startScripts({ clock });
    const script = { text: "return os.time(), os.date('!%Y-%m-%d')", opensLibraries: false };
    expect(await timed.lua(script, [{}], signal)).toEqual([gives(1_700_000_000, "2023-11-14")]);
  });

  it("draws the same random numbers each time", async () => {
    const [first, second] = await lua("return math.random()", 1, 2);
    expect(first).toEqual(second);
  });

  it("without an end is ended after a second, for that input alone", async () => {
    expect(await lua("while obj == 1 do end return obj", 0, 1, 2)).toEqual([gives(0), late, gives(2)]);
  });

  it("that wants too much memory fails, for that input alone", async () => {
    const text = "if obj == 1 then local s = string.rep('x', 1e9) return #s end return obj";
    expect(await lua(text, 0, 1, 2)).toEqual([gives(0), hungry, gives(2)]);
  });

  it.each([
    ["fills a table", "local t = {} for i = 1, 1e9 do t[i] = {} end"],
    ["doubles a text", "local s = 'x' while true do s = s .. s end"],
    ["catches its own recursion", "local function f() return pcall(f) end return f()"],
    ["calls itself", "local function f() return 1 + f() end return f()"],
    ["has a slow pattern", "return (string.rep('a', 30)):find(string.rep('a-', 30) .. 'b')"],
    ["is nested deeply", `return ${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["waits for itself", "local c = channel.make() return c:receive()"],
    ["loops in a coroutine", "coroutine.wrap(function() while true do end end)()"],
  ])("that %s ends, and the next one runs", async (_, text) => {
    const [outcome] = await lua(text, 1);
    expect(outcome).toMatchObject({ ok: expect.any(Boolean) as boolean });
    expect(await lua("return obj", 2)).toEqual([gives(2)]);
  });

  it("that is late for three inputs is not tried on the others", async () => {
    await using hasty = startScripts({ limits: { timeoutMs: 50 } });
    const script = { text: "while true do end", opensLibraries: false };
    const outcomes = await hasty.lua(script, [{}, {}, {}, {}, {}], signal);
    const ended = fails("it ran longer than 50 ms and was ended; look for a loop without an end");
    const untried = fails("it is not run any more, because 3 runs took longer than 50 ms");
    expect(outcomes).toEqual([ended, ended, ended, untried, untried]);
  });
});

describe("a call", () => {
  it("is not late because this thread was busy when the answer came", async () => {
    await using hasty = startScripts({ limits: { timeoutMs: 100 } });
    await hasty.jq(".", [1], signal);
    const running = hasty.jq(".", [2], signal);
    await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 300;
    while (performance.now() < until);
    expect(await running).toEqual([gives(2)]);
  });

  it("is cancelled at once, and others go on", async () => {
    const stop = new AbortController();
    const endless = scripts.jq("def f: f; f", [1, 2, 3], stop.signal);
    const other = jq(".", 7);
    stop.abort(new DOMException("stopped", "AbortError"));
    await expect(endless).rejects.toThrow("stopped");
    expect(await other).toEqual([gives(7)]);
  });

  it("rejects once the scripts are closed", async () => {
    const closing = startScripts();
    const running = closing.jq("def f: f; f", [1], signal);
    await Promise.all([
      expect(running).rejects.toThrow("the scripts were closed"),
      closing[Symbol.asyncDispose](),
    ]);
    await expect(closing.jq(".", [1], signal)).rejects.toThrow("the scripts were closed");
  });
});
