/** Holds the IANA zone that the reader's browser reported; read by app/_server/queries/reader.ts. */
export const zoneCookie = "drydock-zone";
