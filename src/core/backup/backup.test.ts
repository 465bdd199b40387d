import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import type { BackupObject } from "./index.ts";
import {
  DocumentSplitter,
  backupOf,
  changedFields,
  checkBackupObject,
  massPruneProblem,
  planImport,
} from "./index.ts";

const place = { namespace: "argocd", admits: () => false };
const rules = { stopOperation: false, ignoreTracking: false };

function checked(object: KubeObject): BackupObject {
  const found = checkBackupObject(object, place);
  if (found === "not admitted") throw new Error("not admitted");
  return found;
}

const texts = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
  fc.string(),
  { maxKeys: 4 },
);
const live: fc.Arbitrary<KubeObject> = fc.record({
  apiVersion: fc.constant("argoproj.io/v1alpha1"),
  kind: fc.constant("Application"),
  metadata: fc.record({
    name: fc.constant("web"),
    namespace: fc.constant("argocd"),
    uid: fc.uuid(),
    resourceVersion: fc.nat().map(String),
    labels: texts,
    annotations: texts,
    finalizers: fc.array(fc.string(), { maxLength: 2 }),
  }),
  spec: texts,
  status: texts,
});

describe("importing a backup", () => {
  it("changes nothing of what was exported, and all that the backup has of anything else", () => {
    fc.assert(
      fc.property(live, live, (one, other) => {
        const backup = checked(backupOf(one, { namespace: "argocd", stripStatus: false }));
        expect(planImport(backup, one, rules)).toEqual({ verb: "unchanged" });
        const action = planImport(backup, other, rules);
        const after = action.verb === "update" ? action.object : other;
        expect(changedFields(after, one)).toEqual([]);
        expect(after.metadata.uid).toBe(other.metadata.uid);
        expect(after.metadata.resourceVersion).toBe(other.metadata.resourceVersion);
        expect(planImport(backup, after, rules)).toEqual({ verb: "unchanged" });
      }),
    );
  });

  it("keeps what tracks an object here when it is told to", () => {
    const marked = (id: string): KubeObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "argocd-cm",
        namespace: "argocd",
        annotations: { "argocd.argoproj.io/tracking-id": id },
        labels: { "app.kubernetes.io/instance": id },
      },
    });
    const backup = checked(marked("there"));
    expect(planImport(backup, marked("here"), { ...rules, ignoreTracking: true })).toEqual({
      verb: "unchanged",
    });
    expect(planImport(backup, marked("here"), rules)).toMatchObject({
      fields: [
        "metadata.labels[app.kubernetes.io/instance]",
        "metadata.annotations[argocd.argoproj.io/tracking-id]",
      ],
    });
  });

  it("starts no old operation in an empty installation with stopOperation", () => {
    const app = checked({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "web" },
      spec: {},
      operation: { sync: {} },
    });
    expect(planImport(app, undefined, rules)).toMatchObject({ object: { operation: { sync: {} } } });
    const stopped = planImport(app, undefined, { ...rules, stopOperation: true });
    expect(stopped.verb === "create" && "operation" in stopped.object).toBe(false);
  });

  it("deletes few objects, or of many no more than half", () => {
    expect([massPruneProblem(20, 20), massPruneProblem(21, 42), massPruneProblem(0, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(massPruneProblem(21, 41)).toContain("21 of the 41 objects");
  });
});

describe("a stream of documents", () => {
  it("is cut the same way however its text comes", () => {
    const line = fc.constantFrom(
      "a: b",
      "---",
      "--- # c",
      "",
      "# x",
      "  ---",
      "---x",
      "--- {a: 1}",
      "text: |",
      "\r",
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(8), { maxLength: 20 }), (lines, cuts) => {
        const text = lines.join("\n");
        const whole = new DocumentSplitter();
        const expected = [...whole.push(text), ...whole.end()];
        const pieces = new DocumentSplitter();
        let at = 0;
        const found = cuts.flatMap((cut) => {
          const chunk = text.slice(at, at + cut);
          at += cut;
          return pieces.push(chunk);
        });
        expect([...found, ...pieces.push(text.slice(at)), ...pieces.end()]).toEqual(expected);
      }),
    );
  });

  it("numbers documents with something in them, and says where they begin", () => {
    const splitter = new DocumentSplitter();
    expect([
      ...splitter.push("# head\n---\na: 1\n---\n\n--- {b: 2}\n---\nc: |\n  ---\n"),
      ...splitter.end(),
    ]).toEqual([
      { number: 1, line: 3, text: "a: 1" },
      { number: 2, line: 6, text: "{b: 2}" },
      { number: 3, line: 8, text: "c: |\n  ---\n" },
    ]);
  });

  it("is refused when a document has no end", () => {
    const splitter = new DocumentSplitter();
    const chunk = "x".repeat(1024 * 1024);
    expect(() => {
      for (let i = 0; i < 9; i += 1) splitter.push(chunk);
    }).toThrow("document 1, from line 1: is longer than 8388608 characters");
  });
});
