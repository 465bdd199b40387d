import { Search, Unlink, X } from "lucide-react";
import { useMemo, useRef } from "react";
import { formatCount } from "../../../lib/format.ts";
import { useSlashFocus } from "../../../lib/use-slash-focus.ts";
import { Button } from "../../common/button.tsx";
import type { Resource } from "./describe-resources.ts";
import { FacetMenu } from "./facet-menu.tsx";
import type { Facet, Filter } from "./filter-resources.ts";
import { countsOf, isNarrowed, noFilter, toggled } from "./filter-resources.ts";
import styles from "./resource-filters.module.css";

interface ResourceFiltersProps {
  readonly resources: readonly Resource[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly orphans: OrphansChoice;
}

/** Whether what nobody manages is shown beside what the application does. */
interface OrphansChoice {
  readonly count: number;
  readonly isShown: boolean;
  readonly onShow: (isShown: boolean) => void;
}

const facets: readonly (readonly [Facet, string, Readonly<Record<string, string>>])[] = [
  ["kinds", "Kind", {}],
  ["health", "Health", { None: "No health" }],
  ["sync", "Sync", { None: "Not in Git", OutOfSync: "Out of sync" }],
];

/** Which of the resources are shown, in every view. */
export function ResourceFilters({ resources, filter, onChange, orphans }: ResourceFiltersProps) {
  const counts = useMemo(() => facets.map(([facet]) => countsOf(resources, facet)), [resources]);
  const input = useRef<HTMLInputElement>(null);
  useSlashFocus(input);
  return (
    <div className={styles["filters"]} role="search" aria-label="Resources">
      <div className={styles["box"]}>
        <Search aria-hidden="true" />
        <input
          ref={input}
          type="search"
          aria-label="Find in kind, namespace, name and images"
          placeholder="Find resources   ( / )"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
        />
      </div>
      {facets.map(([facet, title, labels], i) => (
        <FacetMenu
          key={facet}
          title={title}
          counts={counts[i] ?? []}
          chosen={filter[facet]}
          labels={labels}
          onToggle={(value) => onChange(toggled(filter, facet, value))}
          onClear={() => onChange({ ...filter, [facet]: new Set<string>() })}
        />
      ))}
      {orphans.count > 0 && (
        <Button
          look={orphans.isShown ? "plain" : "quiet"}
          icon={<Unlink />}
          aria-pressed={orphans.isShown}
          title="What is in the namespace and belongs to no application"
          onClick={() => orphans.onShow(!orphans.isShown)}
        >
          {formatCount(orphans.count, "orphan")}
        </Button>
      )}
      {isNarrowed(filter) && (
        <Button look="quiet" icon={<X />} onClick={() => onChange(noFilter)}>
          Show all
        </Button>
      )}
    </div>
  );
}
