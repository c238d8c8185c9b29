import type { Dockerfile, Instruction, JSONInstruction } from "dockerfile-ast";
import { RE2JS, re } from "re2js";
import { isStage, lineOf } from "../kit/dockerfile-stages.ts";
import type { LintRuleName } from "./settings.ts";

interface LintRule {
  /** A sentence without its full stop. */
  expected: string;
  fix: string;
  /** What is wrong, with its line, without a full stop; null when nothing is. */
  find(dockerfile: Dockerfile, ports: number[]): string | null;
}

const namedSecret = re(
  RE2JS.CASE_INSENSITIVE,
)`\b(\w*(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY)\w*)[ =]+["']?[^\s"'$]`;
const aptInstall = re`\bapt(-get)?\s+(-\S+\s+)*install\b`;
const packageInstall = re`\b(pip3?|npm|yarn|pnpm)\s+(-\S+\s+)*(install|ci|add)\b`;

/** The rules of docker/lint, each with its own sentences. */
export const lintRules: Record<LintRuleName, LintRule> = {
  "from-pinned": {
    expected: "Every FROM names a tag or digest other than latest",
    fix: "Write the version into FROM, such as python:3.13-slim, so that tomorrow's build is today's.",
    find: (file) =>
      first(file.getFROMs(), (from) => {
        const image = from.getImage() ?? "";
        if (image === "scratch" || image.includes("$") || isStage(file, from)) return null;
        if (from.getImageDigest()) return null;
        const tag = from.getImageTag();
        return tag && tag !== "latest" ? null : `FROM ${image} ${tag ? "has the tag latest" : "has no tag"}`;
      }),
  },
  "user-set": {
    expected: "The last stage sets USER to one that is not root",
    fix: "Make a user with RUN and end the Dockerfile with USER and its name or number before CMD.",
    find(file) {
      const user = lastStage(file).findLast((instruction) => instruction.getKeyword() === "USER");
      if (!user) return "the last stage has no USER instruction, so the container runs as root";
      const name = user.getArgumentsContent()?.split(":")[0]?.trim() ?? "";
      return name === "root" || /^0+$/.test(name) ? at(user, `USER ${name} is root`) : null;
    },
  },
  "no-add-url": {
    expected: "No ADD downloads from a URL",
    fix: "Hand the file in and COPY it, or install it from the base image's packages.",
    find: (file) =>
      first(all(file, "ADD"), (add) => {
        const url = words(add).find((word) => /^(https?|ftp|git):\/\/|^git@/i.test(word));
        return url ? `ADD downloads ${url}` : null;
      }),
  },
  "copy-not-add": {
    expected: "ADD is used only to unpack archives",
    fix: "Write COPY instead of ADD for ordinary files.",
    find: (file) =>
      first(all(file, "ADD"), (add) =>
        words(add)
          .slice(0, -1)
          .some((word) => /\.(tar|tgz|tbz2?|txz|tar\.\w+)$/i.test(word))
          ? null
          : `ADD ${words(add).join(" ")} copies ordinary files`,
      ),
  },
  expose: {
    expected: "The last stage states its ports with EXPOSE",
    fix: "Add EXPOSE with the port that the server listens on.",
    find(file, ports) {
      const exposed = lastStage(file)
        .filter((instruction) => instruction.getKeyword() === "EXPOSE")
        .flatMap(words)
        .map((word) => Number.parseInt(word, 10));
      if (exposed.length === 0) return "the last stage has no EXPOSE instruction";
      const missing = ports.filter((port) => !exposed.includes(port));
      return missing.length > 0 ? `EXPOSE names ${exposed.join(", ")} but not ${missing.join(", ")}` : null;
    },
  },
  "cmd-set": {
    expected: "The last stage says what to run with CMD or ENTRYPOINT",
    fix: 'End the Dockerfile with CMD and the program to run, such as CMD ["python3", "server.py"].',
    find: (file) =>
      lastStage(file).some((instruction) => isStart(instruction))
        ? null
        : "the last stage has neither CMD nor ENTRYPOINT",
  },
  "exec-form": {
    expected: "CMD and ENTRYPOINT are written as JSON arrays (exec form)",
    fix: 'Write CMD ["program", "argument"], so that the program gets the stop signal and not a shell.',
    find: (file) =>
      first(lastStage(file).filter(isStart), (start) =>
        (start as JSONInstruction).getOpeningBracket() ? null : `${start.getKeyword()} is in shell form`,
      ),
  },
  "one-cmd": {
    expected: "The last stage has one CMD and one ENTRYPOINT at most",
    fix: "Keep the last CMD and remove the others: only the last counts.",
    find: (file) =>
      first(lastStage(file).filter(isStart), (start) => {
        const same = lastStage(file).filter((other) => other.getKeyword() === start.getKeyword());
        return same.length > 1 ? `${start.getKeyword()} is there ${same.length} times` : null;
      }),
  },
  healthcheck: {
    expected: "There is a HEALTHCHECK",
    fix: "Add HEALTHCHECK CMD with a command that asks the server whether it is well.",
    find: (file) =>
      lastStage(file).some((instruction) => instruction.getKeyword() === "HEALTHCHECK")
        ? null
        : "the last stage has no HEALTHCHECK instruction",
  },
  "workdir-absolute": {
    expected: "Every WORKDIR is an absolute path",
    fix: "Begin the path of WORKDIR with /, such as WORKDIR /app.",
    find: (file) =>
      first(all(file, "WORKDIR"), (workdir) => {
        const path = words(workdir)[0] ?? "";
        return /^["']?(\/|\$)/.test(path) ? null : `WORKDIR ${path} is relative`;
      }),
  },
  "workdir-set": {
    expected: "The last stage sets WORKDIR",
    fix: "Add WORKDIR /app before the first COPY.",
    find: (file) =>
      lastStage(file).some((instruction) => instruction.getKeyword() === "WORKDIR")
        ? null
        : "the last stage has no WORKDIR instruction",
  },
  "no-sudo": {
    expected: "No RUN uses sudo",
    fix: "Leave sudo out: RUN is root until USER says otherwise.",
    find: (file) =>
      first(all(file, "RUN"), (run) => (/(^|[\s;&|("[])sudo\s/.test(content(run)) ? "RUN uses sudo" : null)),
  },
  "no-secret-env": {
    expected: "No ENV or ARG gives a value to a secret",
    fix: "Take the value out of the Dockerfile and pass it with docker run --env: everyone with the image can read it.",
    find: (file) =>
      first([...all(file, "ENV"), ...all(file, "ARG")], (line) => {
        const secret = namedSecret.exec(content(line));
        return secret ? `${line.getKeyword()} gives ${secret[1]} a value` : null;
      }),
  },
  "no-maintainer": {
    expected: "MAINTAINER is not used",
    fix: "Write LABEL org.opencontainers.image.authors instead: MAINTAINER is out of date.",
    find: (file) => first(all(file, "MAINTAINER"), () => "MAINTAINER is used"),
  },
  "apt-clean": {
    expected: "apt-get install runs with -y and its lists are removed in the same RUN",
    fix: "Write RUN apt-get update && apt-get install -y --no-install-recommends … && rm -rf /var/lib/apt/lists/*.",
    find: (file) =>
      first(all(file, "RUN"), (run) => {
        const text = content(run);
        if (!aptInstall.test(text)) return null;
        if (!/\s(-y|--yes|--assume-yes|-\w*y\w*)\b/.test(text))
          return "apt-get install would wait for an answer";
        return /\/var\/lib\/apt\/lists/.test(text) ? null : "apt's lists stay in the image";
      }),
  },
  "no-copy-all-first": {
    expected: "Dependencies are installed before the whole folder is copied",
    fix: "COPY the list of dependencies alone, RUN their installation, and COPY . after it: builds then reuse the layer.",
    find(file) {
      const stage = lastStage(file);
      const copyAll = stage.findIndex(
        (line) =>
          line.getKeyword() === "COPY" &&
          !content(line).includes("--from") &&
          [".", "./"].includes(words(line)[0] ?? ""),
      );
      const install = stage.findIndex(
        (line) => line.getKeyword() === "RUN" && packageInstall.test(content(line)),
      );
      const line = stage[copyAll];
      return line && install > copyAll ? at(line, "COPY of everything comes before the installation") : null;
    },
  },
};

const content = (instruction: Instruction) => instruction.getArgumentsContent() ?? "";
const all = (file: Dockerfile, keyword: string) =>
  file.getInstructions().filter((instruction) => instruction.getKeyword() === keyword);
const isStart = (instruction: Instruction) => ["CMD", "ENTRYPOINT"].includes(instruction.getKeyword());

/** Arguments without flags such as --chown=…. */
const words = (instruction: Instruction) =>
  instruction
    .getArguments()
    .map((argument) => argument.getValue().replace(/^\[?"|",?$|"\]$/g, ""))
    .filter((word) => !word.startsWith("--") && word !== "[" && word !== "]");

const at = (instruction: Instruction, text: string) => `line ${lineOf(instruction)}: ${text}`;

function first<Each extends Instruction>(
  instructions: Each[],
  problem: (each: Each) => string | null,
): string | null {
  for (const instruction of instructions) {
    const text = problem(instruction);
    if (text) return at(instruction, text);
  }
  return null;
}

function lastStage(file: Dockerfile): Instruction[] {
  const instructions = file.getInstructions();
  const from = instructions.findLastIndex((instruction) => instruction.getKeyword() === "FROM");
  return instructions.slice(from);
}
