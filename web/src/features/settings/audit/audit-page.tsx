import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { RefreshCw, ScrollText } from "lucide-react";
import { useState } from "react";
import type { AnswerOf } from "../../../lib/api/index.ts";
import { call } from "../../../lib/api/index.ts";
import { formatDuration } from "../../../lib/format.ts";
import { Button, IconButton } from "../../common/button.tsx";
import { Failure, Skeleton, State } from "../../common/states.tsx";
import { Ago } from "../../common/time.tsx";
import type { Column } from "../parts/data-table.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import type { AuditSearch } from "./audit-search.ts";
import { auditQueryOf } from "./audit-search.ts";
import styles from "./audit.module.css";
import { Outcome, RecordDialog, subjectOf } from "./record-dialog.tsx";

export type AuditRecord = NonNullable<AnswerOf<"audit", "list">["items"]>[number];

const route = getRouteApi("/inside/settings/audit");
const pageSize = 100;

/** Who has asked for what, and what came of it. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [shown, setShown] = useState<AuditRecord>();
  const query = useInfiniteQuery({
    queryKey: ["audit", search],
    queryFn: ({ pageParam, signal }) =>
      call(
        "audit.list",
        {
          ...auditQueryOf(search, Date.now()),
          limit: pageSize,
          ...(pageParam === "" ? {} : { continue: pageParam }),
        },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: ({ continue: next = "" }) => (next === "" ? undefined : next),
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const show = (next: AuditSearch): void =>
    void navigate({ search: next, replace: true, resetScroll: false });
  const records = data?.pages.flatMap(({ items = [] }) => items) ?? [];
  const isNarrowed = Object.keys(search).length > 0;
  return (
    <SettingsFrame
      title="Audit"
      about="Who has asked the server to change something, or was refused, and what came of it. Reading is not recorded."
      actions={
        <IconButton label="Ask again" isBusy={isFetching} onClick={() => void refetch()}>
          <RefreshCw />
        </IconButton>
      }
    >
      <AuditFilters search={search} onChange={show} />
      {error !== null && data === undefined ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton lines={8} label="Loading records" />
      ) : records.length === 0 ? (
        <State
          icon={<ScrollText />}
          title={isNarrowed ? "No record matches" : "No records yet"}
          actions={isNarrowed && <Button onClick={() => show({})}>Show all records</Button>}
        >
          {error === null ? "Nothing like that has been asked for." : error.message}
        </State>
      ) : (
        <>
          {error !== null && <p className={styles["warning"]}>{error.message}</p>}
          <DataTable
            label="Records"
            columns={columnsOf(setShown)}
            rows={records}
            keyOf={({ id = 0 }) => String(id)}
            isWhole
          />
          {hasNextPage && (
            <div className={styles["more"]}>
              <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show older records
              </Button>
            </div>
          )}
        </>
      )}
      {shown !== undefined && (
        <RecordDialog
          record={shown}
          onClose={() => setShown(undefined)}
          onNarrow={(next) => {
            setShown(undefined);
            show(next);
          }}
        />
      )}
    </SettingsFrame>
  );
}

function columnsOf(onShow: (record: AuditRecord) => void): readonly Column<AuditRecord>[] {
  return [
    { name: "When", cell: ({ time }) => <Ago time={time} />, look: "shrink" },
    { name: "Who", cell: ({ user }) => user?.name ?? "nobody" },
    {
      name: "What",
      cell: (record) => (
        <button type="button" className={styles["link"]} onClick={() => onShow(record)}>
          {methodOf(record)}
        </button>
      ),
    },
    { name: "On", cell: (record) => subjectOf(record) },
    { name: "Came to", cell: (record) => <Outcome record={record} /> },
    { name: "Took", cell: ({ durationMs = 0 }) => formatDuration(durationMs), look: "shrink" },
  ];
}

/** A method without the package that it is in: `ApplicationService/Sync`. */
function methodOf({ method = "" }: AuditRecord): string {
  return method.replace(/^.*\.(?=[^./]+\/)/u, "");
}
