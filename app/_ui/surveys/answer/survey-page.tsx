import type { FoundSurvey } from "#app/_server/queries/surveys/survey-to-answer.ts";
import { EmptyState, Panel } from "../../page/panel.tsx";
import classes from "../surveys.module.css";
import { Anonymity } from "./anonymity.tsx";
import { AnswerForm } from "./answer-form.tsx";
import { KeptSender } from "./kept-sender.tsx";

interface SurveyPageProps {
  found: FoundSurvey;
  course: string;
  person: string;
  isStaff: boolean;
}

/** The survey after a class, to be answered; before and after that what there is to know. */
export function SurveyPage({ found, course, person, isStaff }: SurveyPageProps) {
  if (found.state === "to-come") {
    return (
      <Panel title="Not open yet" flush>
        <EmptyState title="This survey opens when the class ends.">
          Its questions show up here then.
        </EmptyState>
      </Panel>
    );
  }
  if (found.state === "closed") {
    return (
      <Panel title="Closed" flush>
        <EmptyState title="This survey is closed.">
          {isStaff ? "Its results are one click away." : closedWords(found.completed)}
        </EmptyState>
      </Panel>
    );
  }
  const { key, questions, completed, one } = found;
  return (
    <div className={classes.stack}>
      <Panel title="Questions">
        {key ? (
          <>
            <AnswerForm
              {...{ questions, course, person, number: one.number, completed: completed !== null }}
              key={key.id}
              tokenKey={key}
            />
            <KeptSender />
          </>
        ) : (
          <>
            <p>Students of a section of the course answer this; you see what they are asked.</p>
            <ol>
              {questions.map(({ id, text }) => (
                <li key={id}>{text}</li>
              ))}
            </ol>
          </>
        )}
      </Panel>
      <Anonymity />
    </div>
  );
}

const closedWords = (completed: { late: boolean } | null) =>
  completed ? "You completed it." : "You did not answer it while it was open.";
