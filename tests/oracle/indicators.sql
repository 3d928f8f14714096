-- Every indicator by its own name, as its meaning says. A plan's own file adds
-- the lines that only it has, and says in `asked_for` what it wants narrower.
--
-- P: the period; t: its last day.

INSERT INTO line VALUES
  ('plan_unit_ratio', 1), ('grassroots_conference_count', 0), ('school_conference_count', 0),
  ('commune_outreach_ratio', 1), ('commune_outreach_sustained_ratio', 1),
  ('outreach_attendee_sum', 0), ('media_item_sum', 0), ('media_month_min', 1),
  ('student_informed_ratio', 1), ('est_worker_informed_ratio', 1),
  ('iz_worker_informed_ratio', 1), ('staff_trained_ratio_province', 1),
  ('staff_trained_ratio_local', 1), ('official_class_count', 0), ('volunteer_class_count', 0),
  ('supervision_round_count', 0), ('census_commune_coverage', 1), ('seller_on_file_total', 0),
  ('commune_with_seller_count', 0), ('absent_women_total', 0), ('establishment_listed_total', 0),
  ('commitment_ratio', 1), ('worker_commitment_ratio', 1), ('inspection_visit_count', 0),
  ('inspected_est_count_province', 0), ('inspected_est_ratio', 1),
  ('violation_handled_ratio', 1), ('follow_up_check_count', 0), ('admin_sanction_person_sum', 0),
  ('case_handled_count', 0), ('case_tried_count', 0), ('case_investigated_ratio', 1),
  ('case_indicted_ratio', 1), ('case_tried_ratio', 1), ('mobile_trial_count', 0),
  ('hotspot_handled_ratio', 1), ('named_hotspot_cleared_count', 0),
  ('hotspot_reactivated_count', 0), ('hotspot_kept_clean_count', 0), ('tip_processed_ratio', 1),
  ('raid_client_counselled_ratio', 1), ('service_access_ratio', 1),
  ('credit_job_supported_sum', 0), ('client_supported_sum', 0),
  ('reintegration_model_count', 0), ('healthy_commune_model_count', 0),
  ('worker_rights_model_count', 0), ('commune_model_total', 0), ('club_model_maintained', 0),
  ('commune_free_ratio', 1), ('commune_free_count', 0), ('commune_rated_ratio', 1),
  ('team_consolidated_count', 0), ('worker_health_check_ratio', 1);

-- 1: districts with a plan of that year that takes in all that is asked for.
INSERT INTO value SELECT 'plan_unit_ratio', at, COUNT(DISTINCT place)
  FROM plan_issued_in AS p JOIN spot USING (event) JOIN unit ON unit.code = place, plan
  WHERE p.year = plan.year AND level = 'district'
    AND NOT EXISTS (SELECT 1 FROM asked_for WHERE topic = 'integrates' AND item NOT IN
      (SELECT item FROM member WHERE member.event = p.event AND field = 'integrates'))
  GROUP BY at;
INSERT INTO whole SELECT 'plan_unit_ratio', at, amount FROM districts;

-- 2, 3: conferences.
INSERT INTO value SELECT CASE audience WHEN 'students' THEN 'school_conference_count'
    ELSE 'grassroots_conference_count' END, at, COUNT(*)
  FROM communication_activity_in JOIN spot USING (event)
  WHERE form = 'conference' AND audience IN ('students', 'party_cell_hamlet_heads')
  GROUP BY 1, at;

-- 4, 5: communes with outreach at all, and in each quarter that is over.
INSERT INTO value SELECT 'commune_outreach_ratio', at, COUNT(DISTINCT place)
  FROM communication_activity_in JOIN spot USING (event) JOIN unit ON unit.code = place
  WHERE level = 'commune' GROUP BY at;
INSERT INTO whole SELECT 'commune_outreach_ratio', at, amount FROM communes;
INSERT INTO value SELECT 'commune_outreach_sustained_ratio', above.unit, COUNT(*)
  FROM unit JOIN above ON above.place = unit.code
  WHERE level = 'commune' AND EXISTS (SELECT 1 FROM quarter_over)
    AND NOT EXISTS (SELECT 1 FROM quarter_over AS q WHERE NOT EXISTS
      (SELECT 1 FROM communication_activity AS c WHERE c.place = unit.code
       AND c.day BETWEEN q.first AND q.last))
  GROUP BY above.unit;
