/* Every indicator that the catalogue names, in one small year of two districts:
 * what each comes to can be counted in the events below by hand. */
#include "common/event/catalogue.h"
#include "tests/support/small_year.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void open_year(void)
{
    small_year_open("tests/support/all_indicators_plan.yaml");
}

TestSuite(all_indicators, .init = open_year, .fini = small_year_close);

static void add_outreach(void)
{
#define TALK "communication_activity sessions=1"
    (void)small_year_add(
        "2018-02-01 901 plan_issued year=2018 integrates=drug+hiv+trafficking",
        "2018-02-01 902 plan_issued year=2018 integrates=drug+hiv",
        "2018-03-10 90101 " TALK
        " form=conference audience=party_cell_hamlet_heads attendees=40",
        "2018-06-10 90101 " TALK
        " form=conference audience=party_cell_hamlet_heads attendees=30",
        "2018-09-10 90101 " TALK " form=talk audience=community attendees=20",
        "2018-12-10 90101 " TALK " form=loudspeaker audience=community",
        "2018-04-05 90201 " TALK
        " form=conference audience=students attendees=100",
        "2018-10-05 90 " TALK
        " form=conference audience=students attendees=200",
        "2018-01-15 90 media_item outlet=newspaper kind=news items=3",
        "2018-02-10 90 media_item outlet=newspaper kind=article items=2",
        "2018-02-11 90 media_item outlet=radio_tv kind=spot items=1",
        "2018-05-01 90 media_item outlet=portal kind=photo items=4",
        "2018-06-01 90 training_class audience=officials trainees=30",
        "2018-07-01 901 training_class audience=officials trainees=20",
        "2018-08-01 90 training_class audience=volunteer_team trainees=15",
        "2018-05-05 901 supervision_round level=province",
        "2018-06-05 902 supervision_round level=province",
        "2018-06-06 902 supervision_round level=district", NULL);
}

static void add_snapshots(void)
{
#define SNAPSHOT "coverage_snapshot"
    (void)small_year_add(
        "2018-05-30 901 " SNAPSHOT " measure=students_informed "
        "reporting_body=education institution_kind=thpt base_count=1000 "
        "reached=400",
        "2018-11-30 901 " SNAPSHOT " measure=students_informed "
        "reporting_body=education institution_kind=thpt base_count=1000 "
        "reached=900",
        "2018-11-30 902 " SNAPSHOT " measure=students_informed "
        "reporting_body=dolisa institution_kind=gdnn base_count=200 "
        "reached=100",
        "2018-06-01 901 " SNAPSHOT " measure=establishment_workers_informed "
        "reporting_body=district_labour_office base_count=50 reached=30",
        "2018-06-01 90 " SNAPSHOT " measure=iz_workers_informed "
        "reporting_body=labour_federation base_count=500 reached=250",
        "2018-06-01 90 " SNAPSHOT " measure=staff_trained staff_level=province "
        "reporting_body=dolisa base_count=20 reached=15",
        "2018-06-01 901 " SNAPSHOT " measure=staff_trained "
        "staff_level=district reporting_body=dolisa base_count=10 reached=5",
        "2018-06-01 901 " SNAPSHOT " measure=staff_trained staff_level=commune "
        "reporting_body=dolisa base_count=40 reached=20",
        "2018-06-01 902 " SNAPSHOT " measure=worker_health_check "
        "reporting_body=health base_count=30 reached=12",
        /* Reviews: two parts in two events; a number given again. */
        "2018-03-01 90101 situation_census parts_done=persons+establishments "
        "sellers_on_file=3",
        "2018-04-01 90102 situation_census parts_done=persons "
        "sellers_on_file=0",
        "2018-05-01 90102 situation_census parts_done=establishments",
        "2018-06-01 90201 situation_census parts_done=persons+absent_women "
        "sellers_on_file=4 absent_women=6 is_lower_bound=yes",
        "2018-09-01 90201 situation_census parts_done=persons "
        "sellers_on_file=2",
        NULL);
}

