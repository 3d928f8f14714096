/* Which encoding a file has. UTF-8 proves itself: no text in an older encoding
 * comes out as valid sequences more often than as broken ones, so that a file
 * with one bad byte is read as UTF-8 and its bad cell is named. For the rest
 * the words are read in each of the older encodings, and the one in which
 * nearly all of them are syllables is taken if no other comes near. */
#include "common/base/charset_internal.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_OLDER CHARSET_WINDOWS_1258
#define OLDER_COUNT (CHARSETS - FIRST_OLDER)
/* Shares of the words that are syllables: of the one taken, at least, and of
 * every other, at most. Names and abbreviations are no syllables. */
#define TAKEN_PERCENT 85u
#define OTHER_PERCENT 60u

/* The words of a text as one of the encodings has them. */
struct tried {
    struct charset_decoder decoder;
    uint32_t word[CHARSET_WORD_MAX];
    size_t letters; /* of the word, however long */
    bool marked;    /* it has a letter beyond ASCII */
    uint64_t good, bad;
};

struct charset_look {
    struct tried older[OLDER_COUNT];
    uint8_t first[2];
    uint64_t size;
    unsigned more;        /* bytes that a sequence of UTF-8 still needs */
    uint64_t whole, torn; /* sequences */
};

/* ---- syllables ---- */

static const char *const onsets[] = {
    "",   "b",  "c", "ch", "d", "D",  "g",  "gh", "gi",  "h",
    "k",  "kh", "l", "m",  "n", "g",  "ng", "nh", "ngh", "p",
    "ph", "qu", "r", "s",  "t", "th", "tr", "v",  "x"};
/* Vowels without tones; capitals stand for the letters with a shape: A ă, B â,
 * E ê, O ô, W ơ, U ư. Those that end a syllable, and those before an end. */
static const char *const open_rimes[] = {
    "a",   "e",   "E",   "i",   "o",   "O",   "W",   "u",   "U",   "y",
    "ai",  "ao",  "au",  "ay",  "Bu",  "By",  "eo",  "Eu",  "ia",  "iu",
    "iEu", "yEu", "oa",  "oai", "oao", "oay", "oe",  "oeo", "oi",  "Oi",
    "Wi",  "ua",  "uBy", "uE",  "ui",  "uW",  "uOi", "uy",  "uya", "uyu",
    "Ua",  "Ui",  "Uu",  "UWi", "UWu", "uau", "ue",  "ya",  "uo",  "uao"};
static const char *const closed_rimes[] = {
    "a",   "A",  "B",  "e",  "E",  "i",  "iE", "o",  "O",  "W",
    "oa",  "oA", "oe", "oo", "u",  "uA", "uB", "uE", "uO", "uy",
    "uyE", "U",  "UW", "y",  "yE", "ua", "ue", "ui"};
static const char *const ends[] = {"c", "ch", "m", "n", "ng", "nh", "p", "t"};

#define COUNT_OF(list) (sizeof(list) / sizeof(list)[0])