INSERT INTO whole SELECT 'commune_outreach_sustained_ratio', at, amount FROM communes
  WHERE EXISTS (SELECT 1 FROM quarter_over);

-- 6, 7: how many attended, how many items came out.
INSERT INTO value SELECT 'outreach_attendee_sum', at, SUM(coalesce(attendees, 0))
  FROM communication_activity_in JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'media_item_sum', at, SUM(items)
  FROM media_item_in JOIN spot USING (event) GROUP BY at;

-- 8: months, times outlets, in which the outlet brought an item.
INSERT INTO value SELECT 'media_month_min', at, COUNT(*) FROM (
  SELECT DISTINCT m.first, outlet, at FROM month_over AS m
  JOIN media_item ON day BETWEEN m.first AND m.last
  JOIN spot USING (event) JOIN asked_for ON topic = 'outlet' AND item = outlet
  WHERE items >= 1) GROUP BY at;
INSERT INTO whole SELECT 'media_month_min', code,
    (SELECT COUNT(*) FROM month_over) * (SELECT COUNT(*) FROM asked_for WHERE topic = 'outlet')
  FROM unit;

-- 9 to 13, 53: the last snapshot of each body, never added over time.
CREATE TEMP TABLE IF NOT EXISTS snapshot_of(line, measure, level);
DELETE FROM snapshot_of;
INSERT INTO snapshot_of VALUES
  ('student_informed_ratio', 'students_informed', NULL),
  ('est_worker_informed_ratio', 'establishment_workers_informed', NULL),
  ('iz_worker_informed_ratio', 'iz_workers_informed', NULL),
  ('staff_trained_ratio_province', 'staff_trained', 'province'),
  ('staff_trained_ratio_local', 'staff_trained', 'district'),
  ('staff_trained_ratio_local', 'staff_trained', 'commune'),
  ('worker_health_check_ratio', 'worker_health_check', NULL);
INSERT INTO value SELECT line, at, SUM(reached)
  FROM snapshot_of AS s JOIN snapshot_last USING (measure) JOIN spot USING (event)
  WHERE level IS NULL OR staff_level = level GROUP BY line, at;
INSERT INTO whole SELECT line, at, SUM(base_count)
  FROM snapshot_of AS s JOIN snapshot_last USING (measure) JOIN spot USING (event)
  WHERE level IS NULL OR staff_level = level GROUP BY line, at;

-- 14 to 16: classes and rounds.
INSERT INTO value SELECT CASE audience WHEN 'volunteer_team' THEN 'volunteer_class_count'
    ELSE 'official_class_count' END, at, COUNT(*)
  FROM training_class_in JOIN spot USING (event)
  WHERE audience IN ('officials', 'volunteer_team') GROUP BY 1, at;
INSERT INTO value SELECT 'supervision_round_count', at, COUNT(*)
  FROM supervision_round_in JOIN spot USING (event)
  WHERE level IN (SELECT item FROM asked_for WHERE topic = 'supervision_level')
    OR NOT EXISTS (SELECT 1 FROM asked_for WHERE topic = 'supervision_level') GROUP BY at;

-- 17: communes reviewed in P in all parts that the plan asks for, be it at once
-- or one after the other.
INSERT INTO value SELECT 'census_commune_coverage', at, COUNT(DISTINCT place)
  FROM situation_census_in AS c JOIN spot USING (event) JOIN unit ON unit.code = place
  WHERE level = 'commune' AND NOT EXISTS (
    SELECT 1 FROM asked_for WHERE topic = 'parts_done' AND item NOT IN
      (SELECT item FROM member JOIN situation_census_in AS o USING (event)
       WHERE o.place = c.place AND field = 'parts_done'))
  GROUP BY at;
INSERT INTO whole SELECT 'census_commune_coverage', at, amount FROM communes;

-- 18 to 20: the last number that a commune gave by t. A review that leaves a
-- number out does not take back the one before.
INSERT INTO value SELECT 'seller_on_file_total', at, SUM(sellers_on_file) FROM (
  SELECT *, row_number() OVER (PARTITION BY place ORDER BY day DESC, event DESC) AS back
  FROM situation_census_by WHERE sellers_on_file IS NOT NULL) JOIN spot USING (event)
  WHERE back = 1 GROUP BY at;
INSERT INTO value SELECT 'commune_with_seller_count', at, COUNT(*) FROM (
  SELECT *, row_number() OVER (PARTITION BY place ORDER BY day DESC, event DESC) AS back
  FROM situation_census_by WHERE sellers_on_file IS NOT NULL) JOIN spot USING (event)
  WHERE back = 1 AND sellers_on_file > 0 GROUP BY at;
