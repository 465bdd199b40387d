import { expect, it } from "vitest";
import { readSchemas } from "./known-documents.ts";

const document = (kind: string): string =>
  JSON.stringify({
    components: {
      schemas: {
        [`com.example.${kind}`]: {
          type: "object",
          properties: { spec: { type: "object" } },
          "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind }],
        },
      },
    },
  });

it("reads a document once, whichever cluster it is from, and another one anew", () => {
  const gvk = { group: "example.com", version: "v1", kind: "Gadget" };
  const [first, again, other] = [document("Gadget"), document("Gadget"), document("Widget")].map(readSchemas);
  expect(first).toBeDefined();
  expect(again).toBe(first);
  expect(first?.schemaOf(gvk)).toBeDefined();
  expect(other?.schemaOf(gvk)).toBeUndefined();
});

it("knows no text that is not JSON", () => {
  expect(readSchemas("<html>")).toBeUndefined();
});
