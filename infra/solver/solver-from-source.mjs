// The solver's thread without a build, for the development server and tests.
import { register } from "tsx/esm/api";

register();
await import("./solver-thread.ts");
