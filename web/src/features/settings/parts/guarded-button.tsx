import { queryOptions, useQuery } from "@tanstack/react-query";
import { call } from "../../../lib/api/index.ts";
import type { ButtonProps } from "../../common/button.tsx";
import { Button } from "../../common/button.tsx";

/** Resource, action and object, as the policy is asked. */
export type Wanted = readonly [resource: string, action: string, object: string];

/** The same question as `useMay` asks. */
export const mayQuery = ([resource, action, object]: Wanted) =>
  queryOptions({
    queryKey: ["may", resource, action, object],
    queryFn: ({ signal }) => call("account.canI", { resource, action, subresource: object }, { signal }),
    staleTime: 60_000,
  });

/** Why something is disabled; undefined when it is not, it is not known yet, or it takes no permission. */
function useRefusal(wanted: Wanted | undefined): string | undefined {
  const { data } = useQuery({ ...mayQuery(wanted ?? ["", "", ""]), enabled: wanted !== undefined });
  return wanted === undefined || data === undefined || data.value === "yes" ? undefined : refusalOf(wanted);
}

export function refusalOf(wanted: Wanted): string {
  return `You may not do this: it takes the permission “${wanted.filter((part) => part !== "").join(", ")}”.`;
}

interface GuardedButtonProps extends ButtonProps {
  /** Undefined for what everybody may, such as with one's own things. */
  readonly wants: Wanted | undefined;
}

/** A button that is disabled, and says why, when the policy forbids what it does. */
export function GuardedButton({ wants, disabled, title, ...rest }: GuardedButtonProps) {
  const refusal = useRefusal(wants);
  return <Button {...rest} disabled={disabled === true || refusal !== undefined} title={refusal ?? title} />;
}
