import { expect, it } from "vitest";
import { auditSettings } from "./audit-settings.ts";

it("keeps a year and half a gigabyte unless told, and goes on without records", () => {
  expect(auditSettings({})).toEqual({
    limits: { maxAgeMs: 31_536_000_000, maxBytes: 536_870_912 },
    isRequired: false,
  });
  const env = {
    MOORING_AUDIT_MAX_AGE_DAYS: "30",
    MOORING_AUDIT_MAX_MIB: "1",
    MOORING_AUDIT_REQUIRED: "true",
  };
  expect(auditSettings(env)).toEqual({
    limits: { maxAgeMs: 2_592_000_000, maxBytes: 1_048_576 },
    isRequired: true,
  });
});

it.each([
  [{ MOORING_AUDIT_REQUIRED: "yes" }, "MOORING_AUDIT_REQUIRED is yes; write true or false"],
  [{ MOORING_AUDIT_MAX_MIB: "0" }, "MOORING_AUDIT_MAX_MIB is 0; write a whole number from 1 to 999999"],
  [
    { MOORING_AUDIT_MAX_AGE_DAYS: "1.5" },
    "MOORING_AUDIT_MAX_AGE_DAYS is 1.5; write a whole number from 1 to 999999",
  ],
])("refuses what it cannot read: %j", (env, message) => {
  expect(() => auditSettings(env)).toThrow(message);
});
