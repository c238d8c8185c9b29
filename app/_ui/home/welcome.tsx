import { LinkButton } from "../page/links.tsx";
import classes from "./home.module.css";

const points = [
  {
    title: "Read and submit in one place",
    text: "Each tutorial says what it is worth and when it is due, in every zone that matters.",
  },
  {
    title: "A machine of your own",
    text: "Every submission is graded in a fresh machine with a real Docker engine, which is gone afterwards.",
  },
  {
    title: "Nothing is lost",
    text: "What you hand in counts from its first byte. A signed receipt proves it, without Drydock.",
  },
];

/** For nobody in particular: what this is, and the way in. */
export function Welcome() {
  return (
    <div className={classes.welcome}>
      <h1>Submit cloud-computing work. Watch it being graded.</h1>
      <p>Drydock grades each submission in a machine of its own and shows every step while it happens.</p>
      <LinkButton href="/sign-in" size="md">
        Sign in
      </LinkButton>
      <ul>
        {points.map((point) => (
          <li key={point.title}>
            <b>{point.title}</b>
            {point.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
