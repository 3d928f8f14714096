/* catalogue - look-ups in the tables of catalogue_*.c.
 *
 * Numbers of types, fields and values run from 1 without a gap (a test holds
 * that), so a number is an index. Names are looked up one after the other:
 * only people's input and files name things by name.
 */
#include "common/event/catalogue.h"

#include "common/event/catalogue_tables.h"
#include "common/event/event.h"

#include <string.h>

static const struct catalogue_enumeration *const enumerations[] = {
    &catalogue_event_type,
    &catalogue_office,
    &catalogue_role,
    &catalogue_programme,
    &catalogue_document_kind,
    &catalogue_document_body,
    &catalogue_correction_reason,
    &catalogue_correction_action,
    &catalogue_level,
    &catalogue_integration,
    &catalogue_outreach_form,
    &catalogue_audience,
    &catalogue_topic,
    &catalogue_institution_kind,
    &catalogue_outlet,
    &catalogue_media_kind,
    &catalogue_coverage_measure,
    &catalogue_coverage_method,
    &catalogue_establishment_category,
    &catalogue_managing_sector,
    &catalogue_establishment_state,
    &catalogue_commitment_kind,
    &catalogue_team_kind,
    &catalogue_inspection_mode,
    &catalogue_inspection_result,
    &catalogue_violation_kind,
    &catalogue_sanction_act,
    &catalogue_case_stage_kind,
    &catalogue_case_type,
    &catalogue_place_kind,
    &catalogue_hotspot_state,
    &catalogue_tip_channel,
    &catalogue_tip_state,
    &catalogue_client_group,
    &catalogue_client_source,
    &catalogue_client_service,
    &catalogue_dedup,
    &catalogue_model_kind,
    &catalogue_model_state,
    &catalogue_rating,
    &catalogue_rating_class,
    &catalogue_census_part,
    &catalogue_standing_team_kind,
    &catalogue_team_state,
    &catalogue_regime,
    &catalogue_period_kind,
    &catalogue_reference_kind,
    &catalogue_indicator,
};

const struct catalogue_type *catalogue_type(uint32_t number)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    return number >= 1 && number <= count ? &types[number - 1] : NULL;
}

const struct catalogue_type *catalogue_type_by_name(const char *name)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(types[i].name, name) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

const struct catalogue_field *catalogue_field(const struct catalogue_type *type,
                                              uint32_t number)
{
    return number >= 1 && number <= type->field_count
               ? &type->fields[number - 1]
               : NULL;
}

const struct catalogue_field *catalogue_header(size_t *count)
{
    *count = CATALOGUE_LENGTH(catalogue_header_fields);
    return catalogue_header_fields;
}

static const struct catalogue_field *find_by_name(
    const struct catalogue_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

const struct catalogue_field *catalogue_find_field(
    const struct catalogue_type *type, const char *name, uint32_t *number)
{
    if (strcmp(name, type->date_name) == 0) {
        name = "occurred_on";
    } else if (strcmp(name, type->unit_name) == 0) {
        name = "subject_unit";
    } else if (strcmp(name, "document") == 0) {
        name = "document_number";
    }
    const struct catalogue_field *found =
        find_by_name(type->fields, type->field_count, name);
    if (found != NULL) {
        *number = EVENT_BODY_BASE + found->number;
        return found;
    }
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);
    found = find_by_name(header, count, name);
    if (found != NULL) {
        *number = found->number;
    }
    return found;
}

const struct catalogue_enumeration *catalogue_enumeration(const char *name)
{
    for (size_t i = 0; i < CATALOGUE_LENGTH(enumerations); i++) {
        if (strcmp(enumerations[i]->name, name) == 0) {
            return enumerations[i];
        }
    }
    return NULL;
}

const struct catalogue_enumeration *catalogue_enumeration_at(size_t index)
{
    return index < CATALOGUE_LENGTH(enumerations) ? enumerations[index] : NULL;
}

const struct catalogue_value *catalogue_value(
    const struct catalogue_enumeration *enumeration, uint32_t value)
{
    return value >= 1 && value <= enumeration->value_count
               ? &enumeration->values[value - 1]
               : NULL;
}

const struct catalogue_value *catalogue_value_by_token(
    const struct catalogue_enumeration *enumeration, const char *token,
    size_t size)
{
    for (size_t i = 0; i < enumeration->value_count; i++) {
        const char *known = enumeration->values[i].token;
        if (strlen(known) == size && memcmp(known, token, size) == 0) {
            return &enumeration->values[i];
        }
    }
    return NULL;
}
