import { type FileToMake, folderWith } from "./folder-with.ts";

const spec = `slug: intro
title: Intro
checks:
  - { id: there, kind: files/required, title: There, points: 10, with: { files: [{ path: a }] } }
`;

/** The folder of a small exercise of 10 points; files are named below solutions/. */
export function exerciseWith(solutions: Record<string, FileToMake>): Promise<string> {
  const named = Object.entries(solutions).map(([name, file]) => [`solutions/${name}`, file]);
  return folderWith({ "exercise.yaml": spec, ...Object.fromEntries(named) });
}