INSERT INTO value SELECT 'absent_women_total', at, SUM(absent_women) FROM (
  SELECT *, row_number() OVER (PARTITION BY place ORDER BY day DESC, event DESC) AS back
  FROM situation_census_by WHERE absent_women IS NOT NULL) JOIN spot USING (event)
  WHERE back = 1 GROUP BY at;

-- 21 to 23, 26: establishments that are active on t.
CREATE TEMP VIEW IF NOT EXISTS active AS SELECT * FROM establishment_last WHERE state = 'active';
INSERT INTO value SELECT 'establishment_listed_total', at, COUNT(*)
  FROM active JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'commitment_ratio', at, COUNT(*)
  FROM active JOIN spot USING (event), asked WHERE est_ref IN (
    SELECT est_ref FROM commitment_last WHERE kind = 'owner_to_commune'
    AND coalesce(revoked, 'no') <> 'yes' AND coalesce(valid_until, '9999') >= to_day)
  GROUP BY at;
INSERT INTO whole SELECT 'commitment_ratio', at, COUNT(*)
  FROM active JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'worker_commitment_ratio', at, SUM(workers_signed)
  FROM commitment_last JOIN spot USING (event)
  WHERE kind = 'workers_to_owner' AND est_ref IN (SELECT est_ref FROM active) GROUP BY at;
INSERT INTO whole SELECT 'worker_commitment_ratio', at, SUM(worker_count)
  FROM active JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'inspected_est_ratio', at, COUNT(*)
  FROM active JOIN spot USING (event) WHERE est_ref IN (
    SELECT est_ref FROM inspection_in WHERE mode IN ('planned', 'unannounced')) GROUP BY at;
INSERT INTO whole SELECT 'inspected_est_ratio', at, COUNT(*)
  FROM active JOIN spot USING (event) GROUP BY at;

-- 24, 25, 27, 28: visits, and establishments visited by the province's team.
INSERT INTO value SELECT 'inspection_visit_count', at, COUNT(*)
  FROM inspection_in JOIN spot USING (event) WHERE team_kind = 'interagency_178' GROUP BY at;
INSERT INTO value SELECT 'inspected_est_count_province', at, COUNT(DISTINCT est_ref)
  FROM inspection_in JOIN spot USING (event)
  WHERE team_kind = 'interagency_178' AND team_level = 'province' GROUP BY at;
INSERT INTO value SELECT 'violation_handled_ratio', at,
    SUM(coalesce(sanctions, 0) + coalesce(transferred_criminal, 0))
  FROM inspection_in JOIN spot USING (event) GROUP BY at;
INSERT INTO whole SELECT 'violation_handled_ratio', at, SUM(coalesce(violations, 0))
  FROM inspection_in JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'follow_up_check_count', at, COUNT(*)
  FROM inspection_in JOIN spot USING (event) WHERE mode = 'follow_up' GROUP BY at;

-- 29: persons, as counts.
INSERT INTO value SELECT 'admin_sanction_person_sum', at, SUM(persons)
  FROM admin_sanction_in JOIN spot USING (event) GROUP BY at;

-- 30, 31, 35: cases, each once, on the first day that it reached the stage.
INSERT INTO value SELECT CASE stage WHEN 'tried' THEN 'case_tried_count'
    ELSE 'case_handled_count' END, at, COUNT(*)
  FROM case_first_in JOIN spot USING (event) WHERE stage IN ('tried', 'criminally_handled')
  GROUP BY 1, at;
INSERT INTO value SELECT 'mobile_trial_count', at, COUNT(*)
  FROM case_stage_in JOIN spot USING (event) WHERE stage = 'tried' AND mobile_trial = 'yes'
  GROUP BY at;

-- 32 to 34: of the cases that came to a stage in P, or stood there when P
-- began, those that had come to the next one by t.
CREATE TEMP TABLE IF NOT EXISTS step(line, stage, next);
DELETE FROM step;
INSERT INTO step VALUES
  ('case_investigated_ratio', 'detected', 'investigated'),
  ('case_indicted_ratio', 'investigated', 'indicted'),
  ('case_tried_ratio', 'indicted', 'tried');
