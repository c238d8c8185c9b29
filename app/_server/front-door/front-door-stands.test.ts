import { expect, it } from "vitest";
import { requireFrontDoor, standFrontDoor } from "./front-door-stands.ts";

it("the built site answers behind its front door alone; the development server has none", () => {
  expect(() => requireFrontDoor({ built: false })).not.toThrow();
  expect(() => requireFrontDoor({ built: true })).toThrow(
    expect.objectContaining({ code: "front-door-missing" }),
  );
  standFrontDoor();
  expect(() => requireFrontDoor({ built: true })).not.toThrow();
});
