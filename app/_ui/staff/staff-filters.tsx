import type { StaffFilter, StaffList } from "#app/_server/queries/submission/staff-submissions.ts";
import { saidStates, statesLike } from "#grading/runs/run-state.ts";
import { LinkButton } from "../page/links.tsx";
import { Button } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import { NativeSelect } from "../plain/native-select.tsx";
import { stateWord } from "../state/state-tag.tsx";
import classes from "./staff.module.css";

interface StaffFiltersProps {
  filter: StaffFilter;
  list: Pick<StaffList, "sections" | "exercises">;
  base: string;
}

/** A plain GET form: a filtered list has an address that can be kept and sent. */
export function StaffFilters({ filter, list, base }: StaffFiltersProps) {
  const every = { value: "", label: "All" };
  return (
    <search>
      <form className={classes.filters} method="get" action={base}>
        <TextInput
          data-grow
          name="q"
          label="Name, e-mail or file"
          type="search"
          defaultValue={filter.q}
          data-shortcut="/"
          data-shortcut-label="Search the submissions"
        />
        <NativeSelect
          name="section"
          label="Section"
          defaultValue={filter.section}
          data={[every, ...list.sections]}
        />
        <NativeSelect
          name="exercise"
          label="Exercise"
          defaultValue={filter.exercise}
          data={[every, ...list.exercises.map(({ slug, title }) => ({ value: slug, label: title }))]}
        />
        <NativeSelect
          name="state"
          label="State"
          defaultValue={
            filter.state && filter.state !== "refused" ? statesLike(filter.state)[0] : filter.state
          }
          data={[
            every,
            ...saidStates.map((state) => ({ value: state as string, label: stateWord(state) })),
            { value: "refused", label: stateWord("refused") },
          ]}
        />
        <Button data-fixed type="submit">
          Filter
        </Button>
        {Object.keys(filter).length > 1 ? (
          <div data-fixed>
            <LinkButton href={base} variant="default">
              Clear
            </LinkButton>
          </div>
        ) : null}
      </form>
    </search>
  );
}
