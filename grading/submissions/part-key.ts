/** Where a loose file of an upload lies until all of them are packed into one, which lies under the key itself. */
export const partKey = (key: string, part: number): string => `${key}.part-${part}`;

/** Only an upload that was never finished, and so never became a submission, leaves such a file. */
export const isPartKey = (key: string): boolean => /\.part-\d+$/.test(key);
