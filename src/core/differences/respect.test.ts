import { describe, expect, it } from "vitest";
import { fieldSetOf, parseFieldsV1 } from "#core/merge/index.ts";
import type { FieldSet, ManagedFieldsEntry } from "#core/merge/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { fieldsAt } from "./fields.ts";
import { respectIgnored } from "./respect.ts";
import { web, webSchema as schema } from "./testdata/web.ts";
import type { ValuePath } from "./value-path.ts";

interface Case {
  readonly desired: KubeObject;
  readonly live: KubeObject;
  readonly paths: readonly ValuePath[];
  /** What we own of the live object; all of it unless told. */
  readonly own?: FieldSet;
  readonly others?: JsonObject;
  readonly whole?: boolean;
}

function respect({ desired, live, paths, own, others = {}, whole = false }: Case) {
  const entry = (manager: string, fields: FieldSet): ManagedFieldsEntry => ({
    manager,
    operation: "Apply",
    apiVersion: "apps/v1",
    subresource: "",
    time: "",
    fields,
  });
  const ignored = fieldsAt(schema, desired, paths).union(fieldsAt(schema, live, paths));
  return respectIgnored({
    desired,
    live,
    schema,
    ignored,
    own: entry("us", own ?? fieldSetOf(live, schema)),
    others: [entry("other", parseFieldsV1(others))],
    whole,
  });
}

const replicas: readonly ValuePath[] = [["spec", "replicas"]];
const ownedByOther = { "f:spec": { "f:replicas": {} } };

describe("what is sent with RespectIgnoreDifferences", () => {
  it("leaves out an ignored field that somebody else owns, or nobody", () => {
    const spec = { containers: [{ name: "web" }] };
    const [desired, live] = [web({ ...spec, replicas: 1 }), web({ ...spec, replicas: 7 })];
    const input = { desired, live, paths: replicas };
    const sent = { object: web(spec), sendsLive: false };
    expect(respect({ ...input, others: ownedByOther })).toEqual(sent);
    expect(respect({ ...input, own: fieldSetOf(web(spec), schema) })).toEqual(sent);
  });

  it("has the live value of a field that nobody owns when the map that it is in would go", () => {
    const [desired, live] = [web({ replicas: 1 }), web({ replicas: 1 }, { a: "1", b: "2" })];
    const own = fieldSetOf(web({ replicas: 1 }, { b: "2" }), schema);
    expect(respect({ desired, live, own, paths: [["metadata", "annotations", "a"]] })).toEqual({
      object: web({ replicas: 1 }, { a: "1" }),
      sendsLive: true,
    });
  });

  it("has the live value of an ignored field that only we own, also of one that has left Git", () => {
    const live = web({ replicas: 7 });
    const kept = { object: web({ replicas: 7 }), sendsLive: true };
    expect(respect({ desired: web({ replicas: 1 }), live, paths: replicas })).toEqual(kept);
    expect(respect({ desired: web({}), live, paths: replicas })).toEqual(kept);
  });

  it("does not bring back an ignored field that the live object has not", () => {
    const input = { desired: web({ replicas: 1 }, { a: "1", b: "2" }), live: web({}) };
    const paths = [...replicas, ["metadata", "annotations", "a"]];
    expect(respect({ ...input, paths }).object).toEqual({ ...web({}, { b: "2" }), spec: undefined });
  });

  it("has the whole live value where the object is replaced", () => {
    const input = { desired: web({ replicas: 1 }), live: web({ replicas: 7 }), paths: replicas, whole: true };
    expect(respect({ ...input, others: ownedByOther })).toEqual({
      object: web({ replicas: 7 }),
      sendsLive: true,
    });
  });

  it("finds list items by their keys, and sends a new item as desired", () => {
    const image = (name: string, tag: string) => ({ name, image: `${name}:${tag}` });
    const desired = web({ containers: [image("new", "1"), image("web", "1"), image("gone", "1")] });
    const live = web({ containers: [image("proxy", "9"), image("web", "7")] });
    const paths = [0, 1, 2].map((i) => ["spec", "containers", i, "image"]);
    const own = parseFieldsV1({
      "f:spec": { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:image": {} } } },
    });
    expect(respect({ desired, live, paths, own }).object["spec"]).toEqual({
      containers: [image("new", "1"), image("web", "7"), image("gone", "1")],
    });
    const others = { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } };
    expect(respect({ desired, live, paths, own, others }).object["spec"]).toEqual({
      containers: [image("new", "1"), { name: "web" }, image("gone", "1")],
    });
  });

  it("keeps an ignored item that we own, without taking over what others own of it", () => {
    const live = web({ containers: [{ name: "web", image: "web:1", command: ["x"] }] });
    const paths = [["spec", "containers", 0]];
    const own = parseFieldsV1({
      "f:spec": { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:image": {} } } },
    });
    expect(respect({ desired: web({}), live, paths, own }).object["spec"]).toEqual({
      containers: [{ name: "web", image: "web:1" }],
    });
  });

  it("keeps a member of a set that we own", () => {
    const [desired, live] = [web({ finalizers: ["a"] }), web({ finalizers: ["b", "a"] })];
    expect(respect({ desired, live, paths: [["spec", "finalizers", 0]] }).object["spec"]).toEqual({
      finalizers: ["a", "b"],
    });
  });

  it("counts a list without keys as ignored when its ignored parts are all that differs, and else mixes", () => {
    const paths = [["spec", "tolerations", 0, "value"]];
    const live = web({ tolerations: [{ key: "a", value: "live" }] });
    const same = web({ tolerations: [{ key: "a", value: "git" }] });
    expect(respect({ desired: same, live, paths, own: fieldSetOf(web({}), schema) })).toEqual({
      object: { ...web({}), spec: undefined },
      sendsLive: false,
    });
    const other = web({ tolerations: [{ key: "b", value: "git" }, { key: "c" }] });
    expect(respect({ desired: other, live, paths }).object["spec"]).toEqual({
      tolerations: [{ key: "b", value: "live" }, { key: "c" }],
    });
  });

  it("never loses name and kind", () => {
    const desired = web({ replicas: 1 });
    const { object } = respect({
      desired,
      live: desired,
      paths: [["metadata"], ["kind"]],
      others: { "f:metadata": {} },
    });
    expect(object).toMatchObject({ apiVersion: "apps/v1", kind: "Web", metadata: { name: "web" } });
  });
});
