import { afterAll, describe, expect, it } from "vitest";
import { startTemplates } from "./start-templates.ts";

const templates = startTemplates();
afterAll(() => templates[Symbol.asyncDispose]());

const data = {
  app: { metadata: { name: "web", labels: { "a.b/c": "x y" } }, spec: { replicas: 3 } },
  list: ["a", "b"],
};

const evaluate = (...texts: readonly string[]) =>
  templates.evaluate(texts, data, new AbortController().signal);
const good = (text: string) => ({ ok: true, text });

describe("templates", { timeout: 60_000 }, () => {
  it("are those of Go, with fields, index, pipes and functions", async () => {
    expect(
      await evaluate(
        "https://example.com/{{ .app.metadata.name }}?q={{ index .app.metadata.labels `a.b/c` | urlquery }}",
        '{{ if eq .app.spec.replicas 3.0 }}three{{ end }} {{ .app.metadata.name | upper | quote }} {{ $.list | join "," }}',
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
});
