import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { syncOptionValues, unknownSyncOptions } from "#core/app/sync-options.ts";
import { unsupported } from "#core/crd/unsupported.ts";
import { parseSettings } from "#core/settings/parse.ts";
import { unsupportedSettings } from "#core/settings/unsupported.ts";
import { annotationKey, linkAnnotationPrefix } from "#core/tracking/index.ts";

interface Row {
  readonly name: string;
  readonly state: string;
  readonly tests: readonly string[];
  readonly notes: string;
}

const states = ["acted on", "written", "kept", "reported", "refused"];
const needTests: ReadonlySet<string> = new Set(["acted on", "written", "reported", "refused"]);

function rowsOf(page: string, section = ""): readonly Row[] {
  const text = readFileSync(`docs/compatibility/${page}.md`, "utf8");
  const part = section === "" ? text : (text.split(/^## /mu).find((one) => one.startsWith(section)) ?? "");
  const rows = part.matchAll(
    /^\| `(?<name>[^`]+)` \| (?<state>[^|]*?) ?\| (?<tests>[^|]*?) ?\| (?<notes>.*?) ?\|$/gmu,
  );
  return Array.from(rows, ({ groups = {} }) => ({
    name: groups["name"] ?? "",
    state: groups["state"] ?? "",
    tests: Array.from((groups["tests"] ?? "").matchAll(/`([^`]+)`/gu), ([, test = ""]) => test),
    notes: groups["notes"] ?? "",
  }));
}

const sources = rowsOf("sources");
const applications = rowsOf("application");
const projects = rowsOf("appproject");
const annotations = rowsOf("annotations", "Annotations");
const labels = rowsOf("annotations", "Labels");
const finalizers = rowsOf("annotations", "Finalizers");
const options = rowsOf("sync-options", "Sync options");
const compareOptions = rowsOf("sync-options", "Compare options");
const settings = rowsOf("argocd-cm");

const namesOf = (rows: readonly Row[]) => rows.map(({ name }) => name).toSorted();
const inState = (rows: readonly Row[], ...wanted: readonly string[]) =>
  rows.filter(({ state }) => wanted.includes(state));

function readJson(file: string): unknown {
  const bytes = readFileSync(new URL(`../test/fixtures/argocd/${file}`, import.meta.url));
  return JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
}

const fields = readJson("crd-fields.json.gz") as Readonly<Record<string, Readonly<Record<string, string>>>>;
const argoCd = readJson("names.json") as Readonly<Record<string, readonly string[]>>;

/** Field paths as the pages write them: `spec.info[].name`; a list or map of plain values is its name. */
function leavesOf(kind: string, root: string): readonly string[] {
  const paths = Object.keys(fields[kind] ?? {}).filter((path) => path.startsWith(`.${root}`));
  const inner = new Set(paths.flatMap((path) => path.slice(0, path.lastIndexOf("."))));
  return paths
    .filter((path) => !/(?:\[\]|\{\})$/u.test(path))
    .filter((path) => ["", "[]", "{}"].every((suffix) => !inner.has(path + suffix)))
    .map((path) => path.slice(1));
}

