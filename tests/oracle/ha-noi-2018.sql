-- 24/KH-UBND of Hà Nội for 2018, line by line of its text.
INSERT INTO line VALUES
  ('HN18-01', 0), ('HN18-02', 0), ('HN18-03', 0), ('HN18-04', 0), ('HN18-04-kept', 0),
  ('HN18-05', 0), ('HN18-06', 0), ('HN18-06-maintained', 0), ('HN18-06-new', 0), ('HN18-07', 0),
  ('HN18-08', 1), ('HN18-09', 0), ('HN18-T1', 0), ('HN18-T1-decisions', 0), ('HN18-T2', 0),
  ('HN18-T3', 1), ('HN18-T4-178', 0), ('HN18-T4-volunteer', 0), ('HN18-T5', 0),
  ('inspection_visit_count', 0), ('violation_handled_ratio', 1), ('mobile_trial_count', 0),
  ('plan_unit_ratio', 1);

-- Budget money is approved elsewhere and is no event.
INSERT INTO not_computed VALUES ('HN18-T6');
INSERT INTO goal(line, comparator, quantity) VALUES
  ('HN18-01', 'at_least', 150), ('HN18-02', 'at_least', 120), ('HN18-03', 'at_least', 2),
  ('HN18-04', 'none', 0), ('HN18-04-kept', 'at_least', 21), ('HN18-05', 'at_least', 60),
  ('HN18-06', 'at_least', 55), ('HN18-06-maintained', 'at_least', 53),
  ('HN18-06-new', 'at_least', 2), ('HN18-07', 'at_least', 1), ('HN18-09', 'at_least', 6);
-- "80 %, 470/584": both.
INSERT INTO goal(line, comparator, quantity, hundredths) VALUES ('HN18-08', 'at_least', 470, 8000);
-- Line 113: each district by the number in its own plan.
INSERT INTO own_goal SELECT 'HN18-T5', place, own_inspection_target FROM plan_last
  WHERE year = 2018 AND own_inspection_target IS NOT NULL;

-- Line 8, 9: cases, each once, on the first day that it reached the stage.
INSERT INTO value SELECT 'HN18-01', at, COUNT(*) FROM case_first_in JOIN spot USING (event)
  WHERE stage = 'criminally_handled' GROUP BY at;
INSERT INTO value SELECT 'HN18-02', at, COUNT(*) FROM case_first_in JOIN spot USING (event)
  WHERE stage = 'tried' GROUP BY at;
INSERT INTO value SELECT 'mobile_trial_count', at, COUNT(*)
  FROM case_stage_in JOIN spot USING (event) WHERE stage = 'tried' AND mobile_trial = 'yes'
  GROUP BY at;

-- Line 10: the two hotspots that the text names.
INSERT INTO value SELECT 'HN18-03', at, COUNT(*) FROM hotspot_last JOIN spot USING (event)
  WHERE hotspot_ref IN ('0.1', '0.2') AND state IN ('cleared', 'handed_over', 'clean_confirmed')
  GROUP BY at;

-- Line 11: public hotspots; annex 2 names seven of the 21.
INSERT INTO value SELECT 'HN18-04', at, COUNT(DISTINCT hotspot_ref)
  FROM hotspot_status_in JOIN spot USING (event)
  WHERE place_kind = 'public_place' AND state = 'reactivated' GROUP BY at;
INSERT INTO value SELECT 'HN18-04-kept', at, COUNT(*) FROM hotspot_last JOIN spot USING (event)
  WHERE hotspot_ref IN ('0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9')
    AND state IN ('cleared', 'handed_over', 'clean_confirmed') GROUP BY at;

-- Line 12: establishments, not visits, by the city's own team.
INSERT INTO value SELECT 'HN18-05', at, COUNT(DISTINCT est_ref)
  FROM inspection_in JOIN spot USING (event)
  WHERE team_kind = 'interagency_178' AND team_level = 'province' GROUP BY at;

