/** Fields, headers of parts, parts without a file's name and what stands around them: all of a form but its files, in bytes. */
export const besidesFilesBytes = 1024 * 1024;
/** A part's headers are a few hundred bytes. */
export const besidesEachFileBytes = 1024;