static void add_establishments(void)
{
#define PLACE  "establishment_status category=karaoke"
#define SIGNED "commitment_signed"
#define VISIT  "inspection"
    (void)small_year_add(
        "2018-01-10 90101 " PLACE
        " est_ref=1 managing_sector=culture state=active worker_count=10",
        "2018-01-10 90101 " PLACE
        " est_ref=2 managing_sector=tourism state=active worker_count=5",
        "2018-01-10 90201 " PLACE
        " est_ref=3 managing_sector=culture state=active worker_count=7",
        "2018-01-10 90201 " PLACE
        " est_ref=4 managing_sector=culture state=active worker_count=9",
        "2018-08-01 90201 " PLACE
        " est_ref=4 managing_sector=culture state=closed",
        "2018-02-01 90101 " SIGNED " est_ref=1 kind=owner_to_commune",
        "2018-02-01 90101 " SIGNED
        " est_ref=2 kind=owner_to_commune valid_until=2018-06-30",
        "2018-02-01 90201 " SIGNED " est_ref=4 kind=owner_to_commune",
        "2018-02-01 90101 " SIGNED
        " est_ref=1 kind=workers_to_owner workers_signed=8",
        "2018-02-01 90201 " SIGNED
        " est_ref=4 kind=workers_to_owner workers_signed=3",
        "2018-03-01 90101 " VISIT
        " est_ref=1 team_kind=interagency_178 team_level=province mode=planned "
        "result=violation violations=2 sanctions=1 transferred_criminal=1",
        "2018-04-01 90101 " VISIT
        " est_ref=1 team_kind=interagency_178 team_level=province "
        "mode=unannounced result=no_violation",
        "2018-05-01 90201 " VISIT
        " est_ref=3 team_kind=interagency_178 team_level=district "
        "mode=follow_up result=violation violations=1",
        "2018-06-01 90201 " VISIT
        " est_ref=4 team_kind=police_check team_level=province mode=planned "
        "result=no_violation",
        "2018-07-01 90101 " VISIT
        " est_ref=2 team_kind=interagency_178 team_level=district mode=planned "
        "result=no_violation",
        "2018-05-01 90101 admin_sanction act=buying persons=4 decisions=4",
        "2018-05-01 90201 admin_sanction act=selling persons=3 decisions=3",
        NULL);
}

static void add_cases(void)
{
#define CASE "case_stage"
#define SPOT "hotspot_status place_kind=public_place"
#define TIP  "tip_status channel=hotline"
    (void)small_year_add(
        /* Carried over from the year before, and tried. */
        "2017-11-01 90101 " CASE " case_ref=1 stage=detected",
        "2018-02-01 90101 " CASE " case_ref=1 stage=investigated",
        "2018-04-01 90101 " CASE " case_ref=1 stage=indicted",
        "2018-06-01 90101 " CASE " case_ref=1 stage=tried mobile_trial=yes",
        "2018-02-01 90101 " CASE " case_ref=2 stage=detected",
        "2018-02-10 90101 " CASE " case_ref=2 stage=criminally_handled",
        "2018-05-01 90101 " CASE " case_ref=2 stage=investigated",
        "2018-07-01 90101 " CASE " case_ref=2 stage=dismissed",
        "2018-03-01 90201 " CASE " case_ref=3 stage=detected",
        "2018-03-05 90201 " CASE " case_ref=3 stage=criminally_handled",
        "2017-03-01 90201 " CASE " case_ref=4 stage=detected",
        "2017-05-01 90201 " CASE " case_ref=4 stage=investigated",
        "2017-09-01 90201 " CASE " case_ref=4 stage=indicted",
        "2018-01-15 90201 " CASE " case_ref=4 stage=tried",
        "2018-02-01 90201 " SPOT " hotspot_ref=7 state=suspected units=90201",
        "2018-05-01 90201 " SPOT " hotspot_ref=7 state=cleared units=90201",
        "2018-03-01 90202 " SPOT " hotspot_ref=8 state=confirmed units=90202",
        "2018-04-01 90102 " SPOT
        " hotspot_ref=p2 state=reactivated units=90102",
        "2018-03-01 90101 " TIP " tip_ref=1 state=received due_on=2018-03-31",
        "2018-03-20 90101 " TIP " tip_ref=1 state=resolved",
        "2018-04-01 90101 " TIP " tip_ref=2 state=received due_on=2018-04-30",
        "2018-05-02 90101 " TIP " tip_ref=2 state=resolved",
        "2018-12-20 90201 " TIP " tip_ref=3 state=received due_on=2019-01-20",
        NULL);
}

