import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { CircleUser, Command, Gauge, GitCommitHorizontal, LayoutGrid, Package, Settings } from "lucide-react";
import { formatCount } from "../../lib/format.ts";
import { settingsQuery, versionQuery } from "../../lib/session.ts";
import { Toasts } from "../common/toast.tsx";
import { useWaitingForMe } from "../promotion/waiting-query.ts";
import { CommandPalette, openPalette } from "./command-palette.tsx";
import styles from "./shell.module.css";

const places = [
  { to: "/applications", label: "Applications", Icon: LayoutGrid },
  { to: "/pipelines", label: "Pipelines", Icon: GitCommitHorizontal },
  { to: "/images", label: "Images", Icon: Package },
  { to: "/delivery", label: "Delivery", Icon: Gauge },
  { to: "/settings", label: "Settings", Icon: Settings },
  { to: "/user-info", label: "You", Icon: CircleUser },
] as const;

/** The frame of every page: where one can go, and what stands over it. */
export function Shell() {
  const { data: version } = useQuery(versionQuery);
  return (
    <div className={styles["shell"]}>
      <button type="button" className={styles["skip"]} onClick={skipToContent}>
        Skip to the content
      </button>
      <nav className={styles["nav"]} aria-label="Places">
        <Link to="/applications" className={styles["logo"]} aria-label="Mooring, all applications">
          <img src="assets/icon.svg" alt="" width="28" height="28" />
        </Link>
        {places.map(({ to, label, Icon }) => (
          <Link
            key={to}
            to={to}
            className={styles["place"]}
            activeProps={{ className: styles["here"] ?? "" }}
          >
            <Icon aria-hidden="true" />
            {label}
            {to === "/pipelines" && <Waiting />}
          </Link>
        ))}
        <button type="button" className={styles["place"]} onClick={openPalette} title="Ctrl+K">
          <Command aria-hidden="true" />
          Find
        </button>
        <span className={styles["version"]} title={version?.Version}>
          {version?.Version?.split("+")[0]}
        </span>
      </nav>
      <div className={styles["content"]}>
        <Banner />
        <Outlet />
      </div>
      <CommandPalette />
      <Toasts />
    </div>
  );
}

/** How many promotions wait for whoever looks. */
function Waiting() {
  const { length } = useWaitingForMe() ?? [];
  if (length === 0) return null;
  const text = `${formatCount(length, "promotion")} ${length === 1 ? "waits" : "wait"} for you`;
  return (
    <span className={styles["badge"]} title={text}>
      <span aria-hidden="true">{length.toLocaleString("en")}</span>
      <span className="visually-hidden">, {text}</span>
    </span>
  );
}

/** A link to `#main` would lead to the address that `<base>` names, and load the first page. */
function skipToContent(): void {
  document.querySelector<HTMLElement>("#main")?.focus();
}

/** What the installation's `ui.bannercontent` says. */
function Banner() {
  const { data: settings } = useQuery(settingsQuery);
  const text = settings?.uiBannerContent ?? "";
  if (text === "") return null;
  const url = settings?.uiBannerURL ?? "";
  const isLink = /^https?:\/\//u.test(url);
  return (
    <aside className={styles["banner"]} aria-label="Announcement">
      {isLink ? (
        <a href={url} target="_blank" rel="noreferrer">
          {text}
        </a>
      ) : (
        text
      )}
    </aside>
  );
}
