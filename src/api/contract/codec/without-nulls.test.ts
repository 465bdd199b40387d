import { expect, it } from "vitest";
import { services } from "../methods.ts";
import { withoutNulls } from "./without-nulls.ts";

it("leaves out fields that are null, and keeps nulls of values that are JSON to the API", () => {
  const request = {
    upsert: null,
    unknown: null,
    application: {
      metadata: { name: "web", labels: null },
      spec: {
        project: null,
        sources: [{ repoURL: "a", helm: { valuesObject: { image: null }, valueFiles: null } }, 1],
      },
    },
  };
  expect(withoutNulls(services.application.method.create.input, request)).toEqual({
    unknown: null,
    application: {
      metadata: { name: "web" },
      spec: { sources: [{ repoURL: "a", helm: { valuesObject: { image: null } } }, 1] },
    },
  });
});
