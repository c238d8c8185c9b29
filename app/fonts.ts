import localFont from "next/font/local";

/**
 * The letters that nearly every text is made of, fetched with the page. Optional: where they come too late the page
 * stays in the system's font, because text that is set anew moves what is being read.
 */
export const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  weight: "100 900",
  display: "optional",
  adjustFontFallback: false,
  variable: "--font-inter",
});
