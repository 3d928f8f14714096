/* charset_internal - letters with their marks, for charset*.c alone. */
#ifndef TALLYLINE_COMMON_CHARSET_INTERNAL_H
#define TALLYLINE_COMMON_CHARSET_INTERNAL_H

#include "common/base/charset.h"

#define CHARSET_VOWELS 12u /* a ă â e ê i o ô ơ u ư y */
#define CHARSET_TONES  6u  /* none, huyền, sắc, hỏi, ngã, nặng */

/* A vowel by its place in that order, with its tone. */
struct charset_vowel {
    uint8_t vowel;
    uint8_t tone;
    bool capital;
};

/* False when the letter is no vowel. */
bool charset_take_apart(uint32_t letter, struct charset_vowel *vowel);
uint32_t charset_to_lower(uint32_t letter);

/* The older encodings, a byte after the other. A letter is held back while a
 * byte that changes it may follow. */
struct charset_decoder {
    enum charset charset;
    uint32_t held; /* 0: nothing */
};

/* Takes a byte; `out` gets what is certain now. CHARSET_NONE stands for a byte
 * that the encoding does not have. */
#define CHARSET_NONE UINT32_C(0xFFFFFFFF)
size_t charset_decode(struct charset_decoder *decoder, uint8_t byte,
                      uint32_t out[2]);

#endif
