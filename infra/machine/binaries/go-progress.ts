/** Lines that Go and build.sh write, as progress of one module's build. */
export interface GoProgress {
  step: "downloading" | "compiling" | "linking";
  /** Of the module, 0 to 1. */
  fraction: number;
}

/** Measured on two cores: what fetching sources and linking take of a build. */
const shares = { downloading: 0.12, linking: 0.1 };
/** About as many modules are fetched for a program of Kubernetes' size; only their share of the progress needs it. */
const usualDownloads = 150;

/** Reads the lines one after the other; null for a line that says nothing about progress. */
export function readGoProgress(): (line: string) => GoProgress | null {
  let downloads = 0;
  let packages = 0;
  let compiled = 0;
  return (line) => {
    const total = /^##drydock packages (\d+)$/.exec(line)?.[1];
    if (total !== undefined) {
      packages = Number(total);
      return { step: "compiling", fraction: shares.downloading };
    }
    if (line.startsWith("go: downloading ")) {
      downloads += 1;
      return {
        step: "downloading",
        fraction: shares.downloading * Math.min(1, downloads / usualDownloads),
      };
    }
    // Package paths have no spaces; whatever else Go says has.
    if (packages === 0 || line.includes(" ")) return null;
    compiled = Math.min(packages, compiled + 1);
    const fraction = shares.downloading + (1 - shares.downloading - shares.linking) * (compiled / packages);
    // The programs themselves are the last packages, and are linked as soon as they are compiled.
    return { step: compiled < packages ? "compiling" : "linking", fraction };
  };
}
