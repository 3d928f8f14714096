#include "agent/office/outcome_words.h"

#include "common/event/reference.h"
#include "common/event/validate.h"
#include "common/fold/fold.h"
#include "tests/support/office_fixture.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <string.h>

static struct office office;
static struct event event;

static void open_office(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();

    office = (struct office){.language = LANGUAGE_EN};
    office.context = office_fixture_context(&fixture);
    sample_event_valid(8, &event);
}

static void close_office(void)
{
    context_free(&office.context);
}

TestSuite(outcome_words, .init = open_office, .fini = close_office);

static void expect_words(struct spool_outcome outcome, const char *words)
{
    char text[OUTCOME_WORDS_MAX];

    outcome_words_tell(&office, &event, &outcome, true, text);
    cr_assert_not_null(strstr(text, words), "%s", text);
    cr_assert_geq(strlen(text), strlen(words));
}

/* What an outcome means comes first, what it is about after it. */
Test(outcome_words, an_outcome_says_what_is_wrong_with_this_event)
{
    event_set(&event, 5, 3);
    event_set(&event, 7, 0);
    expect_words((struct spool_outcome){.outcome = FOLD_INVALID,
                                        .field = EVENT_BODY_BASE + 5,
                                        .rule = VALIDATE_RESULT_NO_VIOLATION},
                 "Violation");
    expect_words((struct spool_outcome){.outcome = FOLD_OUT_OF_SCOPE,
                                        .rule = CONTEXT_NO_AREA},
                 "outside of the office's area");
    expect_words((struct spool_outcome){.outcome = FOLD_RIVAL_LOST,
                                        .other = id60_make(7, 1, 3)},
                 "7.1.3");
    expect_words((struct spool_outcome){.outcome = FOLD_VOIDED,
                                        .other = id60_make(7, 1, 4)},
                 "7.1.4");
}

Test(outcome_words, every_outcome_and_rule_has_words_in_both_languages)
{
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        office.language = (enum language)language;
        for (uint32_t i = 0; i < FOLD_OUTCOME_END + 2u; i++) {
            for (uint32_t rule = 0; rule <= VALIDATE_RULE_END; rule++) {
                char text[OUTCOME_WORDS_MAX];
                struct spool_outcome outcome = {.outcome = i,
                                                .field = EVENT_BODY_BASE + 7,
                                                .rule = rule,
                                                .value = 9};

                outcome_words_tell(&office, &event, &outcome, true, text);
                cr_assert(i >= FOLD_OUTCOME_END || i == FOLD_COUNTED ||
                              text[0] != '\0',
                          "outcome %u", (unsigned)i);
            }
        }
    }
}

Test(outcome_words, every_state_has_a_word_for_people_and_one_for_files)
{
    for (int state = SPOOL_SAVED; state <= SPOOL_MOVED; state++) {
        cr_assert_gt(strlen(outcome_words_token((enum spool_state)state)), 0);
        cr_assert_str_neq(
            outcome_words_state((enum spool_state)state, LANGUAGE_VI),
            outcome_words_state((enum spool_state)state, LANGUAGE_EN));
    }
}
