import type { UseQueryResult } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../common/button.tsx";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";

interface ListingProps<Row> {
  readonly query: Pick<UseQueryResult<unknown>, "data" | "error" | "refetch">;
  /** What the rows are, such as `repositories`. */
  readonly what: string;
  readonly columns: readonly Column<Row>[];
  /** What the search leaves. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Shown when there is none at all. */
  readonly empty: ReactNode;
  readonly isNarrowed: boolean;
  readonly onClear: () => void;
}

/** A list of the settings in whatever state it is. */
export function Listing<Row>({
  query,
  what,
  columns,
  rows,
  keyOf,
  empty,
  isNarrowed,
  onClear,
}: ListingProps<Row>) {
  if (query.data === undefined) {
    if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton lines={5} label={`Loading ${what}`} />;
  }
  if (rows.length > 0) return <DataTable label={what} columns={columns} rows={rows} keyOf={keyOf} />;
  if (!isNarrowed) return empty;
  return (
    <State
      icon={<SearchX />}
      title={`No ${what} match`}
      actions={<Button onClick={onClear}>Show all {what}</Button>}
    >
      What you look for is in none of those that you may see.
    </State>
  );
}
