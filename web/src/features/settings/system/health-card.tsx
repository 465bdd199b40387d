import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleHelp, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { formatCount } from "../../../lib/format.ts";
import { Card } from "../../common/page.tsx";
import { Ago } from "../../common/time.tsx";
import { Facts } from "../parts/facts.tsx";
import { clustersQuery, healthQuery, repositoriesQuery, systemQuery } from "../queries.ts";
import styles from "./system.module.css";

interface LampProps {
  readonly isGood: boolean | undefined;
  readonly children: ReactNode;
}

/** Good or bad as a sign and in words. */
function Lamp({ isGood, children }: LampProps) {
  const [Icon, look] =
    isGood === undefined
      ? ([CircleHelp, "unknown"] as const)
      : isGood
        ? ([CircleCheck, "good"] as const)
        : ([CircleX, "bad"] as const);
  return (
    <span className={`${styles["lamp"]} ${styles[look]}`}>
      <Icon aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}

/** Whether each part of the installation is well. */
export function HealthCard() {
  const health = useQuery(healthQuery);
  const system = useQuery(systemQuery);
  const clusters = useQuery(clustersQuery);
  const repositories = useQuery(repositoriesQuery("read"));
  return (
    <Card title="Health">
      <Facts
        facts={[
          ["Server", <ServerHealth key="server" health={health} />],
          ["Controller", <Controller key="controller" system={system} />],
          [
            "Audit",
            system.data === undefined ? (
              <Pending key="audit" error={system.error} />
            ) : (
              <Lamp key="audit" isGood={system.data.auditProblem === undefined}>
                {system.data.auditProblem === undefined
                  ? "records are kept"
                  : `${system.data.auditProblem}: see the server's log`}
              </Lamp>
            ),
          ],
          [
            "Clusters",
            <Connections
              key="clusters"
              items={clusters.data?.map(({ connectionState }) => connectionState?.status)}
              error={clusters.error}
              one="cluster"
              many="clusters"
              to="/settings/clusters"
            />,
          ],
          [
            "Repositories",
            <Connections
              key="repositories"
              items={repositories.data?.map(({ connectionState }) => connectionState?.status)}
              error={repositories.error}
              one="repository"
              many="repositories"
              to="/settings/repos"
            />,
          ],
        ]}
      />
    </Card>
  );
}

/** Stands for what is not known yet, or cannot be. */
export function Pending({ error }: { readonly error: Error | null }) {
  return error === null ? (
    <span className="muted" data-skeleton="">
      asking…
    </span>
  ) : (
    <Lamp isGood={undefined}>{error.message}</Lamp>
  );
}

interface ServerHealthProps {
  readonly health: {
    readonly data: { readonly isWell: boolean; readonly notes: readonly string[] } | undefined;
    readonly error: Error | null;
  };
}

function ServerHealth({ health: { data, error } }: ServerHealthProps) {
  if (data === undefined) return <Pending error={error} />;
  return <Lamp isGood={data.isWell}>{data.isWell ? "is well" : data.notes.join(" ")}</Lamp>;
}

interface ControllerProps {
  readonly system: {
    readonly data:
      | {
          readonly controller?:
            | {
                readonly leads?: boolean | undefined;
                readonly identity?: string | undefined;
                readonly since?: string | undefined;
                readonly renewedAt?: string | undefined;
              }
            | undefined;
          readonly load?: { readonly advice?: string | undefined } | undefined;
        }
      | undefined;
    readonly error: Error | null;
  };
}

function Controller({ system: { data, error } }: ControllerProps) {
  if (data === undefined) return <Pending error={error} />;
  const { leads = false, identity = "", since, renewedAt } = data.controller ?? {};
  const { advice } = data.load ?? {};
  if (leads)
    return (
      <Lamp isGood={advice === undefined}>
        {identity} leads, since <Ago time={since} />
        {advice !== undefined && `. It has too much to do: ${advice}.`}
      </Lamp>
    );
  return (
    <Lamp isGood={false}>
      no controller leads, so nothing is synced: see whether one runs.
      {identity !== "" && (
        <>
          {" "}
          {identity} was the last, until <Ago time={renewedAt} />.
        </>
      )}
    </Lamp>
  );
}

interface ConnectionsProps {
  readonly items: readonly (string | undefined)[] | undefined;
  readonly error: Error | null;
  readonly one: string;
  readonly many: string;
  readonly to: "/settings/clusters" | "/settings/repos";
}

function Connections({ items, error, one, many, to }: ConnectionsProps) {
  if (items === undefined) return <Pending error={error} />;
  const failing = items.filter((status) => status === "Failed").length;
  return (
    <Lamp isGood={failing === 0}>
      <Link to={to}>{formatCount(items.length, one, many)}</Link>
      {failing === 0 ? ", all connected" : `, ${failing.toLocaleString("en")} not connected`}
    </Lamp>
  );
}
