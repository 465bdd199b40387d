import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { LayoutGrid, RefreshCw, Rows3, SearchX, WifiOff } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { formatCount } from "../../lib/format.ts";
import { Button, IconButton } from "../common/button.tsx";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { BulkActions } from "./bulk-actions.tsx";
import { NewApplication } from "./create/new-application.tsx";
import { Filters } from "./filters.tsx";
import { useFavourites } from "./favourites.ts";
import { HealthBar } from "./health-bar.tsx";
import styles from "./list-page.module.css";
import { keyOf, listQuery } from "./list-query.ts";
import type { ListSearch } from "./list-search.ts";
import { isNarrowed } from "./list-search.ts";
import { Rows } from "./rows.tsx";
import { SearchBox } from "./search-box.tsx";
import { SortMenu } from "./sort-menu.tsx";
import { useLiveList } from "./use-live-list.ts";

const route = getRouteApi("/inside/applications");

/** All applications that one may see, as the address says which and in which order. */
export function ListPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = useCallback(
    (next: ListSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const query = useInfiniteQuery(listQuery(search));
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch, isPlaceholderData } = query;
  const isConnected = useLiveList(search, data?.pages[0]?.metadata?.resourceVersion);
  const [favourites] = useFavourites();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((key: string) => setSelected((before) => withToggled(before, key)), []);
  const all = useMemo(() => data?.pages.flatMap(({ items = [] }) => items) ?? [], [data]);
  const apps = useMemo(
    () => (search.favourites === true ? all.filter((app) => favourites.has(keyOf(app))) : all),
    [all, favourites, search.favourites],
  );
  const counts = data?.pages[0]?.counts;
  const total = counts?.total ?? 0;
  const isTiles = search.look === "tiles";
  return (
    <Page
      tab="Applications"
      title={
        <>
          Applications <span className="muted">{counts === undefined ? "" : total.toLocaleString("en")}</span>
        </>
      }
      actions={
        <>
          {!isConnected && (
            <span role="status" className={styles["offline"]}>
              <WifiOff aria-hidden="true" /> Connecting again…
            </span>
          )}
          <IconButton label="Ask again" onClick={() => void refetch()}>
            <RefreshCw />
          </IconButton>
          <NewApplication />
        </>
      }
    >
      <div className={styles["layout"]}>
        <Filters search={search} counts={counts} onChange={show} />
        <div className={styles["main"]}>
          <HealthBar counts={counts?.healthStatus} search={search} onChange={show} />
          <div className={styles["tools"]}>
            <SearchBox text={search.text ?? ""} onChange={(text) => show(withText(search, text))} />
            <SortMenu sort={search.sort ?? "name"} onChange={(sort) => show({ ...search, sort })} />
            <div role="group" aria-label="Look" className={styles["looks"]}>
              <IconButton
                label="Table"
                aria-pressed={!isTiles}
                onClick={() => show(withLook(search, "table"))}
              >
                <Rows3 />
              </IconButton>
              <IconButton
                label="Tiles"
                aria-pressed={isTiles}
                onClick={() => show(withLook(search, "tiles"))}
              >
                <LayoutGrid />
              </IconButton>
            </div>
          </div>
          {selected.size > 0 && (
            <BulkActions selected={selected} apps={apps} onClear={() => setSelected(new Set())} />
          )}
          {error !== null && data === undefined ? (
            <Failure error={error} onRetry={() => void refetch()} />
          ) : data === undefined ? (
            <Skeleton lines={12} label="Loading applications" />
          ) : apps.length === 0 ? (
            <NoApplications search={search} onClear={() => show({})} />
          ) : (
            <Rows
              apps={apps}
              look={isTiles ? "tiles" : "table"}
              isStale={isPlaceholderData}
              selected={selected}
              onToggle={toggle}
              hasMore={hasNextPage && !isFetchingNextPage}
              onMore={() => void fetchNextPage()}
            />
          )}
          <p role="status" className="visually-hidden">
            {formatCount(search.favourites === true ? apps.length : total, "application")}
          </p>
        </div>
      </div>
    </Page>
  );
}

function withToggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

function withText({ text: _text, ...search }: ListSearch, text: string): ListSearch {
  return text === "" ? search : { ...search, text };
}

function withLook({ look: _look, ...search }: ListSearch, look: "table" | "tiles"): ListSearch {
  return look === "tiles" ? { ...search, look } : search;
}

function NoApplications({ search, onClear }: { readonly search: ListSearch; readonly onClear: () => void }) {
  if (isNarrowed(search))
    return (
      <State
        icon={<SearchX />}
        title="No application matches"
        actions={<Button onClick={onClear}>Show all applications</Button>}
      >
        {search.favourites === true
          ? "Mark applications with the star to find them here."
          : "The filters leave none of those that you may see."}
      </State>
    );
  return (
    <State icon={<LayoutGrid />} title="No applications yet" actions={<NewApplication />}>
      An application says which files of a Git repository belong in which cluster. Yours will be shown here.
    </State>
  );
}
