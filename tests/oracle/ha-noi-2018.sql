-- 24/KH-UBND of Hà Nội for 2018: what only this plan asks, by line of its text.
INSERT INTO line VALUES
  ('commune_model_maintained', 0), ('commune_model_new', 0), ('admin_sanction_decision_sum', 0),
  ('team_consolidated_count_178', 0), ('team_consolidated_count_volunteer', 0),
  ('district_inspection_visit_count', 0), ('follow_up_check_count_share', 1);
INSERT INTO target(id, indicator, comparator, quantity) VALUES
  ('HN18-01', 'case_handled_count', 'at_least', 150),
  ('HN18-02', 'case_tried_count', 'at_least', 120),
  ('HN18-03', 'named_hotspot_cleared_count', 'at_least', 2),
  ('HN18-04', 'hotspot_reactivated_count', 'none', 0),
  ('HN18-04-kept', 'hotspot_kept_clean_count', 'at_least', 21),
  ('HN18-05', 'inspected_est_count_province', 'at_least', 60),
  ('HN18-06', 'commune_model_total', 'at_least', 55),
  ('HN18-06-maintained', 'commune_model_maintained', 'at_least', 53),
  ('HN18-06-new', 'commune_model_new', 'at_least', 2),
  ('HN18-07', 'worker_rights_model_count', 'at_least', 1),
  ('HN18-09', 'credit_job_supported_sum', 'at_least', 6),
  ('HN18-T1', 'admin_sanction_person_sum', NULL, NULL),
  ('HN18-T1-decisions', 'admin_sanction_decision_sum', NULL, NULL),
  ('HN18-T2', 'follow_up_check_count', NULL, NULL),
  ('HN18-T2-share', 'follow_up_check_count_share', NULL, NULL),
  ('HN18-T3', 'commune_rated_ratio', NULL, NULL),
  ('HN18-T4-178', 'team_consolidated_count_178', NULL, NULL),
  ('HN18-T4-volunteer', 'team_consolidated_count_volunteer', NULL, NULL),
  ('HN18-T5', 'district_inspection_visit_count', NULL, NULL);
-- "80 %, 470/584": both.
INSERT INTO target(id, indicator, comparator, quantity, hundredths) VALUES
  ('HN18-08', 'commune_free_ratio', 'at_least', 470, 8000);
-- Told without a number to reach.
INSERT INTO shown VALUES ('inspection_visit_count'), ('violation_handled_ratio'),
  ('mobile_trial_count'), ('plan_unit_ratio'),
  ('commune_outreach_ratio'), ('outreach_attendee_sum'), ('hotspot_handled_ratio'),
  ('establishment_listed_total'), ('official_class_count'), ('client_supported_sum'),
  ('tip_processed_ratio');
-- Line 49: budget money is approved elsewhere and is no event.
INSERT INTO not_computed VALUES ('HN18-T6', 'budget_settlement');
-- Line 113: each district by the number in its own plan.
INSERT INTO own_goal SELECT 'HN18-T5', place, own_inspection_target FROM plan_last
  WHERE year = 2018 AND own_inspection_target IS NOT NULL;

-- Line 37: of the establishments where a violation was found, those visited again.
INSERT INTO value SELECT 'follow_up_check_count_share', at, COUNT(DISTINCT est_ref)
  FROM inspection_in JOIN spot USING (event) WHERE result = 'violation' AND est_ref IN (
    SELECT est_ref FROM inspection_in WHERE mode = 'follow_up') GROUP BY at;
INSERT INTO whole SELECT 'follow_up_check_count_share', at, COUNT(DISTINCT est_ref)
  FROM inspection_in JOIN spot USING (event) WHERE result = 'violation' GROUP BY at;

INSERT INTO value SELECT 'commune_model_' || state, at, COUNT(*)
  FROM commune_model JOIN spot USING (event) WHERE state IN ('maintained', 'new')
  GROUP BY state, at;
INSERT INTO value SELECT 'admin_sanction_decision_sum', at, SUM(decisions)
  FROM admin_sanction_in JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'team_consolidated_count_178', at, COUNT(*)
  FROM team_last JOIN spot USING (event)
  WHERE kind = 'interagency_178' AND level = 'commune' AND state = 'consolidated' GROUP BY at;
INSERT INTO value SELECT 'team_consolidated_count_volunteer', at, COUNT(*)
  FROM team_last JOIN spot USING (event)
  WHERE kind = 'volunteer_social_work' AND level = 'commune' AND state = 'consolidated'
  GROUP BY at;
INSERT INTO value SELECT 'district_inspection_visit_count', at, COUNT(*)
  FROM inspection_in JOIN spot USING (event)
  WHERE team_kind = 'interagency_178' AND team_level IN ('district', 'commune') GROUP BY at;
