/* windows-1258 and VNI write a letter and then its mark; TCVN3 has a byte for
 * each letter, but capitals with a tone: their fonts show small letters as
 * capitals. What is no letter stands where windows-1252 has it, since that is
 * what word processors put between the letters. */
#include "common/base/charset_internal.h"

/* By vowel and tone. */
static const uint16_t small_letters[CHARSET_VOWELS][CHARSET_TONES] = {
    {0x61, 0xE0, 0xE1, 0x1EA3, 0xE3, 0x1EA1},
    {0x103, 0x1EB1, 0x1EAF, 0x1EB3, 0x1EB5, 0x1EB7},
    {0xE2, 0x1EA7, 0x1EA5, 0x1EA9, 0x1EAB, 0x1EAD},
    {0x65, 0xE8, 0xE9, 0x1EBB, 0x1EBD, 0x1EB9},
    {0xEA, 0x1EC1, 0x1EBF, 0x1EC3, 0x1EC5, 0x1EC7},
    {0x69, 0xEC, 0xED, 0x1EC9, 0x129, 0x1ECB},
    {0x6F, 0xF2, 0xF3, 0x1ECF, 0xF5, 0x1ECD},
    {0xF4, 0x1ED3, 0x1ED1, 0x1ED5, 0x1ED7, 0x1ED9},
    {0x1A1, 0x1EDD, 0x1EDB, 0x1EDF, 0x1EE1, 0x1EE3},
    {0x75, 0xF9, 0xFA, 0x1EE7, 0x169, 0x1EE5},
    {0x1B0, 0x1EEB, 0x1EE9, 0x1EED, 0x1EEF, 0x1EF1},
    {0x79, 0x1EF3, 0xFD, 0x1EF7, 0x1EF9, 0x1EF5}};

enum {
    A = 0,
    A_BREVE = 1,
    E = 3,
    O = 6
};
enum {
    LEVEL,
    GRAVE,
    ACUTE,
    HOOK,
    TILDE,
    DOT
};

/* 0x80 to 0x9F of windows-1252; 0: not there. */
static const uint16_t punctuation[32] = {
    0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
    0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0,      0x17D,  0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178};

/* 0xA1 to 0xFE of TCVN3; 0: not there. */
static const uint16_t tcvn3[94] = {
    0x102,  0xC2,   0xCA,   0xD4,   0x1A0,  0x1AF,  0x110,  0x103,  0xE2,
    0xEA,   0xF4,   0x1A1,  0x1B0,  0x111,  0,      0,      0,      0,
    0,      0,      0xE0,   0x1EA3, 0xE3,   0xE1,   0x1EA1, 0,      0x1EB1,
    0x1EB3, 0x1EB5, 0x1EAF, 0,      0,      0,      0,      0,      0,
    0,      0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0xE8,   0,
    0x1EBB, 0x1EBD, 0xE9,   0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7,
    0xEC,   0x1EC9, 0,      0,      0,      0x129,  0xED,   0x1ECB, 0xF2,
    0,      0x1ECF, 0xF5,   0xF3,   0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1,
    0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3, 0xF9,   0,      0x1EE7,
    0x169,  0xFA,   0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1, 0x1EF3,
    0x1EF7, 0x1EF9, 0xFD,   0x1EF5};

bool charset_take_apart(uint32_t letter, struct charset_vowel *vowel)
{
    uint32_t small = charset_to_lower(letter);

    for (uint8_t i = 0; i < CHARSET_VOWELS; i++) {
        for (uint8_t tone = 0; tone < CHARSET_TONES; tone++) {
            if (small_letters[i][tone] == small) {
                *vowel = (struct charset_vowel){i, tone, small != letter};
                return true;
            }
        }
    }
    return false;
}

static uint32_t put_together(struct charset_vowel vowel)
{
    uint32_t small = small_letters[vowel.vowel][vowel.tone];

    if (!vowel.capital) {
        return small;
    }
    return small < 0x100 ? small - 0x20 : small - 1;
}

uint32_t charset_to_lower(uint32_t letter)
{
    bool latin = (letter >= 'A' && letter <= 'Z') ||
                 (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7);
    bool paired = (letter >= 0x100 && letter <= 0x137) ||
                  (letter >= 0x14A && letter <= 0x177) || letter == 0x1A0 ||
                  (letter >= 0x1EA0 && letter <= 0x1EFF);

    if (latin) {
        return letter + 0x20;
    }
    if (letter == 0x1AF) {
        return 0x1B0;
    }
    return paired && letter % 2 == 0 ? letter + 1 : letter;
}

/* ---- a byte after the other ---- */

static uint32_t windows_1252(uint8_t byte)
{
    if (byte >= 0x80 && byte <= 0x9F) {
        return punctuation[byte - 0x80] != 0 ? punctuation[byte - 0x80]
                                             : CHARSET_NONE;
    }
    return byte;
}

/* The tone that a byte of windows-1258 gives the letter before it. */
static bool mark_of_1258(uint8_t byte, uint8_t *tone)
{
    switch (byte) {
    case 0xCC:
        *tone = GRAVE;
        return true;
    case 0xEC:
        *tone = ACUTE;
        return true;
    case 0xD2:
        *tone = HOOK;
        return true;
    case 0xDE:
        *tone = TILDE;
        return true;
    case 0xF2:
        *tone = DOT;
        return true;
    default:
        return false;
    }
}

