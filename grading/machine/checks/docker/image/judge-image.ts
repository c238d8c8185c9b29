import type { ImageInspectInfo } from "dockerode";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { TextMatch } from "../../kit/settings/settings.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import type { OwnLayers } from "./own-layers.ts";

const mebibyte = 1024 ** 2;

interface Wanted {
  maxSizeMiB?: number | undefined;
  maxOwnMiB?: number | undefined;
  maxLayers?: number | undefined;
  notRoot: boolean;
  labels: Record<string, TextMatch | null>;
  exposes: number[];
}

/** What the image's own description must be, part by part. */
export function judgeImage(image: ImageInspectInfo, own: OwnLayers, wanted: Wanted): Part[] {
  const parts: Part[] = [];
  const megabytes = (bytes: number) => `${(bytes / mebibyte).toFixed(1)} MB`;
  const size = (name: string, bytes: number, max: number, fix: string) =>
    parts.push({
      expected: `${name} is at most ${max} MB`,
      problem: bytes <= max * mebibyte ? null : { happened: `${name} is ${megabytes(bytes)}.`, fix },
    });
  if (wanted.maxSizeMiB !== undefined)
    size(
      "The image",
      image.Size,
      wanted.maxSizeMiB,
      "Build FROM a smaller base image and leave build tools out of the last stage.",
    );
  if (wanted.maxOwnMiB !== undefined)
    size(
      "What the Dockerfile adds",
      own.bytes,
      wanted.maxOwnMiB,
      "COPY only what the program needs, and list the rest in .dockerignore.",
    );
  if (wanted.maxLayers !== undefined) {
    const layers = image.RootFS.Layers?.length ?? 0;
    parts.push({
      expected: `The image has at most ${wanted.maxLayers} layers`,
      problem:
        layers <= wanted.maxLayers
          ? null
          : {
              happened: `It has ${layers} layers.`,
              fix: "Join RUN steps with && and COPY folders instead of single files.",
            },
    });
  }
  if (wanted.notRoot) parts.push(judgeUser(image.Config.User));
  for (const [name, match] of Object.entries(wanted.labels))
    parts.push(judgeLabel(name, match, image.Config.Labels ?? {}));
  for (const port of wanted.exposes)
    parts.push({
      expected: `The image exposes port ${port}`,
      problem: Object.hasOwn(image.Config.ExposedPorts ?? {}, `${port}/tcp`)
        ? null
        : {
            happened: `It exposes ${Object.keys(image.Config.ExposedPorts ?? {}).join(", ") || "no port"}.`,
            fix: `Add EXPOSE ${port} to the last stage of the Dockerfile.`,
          },
    });
  return parts;
}

function judgeUser(user: string): Part {
  const name = user.split(":")[0] ?? "";
  const root = name === "" || name === "root" || /^0+$/.test(name);
  return {
    expected: "The image runs as a user that is not root",
    problem: root
      ? {
          happened:
            name === "" ? "The image sets no user, so it runs as root." : `The image's user is ${name}.`,
          fix: "Make a user with RUN and set it with USER before CMD.",
        }
      : null,
  };
}

function judgeLabel(name: string, match: TextMatch | null, labels: Record<string, string>): Part {
  const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
  const wanted = match ? ` as ${matchInWords(match)}` : "";
  const fix = `Add LABEL ${name}="…" to the last stage of the Dockerfile.`;
  const expected = `The image has the label ${name}${wanted}`;
  if (value === undefined) return { expected, problem: { happened: `There is no label ${name}.`, fix } };
  const right = !match || textMatches(match, value);
  return {
    expected,
    problem: right ? null : { happened: `The label ${name} is ${quoteOutput(value)}.`, fix },
  };
}
