/* charset - the encodings in which Vietnamese offices have their files.
 *
 * Flow     a file's bytes -> [charset_look] -> which encoding
 *          a file's bytes -> [charset] -> UTF-8
 * Owns     what a piece ended within; free it.
 * Threads  one at a time for each.
 * Limits   words of CHARSET_WORD_MAX letters are judged, longer ones are not.
 *
 * UTF-8 and UTF-16 say what they are. The three older ones do not: windows-1258
 * (Excel on a Vietnamese Windows), TCVN3 (the fonts .Vn..., TCVN 5712:1993
 * VN3) and VNI (the fonts VNI-...). A text in one of them is syllables in that
 * one and noise in the others, so each is tried and the syllables are counted.
 * Where that does not decide, nothing is guessed: somebody has to say.
 */
#ifndef TALLYLINE_COMMON_CHARSET_H
#define TALLYLINE_COMMON_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define CHARSET_WORD_MAX 7u /* nghiêng: no syllable has more letters */

enum charset {
    CHARSET_UTF8,
    CHARSET_UTF16, /* with its mark */
    CHARSET_WINDOWS_1258,
    CHARSET_TCVN3,
    CHARSET_VNI,
    CHARSETS
};

/* How a command writes it: utf-8, utf-16, windows-1258, tcvn3, vni. */
const char *charset_name(enum charset charset);
/* CHARSETS when there is no such name. */
enum charset charset_find(const char *name);

/* ---- which one ---- */

struct charset_look; /* opaque */

struct charset_look *charset_look_new(void);
void charset_look_free(struct charset_look **look);
void charset_look_feed(struct charset_look *look, struct bytes piece);
/* The whole file was fed. CHARSETS: it cannot be told. */
enum charset charset_look_finish(struct charset_look *look);

/* Whether the letters of a word, lower case and precomposed, make a Vietnamese
 * syllable. */
bool charset_is_syllable(const uint32_t letters[], size_t count);

/* ---- its text ---- */

struct charset_reader; /* opaque */

/* STATUS_MEMORY. */
MUST_USE enum status charset_reader_new(enum charset charset,
                                        struct charset_reader **reader);
void charset_reader_free(struct charset_reader **reader);
/* Appends the next piece as UTF-8, its letters precomposed where the encoding
 * has them in two parts; UTF-8 is left as it is. STATUS_INVALID: a byte that
 * this encoding does not have, see charset_reader_line(). STATUS_MEMORY. */
MUST_USE enum status charset_reader_feed(struct charset_reader *reader,
                                         struct bytes piece,
                                         struct buffer *text);
/* What was held back because another part might have followed. STATUS_INVALID:
 * the file ends within a character. */
MUST_USE enum status charset_reader_finish(struct charset_reader *reader,
                                           struct buffer *text);
/* The line, from 1, that the reading has come to. */
size_t charset_reader_line(const struct charset_reader *reader);

#endif
