import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { settingsQuery, versionQuery } from "../../../lib/session.ts";
import { Card } from "../../common/page.tsx";
import { Facts } from "../parts/facts.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { HealthCard, Pending } from "./health-card.tsx";
import styles from "./system.module.css";
import { webAddress } from "../../../lib/web-address.ts";

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
