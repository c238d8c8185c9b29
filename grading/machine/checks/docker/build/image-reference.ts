/**
 * Names of images, read as the engine reads them: the grammar of github.com/distribution/reference, version 0.6
 * (reference.go and normalize.go). What does not follow it the engine answers with an error of its own, so no such
 * name may ever reach it.
 */
export interface ImageReference {
  /** With its registry, such as docker.io/library/python. */
  name: string;
  tag: string | null;
  digest: string | null;
}

export type ReadReference =
  | { outcome: "ok"; reference: ImageReference }
  /** rule and fix: sentences about the name. */
  | { outcome: "wrong"; rule: string; fix: string };

const defaultRegistry = "docker.io";
const maxNameChars = 255;
const pathComponent = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const domain =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const tagRule = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestRule = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Reads a name such as python:3.13-slim or ghcr.io/acme/shop@sha256:…. */
export function readReference(text: string): ReadReference {
  // Nothing longer can be a name, and the patterns below see short words only.
  if (text.length > 2 * maxNameChars + 128)
    return wrong(`A name has at most ${maxNameChars} characters.`, shorter);
  const at = text.indexOf("@");
  const digest = at < 0 ? null : text.slice(at + 1);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(":");
  const tagged = colon > rest.lastIndexOf("/");
  const tag = tagged ? rest.slice(colon + 1) : null;
  const name = tagged ? rest.slice(0, colon) : rest;
  if (name === "")
    return wrong("A name is missing.", "Write the name of a base image, such as python:3.13-slim.");
  if (tag !== null && !tagRule.test(tag))
    return wrong(
      tag === ""
        ? "After the colon stands a tag, and there is none."
        : "A tag has letters, digits, underscores, dots and dashes, at most 128, and begins with none of the last two.",
      "Write a tag after the colon, such as python:3.13-slim.",
    );
  if (digest !== null && !digestRule.test(digest))
    return wrong(
      "After @ stands a whole digest: sha256: and 64 hexadecimal digits.",
      "Write a tag instead, such as python:3.13-slim.",
    );
  return readName(name, tag, digest);
}

const wrong = (rule: string, fix: string): ReadReference => ({ outcome: "wrong", rule, fix });
const shorter = "Write the name of a base image, such as python:3.13-slim.";

function readName(name: string, tag: string | null, digest: string | null): ReadReference {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isRegistry = /[.:[]|^localhost$/.test(first) || first !== first.toLowerCase();
  const registry = isRegistry ? first : defaultRegistry;
  const path = isRegistry ? name.slice(slash + 1) : name;
  if (isRegistry && !domain.test(first))
    return wrong("What stands before the first slash is no registry.", shorter);
  if (path !== path.toLowerCase())
    return wrong(
      "The name of an image is written in lower case.",
      `Write ${name.toLowerCase()}${tag === null ? "" : `:${tag}`}.`,
    );
  const broken = path.split("/").find((component) => !pathComponent.test(component));
  if (broken !== undefined)
    return wrong(
      "A name has lower-case letters and digits, with single dots, underscores or dashes between them.",
      shorter,
    );
  // The engine takes 64 hexadecimal digits for the number of an image.
  if (!isRegistry && /^[a-f0-9]{64}$/.test(path))
    return wrong("A name is not 64 hexadecimal digits.", shorter);
  const short = registry === "index.docker.io" ? defaultRegistry : registry;
  const full = `${short}/${short === defaultRegistry && !path.includes("/") ? "library/" : ""}${path}`;
  if (full.length > maxNameChars) return wrong(`A name has at most ${maxNameChars} characters.`, shorter);
  return { outcome: "ok", reference: { name: full, tag, digest } };
}

/** One spelling for all names of one image: registry and tag are always there. */
export const wholeName = ({ name, tag, digest }: ImageReference): string =>
  `${name}${tag === null && digest === null ? ":latest" : tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest}`}`;
