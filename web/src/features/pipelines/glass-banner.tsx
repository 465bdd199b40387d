import { Link } from "@tanstack/react-router";
import { Flame } from "lucide-react";
import { Ago } from "../common/time.tsx";
import styles from "./glass-banner.module.css";
import type { Promotion } from "./pipeline.ts";

interface GlassBannerProps {
  readonly promotion: Promotion;
  /** Where it is not on the promotion's own page. */
  readonly hasLink?: boolean;
}

/** Says loudly that the gates of a promotion were passed by force, by whom and why. */
export function GlassBanner({
  promotion: { namespace, name, spec, status },
  hasLink = false,
}: GlassBannerProps) {
  if (status.breakGlass === undefined) return null;
  const { username, reason, at } = status.breakGlass;
  return (
    <section className={styles["banner"]} aria-label={`Glass broken in ${spec.stage}`}>
      <Flame aria-hidden="true" />
      <div>
        <p>
          <strong>Glass broken in {spec.stage}</strong> by {username}, <Ago time={at} />: its gates were not
          asked.
        </p>
        <p className={styles["reason"]}>{reason}</p>
        {hasLink && (
          <Link to="/promotions/$namespace/$name" params={{ namespace, name }}>
            {name}
          </Link>
        )}
      </div>
    </section>
  );
}