static uint32_t letter_of_1258(uint8_t byte)
{
    switch (byte) {
    case 0xC3:
        return 0x102;
    case 0xE3:
        return 0x103;
    case 0xD0:
        return 0x110;
    case 0xF0:
        return 0x111;
    case 0xD5:
        return 0x1A0;
    case 0xF5:
        return 0x1A1;
    case 0xDD:
        return 0x1AF;
    case 0xFD:
        return 0x1B0;
    case 0xFE:
        return 0x20AB;
    case 0x8A:
    case 0x8E:
    case 0x9A:
    case 0x9E:
        return CHARSET_NONE;
    default:
        return windows_1252(byte);
    }
}

static uint32_t letter_of_tcvn3(uint8_t byte)
{
    if (byte <= 0xA0) {
        return windows_1252(byte);
    }
    return byte <= 0xFE && tcvn3[byte - 0xA1] != 0 ? tcvn3[byte - 0xA1]
                                                   : CHARSET_NONE;
}

/* What a byte of VNI makes of the vowel before it. */
static bool mark_of_vni(uint8_t byte, uint8_t *shape, uint8_t *tone)
{
    /* Capitals lie 0x20 below; by shape (none, ^, breve), then by tone. */
    static const uint8_t marks[3][CHARSET_TONES] = {
        {0, 0xF8, 0xF9, 0xFB, 0xF5, 0xEF},
        {0xE2, 0xE0, 0xE1, 0xE5, 0xE3, 0xE4},
        {0xEA, 0xE8, 0xE9, 0xFA, 0xFC, 0xEB}};
    uint8_t small = byte >= 0xC0 && byte < 0xE0 ? (uint8_t)(byte + 0x20) : byte;

    for (uint8_t i = 0; small >= 0xE0 && i < 3; i++) {
        for (uint8_t j = 0; j < CHARSET_TONES; j++) {
            if (marks[i][j] == small) {
                *shape = i;
                *tone = j;
                return true;
            }
        }
    }
    return false;
}

static uint32_t letter_of_vni(uint8_t byte)
{
    switch (byte) {
    case 0xD1:
        return 0x110;
    case 0xF1:
        return 0x111;
    case 0xCC:
    case 0xEC:
    case 0xCD:
    case 0xED:
        return byte; /* ì í and their capitals lie where Latin-1 has them */
    case 0xC6:
        return 0x1EC8;
    case 0xE6:
        return 0x1EC9;
    case 0xD3:
        return 0x128;
    case 0xF3:
        return 0x129;
    case 0xD2:
        return 0x1ECA;
    case 0xF2:
        return 0x1ECB;
    case 0xD4:
        return 0x1A0;
    case 0xF4:
        return 0x1A1;
    case 0xD6:
        return 0x1AF;
    case 0xF6:
        return 0x1B0;
    case 0xCE:
        return 0x1EF4;
    case 0xEE:
        return 0x1EF5;
    default:
        return byte < 0xC0 ? windows_1252(byte) : CHARSET_NONE;
    }
}

/* The vowel with the mark; false when such a letter does not exist. */
static bool add_mark(enum charset charset, uint8_t byte, uint32_t *letter)
{
    struct charset_vowel vowel;
    uint8_t shape = 0;
    uint8_t tone;

    if (!charset_take_apart(*letter, &vowel) || vowel.tone != LEVEL) {
        return false;
    }
    if (charset == CHARSET_WINDOWS_1258) {
        if (!mark_of_1258(byte, &tone)) {
            return false;
        }
    } else if (charset != CHARSET_VNI || !mark_of_vni(byte, &shape, &tone)) {
        return false;
    }
    if (shape == 1) {
        if (vowel.vowel != A && vowel.vowel != E && vowel.vowel != O) {
            return false;
        }
        vowel.vowel = (uint8_t)(vowel.vowel + (vowel.vowel == A ? 2 : 1));
    } else if (shape == 2) {
        if (vowel.vowel != A) {
            return false;
        }
        vowel.vowel = A_BREVE;
    }
    vowel.tone = tone;
    *letter = put_together(vowel);
    return true;
}

static uint32_t letter_of(enum charset charset, uint8_t byte)
{
    uint8_t tone;

    switch (charset) {
    case CHARSET_WINDOWS_1258:
        return mark_of_1258(byte, &tone) ? CHARSET_NONE : letter_of_1258(byte);
    case CHARSET_TCVN3:
        return letter_of_tcvn3(byte);
    default:
        return letter_of_vni(byte);
    }
}

size_t charset_decode(struct charset_decoder *decoder, uint8_t byte,
                      uint32_t out[2])
{
    struct charset_vowel vowel;
    size_t count = 0;
    uint32_t letter;

    if (decoder->held != 0) {
        letter = decoder->held;
        decoder->held = 0;
        if (add_mark(decoder->charset, byte, &letter)) {
            out[0] = letter;
            return 1;
        }
        out[count++] = letter;
    }
    letter = letter_of(decoder->charset, byte);
    if (decoder->charset != CHARSET_TCVN3 &&
        charset_take_apart(letter, &vowel)) {
        decoder->held = letter;
    } else {
        out[count++] = letter;
    }
    return count;
}