function covers(row: string, path: string): boolean {
  return path === row || (path.startsWith(row) && /^[.[{]/u.test(path.slice(row.length)));
}

const ofSources = leavesOf("applications", "spec.source.").map((path) => path.slice("spec.".length));
const ofApplications = ["spec", "operation", "status"].flatMap((root) => leavesOf("applications", root));
const ofProjects = ["spec", "status"].flatMap((root) => leavesOf("appprojects", root));
const fieldPages = [
  { rows: sources, leaves: ofSources },
  { rows: applications, leaves: ofApplications },
  { rows: projects, leaves: ofProjects },
];

/** What stands for fields that have a table of their own. */
const holdsSource =
  /^(?:(?:spec|operation\.sync)\.sources?|spec\.sourceHydrator\.drySource|status\.sourceHydrator\.\w+\.sourceHydrator)$/u;

const contents = new Map<string, string>();

function mentions(test: string, words: readonly string[]): boolean {
  const text = contents.get(test) ?? readFileSync(test, "utf8");
  contents.set(test, text);
  return words.every((word) => {
    const literal = word.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
    return new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, "u").test(text);
  });
}

const rootFields: ReadonlySet<string> = new Set(["metadata", "spec", "operation", "status", "source"]);

/** A field's name and that of the field that holds it: `backoff` and `duration`. */
function wordsOf(path: string): readonly string[] {
  const steps = path.replaceAll(/\[\]|\{\}/gu, "").split(".");
  return steps.slice(-2).filter((step, i, last) => i === last.length - 1 || !rootFields.has(step));
}

function untested(rows: readonly Row[], words: (name: string) => readonly string[]): readonly string[] {
  return rows.flatMap(({ name, tests }) =>
    tests
      .filter((test) => !existsSync(test) || !mentions(test, words(name)))
      .map((test) => `${name}: ${test}`),
  );
}

describe("the rows of docs/compatibility", () => {
  const all = [
    ...sources,
    ...applications,
    ...projects,
    ...annotations,
    ...labels,
    ...finalizers,
    ...options,
    ...compareOptions,
    ...settings,
  ];

  it("have a known state, a test that shows it, and a reason where something is not acted on", () => {
    const wrong = all.filter(
      ({ state, tests, notes }) =>
        !states.includes(state) ||
        (tests.length === 0 && needTests.has(state)) ||
        (notes === "" && ["kept", "reported", "refused"].includes(state)),
    );
    expect(wrong).toEqual([]);
  });

  it("name each thing once", () => {
    for (const rows of [
      sources,
      applications,
      projects,
      annotations,
      labels,
      finalizers,
      options,
      settings,
    ]) {
      const names = namesOf(rows);
      expect(names.filter((name, i) => name === names[i - 1])).toEqual([]);
    }
  });
});

describe("the rows about fields", () => {
  it("cover every field of the CRDs and nothing else", () => {
    for (const { rows, leaves } of fieldPages) {
      const names = namesOf(rows);
      expect(leaves.filter((leaf) => !names.some((name) => covers(name, leaf)))).toEqual([]);
      const known = names.filter((name) => !name.startsWith("metadata."));
      expect(known.filter((name) => !leaves.some((leaf) => covers(name, leaf)))).toEqual([]);
    }
  });

  it("name tests that speak of the field, and of every field in it", () => {
    for (const { rows, leaves } of fieldPages) {
      expect(untested(rows, (name) => wordsOf(name).slice(-1))).toEqual([]);
      const silent = inState(rows, "acted on")
        .filter(({ name }) => !holdsSource.test(name))
        .flatMap(({ name, tests }) => {
          const below = leaves.filter((leaf) => covers(name, leaf));
          return below.filter((leaf) => !tests.some((test) => mentions(test, wordsOf(leaf))));
        });
      expect(silent).toEqual([]);
    }
  });

  it("say reported or refused of what the table of unsupported fields lists", () => {
    const listed = (rules: readonly { readonly path: string; readonly blocking?: true }[]) =>
      rules.map(({ path, blocking }) => `${path} ${blocking === true ? "refused" : "reported"}`).toSorted();
    const stated = (rows: readonly Row[]) =>
      inState(rows, "reported", "refused")
        .map(({ name, state }) => `${name} ${state}`)
        .toSorted();
    expect(stated([...sources, ...applications])).toEqual(listed(unsupported.application));
    expect(stated(projects)).toEqual(listed(unsupported.project));
  });
});

describe("the rows about annotations, labels and finalizers", () => {
  it("are about everything that Argo CD understands or the code does, and nothing else", () => {
    const ours = [...Object.values(annotationKey), linkAnnotationPrefix];
    expect(namesOf(annotations)).toEqual(
      [...new Set([...(argoCd["annotations"] ?? []), ...ours])].toSorted(),
    );
    expect(namesOf(labels)).toEqual((argoCd["labels"] ?? []).toSorted());
    expect(namesOf(finalizers)).toEqual((argoCd["finalizers"] ?? []).toSorted());
  });

  it("name tests that speak of them", () => {
    const nameAfterSlash = (name: string) => [name.split("/").findLast((part) => part !== "") ?? name];
    expect(untested(annotations, nameAfterSlash)).toEqual([]);
    expect(untested(finalizers, nameAfterSlash)).toEqual([]);
    expect(untested(labels, (name) => name.split(/\/|: /u).slice(1))).toEqual([]);
  });
});

describe("the rows about sync options", () => {
  it("are about everything that Argo CD understands or the code does, and nothing else", () => {
    const names = namesOf(options);
    expect((argoCd["syncOptions"] ?? []).filter((option) => !names.includes(option))).toEqual([]);
    expect(unknownSyncOptions("", names)).toEqual([]);
    const documented = new Set(names.map((name) => name.split("=")[0]));
    expect(Object.keys(syncOptionValues).filter((option) => !documented.has(option))).toEqual([]);
    expect(namesOf(compareOptions)).toEqual((argoCd["compareOptions"] ?? []).toSorted());
  });

  it("name tests that speak of them", () => {
    expect(untested([...options, ...compareOptions], (name) => name.split("="))).toEqual([]);
  });
});

describe("the rows about settings", () => {
  const names = namesOf(settings);
  const sampleOf = (name: string) => name.replaceAll(/<\w+>/gu, "x");
  const { read, problems } = readEverything(names.map((name) => sampleOf(name)));

  it("are about everything that Argo CD understands, and Mooring besides, and nothing else", () => {
    const argoCds = names.filter((name) => !name.startsWith("mooring."));
    expect(argoCds).toEqual((argoCd["settings"] ?? []).toSorted());
  });

  it("say acted on of exactly what is read", () => {
    const acted = inState(settings, "acted on").map(({ name }) => sampleOf(name));
    expect([...read].filter((key) => problems.every((one) => !one.includes(key))).toSorted()).toEqual(
      acted.toSorted(),
    );
  });

  it("say reported of exactly what is reported", () => {
    const reported = names.filter((name) => unsupportedSettings([sampleOf(name)]).length > 0);
    expect(namesOf(inState(settings, "reported"))).toEqual(reported);
  });

  it("name tests that speak of them", () => {
    expect(untested(settings, (name) => [name.replace(/\.<.*/u, "")])).toEqual([]);
  });
});

/** The keys that parsing an `argocd-cm` with these keys asks for, and what it says of them. */
function readEverything(keys: readonly string[]) {
  const read = new Set<string>();
  const data = new Proxy(Object.fromEntries(keys.map((key) => [key, ""])), {
    get: (values, key) => {
      if (typeof key === "string") read.add(key);
      return Reflect.get(values, key) as unknown;
    },
  });
  const metadata = { name: "argocd-cm", namespace: "argocd" };
  const { problems } = parseSettings({ apiVersion: "v1", kind: "ConfigMap", metadata, data }, parseYaml);
  return { read, problems };
}
