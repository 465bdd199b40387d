import { expect, it } from "vitest";
import { decodeObject } from "./decode-object.ts";

// Bodies that kubectl 1.32 sends for `kubectl create …`.
const sent = {
  deployment:
    "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErYBCh0KAmQyEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkMhKGAQgAEgsKCQoDYXBwEgJkMhptChsKABIAGgAiACoAMgA4AEIAWgkKA2FwcBICZDISThIwCgVuZ2lueBIHbmdpbng6MSoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA",
  secret: "azhzAAoMCgJ2MRIGU2VjcmV0Eh4KEgoCczISABoAIgAqADIAOABCABIGCgFhEgFiGgAaACIA",
  quota:
    "azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRI0ChEKAXESABoAIgAqADIAOABCABIdCgoKA2NwdRIDCgExCg8KBm1lbW9yeRIFCgMxR2kaABoAIgA=",
  budget:
    "azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSNgoRCgFwEgAaACIAKgAyADgAQgASFQoJCAEQABoDNTAlEggKBgoBYRIBYhoKCAAYACAAKAAwABoAIgA=",
  token:
    "azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIdChAKABIAGgAiACoAMgA4AEIAEgMg2AQaBAoAEgAaACIA",
};

function decode(body: string): unknown {
  return decodeObject(Buffer.from(body, "base64"), 100);
}

it("reads a Deployment as the JSON that would have been sent", () => {
  expect(decode(sent.deployment)).toEqual({
    kind: "Deployment",
    apiVersion: "apps/v1",
    metadata: { name: "d2", labels: { app: "d2" } },
    spec: {
      // A pointer: that it is 0 was said.
      replicas: 0,
      selector: { matchLabels: { app: "d2" } },
      template: {
        metadata: { labels: { app: "d2" } },
        spec: {
          containers: [{ name: "nginx", image: "nginx:1", ports: [{ containerPort: 80 }], resources: {} }],
        },
      },
      strategy: {},
    },
    status: {},
  });
});

it("reads bytes, quantities, and what is a number or a text", () => {
  expect(decode(sent.secret)).toMatchObject({ metadata: { name: "s2" }, data: { a: "Yg==" } });
  expect(decode(sent.quota)).toMatchObject({ spec: { hard: { cpu: "1", memory: "1Gi" } } });
  expect(decode(sent.budget)).toMatchObject({
    spec: { minAvailable: "50%", selector: { matchLabels: { a: "b" } } },
  });
  expect(decode(sent.token)).toMatchObject({ kind: "TokenRequest", spec: { expirationSeconds: 600 } });
});

it("refuses every part of a body without anything worse", () => {
  const whole = Buffer.from(sent.deployment, "base64");
  for (let length = 0; length < whole.length; length += 1) {
    try {
      decodeObject(whole.subarray(0, length), 100);
    } catch (error) {
      expect(error).toMatchObject({ name: "JsonProblem" });
    }
  }
});

it("refuses bodies whose bytes were changed without anything worse", () => {
  const whole = Buffer.from(sent.deployment, "base64");
  for (let at = 4; at < whole.length; at += 1) {
    for (const byte of [0x00, 0x7f, 0xff]) {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      try {
        decodeObject(changed, 100);
      } catch (error) {
        expect(error).toMatchObject({ name: "JsonProblem" });
      }
    }
  }
});

it("knows no message of other kinds", () => {
  expect(() => decode("AAAA")).toThrow("does not appear to be a protobuf message");
  expect(() => decode(Buffer.from("k8s\0\n\n\n\x02v1\x12\x04Nope").toString("base64"))).toThrow(
    'no kind "Nope"',
  );
});