-- Line 13: communes with a model, and the pilot for workers' rights.
CREATE TEMP VIEW IF NOT EXISTS commune_model AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY place ORDER BY day DESC, event DESC) AS back
  FROM model_status_by WHERE kind = 'commune_prevention') WHERE back = 1;
INSERT INTO value SELECT 'HN18-06', at, COUNT(*) FROM commune_model JOIN spot USING (event)
  WHERE state IN ('maintained', 'new') GROUP BY at;
INSERT INTO value SELECT 'HN18-06-' || state, at, COUNT(*)
  FROM commune_model JOIN spot USING (event) WHERE state IN ('maintained', 'new')
  GROUP BY state, at;
INSERT INTO value SELECT 'HN18-07', at, COUNT(*) FROM model_last JOIN spot USING (event)
  WHERE kind = 'worker_rights' AND state IN ('maintained', 'new') GROUP BY at;

-- Lines 14, 114: communes rated, and rated free, over all communes.
INSERT INTO value SELECT 'HN18-08', at, COUNT(*) FROM rating_last JOIN spot USING (event)
  WHERE year = 2018 AND rating = 'free' GROUP BY at;
INSERT INTO value SELECT 'HN18-T3', at, COUNT(*) FROM rating_last JOIN spot USING (event)
  WHERE year = 2018 AND rating IN ('free', 'not_free') GROUP BY at;
INSERT INTO whole SELECT 'HN18-08', at, amount FROM communes;
INSERT INTO whole SELECT 'HN18-T3', at, amount FROM communes;

-- Line 15: persons helped for the first time, as counts.
INSERT INTO value SELECT 'HN18-09', at, SUM(served_new) FROM client_flow_in JOIN spot USING (event)
  WHERE "group" = 'seller' AND service = 'credit_job' GROUP BY at;

-- Lines 37, 65, 113, 118: what is reported without a number to reach.
INSERT INTO value SELECT 'HN18-T1', at, SUM(persons) FROM admin_sanction_in JOIN spot USING (event)
  GROUP BY at;
INSERT INTO value SELECT 'HN18-T1-decisions', at, SUM(decisions)
  FROM admin_sanction_in JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'HN18-T2', at, COUNT(*) FROM inspection_in JOIN spot USING (event)
  WHERE mode = 'follow_up' GROUP BY at;
INSERT INTO value SELECT 'HN18-T4-178', at, COUNT(*) FROM team_last JOIN spot USING (event)
  WHERE kind = 'interagency_178' AND level = 'commune' AND state = 'consolidated' GROUP BY at;
INSERT INTO value SELECT 'HN18-T4-volunteer', at, COUNT(*) FROM team_last JOIN spot USING (event)
  WHERE kind = 'volunteer_social_work' AND level = 'commune' AND state = 'consolidated'
  GROUP BY at;
INSERT INTO value SELECT 'HN18-T5', at, COUNT(*) FROM inspection_in JOIN spot USING (event)
  WHERE team_kind = 'interagency_178' AND team_level IN ('district', 'commune') GROUP BY at;
INSERT INTO value SELECT 'inspection_visit_count', at, COUNT(*)
  FROM inspection_in JOIN spot USING (event) WHERE team_kind = 'interagency_178' GROUP BY at;
INSERT INTO value SELECT 'violation_handled_ratio', at,
    SUM(coalesce(sanctions, 0) + coalesce(transferred_criminal, 0))
  FROM inspection_in JOIN spot USING (event) GROUP BY at;
INSERT INTO whole SELECT 'violation_handled_ratio', at, SUM(coalesce(violations, 0))
  FROM inspection_in JOIN spot USING (event) GROUP BY at;

-- Districts that issued a plan for the year.
INSERT INTO value SELECT 'plan_unit_ratio', at, COUNT(DISTINCT place)
  FROM plan_issued_in JOIN spot USING (event) JOIN unit ON unit.code = place
  WHERE year = 2018 AND level = 'district' GROUP BY at;
INSERT INTO whole SELECT 'plan_unit_ratio', at, amount FROM districts;
