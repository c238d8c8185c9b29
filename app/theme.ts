import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent: harbour blue. Shade 8 on white and shade 3 on the dark body both pass WCAG AA for text. */
const harbour: MantineColorsTuple = [
  "#eaf4fc",
  "#d5e6f4",
  "#a8cbe8",
  "#7ab2df",
  "#5398d2",
  "#3786c8",
  "#2a7bc1",
  "#1c68a8",
  "#125b96",
  "#064d83",
];

/**
 * The dark is one ramp of one hue: page 7, panels and header above it (--raised, --surface), log and code one step
 * below (--code-bg). 0 is text, 4 lines, 6 controls. globals.css and no-script.css have the steps that are no shade.
 */
const slate: MantineColorsTuple = [
  "#d3d9df",
  "#b7bfc8",
  "#8b959f",
  "#6d7782",
  "#3e4751",
  "#333b44",
  "#272e36",
  "#14181d",
  "#0f1216",
  "#0a0c0f",
];

export const theme = createTheme({
  primaryColor: "harbour",
  primaryShade: { light: 8, dark: 8 },
  colors: { harbour, dark: slate },
  fontFamily: "var(--font-inter), 'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1.125rem", lineHeight: "1.4" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** Mantine's grey for secondary text is too pale for WCAG AA on tinted surfaces; these pass in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#515962",
    "--mantine-color-placeholder": "#697078",
    "--mantine-color-anchor": harbour[8],
    "--mantine-color-error": "#b42318",
  },
  dark: {
    "--mantine-color-dimmed": "#a9b0b8",
    "--mantine-color-placeholder": "#9aa1a9",
    "--mantine-color-anchor": harbour[3],
    "--mantine-color-error": "#ff9a8f",
  },
});
