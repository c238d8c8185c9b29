"use client";

import { useEffect, useState } from "react";
import { keptSigned } from "./kept-answers.ts";
import { sendAnswers, waitAtRandom } from "./send-answers.ts";

/** Sends what this browser kept because it could not be sent, some while after the page was opened. */
export function KeptSender() {
  const [said, say] = useState("");
  useEffect(() => {
    let gone = false;
    const kept = keptSigned();
    const sendAll = async () => {
      for (const signed of kept) {
        await waitAtRandom(2_000, 15_000);
        if (gone) return;
        const arrival = await sendAnswers(signed).catch((error: Error) => error.message);
        if (gone) return;
        if (arrival === "arrived") say("Answers that waited in this browser have arrived.");
        else if (arrival !== "later") say(arrival);
      }
    };
    void sendAll();
    return () => {
      gone = true;
    };
  }, []);
  return <p role="status">{said}</p>;
}
