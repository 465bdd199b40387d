import { SlidersHorizontal, Star, X } from "lucide-react";
import type { ReactNode } from "react";
import { useId, useState } from "react";
import { Button } from "../common/button.tsx";
import { Checkbox } from "../common/field.tsx";
import { Status } from "../common/status.tsx";
import { formatCluster } from "./describe-application.ts";
import styles from "./filters.module.css";
import type { ListPage } from "./list-query.ts";
import type { Facet, ListSearch } from "./list-search.ts";
import { isNarrowed, toggled } from "./list-search.ts";

type Counts = NonNullable<ListPage["counts"]>;

interface FiltersProps {
  readonly search: ListSearch;
  readonly counts: Counts | undefined;
  readonly onChange: (search: ListSearch) => void;
}

/** So many values of a field are shown before one has to search for the rest. */
const maxValues = 12;

const syncOrder = ["OutOfSync", "Unknown", "Synced"];
const healthOrder = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"];

export function Filters({ search, counts, onChange }: FiltersProps) {
  const { favourites, automated, labels, repo } = search;
  const common = { search, onChange };
  const [isOpen, setIsOpen] = useState(false);
  const groups = useId();
  return (
    <aside aria-label="Filters" className={styles["filters"]}>
      <div className={styles["head"]}>
        <button
          type="button"
          aria-pressed={favourites === true}
          className={styles["favourites"]}
          onClick={() =>
            onChange(favourites === true ? without(search, "favourites") : { ...search, favourites: true })
          }
        >
          <Star aria-hidden="true" /> Favourites
        </button>
        <span className={styles["opener"]}>
          <Button
            size="small"
            icon={<SlidersHorizontal />}
            aria-expanded={isOpen}
            aria-controls={groups}
            onClick={() => setIsOpen(!isOpen)}
          >
            Filters
          </Button>
        </span>
        {isNarrowed(search) && (
          <Button size="small" look="quiet" icon={<X />} onClick={() => onChange({})}>
            Clear
          </Button>
        )}
      </div>
      <div id={groups} className={styles["groups"]} data-open={isOpen}>
        <FacetGroup {...common} title="Sync" facet="sync" counts={inOrder(counts?.syncStatus, syncOrder)}>
          {(value) => <Status of="sync" status={value} />}
        </FacetGroup>
        <FacetGroup
          {...common}
          title="Health"
          facet="health"
          counts={inOrder(counts?.healthStatus, healthOrder)}
        >
          {(value) => <Status of="health" status={value} />}
        </FacetGroup>
        <FacetGroup {...common} title="Project" facet="project" counts={most(counts?.project)} />
        <FacetGroup {...common} title="Cluster" facet="cluster" counts={most(counts?.cluster)}>
          {(value) => formatCluster(value)}
        </FacetGroup>
        <FacetGroup {...common} title="Namespace" facet="namespace" counts={most(counts?.namespace)} />
        <fieldset className={styles["group"]}>
          <legend>Automation</legend>
          <Checkbox
            label="Synced by itself"
            isChecked={automated === true}
            onChange={(isOn) =>
              onChange(isOn ? { ...search, automated: true } : without(search, "automated"))
            }
          />
          <Checkbox
            label="Synced by hand"
            isChecked={automated === false}
            onChange={(isOn) =>
              onChange(isOn ? { ...search, automated: false } : without(search, "automated"))
            }
          />
        </fieldset>
        <TextFilter
          key={`labels ${labels ?? ""}`}
          label="Labels"
          placeholder="team=web,tier!=db"
          value={labels ?? ""}
          onChange={(text) => onChange(text === "" ? without(search, "labels") : { ...search, labels: text })}
        />
        <TextFilter
          key={`repo ${repo ?? ""}`}
          label="Repository"
          placeholder="https://…"
          value={repo ?? ""}
          onChange={(text) => onChange(text === "" ? without(search, "repo") : { ...search, repo: text })}
        />
      </div>
    </aside>
  );
}

function without(search: ListSearch, key: keyof ListSearch): ListSearch {
  const { [key]: _left, ...rest } = search;
  return rest;
}

type Counted = ReadonlyMap<string, number>;

function inOrder(counts: Readonly<Record<string, number>> = {}, order: readonly string[]): Counted {
  return new Map(order.map((value) => [value, counts[value] ?? 0] as const).filter(([, count]) => count > 0));
}

function most(counts: Readonly<Record<string, number>> = {}): Counted {
  return new Map(
    Object.entries(counts).toSorted(([a, many], [b, more]) => more - many || a.localeCompare(b)),
  );
}

interface FacetGroupProps {
  readonly title: string;
  readonly facet: Facet;
  readonly counts: Counted;
  readonly search: ListSearch;
  readonly onChange: (search: ListSearch) => void;
  readonly children?: (value: string) => ReactNode;
}

function FacetGroup({
  title,
  facet,
  counts,
  search,
  onChange,
  children = (value) => value,
}: FacetGroupProps) {
  const chosen = search[facet] ?? [];
  const values = [...new Set([...chosen, ...counts.keys()])];
  const shown = values.slice(0, Math.max(maxValues, chosen.length));
  if (values.length === 0) return null;
  return (
    <fieldset className={styles["group"]}>
      <legend>{title}</legend>
      {shown.map((value) => (
        <Checkbox
          key={value}
          label={<FacetValue count={counts.get(value) ?? 0}>{children(value)}</FacetValue>}
          isChecked={chosen.includes(value)}
          onChange={() => onChange(toggled(search, facet, value))}
        />
      ))}
      {shown.length < values.length && (
        <p className="muted">{values.length - shown.length} more; type the name to find them.</p>
      )}
    </fieldset>
  );
}

function FacetValue({ count, children }: { readonly count: number; readonly children: ReactNode }) {
  return (
    <span className={styles["value"]}>
      <span className="truncate">{children}</span>
      <span className={styles["count"]}>{count.toLocaleString("en")}</span>
    </span>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function TextFilter({ label, placeholder, value, onChange }: TextFilterProps) {
  return (
    <label className={styles["text"]}>
      {label}
      <input
        defaultValue={value}
        placeholder={placeholder}
        onBlur={(event) => event.target.value !== value && onChange(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && onChange(event.currentTarget.value)}
      />
    </label>
  );
}
