import { afterAll, describe, expect, it } from "vitest";
import { startTemplates } from "./start-templates.ts";

const templates = startTemplates();
afterAll(() => templates[Symbol.asyncDispose]());

const data = {
  app: { metadata: { name: "web", labels: { "a.b/c": "x y" } }, spec: { replicas: 3 } },
  list: ["a", "b"],
};

const { signal } = new AbortController();
const evaluate = (...texts: readonly string[]) => templates.evaluate(texts, data, signal);
const good = (text: string) => ({ ok: true, text });

describe("templates", { timeout: 60_000 }, () => {
  it("are those of Go, with fields, index, pipes and functions", async () => {
    expect(
      await evaluate(
        "https://example.com/{{ .app.metadata.name }}?q={{ index .app.metadata.labels `a.b/c` | urlquery }}",
        '{{ if eq .app.spec.replicas 3 }}three{{ end }} {{ .app.metadata.name | upper | quote }} {{ $.list | join "," }}',
        '{{- range .list }}{{ . }}{{ end -}}: "quoted" \\ {{ .app.metadata.gone | default "none" }}',
      ),
    ).toEqual([good("https://example.com/web?q=x+y"), good('three "WEB" a,b'), good('ab: "quoted" \\ none')]);
  });

  it("fail by themselves for a missing field, a broken template and one without end, and see nothing else", async () => {
    const outcomes = await evaluate(
      "{{ .app.metadata.gone }}",
      "{{ .app.gone.name }}",
      "{{ if }}",
      "{{ env `HOME` }}",
      "{{ .Values }}",
      "{{ .app.metadata.name }}",
    );
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, false, false, false, false, true]);
  });

  it("write integers as integers, however large, and other numbers as they are", async () => {
    const numbers = {
      large: 1_000_000,
      larger: 9_007_199_254_740_991,
      below: -12_345_678,
      half: 0.5,
      none: 0,
    };
    const names = Object.keys(numbers);
    const texts = names.map((name) => `{{ .${name} }}`);
    expect(await templates.evaluate(texts, numbers, signal)).toEqual(
      ["1000000", "9007199254740991", "-12345678", "0.5", "0"].map((text) => good(text)),
    );
    const inside = { list: [{ uid: 4_294_967_295 }, [1_234_567]] };
    expect(
      await templates.evaluate(["{{ (index .list 0).uid }} {{ index .list 1 0 }}"], inside, signal),
    ).toEqual([good("4294967295 1234567")]);
  });

  it("give every text back as it is, with control characters, quotes and templates in it", async () => {
    const controls = Array.from({ length: 0xa0 }, (_, i) => String.fromCodePoint(i)).join("");
    const odd = {
      controls,
      quotes: "\"'`\\ }} {{ .other }} <no",
      'a\u007f}}"': "key",
      pair: "\u{1F600}\u2028",
    };
    const texts = ["{{ .controls }}", "{{ .quotes }}", "{{ .pair }}", "{{ keys . | len }}", "{{ .gone }}"];
    const outcomes = await templates.evaluate(texts, odd, signal);
    expect(outcomes.slice(0, 4)).toEqual([controls, odd.quotes, odd.pair, "4"].map((text) => good(text)));
    expect(outcomes[4]).toMatchObject({ ok: false });
    expect(await templates.evaluate(["{{ .half }}"], { half: "a\ud800b" }, signal)).toEqual([
      good("a\ufffdb"),
    ]);
  });

  it("are found among many when they fail, with nulls, empty objects and much data around them", async () => {
    const resources = Array.from({ length: 2_000 }, (_, i) => ({
      name: `resource-${i}`,
      hook: null,
      more: {},
    }));
    const texts = Array.from({ length: 40 }, (_, i) =>
      i === 17 ? "{{ .app.gone.x }}" : `${i}: {{ len .resources }}`,
    );
    const outcomes = await templates.evaluate(texts, { resources, app: {}, empty: [] }, signal);
    expect(outcomes.flatMap(({ ok }, i) => (ok ? [] : [i]))).toEqual([17]);
    expect(outcomes[39]).toEqual(good("39: 2000"));
  });

  it("are refused where a hundred wait already, and taken again when these are done", async () => {
    const asked = Array.from({ length: 130 }, () => evaluate("{{ .app.metadata.name }}"));
    const settled = await Promise.allSettled(asked);
    const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    expect(refused).toHaveLength(30);
    expect(refused[0]).toMatchObject({
      code: "API_THROTTLED",
      message: "deep links: 100 requests wait for theirs already; ask again in a moment",
    });
    expect(await evaluate("{{ .app.metadata.name }}")).toEqual([good("web")]);
  });
});
