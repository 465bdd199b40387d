import type { Operation } from "#core/app/index.ts";

/** The entry of `operation.info` that names the only plan which the operation may carry out. */
const planInfo = "mooring.dev/plan";
const approvedInfo = "mooring.dev/approved";

/** The digest of the only plan that an operation may carry out; undefined when it may carry out any. */
export function pinnedPlan({ info }: Operation): string | undefined {
  return info?.find(({ name }) => name === planInfo)?.value;
}

/** The operation, of this plan and no other. */
export function pinPlan(
  operation: Operation,
  digest: string,
  approval?: { readonly by: string; readonly at: string },
): Operation {
  const others = (operation.info ?? []).filter(({ name }) => name !== planInfo && name !== approvedInfo);
  return {
    ...operation,
    info: [
      ...others,
      { name: planInfo, value: digest },
      ...(approval === undefined
        ? []
        : [{ name: approvedInfo, value: `by ${approval.by} at ${approval.at}` }]),
    ],
  };
}

/** A digest as people give it, with or without its prefix; undefined for a text that is none. */
export function parseDigest(text: string): string | undefined {
  const digits = text
    .trim()
    .toLowerCase()
    .replace(/^sha256:/u, "");
  return /^[0-9a-f]{64}$/u.test(digits) ? `sha256:${digits}` : undefined;
}