static bool is_listed(const char *const list[], size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether an end fits its vowel and tone. */
static bool fits(const char *rime, const char *end, unsigned tone)
{
    char last = rime[strlen(rime) - 1];
    bool stopped = strchr("cpt", end[0]) != NULL;
    bool palatal = strcmp(end, "nh") == 0 || strcmp(end, "ch") == 0;
    bool velar = strcmp(end, "ng") == 0 || strcmp(end, "c") == 0;

    if (stopped && tone != 2 && tone != 5) {
        return false;
    }
    if (palatal) {
        return strchr("aEiye", last) != NULL;
    }
    return !velar || (strchr("iy", last) == NULL && strcmp(rime, "E") != 0);
}

/* Splits behind the onset and before the end, in each way there is. */
static bool is_split(const char *shape, size_t size, unsigned tone)
{
    char onset[CHARSET_WORD_MAX + 1];
    char rime[CHARSET_WORD_MAX + 1];

    for (size_t i = 0; i < size; i++) {
        memcpy(onset, shape, i);
        onset[i] = '\0';
        if (!is_listed(onsets, COUNT_OF(onsets), onset)) {
            continue;
        }
        if (is_listed(open_rimes, COUNT_OF(open_rimes), shape + i)) {
            return true;
        }
        for (size_t j = i + 1; j < size; j++) {
            memcpy(rime, shape + i, j - i);
            rime[j - i] = '\0';
            if (is_listed(closed_rimes, COUNT_OF(closed_rimes), rime) &&
                is_listed(ends, COUNT_OF(ends), shape + j) &&
                fits(rime, shape + j, tone)) {
                return true;
            }
        }
    }
    return false;
}

bool charset_is_syllable(const uint32_t letters[], size_t count)
{
    static const char shapes[CHARSET_VOWELS + 1] = "aABeEioOWuUy";
    char shape[CHARSET_WORD_MAX + 1];
    unsigned tone = 0;

    if (count == 0 || count > CHARSET_WORD_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct charset_vowel vowel;

        if (letters[i] == 0x111) {
            shape[i] = 'D';
        } else if (charset_take_apart(letters[i], &vowel)) {
            if (tone != 0 && vowel.tone != 0) {
                return false;
            }
            tone = vowel.tone != 0 ? vowel.tone : tone;
            shape[i] = shapes[vowel.vowel];
        } else if (letters[i] >= 'a' && letters[i] <= 'z') {
            shape[i] = (char)letters[i];
        } else {
            return false;
        }
    }
    shape[count] = '\0';
    return is_split(shape, count, tone);
}

/* ---- looking ---- */

struct charset_look *charset_look_new(void)
{
    struct charset_look *look = calloc(1, sizeof *look);

    for (unsigned i = 0; look != NULL && i < OLDER_COUNT; i++) {
        look->older[i].decoder.charset = (enum charset)(FIRST_OLDER + i);
    }
    return look;
}

void charset_look_free(struct charset_look **look)
{
    free(*look);
    *look = NULL;
}

static void end_word(struct tried *tried)
{
    if (tried->marked) {
        if (charset_is_syllable(tried->word, tried->letters)) {
            tried->good++;
        } else {
            tried->bad++;
        }
    }
    tried->letters = 0;
    tried->marked = false;
}

/* Quotes, dashes and signs part words, as do ASCII's; every other thing beyond
 * ASCII is a letter of the word, so that it spoils it. */
static bool parts_words(uint32_t letter)
{
    bool ascii = letter < 0x80;
    bool word = (letter >= 'a' && letter <= 'z');

    return ascii ? !word
                 : (letter >= 0x2010 && letter <= 0x2122) || letter == 0xA0 ||
                       letter == 0xAB || letter == 0xBB || letter == 0xB0;
}

static void take_letter(struct tried *tried, uint32_t letter)
{
    letter = charset_to_lower(letter);
    if (parts_words(letter)) {
        end_word(tried);
        return;
    }
    if (tried->letters < CHARSET_WORD_MAX) {
        tried->word[tried->letters] = letter;
    }
    tried->letters++;
    tried->marked = tried->marked || letter >= 0x80;
}

static void look_older(struct tried *tried, uint8_t byte)
{
    uint32_t letters[2];
    size_t count = charset_decode(&tried->decoder, byte, letters);

    for (size_t i = 0; i < count; i++) {
        take_letter(tried, letters[i]);
    }
}

static void look_utf8(struct charset_look *look, uint8_t byte)
{
    if (look->more > 0) {
        if ((byte & 0xC0) == 0x80) {
            look->more--;
            look->whole += look->more == 0;
            return;
        }
        look->torn++;
        look->more = 0;
    }
    if (byte >= 0xC2 && byte <= 0xF4) {
        look->more = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    } else if (byte >= 0x80) {
        look->torn++;
    }
}

void charset_look_feed(struct charset_look *look, struct bytes piece)
{
    for (size_t i = 0; i < piece.size; i++) {
        uint8_t byte = piece.data[i];

        if (look->size < sizeof look->first) {
            look->first[look->size] = byte;
        }
        look->size++;
        look_utf8(look, byte);
        for (unsigned j = 0; j < OLDER_COUNT; j++) {
            look_older(&look->older[j], byte);
        }
    }
}

static unsigned percent(const struct tried *tried)
{
    uint64_t all = tried->good + tried->bad;

    return all == 0 ? 0 : (unsigned)(tried->good * 100 / all);
}

static enum charset choose_older(struct charset_look *look)
{
    enum charset chosen = CHARSETS;
    unsigned best = 0;
    unsigned second = 0;

    for (unsigned i = 0; i < OLDER_COUNT; i++) {
        struct tried *tried = &look->older[i];
        unsigned share;

        if (tried->decoder.held != 0) {
            take_letter(tried, tried->decoder.held);
        }
        end_word(tried);
        share = percent(tried);
        if (share > best) {
            second = best;
            best = share;
            chosen = tried->decoder.charset;
        } else if (share > second) {
            second = share;
        }
    }
    return best >= TAKEN_PERCENT && second <= OTHER_PERCENT ? chosen : CHARSETS;
}

enum charset charset_look_finish(struct charset_look *look)
{
    look->torn += look->more != 0;
    if (look->size >= 2 &&
        ((look->first[0] == 0xFF && look->first[1] == 0xFE) ||
         (look->first[0] == 0xFE && look->first[1] == 0xFF))) {
        return CHARSET_UTF16;
    }
    return look->torn == 0 || look->whole > look->torn ? CHARSET_UTF8
                                                       : choose_older(look);
}