static void add_support(void)
{
#define MODEL  "model_status"
#define RATING "commune_rating"
#define TEAM   "team_status"
#define REPORT "report_submitted regime=nd09_2019 period_kind=half_year"
    (void)small_year_add(
        "2018-06-30 901 client_flow group=seller source=raid "
        "period_from=2018-06-01 identified=10 with_need=8 eligible=6 "
        "counselled=7 served=5 served_new=4 service=counselling",
        "2018-09-30 902 client_flow group=seller source=outreach "
        "period_from=2018-09-01 identified=3 with_need=3 eligible=2 "
        "counselled=0 served=1 served_new=1 service=credit_job",
        "2018-10-31 902 client_flow group=trafficking_victim source=transfer "
        "period_from=2018-10-01 identified=2 with_need=2 eligible=2 "
        "counselled=2 served=2 served_new=2 service=shelter",
        "2018-10-31 902 client_flow group=at_risk_woman source=outreach "
        "period_from=2018-10-01 identified=5 with_need=4 eligible=4 "
        "counselled=3 served=3 served_new=3 service=vocational_training",
        "2018-03-01 90101 " MODEL " model_ref=1 kind=reintegration state=new",
        "2018-03-01 90201 " MODEL
        " model_ref=2 kind=healthy_commune state=maintained",
        "2018-03-01 90101 " MODEL " model_ref=3 kind=worker_rights state=new",
        "2018-09-01 90101 " MODEL
        " model_ref=3 kind=worker_rights state=suspended",
        "2018-03-01 90101 " MODEL
        " model_ref=4 kind=commune_prevention state=maintained",
        "2018-03-01 90202 " MODEL
        " model_ref=5 kind=commune_prevention state=new",
        "2018-03-01 90102 " MODEL
        " model_ref=6 kind=community_club state=maintained",
        "2018-11-01 90101 " RATING " year=2018 rating=free",
        "2018-11-01 90102 " RATING " year=2018 rating=not_free",
        "2018-01-05 90201 " RATING " year=2017 rating=free",
        "2018-11-01 90202 " RATING " year=2018 rating=unrated",
        "2018-03-01 901 " TEAM
        " kind=interagency_178 level=district state=consolidated",
        "2018-03-01 90101 " TEAM
        " kind=volunteer_social_work level=commune state=consolidated",
        "2018-03-01 902 " TEAM
        " kind=interagency_178 level=district state=set_up",
        "2018-06-10 901 " REPORT " period_key=201801",
        "2018-06-20 902 " REPORT " period_key=201801",
        "2018-12-14 901 " REPORT " period_key=201802", NULL);
}

