/* What stands around figures: units and periods. */
#include "common/figures/tell.h"

const char *tell_level(enum unit_level level)
{
    switch (level) {
    case UNIT_PROVINCE:
        return "province";
    case UNIT_DISTRICT:
        return "district";
    case UNIT_COMMUNE:
        break;
    }
    return "commune";
}

void tell_unit_key(struct say *say, const char *key, uint32_t unit)
{
    char text[UNIT_TEXT_MAX];

    if (unit == 0) {
        say_null(say, key);
        return;
    }
    unit_key_format(unit, text);
    say_text(say, key, text);
}

void tell_unit_fields(struct say *say, const struct unit *unit)
{
    tell_unit_key(say, "key", unit->key);
    say_text(say, "name", unit->name);
    say_text(say, "type", unit->type);
    say_text(say, "level", tell_level(unit->level));
}

void tell_unit(struct say *say, const char *key, const struct unit *unit)
{
    if (unit == NULL) {
        say_null(say, key);
        return;
    }
    say_object(say, key);
    tell_unit_fields(say, unit);
    say_object_end(say);
}

void tell_period_key(struct say *say, const char *key,
                     const struct period *period)
{
    char text[PERIOD_KEY_TEXT_MAX];

    period_key_format(period, text);
    say_text(say, key, text);
}

void tell_period_label(struct say *say, const char *key,
                       const struct period *period)
{
    char vi[PERIOD_LABEL_MAX], en[PERIOD_LABEL_MAX];

    period_label(period, LANGUAGE_VI, vi);
    period_label(period, LANGUAGE_EN, en);
    say_labels(say, key, (struct language_text){vi, en});
}

void tell_statuses(struct say *say, const char *key,
                   const struct tell_statuses *statuses)
{
    say_object(say, key);
    for (unsigned i = 0; i <= TARGET_MISSED; i++) {
        say_number(say, target_status_token((enum target_status)i),
                   statuses->counts[i]);
    }
    say_object_end(say);
}
