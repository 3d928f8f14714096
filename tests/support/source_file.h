/* source_file - the files of the repository that a test reads.
 *
 * Flow     test -> source_file("plans/...") -> text
 * Owns     nothing: the text is given to the caller.
 * Threads  any.
 * Limits   SOURCE_FILE_BYTES_MAX bytes.
 */
#ifndef TALLYLINE_TESTS_SOURCE_FILE_H
#define TALLYLINE_TESTS_SOURCE_FILE_H

#define SOURCE_FILE_BYTES_MAX (4u * 1024u * 1024u)

/* The file's text, closed by a zero; the path is relative to the top folder.
 * Aborts when it cannot be read. Gives: free() it. */
char *source_file(const char *path);

/* The top folder, without a slash at the end. */
const char *source_directory(void);

#endif