CREATE TEMP VIEW IF NOT EXISTS cohort AS
  SELECT line, c.event, c.case_ref, next FROM step JOIN case_first AS c USING (stage), asked
  WHERE c.day <= to_day
    AND (c.day >= from_day OR NOT EXISTS (
      SELECT 1 FROM case_first AS o WHERE o.case_ref = c.case_ref AND o.day < from_day
        AND (o.stage = next OR o.stage = 'dismissed')))
    AND NOT (stage = 'investigated' AND EXISTS (
      SELECT 1 FROM case_first AS o WHERE o.case_ref = c.case_ref AND o.stage = 'dismissed'
        AND o.day <= to_day));
INSERT INTO whole SELECT line, at, COUNT(*) FROM cohort JOIN spot USING (event) GROUP BY line, at;
INSERT INTO value SELECT line, at, COUNT(*) FROM cohort JOIN spot USING (event)
  WHERE case_ref IN (SELECT case_ref FROM case_first_by WHERE stage = next) GROUP BY line, at;

-- 36: hotspots found or back again in P, or open when it began, that were
-- cleared by t.
CREATE TEMP VIEW IF NOT EXISTS hotspot_found AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY hotspot_ref ORDER BY day, event) AS nth
  FROM hotspot_status WHERE state IN ('suspected', 'confirmed', 'checked', 'cleared'))
  WHERE nth = 1;
CREATE TEMP VIEW IF NOT EXISTS hotspot_before AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY hotspot_ref ORDER BY day DESC, event DESC) AS back
  FROM hotspot_status, asked WHERE day < from_day) WHERE back = 1;
CREATE TEMP VIEW IF NOT EXISTS hotspot_open AS
  SELECT hotspot_ref FROM hotspot_found, asked WHERE day BETWEEN from_day AND to_day
  UNION SELECT hotspot_ref FROM hotspot_status_in WHERE state = 'reactivated'
  UNION SELECT hotspot_ref FROM hotspot_before
    WHERE state IN ('suspected', 'confirmed', 'checked', 'reactivated');
CREATE TEMP VIEW IF NOT EXISTS hotspot_at AS
  SELECT DISTINCT hotspot_ref, at FROM hotspot_status JOIN spot USING (event);
INSERT INTO whole SELECT 'hotspot_handled_ratio', at, COUNT(*)
  FROM hotspot_open JOIN hotspot_at USING (hotspot_ref) GROUP BY at;
INSERT INTO value SELECT 'hotspot_handled_ratio', at, COUNT(*)
  FROM hotspot_open JOIN hotspot_at USING (hotspot_ref) WHERE hotspot_ref IN (
    SELECT hotspot_ref FROM hotspot_last
    WHERE state IN ('cleared', 'handed_over', 'clean_confirmed')) GROUP BY at;

-- 37 to 39: hotspots by name, that came back, that are clean on t.
INSERT INTO value SELECT 'named_hotspot_cleared_count', at, COUNT(*)
  FROM hotspot_last JOIN spot USING (event)
  WHERE hotspot_ref IN (SELECT item FROM asked_for WHERE topic = 'named_hotspot')
    AND state IN ('cleared', 'handed_over', 'clean_confirmed') GROUP BY at;
INSERT INTO value SELECT 'hotspot_reactivated_count', at, COUNT(DISTINCT hotspot_ref)
  FROM hotspot_status_in JOIN spot USING (event)
  WHERE state = 'reactivated' AND (place_kind IN (SELECT item FROM asked_for WHERE topic = 'place_kind')
    OR NOT EXISTS (SELECT 1 FROM asked_for WHERE topic = 'place_kind')) GROUP BY at;
INSERT INTO value SELECT 'hotspot_kept_clean_count', at, COUNT(*)
  FROM hotspot_last JOIN spot USING (event)
  WHERE state IN ('cleared', 'handed_over', 'clean_confirmed')
    AND (hotspot_ref IN (SELECT item FROM asked_for WHERE topic = 'kept_hotspot')
      OR NOT EXISTS (SELECT 1 FROM asked_for WHERE topic = 'kept_hotspot')) GROUP BY at;

-- 40: tips received in P and due by t; resolved on or before the day due.
CREATE TEMP VIEW IF NOT EXISTS tip_due AS SELECT * FROM (
  SELECT tip_ref, due_on, row_number() OVER (PARTITION BY tip_ref ORDER BY day DESC, event DESC)
    AS back FROM tip_status_by WHERE due_on IS NOT NULL) WHERE back = 1;
