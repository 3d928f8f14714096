/* The happy path: a call of the same version holds a `record` that is right;
 * the event is on stable storage before the answer leaves (I1). Everything
 * else, from a malformed call to a full disk, is not answered. */
#include "agent/commands/handover.h"

#include "agent/commands/commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* In the order of the call. */
enum {
    WORD_VERSION,
    WORD_LANGUAGE,
    WORD_KEY,
    WORD_COMMAND,
    WORDS_MIN
};

/* Returns how many there are; 0 when they are not all whole, or too many. */
static size_t split(struct ear_call *call, char *words[HANDOVER_WORDS_MAX])
{
    size_t count = 0;

    if (call->size == 0 || call->bytes[call->size - 1] != '\0') {
        return 0;
    }
    for (size_t at = 0; at < call->size; at += strlen(&call->bytes[at]) + 1) {
        if (count == HANDOVER_WORDS_MAX) {
            return 0;
        }
        words[count++] = &call->bytes[at];
    }
    return count >= WORDS_MIN ? count : 0;
}

static bool read_key(const char *word, uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    size_t size = 0;

    return bytes_from_hex(word, key, EVENT_ENTRY_KEY_BYTES, &size) ==
               STATUS_OK &&
           size == EVENT_ENTRY_KEY_BYTES;
}

/* Runs the words as the program would; gives the size of what was said, 0 when
 * it did not end well. */
static size_t run(struct handover *handover, char **words, int count,
                  char said[HANDOVER_ANSWER_MAX])
{
    char unheard[1];
    FILE *out = fmemopen(said, HANDOVER_ANSWER_MAX, "w");
    FILE *err = fmemopen(unheard, sizeof unheard, "w");
    long size = 0;

    if (out != NULL && err != NULL &&
        args_run(&agent_program, count, words, handover, out, err) == 0) {
        size = ftell(out);
    }
    if (out != NULL) {
        (void)fclose(out);
    }
    if (err != NULL) {
        (void)fclose(err);
    }
    return size > 0 ? (size_t)size : 0;
}

static size_t answer(struct office *office, struct ear_call *call,
                     char said[HANDOVER_ANSWER_MAX])
{
    static char program[] = "tallyline-agent";
    char *words[HANDOVER_WORDS_MAX + 1] = {NULL};
    size_t count = split(call, words);
    struct office asked;
    struct handover handover = {.office = &asked};

    if (count == 0 || strcmp(words[WORD_VERSION], TALLYLINE_VERSION) != 0 ||
        strcmp(words[WORD_COMMAND], "record") != 0 ||
        !read_key(words[WORD_KEY], handover.key) ||
        office_refresh(office) != STATUS_OK) {
        return 0;
    }
    asked = *office;
    asked.language = office->config.language;
    (void)language_parse(words[WORD_LANGUAGE], &asked.language);
    words[WORD_KEY] = program;
    return run(&handover, &words[WORD_KEY], (int)(count - WORD_KEY), said);
}

void handover_take(struct office *office, struct ear_call *call)
{
    char said[HANDOVER_ANSWER_MAX];
    size_t size = answer(office, call, said);

    if (size > 0) {
        /* It may have gone away; the event is saved all the same. */
        (void)send(call->answer, said, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    ear_call_end(call);
}
