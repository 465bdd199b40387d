import { describe, expect, it } from "vitest";
import { FieldSet } from "./field-set.ts";
import { formatFieldsV1, parseFieldsV1 } from "./managed-fields.ts";
import { formatFieldPath } from "./path.ts";

const FIELDS = {
  "f:metadata": {
    "f:finalizers": { ".": {}, 'v:"a/b"': {} },
    "f:labels": { ".": {}, "f:app.kubernetes.io/name": {} },
  },
  "f:spec": {
    "f:containers": {
      'k:{"name":"web"}': {
        ".": {},
        "f:image": {},
        "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {} } },
      },
    },
    "f:replicas": {},
  },
};

describe("fields of a manager", () => {
  it("are read and printed without loss", () => {
    expect(formatFieldsV1(parseFieldsV1(FIELDS))).toEqual({
      ...FIELDS,
      "f:spec": {
        ...FIELDS["f:spec"],
        "f:containers": {
          'k:{"name":"web"}': {
            ".": {},
            "f:image": {},
            "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': {} },
          },
        },
      },
    });
  });

  it("are printed as people write paths", () => {
    expect(
      parseFieldsV1(FIELDS)
        .paths()
        .map((path) => formatFieldPath(path)),
    ).toEqual([
      "metadata.finalizers",
      'metadata.finalizers[="a/b"]',
      "metadata.labels",
      'metadata.labels["app.kubernetes.io/name"]',
      'spec.containers[name="web"]',
      'spec.containers[name="web"].image',
      'spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]',
      "spec.replicas",
    ]);
  });

  it("are the same however a writer spelled the keys of an item, and skip what is no path", () => {
    const spelled = parseFieldsV1({
      'k:{"b" : 1, "a":"x\\u003cy"}': { "f:a": {} },
      "k:{": {},
      "x:y": {},
      "i:z": {},
    });
    expect(spelled.paths()).toEqual([['k:{"a":"x<y","b":1}', "f:a"]]);
  });

  it("are united, subtracted and intersected path by path", () => {
    const a = FieldSet.of(["f:a"], ["f:a", "f:b"], ["f:c", "f:d"]);
    const b = FieldSet.of(["f:a", "f:b"], ["f:e"]);
    expect(a.union(b).paths()).toEqual([["f:a"], ["f:a", "f:b"], ["f:c", "f:d"], ["f:e"]]);
    expect(a.difference(b).paths()).toEqual([["f:a"], ["f:c", "f:d"]]);
    expect(a.intersection(b).paths()).toEqual([["f:a", "f:b"]]);
    expect([a.has(["f:c"]), a.has(["f:c", "f:d"]), new FieldSet().isEmpty(), a.equals(a.union(a))]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it("are themselves when nothing is added or taken away, and keep no branch without a member", () => {
    const set = FieldSet.of(["f:a"], ["f:c", "f:d"]);
    expect(set.union(FieldSet.of(["f:c", "f:d"]))).toBe(set);
    expect(set.difference(FieldSet.of(["f:c"], ["f:d"]))).toBe(set);
    expect(set.difference(FieldSet.of(["f:c", "f:d"])).root).toEqual(FieldSet.of(["f:a"]).root);
  });
});
