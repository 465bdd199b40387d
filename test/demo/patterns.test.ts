import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function play(pattern: string): Promise<{ readonly code: unknown; readonly said: string }> {
  const env = { ...process.env, DEMO: "script", PATTERN: pattern, DEMO_CLUSTER: "embedded" };
  const child = spawn(process.execPath, ["demo/main.ts"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[code], out, err] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, said: `${out}\n${err}` };
}

it.each(["pull", "push", "hybrid", "pipeline"])(
  "make demo PATTERN=%s plays to its end, and all of it comes true",
  async (pattern) => {
    const { code, said } = await play(pattern);
    expect(said).toContain("All of it came true.");
    expect(code).toBe(0);
  },
  240_000,
);

it("a pattern that is not there is named with those that are", async () => {
  const { code, said } = await play("guess");
  expect([code, said.trim()]).toEqual([
    1,
    'demo: PATTERN is "guess"; it must be one of pull, push, hybrid, pipeline',
  ]);
});
