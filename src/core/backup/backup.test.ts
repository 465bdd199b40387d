import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import type { BackupObject } from "./index.ts";
import {
  DocumentSplitter,
  endMark,
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

  it("deletes few objects, half of some, and of many no more than a fifth", () => {
    const most = (all: number) =>
      Array.from({ length: all + 1 }, (_, pruned) => pruned).findLast(
        (pruned) => massPruneProblem(pruned, all) === undefined,
      );
    expect([0, 2, 3, 5, 8, 19, 40, 90, 100, 500].map(most)).toEqual([0, 2, 3, 3, 4, 9, 20, 20, 20, 100]);
    expect(massPruneProblem(5, 6)).toBe(
      "would delete 5 of the 6 objects that are here, and of so many at most 3 without being told; check that this is the backup and the cluster that you mean, then add --allow-mass-prune",
    );
  });
});

const scope = "of all";

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
      "# end of the backup: 1 objects, of all",
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
        expect(pieces.incompleteness(scope)).toBe(whole.incompleteness(scope));
      }),
    );
  });

  it("numbers documents with something in them, and says where they begin", () => {
    const splitter = new DocumentSplitter();
    expect([
      ...splitter.push("# head\n---\na: 1\n---\n\n--- {b: 2}\n---\nc: |\n  ---\n"),
      ...splitter.end(),
    ]).toEqual([
      { number: 1, line: 3, text: "a: 1", end: "separator" },
      { number: 2, line: 6, text: "{b: 2}", end: "separator" },
      { number: 3, line: 8, text: "c: |\n  ---\n", end: "line" },
    ]);
  });

  it("is whole only with its end mark: wherever it is cut off, it is not", () => {
    const documents = Array.from({ length: 12 }, (_, i) => `a: ${i}\n---\n`);
    const text = documents.join("") + endMark(12, scope);
    const readTo = (length: number) => {
      const splitter = new DocumentSplitter();
      const all = [...splitter.push(text.slice(0, length)), ...splitter.end()];
      return { all, why: splitter.incompleteness(scope) };
    };
    expect(readTo(text.length)).toMatchObject({ why: undefined, all: { length: 12 } });
    const whole = Array.from({ length: text.length }, (_, i) => i).filter(
      (at) => readTo(at).why === undefined,
    );
    // The line break at the very end is nothing that is missing.
    expect(whole).toEqual([text.length - 1]);
  });

  it("is not whole when documents are missing from its middle, or come behind its end", () => {
    const why = (text: string) => {
      const splitter = new DocumentSplitter();
      splitter.push(text);
      splitter.end();
      return splitter.incompleteness(scope);
    };
    expect(why(`a: 1\n---\n${endMark(2, scope)}`)).toBe("has 1 documents, and its last line says 2");
    expect(why(`a: 1\n---\n${endMark(1, scope)}---\nb: 2\n---\n`)).toContain("does not end with");
    expect(why(`a: |\n  ${endMark(1, scope)}---\n`)).toContain("does not end with");
    expect(why(`a: 1\n---\n${endMark(1, scope)}---\nb: 2\n---\n${endMark(1, scope)}`)).toContain(
      "has 2 documents",
    );
  });

  it("of some namespaces is not all of a backup of more", () => {
    const splitter = new DocumentSplitter();
    splitter.push(`a: 1\n---\n${endMark(1, "of some")}`);
    splitter.end();
    expect(splitter.incompleteness(scope)).toBe("was exported of some, and is to be imported of all");
  });

  it("says of its last document whether it ends in the middle of a line", () => {
    const ends = (text: string) => {
      const splitter = new DocumentSplitter();
      return [...splitter.push(text), ...splitter.end()].map(({ end }) => end);
    };
    expect([ends("a: 1\n---\nb: 2"), ends("a: 1\n--"), ends("a: 1\n---"), ends("a: 1\n--- {b")]).toEqual([
      ["separator", "mid-line"],
      ["mid-line"],
      ["separator"],
      ["separator", "mid-line"],
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
