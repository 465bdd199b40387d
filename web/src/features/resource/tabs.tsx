import { lazy, Suspense } from "react";
import type { ComponentType } from "react";
import { Skeleton } from "../common/states.tsx";
import type { Resource } from "../application/resources/describe-resources.ts";
import { EventsTab } from "./events-tab.tsx";
import type { Part } from "./resource-queries.ts";
import { SummaryTab } from "./summary-tab.tsx";

/** What a part of the panel is given. */
export interface TabProps extends Part {
  /** All of the application, for what belongs to it. */
  readonly resources: readonly Resource[];
  readonly onOpen: (key: string) => void;
}

interface PanelTab {
  readonly id: string;
  readonly title: string;
  readonly isFor: (resource: Resource, hasPods: boolean) => boolean;
  readonly Content: ComponentType<TabProps>;
}

/** A part that is loaded when it is opened. */
function later(load: () => Promise<ComponentType<TabProps>>): ComponentType<TabProps> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return (props) => (
    <Suspense fallback={<Skeleton lines={10} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

export const panelTabs: readonly PanelTab[] = [
  { id: "summary", title: "Summary", isFor: () => true, Content: SummaryTab },
  {
    id: "manifest",
    title: "Manifest",
    isFor: ({ isLive }) => isLive,
    Content: later(async () => (await import("./manifest/manifest-tab.tsx")).ManifestTab),
  },
  {
    id: "desired",
    title: "Desired",
    isFor: ({ isManaged }) => isManaged,
    Content: later(async () => (await import("./manifest/desired-tab.tsx")).DesiredTab),
  },
  {
    id: "diff",
    title: "Diff",
    isFor: ({ isManaged }) => isManaged,
    Content: later(async () => (await import("./diff/diff-tab.tsx")).DiffTab),
  },
  { id: "events", title: "Events", isFor: ({ isLive }) => isLive, Content: EventsTab },
  {
    id: "logs",
    title: "Logs",
    isFor: (_resource, hasPods) => hasPods,
    Content: later(async () => (await import("./logs/logs-tab.tsx")).LogsTab),
  },
];
