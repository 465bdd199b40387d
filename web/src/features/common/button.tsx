import type { ButtonHTMLAttributes, ReactNode } from "react";
import styles from "./button.module.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "primary" | "danger" | "quiet";
  readonly size?: "small" | "normal";
  readonly icon?: ReactNode;
  /** Shows that what was asked for is being done, and takes no second click. */
  readonly isBusy?: boolean;
}

export function Button({
  look = "plain",
  size = "normal",
  icon,
  isBusy = false,
  children,
  className = "",
  disabled,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={[styles["button"], styles[look], size === "small" && styles["small"], className]
        .filter((name) => typeof name === "string" && name !== "")
        .join(" ")}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      {...rest}
    >
      {icon !== undefined && (
        <span className={styles["icon"]} aria-hidden="true">
          {icon}
        </span>
      )}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "icon" | "children"> {
  /** What it does; read aloud and shown on hover. */
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, children, look = "quiet", className = "", ...rest }: IconButtonProps) {
  return (
    <Button
      look={look}
      className={`${styles["square"]} ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <span aria-hidden="true" className={styles["icon"]}>
        {children}
      </span>
    </Button>
  );
}
