import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { sessionQuery } from "../../lib/session.ts";
import { useTheme } from "../../lib/theme/theme.ts";
import { Card, Page } from "../common/page.tsx";
import { Skeleton } from "../common/states.tsx";
import styles from "./user-page.module.css";

/** Who is logged in, and how the pages look. */
export function UserPage() {
  const { data: session } = useQuery(sessionQuery);
  const [theme, chooseTheme] = useTheme();
  return (
    <Page
      tab="You"
      title="You"
      actions={
        <a className={styles["logout"]} href="auth/logout">
          <LogOut aria-hidden="true" /> Log out
        </a>
      }
    >
      <div className={styles["cards"]}>
        <Card title="Who you are here">
          {session === undefined ? (
            <Skeleton lines={3} />
          ) : (
            <dl className={styles["facts"]}>
              <dt>Username</dt>
              <dd>{session.username === "" ? "nobody: this server lets anybody read" : session.username}</dd>
              <dt>Groups</dt>
              <dd>{(session.groups ?? []).join(", ") || "none"}</dd>
              <dt>Known by</dt>
              <dd>{session.iss}</dd>
            </dl>
          )}
        </Card>
        <Card title="Appearance">
          <fieldset className={styles["themes"]}>
            <legend className="visually-hidden">Theme</legend>
            {(["system", "light", "dark"] as const).map((one) => (
              <label key={one}>
                <input type="radio" name="theme" checked={theme === one} onChange={() => chooseTheme(one)} />
                {{ system: "As the system", light: "Light", dark: "Dark" }[one]}
              </label>
            ))}
          </fieldset>
        </Card>
      </div>
    </Page>
  );
}
