import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { WindowSpec } from "../../../lib/shared.ts";
import { windowState } from "../../../lib/shared.ts";
import { State } from "../../common/states.tsx";
import { Ago, useNow } from "../../common/time.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import type { Column } from "../parts/data-table.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Tags } from "../parts/facts.tsx";
import { isFound } from "../parts/find-in.ts";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { RowMenu } from "../parts/row-menu.tsx";
import { FindBox } from "../parts/settings-frame.tsx";
import type { Project } from "../queries.ts";
import { globalProjectsQuery } from "./global-projects.ts";
import styles from "./projects.module.css";
import { useUpdateProject } from "./use-update-project.ts";
import { WeekCalendar } from "./week-calendar.tsx";
import { WindowDialog } from "./window-dialog.tsx";

/** A window, and where it is written. */
export interface PlacedWindow {
  readonly window: WindowSpec;
  readonly index: number;
  /** The global project that has it; undefined for the project's own. */
  readonly from: string | undefined;
}

type Doing = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly of: PlacedWindow };

/** When applications of a project are synced, and when not. */
export function WindowsTab({ project }: { readonly project: Project }) {
  const name = project.metadata?.name ?? "";
  const { data: globals = [] } = useQuery(globalProjectsQuery(name));
  const [text, setText] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const all = [
    ...placed(project, undefined),
    ...globals.flatMap((one) => placed(one, one.metadata?.name ?? "")),
  ];
  const shown = all.filter(({ window, from }) => {
    const { kind, schedule, duration, timeZone, description } = window;
    const whom = [...(window.applications ?? []), ...(window.namespaces ?? []), ...(window.clusters ?? [])];
    return isFound(text, [kind, schedule, duration, timeZone, description, from, ...whom]);
  });
  const wants = ["projects", "update", name] as const;
  const columns: readonly Column<PlacedWindow>[] = [
    {
      name: "Window",
      cell: ({ window, from }) => (
        <>
          <Kind kind={window.kind} /> <code>{window.schedule}</code> for {window.duration}
          <div className={styles["second"]}>
            {[
              window.timeZone === undefined || window.timeZone === "" ? "UTC" : window.timeZone,
              window.description ?? "",
              from === undefined ? "" : `from ${from}`,
            ]
              .filter((part) => part !== "")
              .join(" · ")}
          </div>
        </>
      ),
    },
    { name: "Now", cell: ({ window }) => <Now window={window} /> },
    { name: "For", cell: ({ window }) => <Whom window={window} /> },
    {
      name: "Besides",
      cell: ({ window: { manualSync, syncOverrun } }) => (
        <Tags
          none="—"
          values={[
            ...(manualSync === true ? ["people may sync"] : []),
            ...(syncOverrun === true ? ["what runs may end"] : []),
          ]}
        />
      ),
    },
    {
      name: "Actions",
      look: "end",
      cell: (of) =>
        of.from === undefined && (
          <RowMenu
            name={`window ${of.window.schedule ?? ""}`}
            actions={[
              {
                label: "Change…",
                icon: <Pencil />,
                wants,
                onSelect: () => setDoing({ what: "change", of }),
              },
              {
                label: "Remove…",
                icon: <Trash2 />,
                isDanger: true,
                wants,
                onSelect: () => setDoing({ what: "remove", of }),
              },
            ]}
          />
        ),
    },
  ];
  const close = (): void => setDoing(undefined);
  return (
    <div className={styles["panel"]}>
      <div className={styles["bar"]}>
        <FindBox what="windows" text={text} onChange={setText} />
        <GuardedButton look="primary" icon={<Plus />} wants={wants} onClick={() => setDoing({ what: "add" })}>
          New window
        </GuardedButton>
      </div>
      {shown.length === 0 ? (
        <State icon={<CalendarClock />} title={all.length === 0 ? "No windows" : "No windows match"}>
          Without windows, applications are synced at any time. An allow window lets them be synced only while
          it is open, a deny window not while it is.
        </State>
      ) : (
        <>
          <WeekCalendar windows={shown} />
          <DataTable
            label="Sync windows"
            columns={columns}
            rows={shown}
            keyOf={({ from, index }) => `${from ?? ""}/${index}`}
          />
        </>
      )}
      {doing?.what === "add" && <WindowDialog project={project} onClose={close} />}
      {doing?.what === "change" && <WindowDialog project={project} index={doing.of.index} onClose={close} />}
      {doing?.what === "remove" && <RemoveWindow project={project} of={doing.of} onClose={close} />}
    </div>
  );
}

function placed({ spec }: Project, from: string | undefined): readonly PlacedWindow[] {
  return (spec?.syncWindows ?? []).map((window, index) => ({ window: window as WindowSpec, index, from }));
}

function Kind({ kind = "" }: { readonly kind?: string | undefined }) {
  return <strong className={kind === "allow" ? styles["allow"] : styles["deny"]}>{kind}</strong>;
}

function Now({ window }: { readonly window: WindowSpec }) {
  const state = windowState(window, useNow());
  if (state === undefined) return <span className={styles["deny"]}>cannot be read</span>;
  const turns = state.turnsMs === undefined ? undefined : new Date(state.turnsMs).toISOString();
  return (
    <>
      {state.isOpen ? "open" : "closed"}
      <div className={styles["second"]}>
        {turns === undefined ? (
          "no change in sight"
        ) : (
          <>
            {state.isOpen ? "closes" : "opens"} <Ago time={turns} />
          </>
        )}
      </div>
    </>
  );
}

function Whom({ window }: { readonly window: WindowSpec }) {
  const { applications = [], namespaces = [], clusters = [], andOperator = false } = window;
  const parts = [
    ["applications", applications],
    ["namespaces", namespaces],
    ["clusters", clusters],
  ] as const;
  const named = parts.filter(([, list]) => list.length > 0);
  if (named.length === 0) return <span className="muted">nothing: it names no application</span>;
  return (
    <>
      {named.map(([what, list], i) => (
        <div key={what}>
          {i > 0 && (andOperator ? "and " : "or ")}
          {what} {list.join(", ")}
        </div>
      ))}
    </>
  );
}

interface RemoveWindowProps {
  readonly project: Project;
  readonly of: PlacedWindow;
  readonly onClose: () => void;
}

function RemoveWindow({ project, of: { index, window }, onClose }: RemoveWindowProps) {
  const update = useUpdateProject();
  const syncWindows = (project.spec?.syncWindows ?? []).filter((_, i) => i !== index);
  return (
    <AskDialog
      title="Remove this window?"
      doIt="Remove"
      act={() => update({ ...project, spec: { ...project.spec, syncWindows } })}
      done="The window was removed."
      onClose={onClose}
    >
      <p>
        The {window.kind} window <code>{window.schedule}</code> for {window.duration} holds no more
        {window.kind === "deny"
          ? ": what it kept from being synced may be synced at once."
          : syncWindows.some(({ kind }) => kind === "allow")
            ? "."
            : ". No allow window is left, so applications may be synced at any time."}
      </p>
    </AskDialog>
  );
}
