import { describe, expect, it } from "vitest";
import { fullImageName } from "./image-name.ts";

describe("an image's name as nodes know it", () => {
  it.each([
    ["shop-web:1.0", "docker.io/library/shop-web:1.0"],
    ["shop-web", "docker.io/library/shop-web:latest"],
    ["team/shop-web:1.0", "docker.io/team/shop-web:1.0"],
    ["registry.example.com/shop:2", "registry.example.com/shop:2"],
    ["localhost/shop:2", "localhost/shop:2"],
    ["registry:5000/shop", "registry:5000/shop:latest"],
  ])("of %s is %s", (name, full) => {
    expect(fullImageName(name)).toBe(full);
  });

  it("stays what it is once it is whole", () => {
    expect(fullImageName(fullImageName("shop-web"))).toBe("docker.io/library/shop-web:latest");
  });
});
