import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Renderer } from "#ports/renderer.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import { chartFile, configMap, requestFor, valuesIn } from "#test/fixtures/render-requests.ts";
import { startRenderer } from "./renderer.ts";

const chartOf = (template: string): Files => ({
  "app/Chart.yaml": chartFile(),
  "app/templates/a.yaml": template,
});
const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg"]) {
  bomb.push(`${name}: &${name} [${`*${of},`.repeat(9)}]`);
}

const quick = requestFor(chartOf(configMap("quick")));
const limits = { timeoutMs: 5000, maxEngineMemoryMb: 128, maxOutputBytes: 1_000_000 };
const tooLong = "app: rendering took longer than 5000 ms; split the application or raise the limit";
const tooLarge = "app: rendering needs more than 128 MiB of memory; split the application or raise the limit";

// Class: guessing and floods.
describe("a chart that would never end or take all memory", { timeout: 30_000 }, () => {
  let renderer: Renderer;
  beforeAll(async () => {
    renderer = await startRenderer({ workers: 1, limits });
    await renderer.render(quick);
  });
  afterAll(() => renderer[Symbol.asyncDispose]());

  it.each<[string, string, { readonly code: string; readonly message: string }]>([
    [
      "an include of itself",
      `{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}`,
      { code: "RENDER_INVALID", message: "rendering template has a nested reference name" },
    ],
    [
      "a template of itself",
      `{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}`,
      { code: "RENDER_INVALID", message: "exceeded maximum template depth" },
    ],
    [
      "a list of 1e9 numbers",
      `{{ range until 1000000000 }}{{ end }}`,
      { code: "RENDER_TOO_LARGE", message: tooLarge },
    ],
    [
      "a text repeated 1e9 times",
      `{{ repeat 1000000000 "x" }}`,
      { code: "RENDER_TOO_LARGE", message: tooLarge },
    ],
    [
      "a text that doubles",
      `{{ $s := "xxxxxxxx" }}{{ range until 64 }}{{ $s = print $s $s }}{{ end }}`,
      { code: "RENDER_TOO_LARGE", message: tooLarge },
    ],
    [
      "loops in loops",
      `{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}`,
      { code: "RENDER_TIMEOUT", message: tooLong },
    ],
    ["aliases of aliases", bomb.join("\n"), { code: "RENDER_INVALID", message: "excessive aliasing" }],
    [
      "more output than the limit",
      configMap("a", `{{ repeat 1100000 "x" }}`),
      { code: "RENDER_TOO_LARGE", message: "the limit of 1000000 bytes" },
    ],
  ])("fails by name and lets others render on: %s", async (_, template, { code, message }) => {
    await expect(renderer.render(requestFor(chartOf(template)))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    const after = await renderer.render({ ...quick, scope: `after ${template}` });
    expect(valuesIn(after)).toEqual({ quick: "plain" });
  });

  it("ends a tpl that calls itself within its time and memory", async () => {
    const template = `{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t "Template" .Template) }}`;
    await expect(renderer.render(requestFor(chartOf(template)))).rejects.toMatchObject({
      code: expect.stringMatching(/^RENDER_(?:INVALID|TIMEOUT|TOO_LARGE)$/) as string,
    });
    expect(valuesIn(await renderer.render({ ...quick, scope: "after tpl" }))).toEqual({ quick: "plain" });
  });

  it("stops at once when it is cancelled", async () => {
    const stop = new AbortController();
    const template = `{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}{{/* cancelled */}}`;
    const rendering = renderer.render(requestFor(chartOf(template), { signal: stop.signal }));
    setTimeout(() => stop.abort(), 100);
    await expect(rendering).rejects.toMatchObject({ name: "AbortError" });
    expect(valuesIn(await renderer.render({ ...quick, scope: "cancelled" }))).toEqual({ quick: "plain" });
  });

  it("may hold many files, but not more than the limits", async () => {
    const many: Record<string, string> = {};
    for (let at = 0; at < 10_001; at += 1) many[`app/files/${at}`] = "x";
    await expect(renderer.render(requestFor({ ...chartOf(""), ...many }))).rejects.toMatchObject({
      code: "RENDER_TOO_LARGE",
      message: expect.stringContaining("more than 10000 files in one directory tree") as string,
    });
  });

  it("may not link to itself", async () => {
    const files = { ...chartOf(""), "app/files/loop": { symlink: ".." } };
    await expect(renderer.render(requestFor(files))).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: "app: symbolic links run in a circle; remove one of them",
    });
  });
});
