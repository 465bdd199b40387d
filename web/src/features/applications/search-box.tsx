import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import styles from "./search-box.module.css";

interface SearchBoxProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Long enough that not every letter asks the server, short enough that nobody notices. */
const waitMs = 120;

export function SearchBox({ text, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const told = useRef(text);
  useEffect(() => {
    // The address changed, and not by what was typed here.
    if (text !== told.current) setTyped(text);
    told.current = text;
  }, [text]);
  useEffect(() => {
    if (typed === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed;
      onChange(typed);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLElement &&
        event.target.matches("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div className={styles["box"]}>
      <Search aria-hidden="true" />
      <input
        ref={input}
        type="search"
        aria-label="Find in name, project, repository, path, revision, destination and labels"
        placeholder="Find applications   ( / )"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