/* The province, district 901 and district 902. */
static const struct {
    const char *id, *province, *first, *second;
} wanted[] = {
    {"plan_unit_ratio", "1/2", "1/1", "0/1"},
    {"grassroots_conference_count", "2", "2", "0"},
    {"grassroots_conference_districts", "1", "1", "0"},
    {"school_conference_count", "2", "0", "1"},
    {"commune_outreach_ratio", "2/7", "1/4", "1/3"},
    {"commune_outreach_sustained_ratio", "1/7", "1/4", "0/3"},
    {"outreach_attendee_sum", "390", "90", "100"},
    {"media_item_sum", "9", "0", "0"},
    {"media_month_min", "3/24", "0/24", "0/24"},
    {"student_informed_ratio", "1000/1200", "900/1000", "100/200"},
    {"est_worker_informed_ratio", "30/50", "30/50", "-"},
    {"iz_worker_informed_ratio", "250/500", "-", "-"},
    {"staff_trained_ratio_province", "15/20", "-", "-"},
    {"staff_trained_ratio_local", "25/50", "25/50", "-"},
    {"official_class_count", "2", "1", "0"},
    {"volunteer_class_count", "1", "0", "0"},
    {"supervision_round_count", "2", "1", "1"},
    {"census_commune_coverage", "2/7", "2/4", "0/3"},
    {"seller_on_file_total", "5", "3", "2"},
    {"commune_with_seller_count", "2", "1", "1"},
    {"absent_women_total", "≥6", "-", "≥6"},
    {"establishment_listed_total", "3", "2", "1"},
    {"commitment_ratio", "1/3", "1/2", "0/1"},
    {"worker_commitment_ratio", "8/22", "8/15", "0/7"},
    {"inspection_visit_count", "4", "3", "1"},
    {"inspected_est_count_province", "1", "1", "0"},
    {"inspected_est_ratio", "2/3", "2/2", "0/1"},
    {"inspected_est_ratio_culture", "1/2", "1/1", "0/1"},
    {"violation_handled_ratio", "2/3", "2/2", "0/1"},
    {"follow_up_check_count", "1", "0", "1"},
    {"admin_sanction_person_sum", "7", "4", "3"},
    {"case_handled_count", "2", "1", "1"},
    {"case_tried_count", "2", "1", "1"},
    {"case_investigated_ratio", "2/3", "2/2", "0/1"},
    {"case_indicted_ratio", "1/1", "1/1", "-"},
    {"case_tried_ratio", "2/2", "1/1", "1/1"},
    {"mobile_trial_count", "1", "1", "0"},
    {"hotspot_handled_ratio", "1/3", "0/1", "1/2"},
    {"named_hotspot_cleared_count", "1", "1", "0"},
    {"hotspot_reactivated_count", "1", "1", "0"},
    {"hotspot_kept_clean_count", "1", "1", "0"},
    {"tip_processed_ratio", "1/2", "1/2", "-"},
    {"raid_client_counselled_ratio", "7/8", "7/8", "-"},
    {"service_access_ratio", "6/8", "5/6", "1/2"},
    {"credit_job_supported_sum", "1", "0", "1"},
    {"client_supported_sum", "5", "0", "5"},
    {"reintegration_model_count", "1", "1", "0"},
    {"healthy_commune_model_count", "1", "0", "1"},
    {"worker_rights_model_count", "0", "0", "0"},
    {"commune_model_total", "2", "1", "1"},
    {"commune_model_maintained", "1", "1", "0"},
    {"commune_model_new", "1", "0", "1"},
    {"club_model_maintained", "1", "1", "0"},
    {"commune_free_count", "1", "1", "0"},
    {"commune_free_ratio", "1/7", "1/4", "0/3"},
    {"commune_rated_ratio", "2/7", "2/4", "0/3"},
    {"team_consolidated_count", "2", "2", "0"},
    {"worker_health_check_ratio", "12/30", "-", "12/30"},
    {"report_on_time_ratio", "2/4", "2/2", "0/2"},
    {"seller_on_file_change", "0", "?", "?"},
};

#define WANTED (sizeof wanted / sizeof *wanted)

static size_t compare(const char *id, const char *unit, const char *text)
{
    const char *is = small_year_text(id, unit);

    if (strcmp(is, text) == 0) {
        return 0;
    }
    (void)fprintf(stderr, "%s of %s is %s and should be %s\n", id, unit, is,
                  text);
    return 1;
}

Test(all_indicators, each_comes_to_what_the_year_holds)
{
    size_t wrong = 0;

    add_outreach();
    add_snapshots();
    add_establishments();
    add_cases();
    add_support();
    for (size_t i = 0; i < WANTED; i++) {
        wrong += compare(wanted[i].id, "90", wanted[i].province);
        wrong += compare(wanted[i].id, "901", wanted[i].first);
        wrong += compare(wanted[i].id, "902", wanted[i].second);
    }
    cr_assert_eq(wrong, 0);
}

Test(all_indicators, none_that_the_catalogue_names_is_left_out)
{
    const struct catalogue_enumeration *named =
        catalogue_enumeration("Indicator");

    for (size_t i = 0; i < named->value_count; i++) {
        const char *token = named->values[i].token;
        bool found = false;

        for (size_t k = 0; k < WANTED; k++) {
            found = found || strcmp(wanted[k].id, token) == 0;
        }
        cr_assert(found, "%s is not in the plan", token);
    }
}
