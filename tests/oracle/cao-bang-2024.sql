-- 630/KH-UBND of Cao Bằng for 2024: what only this plan asks, by line of its text.
INSERT INTO line VALUES
  ('report_on_time_ratio', 1),
  ('media_month_min_two', 1), ('case_investigated_ratio_cases', 0),
  ('case_indicted_ratio_cases', 0), ('case_tried_ratio_cases', 0),
  ('commune_outreach_ratio_any', 1), ('tip_processed_ratio_received', 0),
  ('mobile_trial_count_pilot', 0);
INSERT INTO target(id, indicator, comparator, quantity, hundredths) VALUES
  ('CB24-01', 'plan_unit_ratio', 'at_least', NULL, 10000),
  ('CB24-02', 'commune_outreach_ratio', 'at_least', NULL, 7000),
  ('CB24-03', 'media_month_min', 'at_least', NULL, 10000),
  ('CB24-03-two', 'media_month_min_two', NULL, NULL, NULL),
  ('CB24-04', 'student_informed_ratio', 'at_least', NULL, 10000),
  ('CB24-05', 'hotspot_handled_ratio', 'at_least', NULL, 10000),
  ('CB24-06-investigated', 'case_investigated_ratio', 'at_least', NULL, 10000),
  ('CB24-06-indicted', 'case_indicted_ratio', 'at_least', NULL, 10000),
  ('CB24-06-tried', 'case_tried_ratio', 'at_least', NULL, 10000),
  ('CB24-07', 'raid_client_counselled_ratio', 'at_least', NULL, 10000),
  ('CB24-08', 'census_commune_coverage', 'at_least', NULL, 10000),
  ('CB24-08-listed', 'establishment_listed_total', NULL, NULL, NULL),
  ('CB24-09', 'commitment_ratio', 'at_least', NULL, 10000),
  ('CB24-T1', 'hotspot_reactivated_count', 'none', 0, NULL),
  ('CB24-T2', 'worker_commitment_ratio', NULL, NULL, NULL),
  ('CB24-T3', 'commune_outreach_ratio_any', 'at_least', NULL, 10000),
  ('CB24-T4', 'team_consolidated_count', 'at_least', 10, NULL),
  ('CB24-T5', 'tip_processed_ratio', NULL, NULL, NULL),
  ('CB24-T5-received', 'tip_processed_ratio_received', NULL, NULL, NULL),
  ('CB24-T6', 'mobile_trial_count', NULL, NULL, NULL),
  ('CB24-T6-pilot', 'mobile_trial_count_pilot', NULL, NULL, NULL),
  ('CB24-T7', 'worker_health_check_ratio', NULL, NULL, NULL);
INSERT INTO shown VALUES ('case_investigated_ratio_cases'),
  ('case_indicted_ratio_cases'), ('case_tried_ratio_cases'), ('report_on_time_ratio'), ('inspection_visit_count'), ('outreach_attendee_sum');

-- Line 48: how many cases each stage is asked of.
INSERT INTO value SELECT line || '_cases', unit, amount FROM whole
  WHERE line LIKE 'case_%_ratio';

-- Line 40: the upper end of "01 - 02 items a month".
INSERT INTO value SELECT 'media_month_min_two', at, COUNT(*) FROM (
  SELECT m.first, outlet, at FROM month_over AS m
  JOIN media_item ON day BETWEEN m.first AND m.last
  JOIN spot USING (event) JOIN asked_for ON topic = 'outlet' AND item = outlet
  GROUP BY m.first, outlet, at HAVING SUM(items) >= 2) GROUP BY at;
INSERT INTO whole SELECT 'media_month_min_two', unit, amount FROM whole
  WHERE line = 'media_month_min';

-- Line 262: any form of outreach; line 36: integrated with legal education.
UPDATE value SET line = 'commune_outreach_ratio_any' WHERE line = 'commune_outreach_ratio';
INSERT INTO whole SELECT 'commune_outreach_ratio_any', at, amount FROM communes;
INSERT INTO value SELECT 'commune_outreach_ratio', at, COUNT(DISTINCT place)
  FROM communication_activity_in JOIN spot USING (event) JOIN unit ON unit.code = place
  WHERE level = 'commune' AND integrated_legal = 'yes' GROUP BY at;

-- Line 250: the teams of districts.
DELETE FROM value WHERE line = 'team_consolidated_count';
INSERT INTO value SELECT 'team_consolidated_count', at, COUNT(*)
  FROM team_last JOIN spot USING (event)
  WHERE kind = 'interagency_178' AND level = 'district' AND state = 'consolidated' GROUP BY at;

-- Line 107: tips, once each, when they were first received.
INSERT INTO value SELECT 'tip_processed_ratio_received', at, COUNT(*) FROM (
  SELECT *, row_number() OVER (PARTITION BY tip_ref ORDER BY day, event) AS nth
  FROM tip_status WHERE state = 'received') JOIN spot USING (event), asked
  WHERE nth = 1 AND day BETWEEN from_day AND to_day GROUP BY at;

-- Line 267: pilot cases that were tried.
INSERT INTO value SELECT 'mobile_trial_count_pilot', at, COUNT(*) FROM (
  SELECT *, row_number() OVER (PARTITION BY case_ref ORDER BY day, event) AS nth
  FROM case_stage WHERE stage = 'tried' AND pilot_case = 'yes') JOIN spot USING (event), asked
  WHERE nth = 1 AND day BETWEEN from_day AND to_day GROUP BY at;

-- Line 281: reports are due before the 15th, the day after their period.
CREATE TEMP TABLE IF NOT EXISTS report_period(first, last);
DELETE FROM report_period;
INSERT INTO report_period VALUES ('2023-12-15', '2024-06-14'),
  ('2024-06-15', '2024-12-14');
DELETE FROM report_period WHERE EXISTS (
  SELECT 1 FROM asked WHERE first < from_day OR last > min(to_day, known_day));
INSERT INTO value SELECT 'report_on_time_ratio', above.unit, COUNT(*)
  FROM unit JOIN above ON above.place = unit.code
  WHERE level = 'district' AND EXISTS (SELECT 1 FROM report_period)
    AND NOT EXISTS (SELECT 1 FROM report_period AS p WHERE NOT EXISTS (
      SELECT 1 FROM report_submitted AS r WHERE r.place = unit.code
        AND r.day BETWEEN p.first AND p.last AND r.period_kind IN ('half_year', 'year')))
  GROUP BY above.unit;
INSERT INTO whole SELECT 'report_on_time_ratio', at, amount FROM districts
  WHERE EXISTS (SELECT 1 FROM report_period);
