import type { DemoAccount } from "../../bin/demo/accounts.ts";

export const benchStudent: DemoAccount = {
  email: "student@bench.example",
  name: "Bench Student",
  password: "a password of the benchmark",
  role: "student",
  section: "1",
};
