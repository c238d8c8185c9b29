import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const account = z.object({
  email: z.string(),
  name: z.string(),
  password: z.string(),
  role: z.enum(["student", "ta", "instructor"]),
  section: z.string().nullable(),
});
export type DemoAccount = z.infer<typeof account>;

const people: Omit<DemoAccount, "password">[] = [
  { email: "student@example.edu", name: "Sam Okafor", role: "student", section: "462" },
  { email: "graduate@example.edu", name: "Maribel Castellanos-Wright", role: "student", section: "562" },
  { email: "ta@example.edu", name: "Tarik Aydin", role: "ta", section: null },
  { email: "instructor@example.edu", name: "Ines Lindqvist", role: "instructor", section: null },
];

/** The demo's people with passwords made for this data folder: printed, kept there, the same at every start. */
export async function demoAccounts(dataDir: string): Promise<DemoAccount[]> {
  const file = path.join(dataDir, "demo-accounts.json");
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (kept !== null) return z.array(account).parse(JSON.parse(kept));
  const made = people.map((person) => ({ ...person, password: randomBytes(9).toString("base64url") }));
  const fresh = `${file}.new`;
  await writeFile(fresh, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
  return made;
}
