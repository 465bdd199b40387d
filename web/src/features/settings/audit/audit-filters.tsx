import { useEffect, useRef, useState } from "react";
import { TextField, SelectField } from "../parts/inputs.tsx";
import type { AuditSearch } from "./audit-search.ts";
import { spans, textFilters, withFilter } from "./audit-search.ts";
import styles from "./audit.module.css";

interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly onChange: (search: AuditSearch) => void;
}

/** Long enough that not every letter asks the server. */
const waitMs = 250;

const specs = {
  user: { label: "Who", placeholder: "admin" },
  method: { label: "What", placeholder: "Sync" },
  kind: { label: "Kind", placeholder: "Application" },
  project: { label: "Project", placeholder: "default" },
  namespace: { label: "Namespace", placeholder: "argocd" },
  name: { label: "Name", placeholder: "web" },
  result: { label: "Came to", placeholder: "refused" },
} as const;

const suggestions: Readonly<Partial<Record<keyof typeof specs, readonly string[]>>> = {
  result: ["ok", "refused", "failed", "API_FORBIDDEN", "API_UNAUTHENTICATED"],
  kind: ["Application", "ApplicationSet", "AppProject", "Cluster", "Repository", "Account", "Session"],
  method: ["Sync", "Create", "Update", "Patch", "Delete", "Rollback", "UpdatePassword", "CreateToken"],
};

/** Narrows the records; each filter must be the whole text. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const [typed, setTyped] = useState(search);
  const told = useRef(search);
  useEffect(() => {
    // The address changed, and not by what was typed here.
    if (JSON.stringify(search) !== JSON.stringify(told.current)) setTyped(search);
    told.current = search;
  }, [search]);
  useEffect(() => {
    if (JSON.stringify(typed) === JSON.stringify(told.current)) return undefined;
    const timer = setTimeout(() => {
      told.current = typed;
      onChange(typed);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  const set = (name: keyof AuditSearch, value: string): void => setTyped(withFilter(typed, name, value));
  return (
    <form className={styles["filters"]} role="search" onSubmit={(event) => event.preventDefault()}>
      <SelectField
        label="When"
        value={typed.last ?? ""}
        onChange={(last) => set("last", last)}
        options={spans}
      />
      {typed.last === "between" && (
        <>
          <TextField
            label="From"
            type="datetime-local"
            value={typed.since ?? ""}
            onChange={(since) => set("since", since)}
          />
          <TextField
            label="Until"
            type="datetime-local"
            value={typed.until ?? ""}
            onChange={(until) => set("until", until)}
          />
        </>
      )}
      {textFilters.map((name) => (
        <TextField
          key={name}
          label={specs[name].label}
          placeholder={specs[name].placeholder}
          value={typed[name] ?? ""}
          onChange={(value) => set(name, value)}
          suggestions={suggestions[name]}
        />
      ))}
    </form>
  );
}
