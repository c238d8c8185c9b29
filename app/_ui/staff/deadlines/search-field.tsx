"use client";

import { Autocomplete, type ComboboxItem, type OptionsFilter } from "@mantine/core";
import { useId } from "react";

interface SearchFieldProps {
  name: string;
  label: string;
  description: string;
  options: string[];
  /** How many are offered at once. */
  offered: number;
  typed: string;
  error?: string;
  onChange?: (value: string) => void;
}

/** A text field that offers what fits; before JavaScript has loaded the browser's own list does the same. */
export function SearchField(props: SearchFieldProps) {
  const { name, label, description, options, offered, typed, error, onChange } = props;
  const list = useId();
  return (
    <div>
      <Autocomplete
        name={name}
        label={label}
        description={description}
        data={options}
        limit={offered}
        filter={showAllOnceChosen}
        maxDropdownHeight={240}
        // The focus comes here by itself after a refusal: an open list would cover what is wrong.
        openOnFocus={false}
        required
        autoComplete="off"
        list={list}
        defaultValue={typed}
        key={typed}
        error={error}
        onChange={onChange}
      />
      <noscript>
        <datalist id={list}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      </noscript>
    </div>
  );
}

/** Whoever opens the list of a field that is filled in wants to see the others, not the one that is there. */
const showAllOnceChosen: OptionsFilter<string> = ({ options, search, limit }) => {
  // The field offers no groups, so that every entry is an option.
  const items = options as ComboboxItem<string>[];
  const wanted = search.trim().toLowerCase();
  if (items.some((item) => item.label.toLowerCase() === wanted)) return items.slice(0, limit);
  return items.filter((item) => item.label.toLowerCase().includes(wanted)).slice(0, limit);
};
