import { useTheme } from "../../../lib/theme/theme.ts";
import styles from "./theme-choice.module.css";

const themes = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

/** How the pages look in this browser. */
export function ThemeChoice() {
  const [theme, chooseTheme] = useTheme();
  return (
    <fieldset className={styles["themes"]}>
      <legend className="visually-hidden">Theme</legend>
      {themes.map(([one, text]) => (
        <label key={one}>
          <input type="radio" name="theme" checked={theme === one} onChange={() => chooseTheme(one)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
