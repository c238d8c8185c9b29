"use client";

import { useActionState, useEffect, useState } from "react";
import { type PlanState, planTalks } from "#app/_server/actions/talk-plan-action.ts";
import type { TalkDayView, TalkLine } from "#app/_server/queries/course/presentations.ts";
import { clashesOf, type Plan, readPlace, writePlace } from "#course/presentations/plan.ts";
import { plannedTalks } from "#course/presentations/planned-talks.ts";
import { Notice } from "../../page/notice.tsx";
import { Button } from "../../plain/button.tsx";
import { NativeSelect } from "../../plain/native-select.tsx";
import classes from "../presentations.module.css";
import { kindWords, namesOf, sayClash, sayPlace } from "../talk-words.ts";
import { PlanBoard } from "./plan-board.tsx";

export interface PlanFormProps {
  course: string;
  zone: string;
  days: (TalkDayView & { label: string })[];
  /** Those that are planned. */
  talks: TalkLine[];
}

const untouched: PlanState = { error: null, places: null, clashes: [], proposed: false };

/** "<class> <position>" by team; empty: it has none. */
type Places = Record<string, string>;

const savedPlaces = (talks: TalkLine[]): Places =>
  Object.fromEntries(talks.map(({ teamId, place }) => [teamId, writePlace(place)]));

const planFrom = (places: Places): Plan =>
  new Map(
    Object.entries(places).flatMap(([teamId, text]) => {
      const place = readPlace(text);
      return place === null ? [] : [[teamId, place] as const];
    }),
  );

/**
 * Who presents when: dragged, moved by keys, or chosen from a list for each talk, which works without JavaScript too.
 * What clashes is said as it is made, and nothing is saved before it is pressed.
 */
export function PlanForm({ course, zone, days, talks }: PlanFormProps) {
  const [state, send, pending] = useActionState(planTalks, untouched);
  const saved = savedPlaces(talks);
  const [places, setPlaces] = useState<Places>(state.places ?? saved);
  useEffect(() => {
    if (state.places !== null) setPlaces(state.places);
  }, [state]);
  const placeOf = (teamId: string) => places[teamId] ?? "";
  const clashes = clashesOf(planFrom(places), plannedTalks(talks), days);
  const isChanged = talks.some(({ teamId }) => placeOf(teamId) !== saved[teamId]);
  const seats = days.flatMap((day) =>
    day.starts.map((_, index) => ({
      value: writePlace({ day: day.day, position: index + 1 }),
      label: sayPlace({ day: day.day, position: index + 1 }, days, zone) ?? "",
    })),
  );
  return (
    <form action={send} className={classes.plan}>
      <input type="hidden" name="course" value={course} />
      {state.error ? (
        <Notice tone="bad" announce>
          {state.error}
        </Notice>
      ) : null}
      {state.proposed ? (
        <Notice tone="info" announce>
          This is a proposal: it is saved once you press Save.
        </Notice>
      ) : null}
      <div className="needs-script">
        <PlanBoard {...{ days, talks, zone, places, onMove: setPlaces }} />
      </div>
      <details className={classes.fold}>
        <summary>Choose places from lists</summary>
        <div className={classes.seats}>
          {talks.map(({ teamId, title, kind, members }) => (
            <NativeSelect
              key={teamId}
              name={`place.${teamId}`}
              label={`${title} (${kindWords[kind]}; ${namesOf(members)})`}
              data={[{ value: "", label: "No place" }, ...seats]}
              value={placeOf(teamId)}
              onChange={(event) => setPlaces({ ...places, [teamId]: event.currentTarget.value })}
            />
          ))}
        </div>
      </details>
      <ul className={classes.clashes} aria-live="polite" aria-label="Clashes">
        {clashes.map((clash) => (
          <li key={JSON.stringify(clash)}>{sayClash(clash, { talks, days, zone })}</li>
        ))}
      </ul>
      <div className={classes.row}>
        <Button type="submit" name="plan" value="save" loading={pending}>
          Save
        </Button>
        <Button type="submit" name="plan" value="propose" variant="default" disabled={pending}>
          Propose a plan
        </Button>
        {isChanged ? (
          <Button className="needs-script" variant="default" onClick={() => setPlaces(saved)}>
            Undo what is not saved
          </Button>
        ) : null}
      </div>
    </form>
  );
}
