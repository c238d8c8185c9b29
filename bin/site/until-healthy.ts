import { AppError } from "#course/errors.ts";
import type { Child } from "./child.ts";
import { lastWords } from "./last-words.ts";

/** Waits until the web server answers, or says which part ended and what it wrote last. */
export async function untilHealthy(baseUrl: string, children: Child[]): Promise<void> {
  const dead = Promise.race(children.map(async (child) => ({ child, how: await child.ended })));
  for (let tries = 0; tries < 600; tries += 1) {
    const result = await Promise.race([answers(`${baseUrl}/api/health`), dead]);
    if (result === true) return;
    if (result !== false) {
      throw new AppError({
        code: "site-part-ended",
        userMessage: `${result.how} while starting. Its last words:\n${lastWords(await result.child.tail())}`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [web] = children;
  throw new AppError({
    code: "site-not-healthy",
    userMessage: `The web server did not answer at ${baseUrl}/api/health within a minute. Its last words:\n${lastWords((await web?.tail()) ?? "")}`,
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    // Not listening yet: asked again until the deadline of untilHealthy.
    return false;
  }
}
