import { Search, X } from "lucide-react";
import { useMemo, useRef } from "react";
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
}

const facets: readonly (readonly [Facet, string, Readonly<Record<string, string>>])[] = [
  ["kinds", "Kind", {}],
  ["health", "Health", { None: "No health" }],
  ["sync", "Sync", { None: "Not in Git", OutOfSync: "Out of sync" }],
];

/** Which of the resources are shown, in every view. */
export function ResourceFilters({ resources, filter, onChange }: ResourceFiltersProps) {
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
      {isNarrowed(filter) && (
        <Button look="quiet" icon={<X />} onClick={() => onChange(noFilter)}>
          Show all
        </Button>
      )}
    </div>
  );
}
