/* Makes the directory of an office that has joined, for tests of the commands:
 *
 *     make_office DIR AGENT UNIT:OFFICE[;...] AREA[;...] [BYTES [bare]]
 *
 * with the lists of Hà Nội in 2018, unless it is "bare". A second time puts the
 * documents there anew. */
#include "tests/support/office_fixture.h"

#include "agent/office/keyring.h"
#include "common/base/check.h"
#include "common/event/catalogue.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t unit_of(const char *text, size_t size)
{
    uint32_t unit = 0;

    check(unit_key_parse(text, size, 17600, &unit) == STATUS_OK);
    return unit;
}

static void read_pairs(char *text, struct office_fixture *fixture)
{
    const struct catalogue_enumeration *offices =
        catalogue_enumeration("Office");
    char *rest = NULL;

    for (char *word = strtok_r(text, ";", &rest); word != NULL;
         word = strtok_r(NULL, ";", &rest)) {
        char *colon = strrchr(word, ':');
        const struct catalogue_value *office;

        check(colon != NULL && fixture->pair_count < 4);
        office =
            catalogue_value_by_token(offices, colon + 1, strlen(colon + 1));
        check(office != NULL);
        fixture->pairs[fixture->pair_count++] = (struct office_fixture_pair){
            unit_of(word, (size_t)(colon - word)), office->value};
    }
}

static void read_areas(char *text, struct office_fixture *fixture)
{
    char *rest = NULL;

    for (char *word = strtok_r(text, ";", &rest); word != NULL;
         word = strtok_r(NULL, ";", &rest)) {
        check(fixture->area_count < 4);
        fixture->areas[fixture->area_count++] = unit_of(word, strlen(word));
    }
}

int main(int argc, char **argv)
{
    struct office_fixture fixture = {.agent = 0};
    struct keyring keyring;

    check(argc >= 5);
    fixture.agent = (uint32_t)strtoul(argv[2], NULL, 10);
    read_pairs(argv[3], &fixture);
    read_areas(argv[4], &fixture);
    if (argc >= 6) {
        fixture.spool_bytes = strtoull(argv[5], NULL, 10);
    }
    office_fixture_make(argv[1], &fixture, argc >= 7);
    check(keyring_make(argv[1], &keyring) == STATUS_OK);
    keyring_wipe(&keyring);
    return EXIT_SUCCESS;
}
