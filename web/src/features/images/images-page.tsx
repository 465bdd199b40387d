import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Package, Pause, Play, Radar, RefreshCw, SearchX } from "lucide-react";
import { formatCount } from "../../lib/format.ts";
import { Button, IconButton } from "../common/button.tsx";
import { Dialog } from "../common/dialog.tsx";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import type { Column } from "../settings/parts/data-table.tsx";
import { DataTable } from "../settings/parts/data-table.tsx";
import { RowMenu } from "../settings/parts/row-menu.tsx";
import { FindBox } from "../settings/parts/settings-frame.tsx";
import { scanProblem, useActions } from "./actions.ts";
import type { Automation } from "./automation.ts";
import { chosenOf, isStopped, keyOf, matches, targetOf } from "./automation.ts";
import { Details } from "./details.tsx";
import { exampleAutomation } from "./example.ts";
import styles from "./images-page.module.css";
import type { ImagesSearch } from "./images-search.ts";
import { Commit, LastScan, NextScan, Place, Ready, Word } from "./parts.tsx";
import { automationsQuery } from "./queries.ts";

const route = getRouteApi("/inside/images");

/** All that keeps images new and that one may see. */
export function ImagesPage() {
  const { text = "", open } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: ImagesSearch): void =>
    void navigate({ search: next, replace: true, resetScroll: false });
  const { data: automations, error, refetch } = useQuery(automationsQuery);
  const shown = (automations ?? []).filter((each) => matches(each, text));
  const searched: ImagesSearch = text === "" ? {} : { text };
  const isLost = error !== null && automations !== undefined;
  return (
    <Page
      tab="Images"
      title={
        <>
          Images <span className="muted">{automations?.length.toLocaleString("en")}</span>
        </>
      }
      actions={
        <>
          {isLost && <span role="status">Not up to date: {error.message}</span>}
          <IconButton label="Ask again" onClick={() => void refetch()}>
            <RefreshCw />
          </IconButton>
        </>
      }
    >
      {automations?.length !== 0 && (
        <div className={styles["tools"]}>
          <FindBox
            what="automations"
            text={text}
            onChange={(next) => show(next === "" ? {} : { text: next })}
          />
        </div>
      )}
      {automations === undefined ? (
        error === null ? (
          <Skeleton lines={8} label="Loading image automations" />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )
      ) : shown.length > 0 ? (
        <DataTable label="Image automations" rows={shown} keyOf={keyOf} columns={columnsOf(searched)} />
      ) : automations.length > 0 ? (
        <State
          icon={<SearchX />}
          title="No image automation matches"
          actions={<Button onClick={() => show({})}>Show all</Button>}
        >
          The filter leaves none of those that you may see.
        </State>
      ) : (
        <NoAutomations />
      )}
      {automations !== undefined && open !== undefined && (
        <Opened
          automation={automations.find((each) => keyOf(each) === open)}
          onClose={() => show(searched)}
        />
      )}
      <p role="status" className="visually-hidden">
        {automations !== undefined && formatCount(shown.length, "image automation")}
      </p>
    </Page>
  );
}

interface OpenedProps {
  readonly automation: Automation | undefined;
  readonly onClose: () => void;
}

function Opened({ automation, onClose }: OpenedProps) {
  if (automation !== undefined) return <Details automation={automation} onClose={onClose} />;
  return (
    <Dialog isOpen onClose={onClose} title="It is not there" look="box">
      <p>The image automation was deleted, or you may not see it.</p>
    </Dialog>
  );
}

function columnsOf(search: ImagesSearch): readonly Column<Automation>[] {
  return [
    {
      name: "Name",
      cell: (each) => (
        <Link to="/images" search={{ ...search, open: keyOf(each) }} replace resetScroll={false}>
          {each.name}
        </Link>
      ),
    },
    { name: "Project", cell: ({ project }) => <Word text={project} /> },
    {
      name: "State",
      cell: (each) => (
        <div>
          <Ready automation={each} />
          <span className={styles["message"]} title={each.message}>
            {each.message}
          </span>
        </div>
      ),
    },
    { name: "Writes to", cell: (each) => <Place text={targetOf(each).text} /> },
    { name: "Images", cell: (each) => <Images automation={each} /> },
    { name: "Last commit", cell: (each) => <Commit automation={each} /> },
    {
      name: "Scanned",
      cell: (each) => (
        <div>
          <LastScan automation={each} />
          {each.nextScan !== "" && !each.isSuspended && (
            <span className={`muted ${styles["small"]}`}>
              next <NextScan automation={each} />
            </span>
          )}
        </div>
      ),
    },
    { name: "Actions", look: "end", cell: (each) => <Actions automation={each} /> },
  ];
}

/** Images that a row names; the details have all. */
const shownImages = 3;

function Images({ automation: { images } }: { readonly automation: Automation }) {
  return (
    <ul className={styles["images"]}>
      {images.slice(0, shownImages).map((each) => (
        <li key={`${each.image} ${each.policy}`}>
          {each.image} <code>{chosenOf(each)}</code>
        </li>
      ))}
      {images.length > shownImages && (
        <li className="muted">and {formatCount(images.length - shownImages, "more", "more")}</li>
      )}
    </ul>
  );
}

function Actions({ automation }: { readonly automation: Automation }) {
  const { act, wants } = useActions(automation);
  const actions = [
    {
      label: "Scan now",
      icon: <Radar />,
      wants,
      problem: scanProblem(automation),
      onSelect: () => act("scan"),
    },
    ...(automation.isSuspended
      ? []
      : [{ label: "Suspend", icon: <Pause />, wants, onSelect: () => act("suspend") }]),
    ...(isStopped(automation)
      ? [{ label: "Resume", icon: <Play />, wants, onSelect: () => act("resume") }]
      : []),
  ];
  return <RowMenu name={automation.name} actions={actions} />;
}

function NoAutomations() {
  return (
    <>
      <State icon={<Package />} title="No image automations yet">
        An image automation looks for new images in registries and writes them to Git, or to an application.
        Save this, with your repository and your images, and apply it with{" "}
        <code>kubectl apply -f images.yaml</code>:
      </State>
      <pre className={styles["example"]}>
        <code>{exampleAutomation}</code>
      </pre>
    </>
  );
}
