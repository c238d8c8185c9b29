import { answerSwap } from "#app/_server/actions/talk-actions.ts";
import type { PresentationsView, TalkLine } from "#app/_server/queries/course/presentations.ts";
import { ActionButton } from "../page/action-button.tsx";
import { AskSwapForm } from "./ask-swap-form.tsx";
import classes from "./presentations.module.css";
import { namesOf, sayPlace } from "./talk-words.ts";

interface Props {
  course: string;
  view: PresentationsView;
  talk: TalkLine;
  zone: string;
}

/** Two teams change places when both want to. */
export function SwapPanel({ course, view, talk, zone }: Props) {
  const called = (teamId: string) => {
    const other = view.talks.find((one) => one.teamId === teamId);
    return other
      ? `“${other.title}” (${namesOf(other.members)}), ${sayPlace(other.place, view.days, zone)}`
      : "";
  };
  const others = view.talks.filter(({ teamId, place }) => teamId !== talk.teamId && place !== null);
  const swaps = view.swaps.map((swap) => ({ ...swap, mine: swap.fromTeamId === talk.teamId }));
  const button = (swap: { id: string }, how: "accept" | "decline" | "withdraw", word: string) => (
    <ActionButton
      key={how}
      action={answerSwap}
      hidden={{ course, swap: swap.id, how }}
      name={how}
      word={word}
      variant={how === "accept" ? "filled" : "default"}
    />
  );
  return (
    <details className={classes.fold} open={swaps.length > 0}>
      <summary>Change places with another team</summary>
      <ul className={classes.comments}>
        {swaps.map((swap) => (
          <li key={swap.id}>
            <p>
              {swap.mine
                ? `You have asked ${called(swap.toTeamId)}. They have not answered yet.`
                : `${called(swap.fromTeamId)} asks to have your place for theirs.`}
            </p>
            <div className={classes.row}>
              {swap.mine
                ? button(swap, "withdraw", "Withdraw the question")
                : [button(swap, "accept", "Change places"), button(swap, "decline", "Decline")]}
            </div>
          </li>
        ))}
      </ul>
      {talk.place === null || others.length === 0 ? null : (
        <AskSwapForm
          course={course}
          others={others.map(({ teamId }) => ({ value: teamId, label: called(teamId) }))}
        />
      )}
    </details>
  );
}
