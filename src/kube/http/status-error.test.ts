import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { retryAfterOf, translateStatus } from "./status-error.ts";

const subject = { text: "Deployment/shop/web", secret: false };

function shown(status: number, body: JsonObject | undefined, secret = false): string {
  const error = translateStatus({ ...subject, secret }, { status, retryAfterMs: undefined, body });
  return `${error.code} ${error.message.replace("Deployment/shop/web: ", "")}`;
}

const causes = (...list: readonly (readonly [field: string, message: string])[]): JsonObject => ({
  reason: "Invalid",
  message: "the whole story, hunter2 included",
  details: { causes: list.map(([field, message]) => ({ field, message, reason: "FieldValueInvalid" })) },
});

const fix = "; correct the manifest";

it.each([
  ["an object", 'Invalid value: {"matchLabels":{"a":"b: c"}}: field must be x', "spec.x: field must be x"],
  ["a Go literal", 'Invalid value: v1.Selector{A:map[string]string{"a":"b"}}: bad', "spec.x: bad"],
  ["a string with quotes", String.raw`Invalid value: "a\": b": must be: c`, "spec.x: must be: c"],
  ["a number", "Invalid value: -1: must be positive", "spec.x: must be positive"],
  ["nothing to say", 'Duplicate value: "a"', "spec.x: duplicate value"],
  ["choices", 'Unsupported value: "x": supported values: "A", "B"', 'spec.x: supported values: "A", "B"'],
  ["a missing field", "Required value: name it", "spec.x: Required value: name it"],
])("leaves out the value that was refused: %s", (_title, message, expected) => {
  expect(shown(422, causes(["spec.x", message]))).toBe(`KUBE_INVALID ${expected}${fix}`);
});

it("says how to go on when a field is immutable", () => {
  expect(shown(422, causes(["spec.selector", "Invalid value: {}: field is immutable"]))).toBe(
    "KUBE_INVALID spec.selector: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods go before the new ones come",
  );
});

it("says of a StatefulSet which fields stay as they are and what deleting it would do", () => {
  const words =
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' and 'minReadySeconds' are forbidden";
  const error = translateStatus(
    { text: "StatefulSet/shop/db", secret: false },
    { status: 422, retryAfterMs: undefined, body: causes(["spec", words]) },
  );
  expect(error.message).toBe(
    "StatefulSet/shop/db: spec: volumeClaimTemplates, serviceName, selector and podManagementPolicy may not be changed, only replicas, template and minReadySeconds; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods restart, and its claims stay as they are, unless persistentVolumeClaimRetentionPolicy.whenDeleted is Delete",
  );
});

it("names field and fault of a Secret, and no word that could be its value", () => {
  const refusals = [
    shown(
      422,
      causes(
        ["data[a]", 'Invalid value: "hunter2": bad'],
        ["data", "Forbidden: field is immutable when `immutable` is set"],
      ),
      true,
    ),
    shown(400, { message: 'cannot decode "hunter2"', reason: "BadRequest" }, true),
    shown(403, { message: 'admission webhook "x" denied: hunter2', reason: "Forbidden" }, true),
    shown(409, { message: "hunter2", reason: "Conflict" }, true),
    shown(
      500,
      {
        message: 'failed to create typed patch object (a/b; v1): .data.a: expected string, got &{"hunter2"}',
      },
      true,
    ),
    shown(500, { message: "hunter2", reason: "InternalError" }, true),
  ];
  expect(refusals).toEqual([
    "KUBE_INVALID data[a]: invalid value, data: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods go before the new ones come",
    "KUBE_INVALID the API server could not read it: BadRequest; correct the manifest",
    "KUBE_FORBIDDEN refused by the API server's admission; see its audit log for the rule",
    "KUBE_CONFLICT changed since it was read; read it again and repeat",
    "KUBE_INVALID data.a: expected string; correct the manifest",
    "KUBE_SERVER the API server answered 500: InternalError",
  ]);
});

it.each([
  [
    401,
    undefined,
    "KUBE_UNAUTHORIZED the API server does not accept the credentials; renew the token or certificate of this cluster",
  ],
  [
    403,
    {
      message: 'x is forbidden: User "eve" cannot list resource "nodes" in API group "" at the cluster scope',
    },
    'KUBE_FORBIDDEN user "eve" may not list nodes at cluster scope; grant it the verb list on nodes',
  ],
  [
    403,
    { message: "m", details: { causes: [{ reason: "NamespaceTerminating" }] } },
    "KUBE_FORBIDDEN its namespace is being deleted; wait until that ends",
  ],
  [409, { reason: "AlreadyExists" }, "KUBE_EXISTS already exists"],
  [410, { message: "too old" }, "KUBE_GONE the API server answered 410: too old"],
  [413, undefined, "KUBE_TOO_LARGE too large for the API server; split it or shrink its data"],
  [
    500,
    { message: "etcdserver: request is too large" },
    "KUBE_TOO_LARGE too large for the API server; split it or shrink its data",
  ],
  [429, undefined, "KUBE_THROTTLED the API server asks to slow down; it will be tried again"],
  [502, undefined, "KUBE_SERVER the API server answered 502: status 502"],
  [504, { message: "timeout" }, "KUBE_TIMEOUT the API server answered 504: timeout"],
])("translates status %i", (status, body, expected) => {
  expect(shown(status, body)).toBe(expected);
});

it("reads Retry-After as seconds, as a date, or from the Status", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const inBody = { details: { retryAfterSeconds: 4 } };
  expect([
    retryAfterOf("3", undefined, now),
    retryAfterOf("Thu, 01 Jan 2026 00:00:09 GMT", undefined, now),
    retryAfterOf(undefined, inBody, now),
    retryAfterOf(undefined, undefined, now),
  ]).toEqual([3_000, 9_000, 4_000, undefined]);
});
