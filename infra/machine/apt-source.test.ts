import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readHostApt } from "./apt-source.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drydock-apt-"));
  await mkdir(path.join(root, "etc/apt/sources.list.d"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));
const write = (file: string, text: string) => writeFile(path.join(root, "etc", file), text);
const debian = (codename: string) =>
  write("os-release", `NAME="Debian"\nID=debian\nVERSION_CODENAME=${codename}\n`);

const toolsOwn = { mirror: null, securityMirror: null };

describe("the packages come from", () => {
  it("the mirrors of a Debian's deb822 sources", async () => {
    await debian("bookworm");
    await write(
      "apt/sources.list.d/debian.sources",
      `Types: deb
# URIs: http://commented.example/debian
URIs: https://mirror.example.edu/debian
Suites: bookworm bookworm-updates
Components: main contrib

Types: deb deb-src
URIs: https://mirror.example.edu/security
Suites: bookworm-security
Components: main
`,
    );
    expect(await readHostApt(root)).toMatchObject({
      mirror: "https://mirror.example.edu/debian",
      securityMirror: "https://mirror.example.edu/security",
    });
  });

  it("the mirrors of a Debian's one-line sources", async () => {
    await debian("trixie");
    await write(
      "apt/sources.list",
      `# deb http://off.example/debian trixie main
deb-src http://src.example/debian trixie main
deb [arch=amd64 signed-by=/k.gpg] http://near.example/debian trixie main non-free # near
deb http://near.example/debian-security trixie-security main
`,
    );
    expect(await readHostApt(root)).toMatchObject({
      mirror: "http://near.example/debian",
      securityMirror: "http://near.example/debian-security",
    });
  });

  it("the mirror alone where the computer has no security updates", async () => {
    await debian("trixie");
    await write("apt/sources.list", "deb http://near.example/debian trixie main\n");
    expect(await readHostApt(root)).toMatchObject({
      mirror: "http://near.example/debian",
      securityMirror: null,
    });
  });

  it("the tools' own place where sources are disabled, on a disc or of a vendor", async () => {
    await debian("bookworm");
    await write("apt/sources.list", "deb cdrom:[Debian]/ bookworm main\n");
    await write(
      "apt/sources.list.d/off.sources",
      "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\n",
    );
    await write("apt/sources.list.d/vendor.list", "deb http://vendor.example/apt stable main\n");
    expect(await readHostApt(root)).toMatchObject(toolsOwn);
  });

  it("the tools' own place on Ubuntu, whose mirrors have other packages", async () => {
    await write("os-release", "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n");
    await write("apt/sources.list", "deb http://archive.example/ubuntu noble main\n");
    expect(await readHostApt(root)).toMatchObject(toolsOwn);
  });

  it("the tools' own place on a computer without apt", async () => {
    await rm(path.join(root, "etc"), { recursive: true });
    expect(await readHostApt(root)).toMatchObject(toolsOwn);
  });
});
