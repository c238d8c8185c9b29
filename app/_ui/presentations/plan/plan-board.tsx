import {
  DragDropContext,
  Draggable,
  type DraggableProvided,
  Droppable,
  type DropResult,
  type ResponderProvided,
} from "@hello-pangea/dnd";
import { IconGripVertical } from "@tabler/icons-react";
import type { TalkDayView, TalkLine } from "#app/_server/queries/course/presentations.ts";
import { sayClock } from "#course/deadlines/say-instant.ts";
import { readPlace, writePlace } from "#course/presentations/plan.ts";
import { plural } from "../../format.ts";
import classes from "../presentations.module.css";
import { kindWords, namesOf } from "../talk-words.ts";

interface Props {
  days: (TalkDayView & { label: string })[];
  talks: TalkLine[];
  zone: string;
  /** "<class> <position>" by team. */
  places: Record<string, string>;
  onMove(places: Record<string, string>): void;
}

/** Talks without a place lie here. */
const nowhere = "none";

/** A list for each day; a talk is dragged by its handle, or lifted with space and moved with the arrow keys. */
export function PlanBoard({ days, talks, zone, places, onMove }: Props) {
  const lists = listsOf(days, talks, places);
  const all = [...days.map(({ day, label }) => ({ day, label })), { day: nowhere, label: "Without a place" }];
  const onDragEnd = ({ source, destination }: DropResult, { announce }: ResponderProvided) => {
    if (destination === null) return announce("The talk is back where it was.");
    const moved = new Map([...lists].map(([day, ids]) => [day, [...ids]]));
    const [teamId] = moved.get(source.droppableId)?.splice(source.index, 1) ?? [];
    if (teamId === undefined) return;
    moved.get(destination.droppableId)?.splice(destination.index, 0, teamId);
    const label = all.find(({ day }) => day === destination.droppableId)?.label;
    announce(`The talk is now number ${destination.index + 1} of ${label}.`);
    onMove(placesOf(moved));
  };
  return (
    <DragDropContext
      onDragEnd={onDragEnd}
      dragHandleUsageInstructions="Press space to lift the talk, arrow keys to move it, space to put it down, escape to leave it where it was."
    >
      <div className={classes.board}>
        {all.map(({ day, label }) => {
          const view = days.find((one) => one.day === day);
          return (
            <Droppable key={day} droppableId={day}>
              {(drop) => (
                <section className={classes.list} aria-label={label}>
                  <h3 className={classes.day}>
                    {label} <small>{view ? plural(view.places, "place") : ""}</small>
                  </h3>
                  <div ref={drop.innerRef} {...drop.droppableProps} className={classes.drop}>
                    {(lists.get(day) ?? []).map((teamId, index) => {
                      const start = view?.starts[index];
                      return (
                        <Draggable
                          key={teamId}
                          draggableId={teamId}
                          index={index}
                          disableInteractiveElementBlocking
                        >
                          {(drag) => (
                            <Card
                              drag={drag}
                              talk={talks.find((one) => one.teamId === teamId)}
                              time={view ? (start ? sayClock(new Date(start), zone) : "no place left") : null}
                            />
                          )}
                        </Draggable>
                      );
                    })}
                    {drop.placeholder}
                  </div>
                </section>
              )}
            </Droppable>
          );
        })}
      </div>
    </DragDropContext>
  );
}

function Card({
  drag,
  talk,
  time,
}: {
  drag: DraggableProvided;
  talk: TalkLine | undefined;
  time: string | null;
}) {
  return (
    <div ref={drag.innerRef} {...drag.draggableProps} className={classes.talk}>
      <button
        type="button"
        {...drag.dragHandleProps}
        className={classes.handle}
        aria-label={`Move ${talk?.title ?? "this talk"}`}
      >
        <IconGripVertical size={18} aria-hidden />
      </button>
      <div>
        {time ? <small>{time}</small> : null} <b>{talk?.title}</b>
        <div className={classes.who}>{talk ? `${kindWords[talk.kind]} · ${namesOf(talk.members)}` : ""}</div>
      </div>
    </div>
  );
}

/** Teams of each day in the order of their positions. */
function listsOf(
  days: readonly { day: string }[],
  talks: readonly TalkLine[],
  places: Record<string, string>,
): Map<string, string[]> {
  const lists = new Map<string, string[]>([
    ...days.map(({ day }) => [day, []] as [string, string[]]),
    [nowhere, []],
  ]);
  const at = (teamId: string) => readPlace(places[teamId] ?? "")?.position ?? 0;
  for (const { teamId } of [...talks].sort((a, b) => at(a.teamId) - at(b.teamId))) {
    const day = readPlace(places[teamId] ?? "")?.day ?? nowhere;
    (lists.get(day) ?? lists.get(nowhere))?.push(teamId);
  }
  return lists;
}

/** A list's order is its places: what is lifted out closes the gap. */
const placesOf = (lists: ReadonlyMap<string, readonly string[]>): Record<string, string> =>
  Object.fromEntries(
    [...lists].flatMap(([day, ids]) =>
      ids.map((teamId, index) => [teamId, writePlace(day === nowhere ? null : { day, position: index + 1 })]),
    ),
  );