CREATE TEMP VIEW IF NOT EXISTS tip_asked AS
  SELECT event, tip_ref, d.due_on FROM (
    SELECT *, row_number() OVER (PARTITION BY tip_ref ORDER BY day, event) AS nth
    FROM tip_status WHERE state = 'received') AS r JOIN tip_due AS d USING (tip_ref), asked
  WHERE nth = 1 AND r.day BETWEEN from_day AND to_day AND d.due_on <= to_day;
INSERT INTO whole SELECT 'tip_processed_ratio', at, COUNT(*)
  FROM tip_asked JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'tip_processed_ratio', at, COUNT(*)
  FROM tip_asked AS a JOIN spot USING (event) WHERE EXISTS (
    SELECT 1 FROM tip_status_by AS s WHERE s.tip_ref = a.tip_ref
      AND s.state IN ('resolved', 'unfounded') AND s.day <= a.due_on) GROUP BY at;

-- 41 to 44: persons, as counts, on the last day of the event's own period.
INSERT INTO value SELECT 'raid_client_counselled_ratio', at, SUM(counselled)
  FROM client_flow_in JOIN spot USING (event) WHERE source = 'raid' AND "group" = 'seller'
  GROUP BY at;
INSERT INTO whole SELECT 'raid_client_counselled_ratio', at, SUM(with_need)
  FROM client_flow_in JOIN spot USING (event) WHERE source = 'raid' AND "group" = 'seller'
  GROUP BY at;
INSERT INTO value SELECT 'service_access_ratio', at, SUM(served)
  FROM client_flow_in JOIN spot USING (event) WHERE "group" = 'seller' GROUP BY at;
INSERT INTO whole SELECT 'service_access_ratio', at, SUM(eligible)
  FROM client_flow_in JOIN spot USING (event) WHERE "group" = 'seller' GROUP BY at;
INSERT INTO value SELECT 'credit_job_supported_sum', at, SUM(served_new)
  FROM client_flow_in JOIN spot USING (event)
  WHERE "group" = 'seller' AND service = 'credit_job' GROUP BY at;
INSERT INTO value SELECT 'client_supported_sum', at, SUM(served_new)
  FROM client_flow_in JOIN spot USING (event)
  WHERE "group" IN (SELECT item FROM asked_for WHERE topic = 'group')
    OR NOT EXISTS (SELECT 1 FROM asked_for WHERE topic = 'group') GROUP BY at;

-- 45 to 49: models by their last state.
INSERT INTO value SELECT CASE kind WHEN 'reintegration' THEN 'reintegration_model_count'
    WHEN 'healthy_commune' THEN 'healthy_commune_model_count'
    WHEN 'worker_rights' THEN 'worker_rights_model_count' END, at, COUNT(*)
  FROM model_last JOIN spot USING (event) WHERE state IN ('new', 'maintained')
    AND kind IN ('reintegration', 'healthy_commune', 'worker_rights') GROUP BY 1, at;
INSERT INTO value SELECT 'club_model_maintained', at, COUNT(*)
  FROM model_last JOIN spot USING (event)
  WHERE kind = 'community_club' AND state = 'maintained' GROUP BY at;
CREATE TEMP VIEW IF NOT EXISTS commune_model AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY place ORDER BY day DESC, event DESC) AS back
  FROM model_status_by WHERE kind = 'commune_prevention') WHERE back = 1;
INSERT INTO value SELECT 'commune_model_total', at, COUNT(*) FROM commune_model
  JOIN spot USING (event) WHERE state IN ('maintained', 'new') GROUP BY at;

-- 50, 51: communes rated for the plan's year.
INSERT INTO value SELECT line, at, COUNT(*) FROM rating_last AS r JOIN spot USING (event), plan,
    (SELECT 'commune_free_ratio' AS line UNION SELECT 'commune_free_count')
  WHERE r.year = plan.year AND rating = 'free' GROUP BY line, at;
INSERT INTO whole SELECT 'commune_free_ratio', at, amount FROM communes;
INSERT INTO value SELECT 'commune_rated_ratio', at, COUNT(*)
  FROM rating_last AS r JOIN spot USING (event), plan
  WHERE r.year = plan.year AND rating IN ('free', 'not_free') GROUP BY at;
INSERT INTO whole SELECT 'commune_rated_ratio', at, amount FROM communes;

-- 52: standing teams.
INSERT INTO value SELECT 'team_consolidated_count', at, COUNT(*)
  FROM team_last JOIN spot USING (event) WHERE state = 'consolidated' GROUP BY at;
