/* catalogue_tables - the tables of the catalogue by name; for catalogue_*.c,
 * and for validate.c, which has no time to look them up.
 *
 * Flow     catalogue_values_*.c, catalogue_fields_*.c -> catalogue.c
 * Owns     nothing: every table is constant.
 */
#ifndef TALLYLINE_COMMON_CATALOGUE_TABLES_H
#define TALLYLINE_COMMON_CATALOGUE_TABLES_H

#include "common/event/catalogue.h"
#include "common/event/reference.h"

#define CATALOGUE_LENGTH(table) (sizeof(table) / sizeof((table)[0]))

/* number, token, Vietnamese, English */
#define VALUE(number, name, vi, en)         \
    {                                       \
        number, name, {vi, en}, NULL, false \
    }
/* A value that is written in the number of a document. */
#define SIGN(number, name, written, vi, en)    \
    {                                          \
        number, name, {vi, en}, written, false \
    }
#define OPEN_ENUMERATION(name, values, vi, en)                 \
    {                                                          \
        name, {vi, en}, values, CATALOGUE_LENGTH(values), true \
    }
#define CLOSED_ENUMERATION(name, values, vi, en)                \
    {                                                           \
        name, {vi, en}, values, CATALOGUE_LENGTH(values), false \
    }

extern const struct catalogue_enumeration catalogue_event_type;
extern const struct catalogue_enumeration catalogue_office;
extern const struct catalogue_enumeration catalogue_role;
extern const struct catalogue_enumeration catalogue_programme;
extern const struct catalogue_enumeration catalogue_document_kind;
extern const struct catalogue_enumeration catalogue_document_body;
extern const struct catalogue_enumeration catalogue_correction_reason;
extern const struct catalogue_enumeration catalogue_correction_action;
extern const struct catalogue_enumeration catalogue_level;
extern const struct catalogue_enumeration catalogue_integration;
extern const struct catalogue_enumeration catalogue_outreach_form;
extern const struct catalogue_enumeration catalogue_audience;
extern const struct catalogue_enumeration catalogue_topic;
extern const struct catalogue_enumeration catalogue_institution_kind;
extern const struct catalogue_enumeration catalogue_outlet;
extern const struct catalogue_enumeration catalogue_media_kind;
extern const struct catalogue_enumeration catalogue_coverage_measure;
extern const struct catalogue_enumeration catalogue_coverage_method;
extern const struct catalogue_enumeration catalogue_establishment_category;
extern const struct catalogue_enumeration catalogue_managing_sector;
extern const struct catalogue_enumeration catalogue_establishment_state;
extern const struct catalogue_enumeration catalogue_commitment_kind;
extern const struct catalogue_enumeration catalogue_team_kind;
extern const struct catalogue_enumeration catalogue_inspection_mode;
extern const struct catalogue_enumeration catalogue_inspection_result;
extern const struct catalogue_enumeration catalogue_violation_kind;
extern const struct catalogue_enumeration catalogue_sanction_act;
extern const struct catalogue_enumeration catalogue_case_stage_kind;
extern const struct catalogue_enumeration catalogue_case_type;
extern const struct catalogue_enumeration catalogue_place_kind;
extern const struct catalogue_enumeration catalogue_hotspot_state;
extern const struct catalogue_enumeration catalogue_tip_channel;
extern const struct catalogue_enumeration catalogue_tip_state;
extern const struct catalogue_enumeration catalogue_client_group;
extern const struct catalogue_enumeration catalogue_client_source;
extern const struct catalogue_enumeration catalogue_client_service;
extern const struct catalogue_enumeration catalogue_dedup;
extern const struct catalogue_enumeration catalogue_model_kind;
extern const struct catalogue_enumeration catalogue_model_state;
extern const struct catalogue_enumeration catalogue_rating;
extern const struct catalogue_enumeration catalogue_rating_class;
extern const struct catalogue_enumeration catalogue_census_part;
extern const struct catalogue_enumeration catalogue_standing_team_kind;
extern const struct catalogue_enumeration catalogue_team_state;
extern const struct catalogue_enumeration catalogue_regime;
extern const struct catalogue_enumeration catalogue_period_kind;
extern const struct catalogue_enumeration catalogue_reference_kind;
extern const struct catalogue_enumeration catalogue_indicator;

extern const struct catalogue_field catalogue_header_fields[17];
extern const struct catalogue_field catalogue_plan_issued_fields[3];
extern const struct catalogue_field catalogue_communication_activity_fields[8];
extern const struct catalogue_field catalogue_media_item_fields[4];
extern const struct catalogue_field catalogue_coverage_snapshot_fields[7];
extern const struct catalogue_field catalogue_training_class_fields[5];
extern const struct catalogue_field catalogue_establishment_status_fields[5];
extern const struct catalogue_field catalogue_commitment_signed_fields[5];
extern const struct catalogue_field catalogue_inspection_fields[13];
extern const struct catalogue_field catalogue_admin_sanction_fields[4];
extern const struct catalogue_field catalogue_case_stage_fields[9];
extern const struct catalogue_field catalogue_hotspot_status_fields[7];
extern const struct catalogue_field catalogue_tip_status_fields[4];
extern const struct catalogue_field catalogue_client_flow_fields[13];
extern const struct catalogue_field catalogue_model_status_fields[4];
extern const struct catalogue_field catalogue_commune_rating_fields[7];
extern const struct catalogue_field catalogue_supervision_round_fields[2];
extern const struct catalogue_field catalogue_situation_census_fields[7];
extern const struct catalogue_field catalogue_team_status_fields[4];
extern const struct catalogue_field catalogue_report_submitted_fields[5];
extern const struct catalogue_field catalogue_correction_fields[1];
extern const struct catalogue_field catalogue_nil_report_fields[4];
extern const struct catalogue_field catalogue_same_as_fields[3];

#endif
