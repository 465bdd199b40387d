import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleHelp, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { formatCount } from "../../../lib/format.ts";
import { settingsQuery, versionQuery } from "../../../lib/session.ts";
import { Card } from "../../common/page.tsx";
import { Ago } from "../../common/time.tsx";
import { Facts } from "../parts/facts.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { clustersQuery, healthQuery, repositoriesQuery, systemQuery } from "../queries.ts";
import { webAddress } from "./web-address.ts";
import styles from "./system.module.css";

/** Whether the installation itself is well, and how it is set up. */
export function SystemPage() {
  return (
    <SettingsFrame title="System" about="Whether the installation itself is well, and how it is set up.">
      <HealthCard />
      <VersionCard />
      <SetupCard />
      <LinksCard />
    </SettingsFrame>
  );
}

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

function HealthCard() {
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
              <Lamp key="audit" isGood={system.data.isAuditFailing !== true}>
                {system.data.isAuditFailing === true
                  ? "records are not kept: see the server's log"
                  : "records are kept"}
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

function Pending({ error }: { readonly error: Error | null }) {
  return error === null ? (
    <span className="muted">asking…</span>
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
        }
      | undefined;
    readonly error: Error | null;
  };
}

function Controller({ system: { data, error } }: ControllerProps) {
  if (data === undefined) return <Pending error={error} />;
  const { leads = false, identity = "", since, renewedAt } = data.controller ?? {};
  if (leads)
    return (
      <Lamp isGood>
        {identity} leads, since <Ago time={since} />
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

function VersionCard() {
  const { data, error } = useQuery(versionQuery);
  if (data === undefined)
    return (
      <Card title="Version">
        <Facts facts={[["Version", <Pending key="version" error={error} />]]} />
      </Card>
    );
  const facts = Object.entries(data).filter(([, value]) => typeof value === "string" && value !== "");
  return (
    <Card title="Version">
      <Facts facts={facts.map(([name, value]) => [wordsOf(name), String(value)])} />
    </Card>
  );
}

/** `GitCommit` as words. */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, " ");
}

const trackings: Readonly<Record<string, string>> = {
  annotation: "by an annotation",
  label: "by a label",
  "annotation+label": "by an annotation, and a label beside it",
};

function SetupCard() {
  const { data: settings, error } = useQuery(settingsQuery);
  if (settings === undefined)
    return (
      <Card title="Setup">
        <Facts facts={[["Settings", <Pending key="settings" error={error} />]]} />
      </Card>
    );
  const yes = (is: boolean | undefined) => (is === true ? "yes" : "no");
  const sso = settings.oidcConfig?.name ?? (settings.dexConfig === undefined ? "none" : "Dex");
  return (
    <Card title="Setup">
      <Facts
        facts={[
          ["Namespace", settings.controllerNamespace],
          settings.url === undefined || settings.url === "" ? undefined : ["Address", settings.url],
          [
            "Objects are told to be an application's",
            trackings[settings.trackingMethod ?? ""] ?? settings.trackingMethod,
          ],
          ["Label of applications", settings.appLabelKey],
          (settings.installationID ?? "") === "" ? undefined : ["Installation", settings.installationID],
          ["Applications in other namespaces", yes(settings.appsInAnyNamespaceEnabled)],
          ["Syncs as a project's service account", yes(settings.impersonationEnabled)],
          ["Badges for everybody", yes(settings.statusBadgeEnabled)],
          ["Single sign-on", sso],
          ["Accounts may log in", yes(settings.userLoginsDisabled !== true)],
        ]}
      />
    </Card>
  );
}

function LinksCard() {
  const { data: settings } = useQuery(settingsQuery);
  const chat = webAddress(settings?.help?.chatUrl);
  const chatText = settings?.help?.chatText ?? "";
  return (
    <Card title="Links">
      <ul className={styles["links"]}>
        {chat !== undefined && (
          <li>
            <a href={chat} target="_blank" rel="noreferrer">
              {chatText === "" ? "Chat" : chatText}
            </a>
          </li>
        )}
        <li>
          <a href="swagger-ui" target="_blank" rel="noreferrer">
            The API of this server
          </a>
        </li>
        <li>
          <Link to="/settings/audit">Who has changed what</Link>
        </li>
        <li>
          <Link to="/settings/permissions">Who may do what</Link>
        </li>
      </ul>
    </Card>
  );
}
