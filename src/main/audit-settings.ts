import { MooringError } from "#core/errors/index.ts";
import type { AuditLimits } from "#store/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface AuditSettings {
  readonly limits: AuditLimits;
  /** Nothing is written through the API while records are not kept. */
  readonly isRequired: boolean;
}

const dayMs = 86_400_000;
const mebibyte = 1_048_576;
const usualDays = 365;
const usualMebibytes = 512;

/** What the environment says of the audit. Throws CONFIG_INVALID with the variable's name. */
export function auditSettings(env: Environment): AuditSettings {
  const { MOORING_AUDIT_REQUIRED: required = "" } = env;
  if (!["", "true", "false"].includes(required)) {
    throw new MooringError("CONFIG_INVALID", `MOORING_AUDIT_REQUIRED is ${required}; write true or false`);
  }
  return {
    limits: {
      maxAgeMs: wholeNumber(env, "MOORING_AUDIT_MAX_AGE_DAYS", usualDays) * dayMs,
      maxBytes: wholeNumber(env, "MOORING_AUDIT_MAX_MIB", usualMebibytes) * mebibyte,
    },
    isRequired: required === "true",
  };
}

function wholeNumber(env: Environment, name: string, usual: number): number {
  const text = env[name] ?? "";
  if (text === "") return usual;
  if (/^[1-9]\d{0,5}$/u.test(text)) return Number(text);
  throw new MooringError("CONFIG_INVALID", `${name} is ${text}; write a whole number from 1 to 999999`);
}
