import { expect, it } from "vitest";
import { aggregatedVersionOf } from "../discovery/serve-discovery.ts";
import { chooseForm } from "./accept.ts";
import { bodyFormatOf, patchKindOf } from "./content-type.ts";

const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
const kubectl = `${table},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`;
const partialList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

it.each([
  [undefined, { kind: "object" }],
  ["", { kind: "object" }],
  ["*/*", { kind: "object" }],
  ["application/*", { kind: "object" }],
  ["application/json; charset=utf-8", { kind: "object" }],
  [kubectl, { kind: "table", version: "v1" }],
  ["application/vnd.kubernetes.protobuf,application/json", { kind: "object" }],
  [
    `application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,${partialList}`,
    { kind: "partial", version: "v1", list: true },
  ],
  [
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1",
    { kind: "partial", version: "v1beta1", list: false },
  ],
  [`${table};q=0.5,application/json`, { kind: "object" }],
  [`application/json;as=Nonsense;v=v1;g=meta.k8s.io,${table}`, { kind: "table", version: "v1" }],
  ["application/json;stream=watch", { kind: "object" }],
])("answers Accept %j with %j", (header, form) => {
  expect(chooseForm(header).form).toEqual(form);
});

it.each([
  "text/html",
  "application/vnd.kubernetes.protobuf",
  "application/json;q=0",
  "application/json;as=Table;v=v2;g=meta.k8s.io",
  "application/json;stream=other",
])("cannot give %s", (header) => {
  expect(() => chooseForm(header)).toThrow("only the following media types are accepted: application/json");
});

it.each([
  ["application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json", "v2"],
  ["application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList", "v2beta1"],
  ["application/json", undefined],
  ["application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json", undefined],
  [undefined, undefined],
])("finds in %s the discovery version %s", (header, version) => {
  expect(aggregatedVersionOf(header)).toBe(version);
});

it("knows the formats of bodies", () => {
  expect(bodyFormatOf(undefined, false)).toBe("json");
  expect(bodyFormatOf("application/json; charset=utf-8", true)).toBe("json");
  expect(bodyFormatOf("application/yaml", false)).toBe("yaml");
  expect(bodyFormatOf("application/vnd.kubernetes.protobuf", false)).toBe("protobuf");
  expect(() => bodyFormatOf("application/vnd.kubernetes.protobuf", true)).toThrow("unknown format");
  expect(() => bodyFormatOf("application/cbor", false)).toThrow("unknown format");
});

it("knows the formats of patches", () => {
  expect(patchKindOf("application/apply-patch+yaml; charset=utf-8", false)).toBe("apply");
  expect(patchKindOf("application/strategic-merge-patch+json", false)).toBe("strategic");
  expect(() => patchKindOf("application/strategic-merge-patch+json", true)).toThrow(
    "accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
  );
  expect(() => patchKindOf("application/apply-patch+cbor", false)).toThrow("unknown format");
  expect(() => patchKindOf("application/json", false)).toThrow("unknown format");
});
